"""Addresses against blocks and ranges, read directly: shift off the host bits and compare."""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import assert_never

from policycheck.model.address import (
    Address,
    AddressBetween,
    AddressIn,
    AddressRelation,
    Family,
)
from policycheck.model.reading import Reading, Readings

_SHORT_PREFIX = 32
_WIDTH = {family: family.width for family in Family}  # faster than to ask the member each time


def matches(actual: str, wanted: AddressRelation, readings: Readings) -> bool | None:
    """Whether the request's address lies in the policy's block or range.

    None: the text is no address. Rules: B3-address-block, B3-address-families.
    """
    address = parse_address(actual)
    return None if address is None else contains(address, wanted, readings)


def contains(actual: Address, wanted: AddressRelation, readings: Readings) -> bool:
    """Whether the address lies in the block or range; never across families.

    Rules: B3-address-block, B3-address-host-bits, B3-address-families, S1-range.
    """
    if actual.family is not wanted.family:
        return False
    match wanted:
        case AddressIn():
            host_bits = _WIDTH[wanted.family] - prefix_of(wanted, readings)
            return actual.value >> host_bits == wanted.network >> host_bits
        case AddressBetween():
            return wanted.first <= actual.value <= wanted.last
    assert_never(wanted)


def prefix_of(wanted: AddressIn, readings: Readings) -> int:
    """The prefix length of the block in bits (B3-address-bare, B3-address-bare-ipv6)."""
    if wanted.bare and wanted.family is Family.V6 and Reading.IPV6_BARE_PREFIX_32 in readings:
        return _SHORT_PREFIX
    return wanted.prefix


@lru_cache(maxsize=16384)
def parse_address(text: str) -> Address | None:
    """The address that the text denotes, or None.

    An IPv4-mapped IPv6 text is an IPv6 address (B3-address-mapped); an IPv6 scope is refused.
    """
    try:
        if ":" not in text:
            return Address(Family.V4, int(ipaddress.IPv4Address(text)))
        address = ipaddress.IPv6Address(text)
    except ValueError:
        return None
    return None if address.scope_id else Address(Family.V6, int(address))
