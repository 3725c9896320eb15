"""Addresses sorted by what regions say of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from policycheck.dataclass import dataclass
from policycheck.model.address import AddressBetween, Family, merged, minus
from policycheck.model.region import SOURCE_IP, Addresses, Region

Members = frozenset[int]
"""The indexes of the regions that an address is in."""


@dataclass(frozen=True)
class Share:
    """The addresses (or requests without one) that are in the same regions."""

    members: Members
    addresses: Addresses


def possible(regions: Sequence[Region]) -> tuple[AddressBetween, ...]:
    """All addresses that requests can have, as far as the regions say it."""
    found = [one.source_ip for one in regions[:1]]
    return merged(each for one in found for each in (*one.ranges, *one.others))


def shares(regions: Sequence[Region]) -> list[Share]:
    """The possible addresses, each in one share; shares that regions share least come last.

    Requests without aws:SourceIp have a share of their own where some region has them.
    """
    whole = possible(regions)
    by_members: dict[Members, list[AddressBetween]] = {}
    for one in _pieces(regions, whole):
        by_members.setdefault(_members(one, regions), []).append(one)
    found = [_share(members, pieces, whole) for members, pieces in by_members.items()]
    found.sort(key=lambda one: (not one.members, _amount(one)))
    without = frozenset(n for n, one in enumerate(regions) if one.source_ip.absent)
    if without:
        found.append(Share(without, Addresses(SOURCE_IP, (), absent=True)))
    return found


def _share(
    members: Members, pieces: Iterable[AddressBetween], whole: Sequence[AddressBetween]
) -> Share:
    ranges = merged(pieces)
    others = minus(whole, ranges)
    return Share(members, Addresses(SOURCE_IP, ranges, everything=not others, others=others))


def _amount(one: Share) -> tuple[int, int]:
    return one.addresses.count(Family.V4), one.addresses.count(Family.V6)


def _members(piece: AddressBetween, regions: Sequence[Region]) -> Members:
    return frozenset(
        number
        for number, one in enumerate(regions)
        if any(_holds(each, piece) for each in one.source_ip.ranges)
    )


def _holds(one: AddressBetween, piece: AddressBetween) -> bool:
    return one.family is piece.family and one.first <= piece.first and piece.last <= one.last


def _pieces(regions: Sequence[Region], whole: Sequence[AddressBetween]) -> Iterator[AddressBetween]:
    """The possible addresses, cut wherever a region begins or ends."""
    for family in Family:
        given = [each for one in regions for each in one.source_ip.ranges if each.family is family]
        cuts = sorted({each.first for each in given} | {each.last + 1 for each in given})
        for one in whole:
            if one.family is family:
                inside = [cut for cut in cuts if one.first < cut <= one.last]
                starts = [one.first, *inside]
                ends = [*(cut - 1 for cut in inside), one.last]
                for first, last in zip(starts, ends, strict=True):
                    yield AddressBetween(family, first, last)
