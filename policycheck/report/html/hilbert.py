"""The IPv4 addresses as a square: a Hilbert curve visits each once, so blocks are squares.

Blocks of even prefix length are squares, those of odd length two squares side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policycheck.dataclass import dataclass
from policycheck.model.address import AddressBetween, Family
from policycheck.report.amounts import cidrs

SIDE = 1024
"""The side of the map in units of its drawing."""

_ORDER = 16
"""The side has 2 to this power addresses."""

LEAST = 6
"""A block that is smaller is drawn as a pin of this size too, so that it is seen."""


@dataclass(frozen=True)
class Tile:
    """A rectangle of the map, in its units, for a CIDR block."""

    block: str
    x: float
    y: float
    width: float
    height: float

    @property
    def small(self) -> bool:
        """Whether it is hardly seen."""
        return max(self.width, self.height) < LEAST

    @property
    def centre(self) -> tuple[float, float]:
        """The middle."""
        return self.x + self.width / 2, self.y + self.height / 2


def tiles(ranges: Iterable[AddressBetween]) -> list[Tile]:
    """The IPv4 addresses of the ranges as the fewest tiles."""
    return [_tile(block) for one in ranges if one.family is Family.V4 for block in cidrs(one)]


def _tile(block: str) -> Tile:
    network, _, length = block.partition("/")
    prefix = int(length)
    first = sum(
        int(part) << shift for part, shift in zip(network.split("."), (24, 16, 8, 0), strict=True)
    )
    halves = list(_squares(first, prefix))
    scale = SIDE / (1 << _ORDER)
    left, top = min(x for x, _, _ in halves), min(y for _, y, _ in halves)
    right, bottom = max(x + s for x, _, s in halves), max(y + s for _, y, s in halves)
    return Tile(block, left * scale, top * scale, (right - left) * scale, (bottom - top) * scale)


def _squares(first: int, prefix: int) -> Iterator[tuple[int, int, int]]:
    """Left, top and side, in addresses, of the one or two squares of a block."""
    if prefix % 2:
        yield from _squares(first, prefix + 1)
        yield from _squares(first + (1 << (31 - prefix)), prefix + 1)
        return
    order = prefix // 2
    side = 1 << (_ORDER - order)
    x, y = position(first >> (32 - prefix), order)
    yield x * side, y * side, side


def position(distance: int, order: int) -> tuple[int, int]:
    """The place of a step on the Hilbert curve in a square of side 2 to the power ``order``.

    Source: Hamilton, "Compact Hilbert Indices", 2006, in the form that turns quadrants.
    """
    x = y = 0
    for level in range(order):
        side = 1 << level
        right = 1 & (distance >> 1)
        up = 1 & (distance ^ right)
        if not up:
            if right:
                x, y = side - 1 - x, side - 1 - y
            x, y = y, x
        x, y = x + side * right, y + side * up
        distance >>= 2
    return x, y
