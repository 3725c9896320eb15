"""Which addresses a policy allows, and what a change does to them, as layers of a map."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policycheck.dataclass import dataclass
from policycheck.model.address import AddressBetween, Family, merged, minus
from policycheck.model.region import Difference, Reach, Region, common, size
from policycheck.model.special_purpose import not_public
from policycheck.report.amounts import blocks
from policycheck.report.html.addresses import shares
from policycheck.report.html.hilbert import Tile, tiles
from policycheck.report.html.matrix import MOST_COLUMNS, Shared, cell, column_name

MOST_BLOCKS = 400
"""How many blocks of a layer are listed in words; further ones are counted."""

Ranges = tuple[AddressBetween, ...]


@dataclass(frozen=True)
class Layer:
    """Addresses of one kind. ``name`` is a word for programs, ``title`` for people."""

    name: str
    title: str
    ranges: Ranges

    @property
    def tiles(self) -> list[Tile]:
        """The layer on the map."""
        return tiles(self.ranges)

    @property
    def count(self) -> int:
        """How many addresses there are."""
        return size(self.ranges)

    @property
    def blocks(self) -> list[str]:
        """The addresses in words."""
        return blocks(self.ranges)[:MOST_BLOCKS]

    @property
    def more(self) -> int:
        """How many blocks are not listed."""
        return max(len(blocks(self.ranges)) - MOST_BLOCKS, 0)

    @property
    def bounds(self) -> list[tuple[int, int]]:
        """First and last address of each range."""
        return [(one.first, one.last) for one in self.ranges]


@dataclass(frozen=True)
class View:
    """One drawing of the map: what it shows, and its layers, the lowest first."""

    title: str
    layers: tuple[Layer, ...]


def reach_views(found: Reach) -> list[View]:
    """What callers of each address may do with some route, then with each; nothing if there is no
    IPv4 address that may do anything."""
    shared = Shared.of(found.regions)
    routes = [_parted(one.regions, shared) for one in found.groups]
    free = merged(each for one, _ in routes for each in one)
    bound = merged(each for _, one in routes for each in one)
    views = [View("some route", _reach_layers(free, bound))]
    if len(routes) > 1:
        for group, parted in list(zip(found.groups, routes, strict=True))[:MOST_COLUMNS]:
            title = ", ".join(column_name(group.constraint, shared.common))
            views.append(View(title, _reach_layers(*parted)))
    return [one for one in views if one.layers]


def _reach_layers(free: Ranges, bound: Ranges) -> tuple[Layer, ...]:
    if not (free or bound):
        return ()
    return _drawn(
        Layer("allowed", "allowed", free),
        Layer("conditional", "allowed on conditions", minus(bound, free)),
    )


def difference_views(found: Difference, after: Reach | None) -> list[View]:
    """What opens, what closes, and what stays allowed."""
    layers = _difference_layers(found, after)
    return [View("some route", layers)] if layers else []


def _difference_layers(found: Difference, after: Reach | None) -> tuple[Layer, ...]:
    opened, closed = _addresses(found.opened), _addresses(found.closed)
    if not (opened or closed):
        return ()
    both = _shared(opened, closed)
    kept = _addresses(after.regions) if after else ()
    changed = merged((*opened, *closed))
    return _drawn(
        Layer("allowed", "allowed as before", minus(kept, changed)),
        Layer("opened", "something opens", minus(opened, both)),
        Layer("closed", "something closes", minus(closed, both)),
        Layer("both", "something opens, something closes", both),
    )


def _drawn(*given: Layer) -> tuple[Layer, ...]:
    """The layers that have addresses, with the addresses of no caller below them."""
    used = merged(each for one in given for each in one.ranges)
    reserved = tuple(one for one in minus(not_public(), used) if one.family is Family.V4)
    below = Layer("reserved", "special-purpose, no public caller has it", reserved)
    return (below, *(one for one in given if one.ranges))


def _parted(regions: Sequence[Region], shared: Shared) -> tuple[Ranges, Ranges]:
    """The IPv4 addresses to which the routes of a group are open, and open on conditions."""
    found: dict[str, list[AddressBetween]] = {"allowed": [], "conditional": [], "denied": []}
    for share in shares(regions):
        state = cell([regions[number] for number in sorted(share.members)], shared).state
        found[state] += [one for one in share.addresses.ranges if one.family is Family.V4]
    return merged(found["allowed"]), merged(found["conditional"])


def _addresses(regions: Iterable[Region]) -> Ranges:
    return merged(
        each for one in regions for each in one.source_ip.ranges if each.family is Family.V4
    )


def _shared(one: Ranges, other: Ranges) -> Ranges:
    return merged(both for a in one for b in other if (both := common(a, b)))
