"""The sets of addresses that the names ``public`` and ``private`` stand for (semantics D3).

The tables are pinned in special_purpose.toml: the standard library's and netaddr's change between
releases.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from ipaddress import ip_network

from policycheck.model.address import AddressBetween, Family

EVERYTHING = ("0.0.0.0/0", "::/0")


@cache
def _table() -> Mapping[str, list[str]]:
    name = "special_purpose.toml"
    return tomllib.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))


def _ranges(blocks: Iterable[str]) -> tuple[AddressBetween, ...]:
    """The addresses of the blocks, as maximal ranges in order."""
    networks = map(ip_network, blocks)
    bounds = sorted((n.version, int(n[0]), int(n[-1])) for n in networks)
    merged: list[AddressBetween] = []
    for version, first, last in bounds:
        before = merged[-1] if merged else None
        if before and before.family == version and first <= before.last + 1:
            last_of_both = max(before.last, last)
            merged[-1] = AddressBetween(before.family, before.first, last_of_both)
        else:
            merged.append(AddressBetween(Family(version), first, last))
    return tuple(merged)


def _without(
    ranges: Iterable[AddressBetween], taken: Iterable[AddressBetween]
) -> tuple[AddressBetween, ...]:
    """The addresses of ``ranges`` that none of ``taken`` has; both are maximal and in order."""
    kept = list(ranges)
    for hole in taken:
        kept = [
            AddressBetween(one.family, first, last)
            for one in kept
            for first, last in _around(one, hole)
            if first <= last
        ]
    return tuple(kept)


def _around(one: AddressBetween, hole: AddressBetween) -> tuple[tuple[int, int], ...]:
    """The bounds of what lies before and after the hole; they may be empty."""
    if one.family is not hole.family:
        return ((one.first, one.last),)
    before = (one.first, min(one.last, hole.first - 1))
    after = (max(one.first, hole.last + 1), one.last)
    return (before, after)


@cache
def not_public() -> tuple[AddressBetween, ...]:
    """The addresses that no caller of a public endpoint has, as maximal ranges in order.

    The documentation blocks are not among them (contract section 4).
    """
    given_back = _ranges(_table()["reachable"] + _table()["documentation"])
    return _without(_ranges(_table()["not_public"]), given_back)


@cache
def public() -> tuple[AddressBetween, ...]:
    """Every other address, as maximal ranges in order."""
    return _without(everything(), not_public())


@cache
def private_use() -> tuple[AddressBetween, ...]:
    """RFC 1918's blocks and RFC 4193's unique local addresses."""
    return _ranges(_table()["private_use"])


@cache
def documentation() -> tuple[AddressBetween, ...]:
    """The blocks that RFC 5737 and RFC 3849 reserve for documentation."""
    return _ranges(_table()["documentation"])


@cache
def everything() -> tuple[AddressBetween, ...]:
    """All addresses of both families."""
    return _ranges(EVERYTHING)
