"""The unknown request of the naive encoding: strings, regular expressions, bit-vectors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import z3

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
from policycheck.model.predicate import Part
from policycheck.model.route import METHODS
from policycheck.model.special_purpose import not_public
from policycheck.model.text import Wildcard

SLOTS = 3
"""So many values may a key have that can have several."""

EARLIEST, LATEST = -62_135_596_800, 253_402_300_799
"""The seconds of the years 1 to 9999."""

TEXT = z3.ReSort(z3.StringSort())
PARTS = (None, Part.PARTITION, None, Part.REGION, Part.ACCOUNT, Part.API_ID)

Piece = str | Wildcard | z3.SeqRef | z3.ReRef


class UnsaidError(Exception):
    """The encoding has no words for this."""


def literal(value: str) -> z3.SeqRef:
    """The text; Z3 is to see no escapes in it."""
    return z3.StringVal(value.replace("\\", "\\u{5c}"))


def regex(pieces: Iterable[Piece]) -> z3.ReRef:
    """The regular expression of the pieces, one after the other."""
    parts = [z3.Re(""), *map(_regex, pieces)]
    return z3.Concat(*parts[1:]) if len(parts) > 2 else parts[-1]


def _regex(piece: Piece) -> z3.ReRef:
    match piece:
        case z3.ReRef():
            return piece
        case str() | z3.SeqRef():
            return z3.Re(literal(piece) if isinstance(piece, str) else piece)
        case Wildcard.RUN:
            return z3.Star(z3.AllChar(TEXT))
        case Wildcard.ONE:
            return z3.AllChar(TEXT)


def by_field(fields: Iterable[text.Pattern]) -> list[Any]:
    """The fields of an ARN, one after the other: no wildcard crosses a colon before the last."""
    *first, last = fields
    stays = {Wildcard.RUN: z3.Star(none_of(":")), Wildcard.ONE: none_of(":")}
    found: list[Any] = []
    for field in first:
        found += [stays.get(piece, piece) for piece in field.pieces]
        found.append(":")
    return [*found, *last.pieces]


def one_of(*ranges: str) -> z3.ReRef:
    """A character of these, or between the first and the last of two."""
    found = [z3.Range(one[0], one[-1]) for one in ranges]
    return z3.Union(*found) if len(found) > 1 else found[0]


def none_of(char: str) -> z3.ReRef:
    """Any other character."""
    below, above = chr(ord(char) - 1), chr(ord(char) + 1)
    return z3.Union(z3.Range("\\u{0}", below), z3.Range(above, "\\u{2ffff}"))


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


def parts_of(known: Environment) -> dict[Part, z3.ReRef]:
    """What the parts of the ARN that is called can be."""
    lower, word = one_of("az", "09", "-"), one_of("az", "AZ", "09", "_", "-")
    found = {
        Part.PARTITION: regex(["aws", z3.Star(lower)]),
        Part.REGION: z3.Plus(lower),
        Part.ACCOUNT: z3.Loop(one_of("09"), 12, 12),
        Part.API_ID: z3.Plus(one_of("az", "AZ", "09")),
        Part.STAGE: z3.Plus(word),
        Part.METHOD: z3.Union(*map(z3.Re, METHODS)),
        Part.PATH: regex(["/", Wildcard.RUN]),
    }
    if known.stages is not None:
        found[Part.STAGE] = z3.Union(*map(z3.Re, map(literal, known.stages)))
    for part, wanted in zip(PARTS, known.arn or (), strict=False):
        if part is not None:
            found[part] = narrowed(found[part], part, wanted)
    return found


def narrowed(domain: z3.ReRef, part: Part, wanted: text.Pattern) -> z3.ReRef:
    """Those texts that a part can be and that are as wanted."""
    if wanted.variables:
        raise UnsaidError("variables in a predicate about the resource")
    is_whole = wanted.literal is not None or part is Part.PATH
    return regex(wanted.pieces) if is_whole else z3.Intersect(domain, regex(wanted.pieces))


def api_of(parts: dict[Part, z3.ReRef]) -> list[Piece]:
    """The ARN of the API."""
    region, account, api = parts[Part.REGION], parts[Part.ACCOUNT], parts[Part.API_ID]
    return ["arn:", parts[Part.PARTITION], ":execute-api:", region, ":", account, ":", api]


def called(parts: dict[Part, z3.ReRef]) -> z3.ReRef:
    """The whole ARN that is called."""
    tail = ["/", parts[Part.STAGE], "/", parts[Part.METHOD], parts[Part.PATH]]
    return regex([*api_of(parts), *tail])


def callers() -> z3.ReRef:
    """The ARNs of identities; those of a role's sessions are their role's."""
    partition, account = z3.Star(one_of("az", "09", "-")), z3.Loop(one_of("09"), 12, 12)
    root, federated = regex(["root"]), regex(["federated-user/", Wildcard.ONE, Wildcard.RUN])
    iam = z3.Union(root, _named("user/"), _named("role/"))
    within = [regex([":iam::", account, ":", iam]), regex([":sts::", account, ":", federated])]
    return regex(["arn:aws", partition, z3.Union(*within)])


def _named(prefix: str) -> z3.ReRef:
    return regex([prefix, Wildcard.RUN, none_of("/")])


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
