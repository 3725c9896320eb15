"""One part of a request, cut into cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Protocol

from policycheck.analyse.regions.elements import AxisName
from policycheck.concrete.policy import action_matches
from policycheck.dataclass import dataclass
from policycheck.model.environment import ACTIONS
from policycheck.model.policy import ActionElement
from policycheck.model.predicate import ActionLike, AnyOf, Predicate
from policycheck.model.region import Actions, Constraint
from policycheck.model.text import glob

Cells = frozenset[int]
"""Cells of one axis, by their numbers."""


class Axis(Protocol):
    """A part of requests whose cells are disjoint and cover all that the part can be."""

    @property
    def name(self) -> AxisName:
        """What the axis is about."""

    @property
    def masks(self) -> Sequence[int]:
        """For each cell the statements all of whose elements on this axis hold there: bit ``i``
        for the ``i``-th statement."""

    @property
    def lattice(self) -> Sequence[Cells]:
        """Sets of cells that people have names for; each cell is in one of them."""

    def predicate(self, cells: Cells) -> Predicate:
        """The request is in one of the cells."""

    def constraint(self, cells: Cells) -> Constraint:
        """The same for people."""


def discrete(axis: Axis) -> tuple[Cells, ...]:
    """Every cell by itself."""
    return tuple(frozenset({cell}) for cell in range(len(axis.masks)))


def mask_of(holds: Iterable[bool]) -> int:
    """The bits of the statements for which it holds."""
    return sum(1 << index for index, one in enumerate(holds) if one)


@dataclass(frozen=True)
class ActionAxis:
    """The actions of the service, a cell each."""

    name: AxisName
    elements: tuple[tuple[ActionElement, ...], ...]

    @cached_property
    def masks(self) -> tuple[int, ...]:
        """See :class:`Axis`."""
        return tuple(
            mask_of(all(action_matches(name, one) for one in wanted) for wanted in self.elements)
            for name in ACTIONS
        )

    @property
    def lattice(self) -> tuple[Cells, ...]:
        """See :class:`Axis`."""
        return discrete(self)

    def predicate(self, cells: Cells) -> Predicate:
        """See :class:`Axis`."""
        return AnyOf(tuple(ActionLike(glob(ACTIONS[cell].lower())) for cell in sorted(cells)))

    def constraint(self, cells: Cells) -> Actions:
        """See :class:`Axis`."""
        return Actions(tuple(ACTIONS[cell] for cell in sorted(cells)))
