"""The sets of addresses that the names ``public`` and ``private`` stand for (semantics D3).

The tables are pinned in special_purpose.toml: the standard library's and netaddr's change between
releases.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from ipaddress import ip_network
from pathlib import Path

from policycheck.model.address import AddressBetween, Family, merged, minus

EVERYTHING = ("0.0.0.0/0", "::/0")


@cache
def _table() -> Mapping[str, list[str]]:
    name = "special_purpose.toml"
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


def _ranges(blocks: Iterable[str]) -> tuple[AddressBetween, ...]:
    """The addresses of the blocks, as maximal ranges in order."""
    networks = map(ip_network, blocks)
    return merged(AddressBetween(Family(n.version), int(n[0]), int(n[-1])) for n in networks)


@cache
def not_public() -> tuple[AddressBetween, ...]:
    """The addresses that no caller of a public endpoint has, as maximal ranges in order.

    The documentation blocks are not among them (contract section 4).
    """
    given_back = _ranges(_table()["reachable"] + _table()["documentation"])
    return minus(_ranges(_table()["not_public"]), given_back)


@cache
def public() -> tuple[AddressBetween, ...]:
    """Every other address, as maximal ranges in order."""
    return minus(everything(), not_public())


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
