"""The sets of addresses that the names ``public`` and ``private`` stand for (semantics D3).

The tables are pinned here: the standard library's and netaddr's change between releases.
Source: the IANA IPv4 and IPv6 Special-Purpose Address Registries, snapshot 2026-07-18 (globally
reachable = false, terminated or not applicable), and the multicast registries.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from ipaddress import ip_network

from policycheck.model.address import AddressBetween, Family, merged, minus

EVERYTHING = ("0.0.0.0/0", "::/0")

DOCUMENTATION = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
"""Contract section 4 counts these as public."""

PRIVATE_USE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")

NOT_PUBLIC = (
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
    *("172.16.0.0/12", "192.0.0.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15"),
    *("224.0.0.0/4", "240.0.0.0/4"),
    *("::/128", "::1/128", "::ffff:0:0/96", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64"),
    *("2001::/23", "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10"),
    "ff00::/8",
)
"""Addresses that are no caller's on a public endpoint, but for those of ``REACHABLE``."""

REACHABLE = (
    *("192.0.0.9/32", "192.0.0.10/32"),
    *("2001:1::1/128", "2001:1::2/128", "2001:1::3/128", "2001:3::/32", "2001:4:112::/48"),
    *("2001:20::/28", "2001:30::/28"),
)
"""Inside ``NOT_PUBLIC``, and yet globally reachable."""


def _ranges(blocks: Iterable[str]) -> tuple[AddressBetween, ...]:
    """The addresses of the blocks, as maximal ranges in order."""
    networks = map(ip_network, blocks)
    return merged(AddressBetween(Family(n.version), int(n[0]), int(n[-1])) for n in networks)


@cache
def not_public() -> tuple[AddressBetween, ...]:
    """The addresses that no caller of a public endpoint has, as maximal ranges in order.

    The documentation blocks are not among them (contract section 4).
    """
    given_back = _ranges(REACHABLE + DOCUMENTATION)
    return minus(_ranges(NOT_PUBLIC), given_back)


@cache
def public() -> tuple[AddressBetween, ...]:
    """Every other address, as maximal ranges in order."""
    return minus(everything(), not_public())


@cache
def private_use() -> tuple[AddressBetween, ...]:
    """RFC 1918's blocks and RFC 4193's unique local addresses."""
    return _ranges(PRIVATE_USE)


@cache
def documentation() -> tuple[AddressBetween, ...]:
    """The blocks that RFC 5737 and RFC 3849 reserve for documentation."""
    return _ranges(DOCUMENTATION)


@cache
def everything() -> tuple[AddressBetween, ...]:
    """All addresses of both families."""
    return _ranges(EVERYTHING)
