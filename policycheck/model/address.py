"""Internet addresses and the sets of them that policies and specs name."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator
from dataclasses import field

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Span


class Family(enum.IntEnum):
    """The version of the Internet Protocol."""

    V4 = 4
    V6 = 6

    @property
    def width(self) -> int:
        """The length of an address in bits."""
        return 32 if self is Family.V4 else 128


@dataclass(frozen=True)
class Address:
    """One address: its family and its value as an unsigned integer."""

    family: Family
    value: int


@dataclass(frozen=True)
class AddressIn:
    """IpAddress with a CIDR block: ``network`` has no host bits set, ``prefix`` is in bits.

    ``bare`` marks a literal that was written without a prefix length; it then holds a full-length
    prefix (semantics B3: /32 for IPv4, /128 for IPv6; the literal reading is ``ipv6-bare-prefix``).
    """

    family: Family
    network: int
    prefix: int
    bare: bool = False
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class AddressBetween:
    """A range of addresses, both ends included; a spec's predicate, no policy can say it."""

    family: Family
    first: int
    last: int
    span: Span | None = field(default=None, compare=False, repr=False)


AddressRelation = AddressIn | AddressBetween

_ZEROS = re.compile(r"\b0(?::0)+\b")


def address_text(family: Family, value: int) -> str:
    """An address in its usual form, IPv6 in groups of hexadecimal digits with ``::``.

    The standard library writes addresses that map IPv4 in another form since Python 3.13.
    """
    if family is Family.V4:
        return ".".join(str(value >> shift & 0xFF) for shift in (24, 16, 8, 0))
    text = ":".join(f"{value >> shift & 0xFFFF:x}" for shift in range(112, -1, -16))
    zeros = max(_ZEROS.finditer(text), key=lambda one: len(one.group()), default=None)
    if zeros is None:
        return text
    return f"{text[: zeros.start()].rstrip(':')}::{text[zeros.end() :].lstrip(':')}"


def merged(ranges: Iterable[AddressBetween]) -> tuple[AddressBetween, ...]:
    """The addresses of the ranges as maximal ranges in order."""
    found: list[AddressBetween] = []
    for one in sorted(ranges, key=lambda each: (each.family, each.first)):
        before = found[-1] if found else None
        if before and before.family is one.family and one.first <= before.last + 1:
            found[-1] = AddressBetween(one.family, before.first, max(before.last, one.last))
        else:
            found.append(AddressBetween(one.family, one.first, one.last))
    return tuple(found)


def minus(
    ranges: Iterable[AddressBetween], taken: Iterable[AddressBetween]
) -> tuple[AddressBetween, ...]:
    """The addresses of ``ranges`` that none of ``taken`` has."""
    kept = list(merged(ranges))
    for hole in taken:
        kept = [piece for one in kept for piece in _around(one, hole)]
    return tuple(kept)


def _around(one: AddressBetween, hole: AddressBetween) -> Iterator[AddressBetween]:
    if one.family is not hole.family or hole.last < one.first or one.last < hole.first:
        yield one
        return
    if one.first < hole.first:
        yield AddressBetween(one.family, one.first, hole.first - 1)
    if hole.last < one.last:
        yield AddressBetween(one.family, hole.last + 1, one.last)
