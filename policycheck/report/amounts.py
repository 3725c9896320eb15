"""Counts, shares and sets of addresses, for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from netaddr import IPAddress, iprange_to_cidrs

from policycheck.model.address import AddressBetween, Family, address_text
from policycheck.model.region import Addresses, size
from policycheck.model.special_purpose import public

_MOST_BLOCKS = 3
"""A range that needs more blocks than this is written as a range."""

_PERCENT = 100
_LEAST_PERCENT = 0.0001


def counted(count: int, noun: str, plural: str = "") -> str:
    """The count with its noun: ``1 region``, ``2,000 regions``."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def public_total(family: Family) -> int:
    """How many public addresses there are in the family."""
    return size(one for one in public() if one.family is family)


def share(found: Addresses, family: Family) -> str:
    """The part of the family's public addresses that is in the set, in percent."""
    count, total = found.public_count(family), public_total(family)
    if count in {0, total}:
        return "all" if count else "none"
    percent = _PERCENT * count / total
    if percent < _LEAST_PERCENT:
        return f"under {_LEAST_PERCENT:.4f} %"
    shown = f"{percent:.2g}" if percent < 1 else f"{percent:.4g}"
    return f"{shown if shown != '100' else 'nearly 100'} %"


def blocks(ranges: Iterable[AddressBetween]) -> list[str]:
    """The ranges as the fewest CIDR blocks; a range that would take many is written as one."""
    return [text for one in ranges for text in _blocks(one)]


def cidrs(one: AddressBetween) -> list[str]:
    """The fewest CIDR blocks that hold exactly the range."""
    version: Literal[4, 6] = 4 if one.family is Family.V4 else 6
    first, last = IPAddress(one.first, version), IPAddress(one.last, version)
    return [str(block) for block in iprange_to_cidrs(first, last)]


def _blocks(one: AddressBetween) -> Iterator[str]:
    found = cidrs(one)
    if len(found) > _MOST_BLOCKS:
        yield f"{address_text(one.family, one.first)} - {address_text(one.family, one.last)}"
        return
    whole = f"/{one.family.width}"
    yield from (block.removesuffix(whole) for block in found)


def spell_addresses(found: Addresses) -> list[str]:
    """The set in words and blocks, an item each: what is in it or what is not, as is shorter."""
    if not found.ranges:
        return ["no address"] if found.absent else ["nothing"]
    none = ", or none" if found.absent else ""
    if not found.others:
        return [_all(found) + none]
    inside, outside = _named(found.ranges), blocks(found.others)
    if len(outside) < len(inside) or _all_but_few(found):
        return [_all(found) + none, *(f"but not {one}" for one in outside)]
    return [*inside, *(["or none"] if found.absent else [])]


def _all(found: Addresses) -> str:
    """What every address is called that a request can have."""
    possible = Addresses(found.key, (*found.ranges, *found.others))
    families = [f for f in Family if possible.count(f)]
    kind = f"IPv{families[0].value} address" if len(families) == 1 else "address"
    is_public = all(possible.count(f) == possible.public_count(f) for f in families)
    return f"any public {kind}" if is_public else f"any {kind}"


def _all_but_few(found: Addresses) -> bool:
    """Whether in each family the set has more addresses than it lacks."""
    others = Addresses(found.key, found.others)
    return all(found.count(family) > others.count(family) for family in Family)


def _named(ranges: Sequence[AddressBetween]) -> list[str]:
    """The ranges as blocks; a whole family, or all its public addresses, by name."""
    named: list[str] = []
    left: list[AddressBetween] = []
    for family in Family:
        own = [one for one in ranges if one.family is family]
        name = _whole(own, family)
        named += [name] if name else []
        left += [] if name else own
    return [*named, *blocks(left)]


def _whole(ranges: Sequence[AddressBetween], family: Family) -> str:
    """What the ranges are called if they are all addresses of the family, or all public ones."""
    found = Addresses("", tuple(ranges))
    kind = f"IPv{family.value} address"
    if found.count(family) == 1 << family.width:
        return f"any {kind}"
    is_public = found.count(family) == found.public_count(family) == public_total(family)
    return f"any public {kind}" if is_public else ""
