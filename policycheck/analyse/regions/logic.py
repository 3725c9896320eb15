"""Axes that are cut by what the policies ask of texts, callers and other values: a cell is a set of
truth values that some request has."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import assert_never

from policycheck.analyse.regions.axes import Cells, discrete, mask_of
from policycheck.analyse.regions.cover import Cube, cover
from policycheck.analyse.regions.elements import AxisKind, AxisName
from policycheck.analyse.regions.space import Space, not_confirmed
from policycheck.analyse.regions.wording import Atom, literal
from policycheck.concrete import predicate as concrete
from policycheck.dataclass import dataclass
from policycheck.model.arn import AnyResource
from policycheck.model.condition import Comparing, Existing
from policycheck.model.policy import PrincipalKind
from policycheck.model.predicate import (
    AllOf,
    AnyOf,
    Conditions,
    InPrincipal,
    InResource,
    Not,
    Predicate,
)
from policycheck.model.reading import DEFAULT_READINGS, Readings
from policycheck.model.region import Choice, Subject, Term
from policycheck.solve.limits import UndecidedError
from policycheck.symbolic.boolean import every, negation

MOST_CELLS = 1_000
"""How many cells an axis may have; with more of them nothing is decided."""

_SUBJECTS = {
    AxisKind.ROUTE: Subject.ROUTE,
    AxisKind.CALLER: Subject.CALLER,
}


@dataclass(frozen=True)
class LogicAxis:
    """``vectors`` holds for each cell the truth values of the atoms, bit ``i`` for the ``i``-th."""

    name: AxisName
    atoms: tuple[Atom, ...]
    vectors: tuple[int, ...]
    masks: tuple[int, ...]
    always: bool = False
    readings: Readings = DEFAULT_READINGS

    @cached_property
    def lattice(self) -> tuple[Cells, ...]:
        """What elements name, and everything."""
        if self.name.kind is AxisKind.TIED:
            return discrete(self)
        everything = frozenset(range(len(self.vectors)))
        named = (self._named(index) for index in range(len(self.atoms)))
        return (*(cells for cells in named if cells), everything)

    def _named(self, index: int) -> Cells:
        """The cells in which the atom, or its negation, names something."""
        wanted = naming(self.atoms[index])
        if wanted is None:
            return frozenset()
        bit = 1 << index
        return frozenset(
            cell for cell, vector in enumerate(self.vectors) if bool(vector & bit) is wanted
        )

    @cached_property
    def _order(self) -> tuple[int, ...]:
        """Literals in the order in which a term can best do without them: exceptions first."""
        exceptions: list[int] = []
        names: list[int] = []
        for index, atom in enumerate(self.atoms):
            for value in (0, 1):
                literal = 2 * index + value
                (names if naming(atom) is bool(value) else exceptions).append(literal)
        return (*exceptions, *names)

    def _cubes(self, cells: Cells) -> tuple[Cube, ...]:
        outside = (v for cell, v in enumerate(self.vectors) if cell not in cells)
        return cover((self.vectors[cell] for cell in cells), outside, self._order)

    def predicate(self, cells: Cells) -> Predicate:
        """See :class:`Axis`."""
        return AnyOf(
            tuple(
                AllOf(tuple(atom if holds else Not(atom) for atom, holds in self._literals(cube)))
                for cube in self._cubes(cells)
            )
        )

    def constraint(self, cells: Cells) -> Choice:
        """See :class:`Axis`."""
        is_route = isinstance(self.name.element, InResource)
        subject = Subject.ROUTE if is_route else _SUBJECTS.get(self.name.kind, Subject.KEY)
        return Choice(subject, tuple(map(self._term, self._cubes(cells))))

    def _term(self, cube: Cube) -> Term:
        literals = (
            literal(*one, always=self.always, readings=self.readings)
            for one in self._literals(cube)
        )
        return Term(tuple(dict.fromkeys(literals)))

    def _literals(self, cube: Cube) -> list[tuple[Atom, bool]]:
        care, value = cube
        return [(a, bool(value >> i & 1)) for i, a in enumerate(self.atoms) if care >> i & 1]


def naming(atom: Atom) -> bool | None:
    """The truth value of the atom that names something (these routes, that account); None if
    neither does."""
    match atom:
        case InResource(element):
            anything = any(isinstance(one, AnyResource) for one in element.patterns)
            return None if anything else not element.negated
        case InPrincipal(element):
            everyone = any(one.kind is PrincipalKind.EVERYONE for one in element.ids)
            return None if everyone else not element.negated
        case Conditions((Comparing(if_exists=False, quantifier=None) as entry,)):
            return not entry.negated
        case Conditions((Existing(absent=(absent,), quantifier=None),)):
            return not absent
        case Conditions():
            return None
    assert_never(atom)


def logic_axis(name: AxisName, wanted: tuple[tuple[Atom, ...], ...], space: Space) -> LogicAxis:
    """The axis: one request after the other is asked for, each with truth values that none
    before had, until there is no further one. ``wanted`` is what each statement says of it."""
    asked = dict.fromkeys(atom for conditions in wanted for atom in conditions)
    fixed = {atom: value for atom in asked if (value := _constant(space, atom)) is not None}
    atoms = tuple(atom for atom in asked if atom not in fixed)
    vectors = tuple(_vectors(atoms, space))

    def statements(vector: int) -> int:
        values = {atom: bool(vector >> index & 1) for index, atom in enumerate(atoms)} | fixed
        return mask_of(all(values[atom] for atom in conditions) for conditions in wanted)

    always = _always(name, space)
    masks = tuple(map(statements, vectors))
    return LogicAxis(name, atoms, vectors, masks, always, space.readings)


def _constant(space: Space, atom: Atom) -> bool | None:
    """Whether the atom holds of every request or of none, as far as its formula shows that."""
    formula = space.formulas[atom]
    if formula.eq(every(())):
        return True
    return False if formula.eq(negation(every(()))) else None


def _vectors(atoms: tuple[Atom, ...], space: Space) -> Iterator[int]:
    seen: set[int] = set()
    blocked = every(())
    formulas = [space.formulas[atom] for atom in atoms]
    while (shown := space.example(blocked)) is not None:
        values = [concrete.holds(atom, shown.request, space.readings) for atom in atoms]
        vector = mask_of(values)
        if vector in seen:
            reason = "it is in a cell that was found before"
            raise not_confirmed(shown.assignment, shown.request, reason)
        yield vector
        seen.add(vector)
        if len(seen) > MOST_CELLS:
            raise UndecidedError(f"one part of requests falls into over {MOST_CELLS} cells")
        literals = zip(formulas, values, strict=True)
        cell = every(formula if value else negation(formula) for formula, value in literals)
        blocked = every((blocked, negation(cell)))


def _always(name: AxisName, space: Space) -> bool:
    """Whether every request has the key of the axis."""
    symbols = space.request.key(name.key) if name.kind is AxisKind.KEY else None
    return symbols is not None and space.example(negation(symbols.present)) is None
