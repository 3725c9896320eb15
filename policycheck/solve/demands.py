"""What a model asks of the text of one symbol."""

from __future__ import annotations

from itertools import chain

from policycheck.solve.product import Demand, meets_demand
from policycheck.solve.relevance import Choice
from policycheck.symbolic.boolean import holds
from policycheck.symbolic.symbols import SymbolAtoms


def chosen_literal(atoms: SymbolAtoms, choice: Choice) -> str | None:
    """The literal that the model chose for the symbol, if it chose one; of the choices of its
    domain, one that nothing asks for, if it chose none of the others."""
    if not holds(atoms.is_literal, choice.model):
        return None
    asked = (text for text, atom in atoms.literals.items() if holds(atom, choice.model))
    unasked = (text for text in atoms.symbol.domain.choices or () if text not in atoms.literals)
    return next(chain(asked, unasked))


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


def may_be(atoms: SymbolAtoms, choice: Choice, text: str) -> bool:
    """Whether the text is all that the model asks of the symbol."""
    asked = chosen(atoms, choice)
    return asked == text if isinstance(asked, str) else meets_demand(asked, text)
