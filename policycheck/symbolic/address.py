"""Addresses as formulas: whether they are less than the bounds of blocks and ranges."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

import z3

from policycheck.model.address import (
    AddressBetween,
    AddressIn,
    AddressRelation,
    Family,
    merged,
)
from policycheck.model.reading import Reading
from policycheck.symbolic.boolean import both, either, negation
from policycheck.symbolic.request import Request
from policycheck.symbolic.symbols import Atoms
from policycheck.symbolic.values import AddressValue

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


def some_match(
    actual: AddressValue, wanted: Iterable[AddressRelation], request: Request
) -> z3.BoolRef:
    """The address lies in one of the blocks and ranges.

    What lies between two of them and no request has is left out, so that they become one.
    """
    relations = list(wanted)
    plain = [_range(one) for one in relations if not _is_disputed(one)]
    disputed = (matches(actual, one, request) for one in relations if _is_disputed(one))
    return either((in_ranges(actual, plain, request), *disputed))


def _is_disputed(wanted: AddressRelation) -> bool:
    return isinstance(wanted, AddressIn) and wanted.bare and wanted.family is Family.V6


def _range(wanted: AddressRelation) -> AddressBetween:
    match wanted:
        case AddressBetween():
            return wanted
        case AddressIn(_, _, prefix):
            return _block(wanted, prefix)
    assert_never(wanted)


def in_ranges(
    actual: AddressValue, ranges: Iterable[AddressBetween], request: Request
) -> z3.BoolRef:
    """The address lies in one of the ranges."""
    told_apart = []
    for one in ranges:
        request.pause()
        symbol = actual.v6 if one.family is Family.V6 else actual.v4
        first, end = symbol.bound(one.first), symbol.bound(one.last + 1)
        if first < end:
            told_apart.append(AddressBetween(one.family, first, end - 1))
    found = []
    for one in merged(told_apart):
        request.pause()
        found.append(between(actual, one.family, one.first, one.last, request.atoms))
    return either(found)


def _in_block(actual: AddressValue, wanted: AddressIn, prefix: int, atoms: Atoms) -> z3.BoolRef:
    block = _block(wanted, prefix)
    return between(actual, block.family, block.first, block.last, atoms)


def _block(wanted: AddressIn, prefix: int) -> AddressBetween:
    family = wanted.family
    size = 1 << (family.width - prefix)
    first = wanted.network - wanted.network % size
    return AddressBetween(family, first, first + size - 1)


def between(
    actual: AddressValue, family: Family, first: int, last: int, atoms: Atoms
) -> z3.BoolRef:
    """The address is of the family and lies between the bounds, both included."""
    address = actual.v6 if family is Family.V6 else actual.v4
    is_family = actual.is_v6 if family is Family.V6 else negation(actual.is_v6)
    return both(is_family, negation(atoms.below(address, first)), atoms.below(address, last + 1))
