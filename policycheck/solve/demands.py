"""What a model asks of the text of one symbol."""

from __future__ import annotations

from policycheck.solve.product import Demand
from policycheck.solve.relevance import Choice
from policycheck.symbolic.boolean import is_constant
from policycheck.symbolic.symbols import SymbolAtoms


def chosen_literal(atoms: SymbolAtoms, choice: Choice) -> str | None:
    """The literal that the model chose for the symbol, if it chose one."""
    for text, atom in atoms.literals.items():
        if is_constant(choice.model.eval(atom), True):
            return text
    return None


def chosen(atoms: SymbolAtoms, choice: Choice) -> str | Demand:
    """The text of the literal that the model chose for the symbol, or what matters of the text."""
    literal = chosen_literal(atoms, choice)
    if literal is not None:
        return literal
    values = {glob: choice.of(atom) for glob, atom in atoms.globs.items()}
    return Demand(
        atoms.symbol.domain,
        frozenset(glob for glob, value in values.items() if value is True),
        frozenset(glob for glob, value in values.items() if value is False),
        frozenset(atoms.literals),
    )
