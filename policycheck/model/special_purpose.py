"""The sets of addresses that the names ``public`` and ``private`` stand for (semantics D3).

The tables are pinned in special_purpose.toml: the standard library's and netaddr's change between
releases.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from netaddr import IPSet

from policycheck.model.address import AddressBetween, Family

EVERYTHING = ("0.0.0.0/0", "::/0")


@cache
def _table() -> Mapping[str, list[str]]:
    name = "special_purpose.toml"
    return tomllib.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))


def _ranges(blocks: IPSet) -> tuple[AddressBetween, ...]:
    merged: list[AddressBetween] = []
    for cidr in blocks.iter_cidrs():
        family, first, last = Family(cidr.version), int(cidr.first), int(cidr.last)
        if merged and merged[-1].family is family and merged[-1].last + 1 == first:
            first = merged.pop().first
        merged.append(AddressBetween(family, first, last))
    return tuple(merged)


@cache
def not_public() -> tuple[AddressBetween, ...]:
    """The addresses that no caller of a public endpoint has, as maximal ranges in order.

    The documentation blocks are not among them (contract section 4).
    """
    return _ranges(
        IPSet(_table()["not_public"]) - IPSet(_table()["reachable"] + _table()["documentation"])
    )


@cache
def public() -> tuple[AddressBetween, ...]:
    """Every other address, as maximal ranges in order."""
    taken = IPSet(_table()["not_public"])
    given_back = IPSet(_table()["reachable"] + _table()["documentation"])
    return _ranges((IPSet(EVERYTHING) - taken) | given_back)


@cache
def private_use() -> tuple[AddressBetween, ...]:
    """RFC 1918's blocks and RFC 4193's unique local addresses."""
    return _ranges(IPSet(_table()["private_use"]))


@cache
def documentation() -> tuple[AddressBetween, ...]:
    """The blocks that RFC 5737 and RFC 3849 reserve for documentation."""
    return _ranges(IPSet(_table()["documentation"]))


@cache
def everything() -> tuple[AddressBetween, ...]:
    """All addresses of both families."""
    return _ranges(IPSet(EVERYTHING))
