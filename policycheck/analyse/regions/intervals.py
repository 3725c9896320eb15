"""Axes that are cut into intervals: addresses, and the clock."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise

from policycheck.analyse.regions.axes import Cells, discrete, mask_of
from policycheck.analyse.regions.elements import AxisName
from policycheck.concrete import predicate as concrete
from policycheck.concrete.address import prefix_of
from policycheck.concrete.environment import admits
from policycheck.dataclass import dataclass
from policycheck.model.address import AddressBetween, AddressIn, Family, address_text
from policycheck.model.condition import Comparing, Existing
from policycheck.model.environment import Environment
from policycheck.model.order import (
    FARTHEST,
    Comparison,
    InstantCompares,
    NumberCompares,
    instant_text,
)
from policycheck.model.predicate import AllOf, AnyOf, Conditions, Predicate
from policycheck.model.reading import Reading
from policycheck.model.region import CLOCK_KEYS, Addresses, Times, common
from policycheck.model.request import Request
from policycheck.model.special_purpose import not_public, public

Wanted = tuple[tuple[Conditions, ...], ...]
"""For each statement what it says of one axis."""


def with_context(base: Request, **values: str | None) -> Request:
    """The request with other values of some keys; None takes a key away."""
    given = {name.lower(): value for name, value in values.items()}
    kept: dict[str, str | tuple[str, ...]] = {
        name: value for name, value in base.context.items() if name.lower() not in given
    }
    kept.update({name: value for name, value in given.items() if value is not None})
    return replace(base, context=kept)


def holding(request: Request, wanted: Wanted, readings: frozenset[Reading]) -> int:
    """The statements of which everything that is wanted holds of the request."""
    return mask_of(
        all(concrete.holds(one, request, readings) for one in conditions) for conditions in wanted
    )


@dataclass(frozen=True)
class AddressAxis:
    """A key that holds an address. A cell is a range of addresses, or None: the key is absent.

    The cells are those that requests of the environment can have.
    """

    name: AxisName
    cells: tuple[AddressBetween | None, ...]
    masks: tuple[int, ...]
    named: tuple[Cells, ...]

    @cached_property
    def lattice(self) -> tuple[Cells, ...]:
        """What conditions list, public addresses, other addresses, absence, and everything."""
        numbers = range(len(self.cells))
        is_public = frozenset(
            n for n in numbers if (cell := self.cells[n]) and _within(cell, public())
        )
        absent = frozenset(n for n in numbers if self.cells[n] is None)
        other = frozenset(numbers) - is_public - absent
        return (*self.named, is_public, other, absent)

    def predicate(self, cells: Cells) -> Predicate:
        """See :class:`Axis`."""
        found = self.constraint(cells)
        key = self.name.key
        parts: list[Predicate] = []
        if found.ranges:
            parts.append(Conditions((Comparing("IpAddress", key, found.ranges),)))
        if found.absent:
            parts.append(Conditions((Existing("Null", key, (True,), undisputed=True),)))
        return AnyOf(tuple(parts))

    def constraint(self, cells: Cells) -> Addresses:
        """See :class:`Axis`."""
        chosen = [self.cells[cell] for cell in cells]
        left = [one for cell, one in enumerate(self.cells) if cell not in cells]
        return Addresses(
            self.name.key,
            joined(one for one in chosen if one is not None),
            None in chosen,
            not left,
            joined(one for one in left if one is not None),
        )


def _within(one: AddressBetween, ranges: Iterable[AddressBetween]) -> bool:
    return any(common(one, other) == one for other in ranges)


def joined(ranges: Iterable[AddressBetween]) -> tuple[AddressBetween, ...]:
    """The ranges in order, neighbours made one; they are disjoint."""
    found: list[AddressBetween] = []
    for one in sorted(ranges, key=lambda one: (one.family, one.first)):
        before = found[-1] if found else None
        if before and before.family is one.family and before.last + 1 == one.first:
            found[-1] = AddressBetween(one.family, before.first, one.last)
        else:
            found.append(one)
    return tuple(found)


def address_axis(
    name: AxisName,
    wanted: Wanted,
    base: Request,
    known: Environment,
    readings: frozenset[Reading],
) -> AddressAxis:
    """The axis, cut at the bounds of every block that a statement names and of the addresses that
    are not public. ``base`` is a request that can exist."""
    blocks = [*_blocks(wanted, readings), *_bounds(not_public())]
    cells: list[AddressBetween | None] = []
    masks: list[int] = []
    for cell in (None, *_cut(blocks)):
        text = None if cell is None else address_text(cell.family, cell.first)
        request = with_context(base, **{name.key: text})
        if admits(known, request, readings):
            cells.append(cell)
            masks.append(holding(request, wanted, readings))
    return AddressAxis(name, tuple(cells), tuple(masks), tuple(_named(cells, wanted, readings)))


def _named(
    cells: Sequence[AddressBetween | None], wanted: Wanted, readings: frozenset[Reading]
) -> Iterator[Cells]:
    """For each condition the cells that lie in the blocks that it lists."""
    for conditions in dict.fromkeys(one for each in wanted for one in each):
        listed = list(_bounds(_ranges((conditions,), readings)))
        yield frozenset(
            number
            for number, cell in enumerate(cells)
            if cell and any(f is cell.family and a <= cell.first < b for f, a, b in listed)
        )


_Bounds = tuple[Family, int, int]
"""A family, the first address, and the one after the last."""


def _bounds(ranges: Iterable[AddressBetween]) -> Iterator[_Bounds]:
    return ((one.family, one.first, one.last + 1) for one in ranges)


def _blocks(wanted: Wanted, readings: frozenset[Reading]) -> Iterator[_Bounds]:
    for conditions in wanted:
        yield from _bounds(_ranges(conditions, readings))


def _ranges(
    conditions: Iterable[Conditions], readings: frozenset[Reading]
) -> Iterator[AddressBetween]:
    """The ranges that conditions name."""
    entries = (entry for one in conditions for entry in one.entries)
    for entry in entries:
        for relation in entry.relations if isinstance(entry, Comparing) else ():
            match relation:
                case AddressIn(family, network):
                    host_bits = family.width - prefix_of(relation, readings)
                    first = network >> host_bits << host_bits
                    yield AddressBetween(family, first, first + (1 << host_bits) - 1)
                case AddressBetween():
                    yield relation
                case _:
                    pass


def _cut(blocks: Iterable[_Bounds]) -> Iterator[AddressBetween]:
    """Every address, cut at the bounds of the blocks."""
    given = list(blocks)
    for family in Family:
        end = 1 << family.width
        cuts = {0, end, *(cut for one, *both in given if one is family for cut in both)}
        ordered = sorted(cuts)
        for first, following in pairwise(ordered):
            yield AddressBetween(family, first, following - 1)


@dataclass(frozen=True)
class ClockAxis:
    """The clock. A cell is a period: its first second, and the one after its last."""

    name: AxisName
    cells: tuple[tuple[int, int], ...]
    masks: tuple[int, ...]

    @property
    def lattice(self) -> tuple[Cells, ...]:
        """See :class:`Axis`."""
        return discrete(self)

    def predicate(self, cells: Cells) -> Predicate:
        """See :class:`Axis`."""
        return AnyOf(tuple(map(_in_period, self.constraint(cells).periods)))

    def constraint(self, cells: Cells) -> Times:
        """See :class:`Axis`."""
        found: list[tuple[int, int]] = []
        for first, end in (self.cells[cell] for cell in sorted(cells)):
            if found and found[-1][1] == first:
                found[-1] = (found[-1][0], end)
            else:
                found.append((first, end))
        return Times(tuple(map(_unbounded, found)))


def _unbounded(period: tuple[int, int]) -> tuple[int | None, int | None]:
    first, end = period
    return (None if first == -FARTHEST else first, None if end == FARTHEST + 1 else end)


def _in_period(period: tuple[int | None, int | None]) -> Predicate:
    first, end = period
    bounds = ((Comparison.GREATER_EQUAL, first), (Comparison.LESS, end))
    return AllOf(
        tuple(
            Conditions((Comparing("Date", CLOCK_KEYS[0], (InstantCompares(comparison, bound),)),))
            for comparison, bound in bounds
            if bound is not None
        )
    )


def clock_axis(
    name: AxisName, wanted: Wanted, base: Request, readings: frozenset[Reading]
) -> ClockAxis:
    """The axis, cut at every instant that a statement names."""
    cuts = sorted({-FARTHEST, FARTHEST + 1, *filter(_can_be, _instants(wanted))})
    cells = tuple(pairwise(cuts))
    current, epoch = CLOCK_KEYS
    return ClockAxis(
        name,
        cells,
        tuple(
            holding(
                with_context(base, **{current: instant_text(first), epoch: str(first)}),
                wanted,
                readings,
            )
            for first, _ in cells
        ),
    )


def _can_be(second: int) -> bool:
    return -FARTHEST < second <= FARTHEST


def _instants(wanted: Wanted) -> Iterator[int]:
    """The seconds at which some comparison may change its answer."""
    entries = (e for conditions in wanted for one in conditions for e in one.entries)
    for entry in entries:
        for relation in entry.relations if isinstance(entry, Comparing) else ():
            if isinstance(relation, InstantCompares | NumberCompares):
                yield from (math.floor(relation.wanted) + step for step in (0, 1))
