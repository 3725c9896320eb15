"""Internet addresses and the sets of them that policies and specs name."""

from __future__ import annotations

import enum
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
