"""Who reaches what: networks by routes, from regions that are grouped by route.

Every request that can exist is in one row and in at most one column, and what no column has is
not allowed: the table is exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from policycheck.dataclass import dataclass
from policycheck.model.region import (
    SOURCE_IP,
    Actions,
    Addresses,
    Choice,
    Constraint,
    Reach,
    Region,
    Subject,
    Times,
)
from policycheck.report.html.addresses import Share, shares
from policycheck.report.html.sizes import sizes
from policycheck.report.region_rows import Common, constraint_row, source_lines

MOST_ROWS, MOST_COLUMNS = 60, 24
"""Larger tables are cut, which is said; the regions themselves are complete."""

MOST_LINES = 6


@dataclass(frozen=True)
class Cell:
    """What a network can do with a route: ``denied``, ``allowed`` or ``conditional``, and the
    conditions, each a list of parts that all hold. ``times`` are those among them."""

    state: str
    conditions: tuple[tuple[str, ...], ...] = ()
    times: tuple[Times, ...] = ()


@dataclass(frozen=True)
class Row:
    """A network in words, its size, and a cell for each column."""

    network: tuple[str, ...]
    size: tuple[str, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Matrix:
    """``columns`` are routes in words; ``notes`` what is common to all; ``cut`` counts the rows
    and columns that are not shown."""

    columns: tuple[tuple[str, ...], ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    cut: tuple[int, int] = (0, 0)


def matrix(found: Reach) -> Matrix | None:
    """The table of who reaches what; None if nobody does, or if it is not known."""
    if not found.regions:
        return None
    regions = found.regions
    shared = Shared.of(regions)
    groups = found.groups[:MOST_COLUMNS]
    places = {id(one): number for number, one in enumerate(regions)}
    members = [frozenset(places[id(one)] for one in group.regions) for group in groups]
    parted = shares(regions)
    rows = tuple(_row(one, members, regions, shared) for one in parted[:MOST_ROWS])
    columns = tuple(column_name(group.constraint, shared.common) for group in groups)
    cut = (len(parted) - len(rows), len(found.groups) - len(groups))
    return Matrix(columns, rows, tuple(shared.lines()), cut)


def column_name(constraint: Constraint | None, common: Common) -> tuple[str, ...]:
    """A route in words."""
    if isinstance(constraint, Choice):
        return _shortened(constraint_row(constraint, common)[1])
    return ("any route",)


def _row(
    share: Share, columns: Sequence[frozenset[int]], regions: Sequence[Region], shared: Shared
) -> Row:
    cells = tuple(
        cell([regions[number] for number in sorted(share.members & column)], shared)
        for column in columns
    )
    network = _shortened(source_lines(share.addresses))
    return Row(network, tuple(sizes(share.addresses)), cells)


def cell(regions: Sequence[Region], shared: Shared) -> Cell:
    """What requests can do that are in these regions but for what is not their network or route.

    Conditions that differ in their times alone are one; times that leave none out are none.
    """
    if not regions:
        return Cell("denied")
    times: dict[tuple[Constraint, ...], list[Times | None]] = {}
    for region in regions:
        rest = shared.conditions(region)
        clock = next((one for one in rest if isinstance(one, Times)), None)
        others = tuple(one for one in rest if not isinstance(one, Times))
        times.setdefault(others, []).append(clock)
    united = [(*others, *_union(clocks)) for others, clocks in times.items()]
    if () in united:
        return Cell("allowed")
    conditions = tuple(tuple(_spelled(one, shared) for one in each) for each in united)
    bound = tuple(one for each in united for one in each if isinstance(one, Times))
    return Cell("conditional", conditions, bound)


def _union(clocks: Sequence[Times | None]) -> tuple[Times, ...]:
    """The periods of all; nothing, if they leave no time out."""
    periods = [each for one in clocks if one for each in one.periods]
    if None in clocks:
        return ()
    found: list[tuple[int | None, int | None]] = []
    for first, end in sorted(periods, key=lambda one: (one[0] is not None, one[0] or 0)):
        before = found[-1] if found else None
        if before and (before[1] is None or (first is not None and first <= before[1])):
            last = None if before[1] is None or end is None else max(before[1], end)
            found[-1] = (before[0], last)
        else:
            found.append((first, end))
    return () if found == [(None, None)] else (Times(tuple(found)),)


def _spelled(one: Constraint, shared: Shared) -> str:
    """A condition in a line."""
    label, lines = constraint_row(one, shared.common)
    text = "; ".join(_shortened(lines))
    return text if label == "only if" else f"{label}: {text}"


@dataclass(frozen=True)
class Shared:
    """What all regions say alike, so that it is said once."""

    common: Common
    demands: tuple[Constraint, ...]

    @classmethod
    def of(cls, regions: Sequence[Region]) -> Shared:
        """What the regions share."""
        common = Common.of(regions)
        first = regions[0].constraints if regions else ()
        demands = tuple(
            one
            for one in first
            if _is_condition(one, common) and all(one in each.constraints for each in regions)
        )
        return cls(common, demands)

    def lines(self) -> Iterator[str]:
        """The same in sentences."""
        yield from self.common.lines()
        for one in self.demands:
            yield f"All of it only if {_spelled(one, self)}."

    def conditions(self, region: Region) -> tuple[Constraint, ...]:
        """What a region demands besides its network, its route, and what all demand."""
        return tuple(
            one
            for one in region.constraints
            if _is_condition(one, self.common) and one not in self.demands
        )


def _is_condition(one: Constraint, common: Common) -> bool:
    """Whether a constraint is neither a network nor a route nor the action of all regions."""
    match one:
        case Addresses(key):
            return key != SOURCE_IP
        case Choice(subject):
            return subject is not Subject.ROUTE
        case Actions():
            return one != common.action
        case Times():
            return True
    assert_never(one)


def _shortened(lines: Sequence[str]) -> tuple[str, ...]:
    rest = len(lines) - MOST_LINES
    return (*lines[:MOST_LINES], f"and {rest} more") if rest > 1 else tuple(lines)
