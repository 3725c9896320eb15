"""What a model asks of the text of one symbol."""

from __future__ import annotations

from policycheck.solve.product import Demand
from policycheck.solve.relevance import Choice
from policycheck.symbolic.symbols import OTHER, SymbolAtoms


def chosen(atoms: SymbolAtoms, choice: Choice) -> str | Demand:
    """The text of the literal that the model chose for the symbol, or what matters of the text."""
    code = choice.model.eval(atoms.code, model_completion=True).as_long()
    if code != OTHER:
        return next(text for text, number in atoms.literals.items() if number == code)
    values = {glob: choice.of(atom) for glob, atom in atoms.globs.items()}
    return Demand(
        atoms.symbol.domain,
        frozenset(glob for glob, value in values.items() if value is True),
        frozenset(glob for glob, value in values.items() if value is False),
        frozenset(atoms.literals),
    )
