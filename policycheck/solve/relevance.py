"""Which atoms of a model matter: a part of its choices that makes the formulas true on its own.

A disjunction needs one true part, a false conjunction one false part; parts that ask little of
texts are preferred. What does not matter is left to whatever texts are found, since every text
settles all its atoms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeGuard

import z3

from policycheck.dataclass import dataclass
from policycheck.symbolic.boolean import Connective, Formula, asks, holds, identity


@dataclass(frozen=True)
class Choice:
    """A model and, by identity, the atoms about texts that matter in it."""

    model: z3.ModelRef
    leaves: Mapping[int, bool]

    def of(self, atom: z3.BoolRef) -> bool | None:
        """The value of the atom, or None if it does not matter."""
        return self.leaves.get(identity(atom))


def relevant(
    formulas: Iterable[z3.BoolRef], model: z3.ModelRef, free: frozenset[int] = frozenset()
) -> Choice:
    """The atoms about texts that the truth of the formulas in the model hangs on.

    ``free`` are the identities of defined Booleans whose definition is not assumed. Raises
    TypeError if some formula was not joined in ``symbolic.boolean``.
    """
    walk = _Walk(model, free)
    for formula in formulas:
        walk.need(formula)
    return Choice(model, walk.leaves)


class _Walk:
    """One walk over formulas under one model."""

    def __init__(self, model: z3.ModelRef, free: frozenset[int]) -> None:
        self.model = model
        self.free = free
        self.values: dict[int, bool] = {}
        self.leaves: dict[int, bool] = {}
        self.seen: set[int] = set()

    def value(self, formula: z3.BoolRef) -> bool:
        """The truth of a formula in the model; what the model leaves open counts as false."""
        key = identity(formula)
        known = self.values.get(key)
        if known is None:
            known = self.values[key] = self._computed(formula)
        return known

    def _computed(self, formula: z3.BoolRef) -> bool:
        if self._is_defined(formula):
            return self.value(formula.parts[0])
        return holds(formula, self.model)

    def _is_defined(self, formula: z3.BoolRef) -> TypeGuard[Formula]:
        """Whether the formula stands for another one here."""
        return (
            isinstance(formula, Formula)
            and formula.connective is Connective.DEFINED
            and identity(formula) not in self.free
        )

    def need(self, formula: z3.BoolRef) -> None:
        """Collect leaves that make the formula as true or false as it is."""
        todo = [formula]
        while todo:
            current = todo.pop()
            key = identity(current)
            if key in self.seen or asks(current) == 0:
                continue
            if not isinstance(current, Formula):
                raise TypeError(f"the parts of a formula are not known: {current}")
            self.seen.add(key)
            if current.connective is Connective.LEAF or key in self.free:
                self.leaves[key] = self.value(current)
            else:
                todo.extend(self._reasons(current, is_true=self.value(current)))

    def _reasons(self, formula: Formula, *, is_true: bool) -> Sequence[z3.BoolRef]:
        """Parts whose values suffice for the formula's."""
        match formula.connective:
            case Connective.AND if not is_true:
                return (self._one_of((part, False) for part in formula.parts),)
            case Connective.OR if is_true:
                return (self._one_of((part, True) for part in formula.parts),)
            case Connective.IMPLIES if is_true:
                premise, conclusion = formula.parts
                return (self._one_of(((premise, False), (conclusion, True))),)
            case _:
                return formula.parts

    def _one_of(self, wanted: Iterable[tuple[z3.BoolRef, bool]]) -> z3.BoolRef:
        """The part that asks least among those that are as wanted; what is needed already asks
        nothing more."""
        ordered = sorted(wanted, key=lambda one: self._asks_more(one[0]))
        return next(part for part, value in ordered if self.value(part) is value)

    def _asks_more(self, formula: z3.BoolRef) -> int:
        return 0 if identity(formula) in self.seen else asks(formula)
