"""Addresses as formulas: bit-vectors between unsigned bounds."""

from __future__ import annotations

from typing import assert_never

import z3

from policycheck.model.address import AddressBetween, AddressIn, AddressRelation, Family
from policycheck.model.reading import Reading
from policycheck.symbolic.boolean import both, constant, either, negation
from policycheck.symbolic.request import AddressValue, Request

_LITERAL_IPV6_PREFIX = 32


def matches(actual: AddressValue, wanted: AddressRelation, request: Request) -> z3.BoolRef:
    """The address lies in the block or range; families never mix.

    Rules: B3-address-block, B3-address-host-bits, B3-address-bare, B3-address-bare-ipv6,
    B3-address-families, B3-address-mapped, S1-range.
    """
    match wanted:
        case AddressBetween(family, first, last):
            return between(actual, family, first, last)
        case AddressIn(family, network, prefix, bare):
            exact = _in_block(actual, family, network, prefix)
            if not (bare and family is Family.V6):
                return exact
            is_literal = request.reading(Reading.IPV6_BARE_PREFIX_32)
            wide = _in_block(actual, family, network, _LITERAL_IPV6_PREFIX)
            return either((both(negation(is_literal), exact), both(is_literal, wide)))
    assert_never(wanted)


def _in_block(actual: AddressValue, family: Family, network: int, prefix: int) -> z3.BoolRef:
    size = 1 << (family.width - prefix)
    first = network - network % size
    return between(actual, family, first, first + size - 1)


def between(actual: AddressValue, family: Family, first: int, last: int) -> z3.BoolRef:
    """The address is of the family and lies between the bounds, both included."""
    value = actual.v6 if family is Family.V6 else actual.v4
    is_family = actual.is_v6 if family is Family.V6 else negation(actual.is_v6)
    width, greatest = family.width, (1 << family.width) - 1
    if first == last:
        return both(is_family, value == z3.BitVecVal(first, width))
    above = constant(True) if first == 0 else z3.ULE(z3.BitVecVal(first, width), value)
    below = constant(True) if last == greatest else z3.ULE(value, z3.BitVecVal(last, width))
    return both(is_family, above, below)
