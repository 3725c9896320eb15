"""The unknown request of the naive encoding: strings, bit-vectors, numbers and Booleans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import z3
from naive_texts import UnsaidError, by_field, called, callers, literal, parts_of, regex

from policycheck.model import address, text
from policycheck.model.environment import (
    ACTIONS,
    Authorization,
    CallerAccount,
    Endpoint,
    Environment,
    IpAddressType,
)
from policycheck.model.keys import Key, KeyType, Presence
from policycheck.model.special_purpose import not_public
from policycheck.model.text import Wildcard

SLOTS = 3
"""So many values may a key have that can have several."""

EARLIEST, LATEST = -62_135_596_800, 253_402_300_799
"""The seconds of the years 1 to 9999."""


@dataclass(frozen=True)
class Address:
    """An address of either family."""

    is_v6: z3.BoolRef
    v4: z3.BitVecRef
    v6: z3.BitVecRef

    def among(self, wanted: address.AddressRelation) -> z3.BoolRef:
        """The address is in the block, or in the range."""
        is_v6 = wanted.family is address.Family.V6
        bits, width = self.v6 if is_v6 else self.v4, wanted.family.width
        if isinstance(wanted, address.AddressIn):
            mask = (1 << width) - (1 << width - wanted.prefix)
            return z3.And(self.is_v6 == is_v6, bits & mask == wanted.network)
        within = z3.And(z3.UGE(bits, wanted.first), z3.ULE(bits, wanted.last))
        return z3.And(self.is_v6 == is_v6, within)


Value = Any
"""A string, a number, a Boolean or an address."""


@dataclass(frozen=True)
class Slot:
    """A place for a value, and whether there is one."""

    has: z3.BoolRef
    value: Value


def _may_be_empty(key: Key) -> bool:
    return key.client_controlled or key.presence is Presence.TAG


class Request:
    """The unknown request; ``facts`` hold of every one that can exist."""

    def __init__(self, known: Environment) -> None:
        if known.routes or known.via_domain or known.keys.declared:
            raise UnsaidError("routes, private custom domains and declared keys")
        if known.caller_account is not CallerAccount.ANY:
            raise UnsaidError("where callers belong")
        self.known = known
        self.keys: dict[str, tuple[Slot, ...]] = {}
        self.resource, self.action, self.caller = z3.Strings("resource action caller")
        self.organization, self.clock = z3.String("organization"), z3.Int("clock")
        self.identified, self.member = z3.Bools("identified member")
        self.parts = parts_of(known)
        self.facts = [
            z3.InRe(self.resource, called(self.parts)),
            z3.Or(*(self.action == one.lower() for one in ACTIONS)),
            z3.Implies(self.identified, z3.InRe(self.caller, callers())),
            z3.Length(self.organization) > 0,
            z3.Implies(self.member, self.identified),
            z3.And(self.clock >= EARLIEST, self.clock <= LATEST),
        ]
        if known.authorization is not Authorization.IAM:
            self.facts.append(z3.Not(self.identified))

    def slots(self, name: str) -> tuple[Slot, ...]:
        """The values of the key, none if no request ever has it."""
        if name not in self.keys:
            key = self.known.keys.find(name)
            self.keys[name] = () if key is None else tuple(self._slots(key))
        return self.keys[name]

    def _slots(self, key: Key) -> Iterator[Slot]:
        if key.presence is Presence.NEVER:
            return
        for index in range(SLOTS if key.multivalued else 1):
            label = f"{key.name} {index}"
            slot = Slot(z3.Bool(f"has {label}"), self._value(key, label))
            self.facts += self._presence(key, slot.has, is_first=index == 0)
            self.facts += (z3.Implies(slot.has, fact) for fact in self._tied(key, slot.value))
            yield slot

    def _value(self, key: Key, label: str) -> Value:
        match key.type:
            case KeyType.IP:
                v4, v6 = z3.BitVec(f"v4 {label}", 32), z3.BitVec(f"v6 {label}", 128)
                return Address(z3.Bool(f"is v6 {label}"), v4, v6)
            case KeyType.DATE:
                return self.clock
            case KeyType.NUMERIC:
                return z3.Real(label)
            case KeyType.BOOL:
                return z3.Bool(label)
            case _:
                return self.caller if key.name == "aws:PrincipalArn" else z3.String(label)

    def _presence(self, key: Key, has: z3.BoolRef, *, is_first: bool) -> Iterator[z3.BoolRef]:
        """When a request has the key, or one more value of it."""
        endpoint = self.known.endpoint
        match key.presence:
            case Presence.ALWAYS:
                yield has
            case Presence.PUBLIC if endpoint is not None:
                yield has == (endpoint is not Endpoint.PRIVATE)
            case Presence.PRIVATE if endpoint is not None:
                yield has == (endpoint is Endpoint.PRIVATE)
            case Presence.USER:
                user = regex([Wildcard.RUN, ":iam::", Wildcard.RUN, ":user/", Wildcard.RUN])
                yield has == z3.And(self.identified, z3.InRe(self.caller, user))
            case Presence.ORGANIZATION:
                yield has == self.member if is_first else z3.Implies(has, self.member)
            case Presence.TAG:
                yield z3.Implies(has, self.identified)
            case Presence.IDENTITY if key.name == "aws:PrincipalArn":
                yield has == self.identified
            case Presence.IDENTITY | Presence.TEMPORARY | Presence.MFA:
                raise UnsaidError(key.name)

    def _tied(self, key: Key, value: Value) -> Iterator[z3.BoolRef]:
        """What is known of a value."""
        match key.name:
            case "aws:SourceIp":
                yield from self._source(value)
            case "aws:username":
                yield z3.SuffixOf(z3.Concat(literal("/"), value), self.caller)
                yield z3.Not(z3.Contains(value, "/"))
            case "aws:PrincipalOrgID":
                yield value == self.organization
            case "aws:PrincipalOrgPaths":
                yield z3.PrefixOf(z3.Concat(self.organization, literal("/")), value)
        if key.type is KeyType.ARN:
            yield z3.InRe(value, regex(by_field(map(text.glob, ("arn", *"*****")))))
        elif key.type is KeyType.STRING and not _may_be_empty(key):
            yield z3.Length(value) > 0

    def _source(self, source: Address) -> Iterator[z3.BoolRef]:
        """Callers of a public endpoint have public addresses."""
        if self.known.endpoint in {Endpoint.EDGE, Endpoint.REGIONAL}:
            yield z3.Not(z3.Or(*map(source.among, not_public())))
        if self.known.ip_address_type is IpAddressType.IPV4:
            yield z3.Not(source.is_v6)
