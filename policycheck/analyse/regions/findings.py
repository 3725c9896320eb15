"""The few broadest findings that cover everything that is allowed.

Each axis is abstracted to the sets of cells that people have names for: what the policies list,
public addresses, anything. A cell stands for the smallest such set that holds it. Of what regions
become by that, only the broadest is kept. Source: Backes et al., "Stratified Abstraction of Access
Control Policies", CAV 2020.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache

from policycheck.analyse.regions.axes import Axis, Cells
from policycheck.analyse.regions.boxes import Box
from policycheck.dataclass import dataclass


@dataclass(frozen=True)
class Broad:
    """A coarse box. ``core`` is the part of a region that only a finding as broad can cover."""

    box: Box
    core: Box


def findings(axes: Sequence[Axis], boxes: Sequence[Box]) -> tuple[Broad, ...]:
    """Coarse boxes that together hold all boxes; none is inside another."""
    coarse = [_coarse(axes, box) for box in boxes]
    kept: list[Broad] = []
    for one in sorted(coarse, key=_breadth, reverse=True):
        if not any(_inside(one.box, other.box) for other in kept):
            kept.append(one)
    return tuple(_merged(kept, len(axes)))


def _breadth(one: Broad) -> int:
    return sum(map(len, one.box))


def _inside(one: Box, other: Box) -> bool:
    return all(a <= b for a, b in zip(one, other, strict=True))


def _coarse(axes: Sequence[Axis], box: Box) -> Broad:
    pairs = [_abstracted(axis, cells) for axis, cells in zip(axes, box, strict=True)]
    return Broad(tuple(coarse for coarse, _ in pairs), tuple(core for _, core in pairs))


def _abstracted(axis: Axis, cells: Cells) -> tuple[Cells, Cells]:
    """What the cells stand for, and those of them that stand for the broadest of it."""
    smallest = _smallest(tuple(axis.lattice))
    stand_for = {cell: smallest(cell) for cell in cells}
    broadest = {one for one in stand_for.values() if not any(one < o for o in stand_for.values())}
    coarse = frozenset().union(*broadest)
    return coarse, frozenset(cell for cell, one in stand_for.items() if one in broadest)


def _smallest(lattice: tuple[Cells, ...]) -> Callable[[int], Cells]:
    @cache
    def of(cell: int) -> Cells:
        return min((one for one in lattice if cell in one), key=len)

    return of


def _merged(kept: list[Broad], axes: int) -> list[Broad]:
    """Findings that differ on one axis alone are one."""
    for axis in range(axes):
        together: dict[Box, Broad] = {}
        for one in kept:
            rest = (*one.box[:axis], *one.box[axis + 1 :])
            before = together.get(rest)
            together[rest] = one if before is None else _joined(before, one, axis)
        kept = list(together.values())
    return kept


def _joined(one: Broad, other: Broad, axis: int) -> Broad:
    box = tuple(a | b if n == axis else a for n, (a, b) in enumerate(_pairs(one.box, other.box)))
    return Broad(box, one.core)


def _pairs(one: Box, other: Box) -> Iterator[tuple[Cells, Cells]]:
    return zip(one, other, strict=True)
