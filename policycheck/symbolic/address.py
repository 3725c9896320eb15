"""Addresses as formulas: whether they are less than the bounds of blocks and ranges."""

from __future__ import annotations

from typing import assert_never

import z3

from policycheck.model.address import AddressBetween, AddressIn, AddressRelation, Family
from policycheck.model.reading import Reading
from policycheck.symbolic.boolean import both, either, negation
from policycheck.symbolic.request import AddressValue, Request
from policycheck.symbolic.symbols import Atoms

_LITERAL_IPV6_PREFIX = 32


def matches(actual: AddressValue, wanted: AddressRelation, request: Request) -> z3.BoolRef:
    """The address lies in the block or range; families never mix.

    Rules: B3-address-block, B3-address-host-bits, B3-address-bare, B3-address-bare-ipv6,
    B3-address-families, B3-address-mapped, S1-range.
    """
    match wanted:
        case AddressBetween(family, first, last):
            return between(actual, family, first, last, request.atoms)
        case AddressIn(family, _, prefix, bare):
            exact = _in_block(actual, wanted, prefix, request.atoms)
            if not (bare and family is Family.V6):
                return exact
            is_literal = request.reading(Reading.IPV6_BARE_PREFIX_32)
            wide = _in_block(actual, wanted, _LITERAL_IPV6_PREFIX, request.atoms)
            return either((both(negation(is_literal), exact), both(is_literal, wide)))
    assert_never(wanted)


def _in_block(actual: AddressValue, wanted: AddressIn, prefix: int, atoms: Atoms) -> z3.BoolRef:
    family, network = wanted.family, wanted.network
    size = 1 << (family.width - prefix)
    first = network - network % size
    return between(actual, family, first, first + size - 1, atoms)


def between(
    actual: AddressValue, family: Family, first: int, last: int, atoms: Atoms
) -> z3.BoolRef:
    """The address is of the family and lies between the bounds, both included."""
    address = actual.v6 if family is Family.V6 else actual.v4
    is_family = actual.is_v6 if family is Family.V6 else negation(actual.is_v6)
    return both(is_family, negation(atoms.below(address, first)), atoms.below(address, last + 1))
