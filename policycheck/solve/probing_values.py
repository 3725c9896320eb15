"""Values of a condition key near the literals that policies and specs compare it with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property, partial
from random import Random
from typing import assert_never

from policycheck.dataclass import dataclass
from policycheck.model.address import AddressBetween, AddressIn
from policycheck.model.arn import FIELDS, ArnLike
from policycheck.model.condition import Relation
from policycheck.model.keys import Key, KeyType, Presence
from policycheck.model.order import (
    BytesEqual,
    Flag,
    InstantCompares,
    NumberCompares,
    Recurs,
    instant_text,
)
from policycheck.model.text import Pattern, TextEquals, TextEqualsIgnoreCase, TextLike, pattern
from policycheck.solve import probing_addresses, probing_order
from policycheck.solve.probing_text import Context, distinct, fill, fills, misses, pick

Texts = tuple[str, ...]

_FLAGS = ("true", "false")
"""How AWS writes a truth value; a key that a spec declares may have other spellings."""

_FREE = {
    KeyType.STRING: ("a", "b", "a/b", "x1", "É", "a*"),
    KeyType.DATE: ("2026-11-24T09:30:00Z", "1970-01-01T00:00:00Z", "2026-11-24T09:30:00+02:00"),
    KeyType.NUMERIC: ("0", "1", "10.0", "-1", "3600", "1e2", "0.5"),
    KeyType.BOOL: ("true", "false", "TRUE"),
    KeyType.ARN: (
        "arn:aws:iam::123456789012:role/a",
        "arn:aws:s3:::b/x:y",
        "arn:aws:execute-api:us-east-1:123456789012:/domainnames/a.example+x1",
    ),
}


@dataclass(frozen=True)
class Near:
    """One relation over one key, and the values around it that the key can have.

    ``space`` holds the addresses that the key can have, ``runs`` what a ``*`` may be filled with.
    """

    key: Key
    relation: Relation
    space: tuple[AddressBetween, ...]
    runs: Sequence[str]

    @cached_property
    def wanted(self) -> Pattern | None:
        """The relation's pattern, if it compares texts or ARNs."""
        match self.relation:
            case TextEquals(wanted) | TextEqualsIgnoreCase(wanted) | TextLike(wanted):
                return wanted
            case ArnLike(fields):
                pieces = [piece for field in fields for piece in (*field.pieces, ":")]
                return pattern(pieces[:-1])
            case _:
                return None

    @property
    def unbound(self) -> bool:
        """Whether the values depend on other keys, by policy variables."""
        return self.wanted is not None and bool(self.wanted.variables)

    @cached_property
    def values(self) -> tuple[Texts, Texts]:
        """Values for which the relation holds, and values beside them; either may be empty."""
        inside, beside = self._values()
        return (
            tuple(one for one in inside if may_be(self.key, one)),
            tuple(one for one in beside if may_be(self.key, one)),
        )

    def _values(self) -> tuple[Texts, Texts]:
        match self.relation:
            case AddressIn() | AddressBetween():
                return probing_addresses.near(self.relation, self.space)
            case Flag():
                return self._flags(self.relation)
            case BytesEqual():
                return probing_order.base64_texts(self.relation)
            case NumberCompares() | InstantCompares() | Recurs():
                return self._ordered(self.relation)
            case TextEqualsIgnoreCase(wanted):
                inside = distinct(v for t in fills(wanted, self.runs) for v in (t, t.swapcase()))
                return inside, distinct(m for text in inside for m in misses(text))
            case TextEquals() | TextLike() | ArnLike():
                inside = fills(self.wanted or pattern(()), self.runs)
                return inside, distinct(m for text in inside[:3] for m in misses(text))
        assert_never(self.relation)

    def _flags(self, relation: Flag) -> tuple[Texts, Texts]:
        inside, beside = probing_order.flags(relation)
        return (inside, beside) if self.key.declared else (inside[:1], beside[:1])

    def _ordered(self, relation: NumberCompares | InstantCompares | Recurs) -> tuple[Texts, Texts]:
        inside, beside = probing_order.near(relation)
        if self.key.type is KeyType.DATE:
            return self._instants(inside), self._instants(beside)
        write_number = probing_order.number_text
        return tuple(map(write_number, inside)), tuple(map(write_number, beside))

    def _instants(self, values: tuple[Fraction, ...]) -> Texts:
        seconds = probing_order.instants(values)
        numbers = tuple(map(str, seconds))
        dates = tuple(map(instant_text, seconds))
        return numbers if self.key.epoch else (*dates, *(numbers if self.key.declared else ()))

    def draw(self, random: Random, *, holds: bool) -> str | None:
        """A value for which the relation holds, or one beside; None if there is none."""
        candidates = self.values[0 if holds else 1]
        return pick(random, candidates) if candidates else None

    def bind(self, random: Random, context: Context, *, holds: bool) -> str | None:
        """As ``draw``, with the variables as they stand in the context."""
        text = fill(self.wanted or pattern(()), random, self.runs, context)
        text = text if holds else pick(random, misses(text))
        return text if may_be(self.key, text) else None


def may_be(key: Key, text: str) -> bool:
    """Whether the key can have the value, as far as literals of other types can break that."""
    match key.type:
        case KeyType.STRING:
            return text != "" or may_be_empty(key)
        case KeyType.ARN:
            return text.startswith("arn:") and text.count(":") >= FIELDS - 1
        case _:
            return True


def may_be_empty(key: Key) -> bool:
    """Whether the key can be there with the empty value (semantics B3, D1)."""
    return key.client_controlled or key.declared or key.presence is Presence.TAG


def free(key: Key, space: Sequence[AddressBetween]) -> Callable[[Random], str]:
    """What draws some value of the key's type, whatever the policies say."""
    if key.type is KeyType.IP:
        return partial(probing_addresses.free, space)
    if key.epoch:
        return lambda random: str(int(random.random() * 2e9))
    texts = _FLAGS if key.type is KeyType.BOOL and not key.declared else _FREE[key.type]
    return lambda random: pick(random, texts)


def unusual(key: Key) -> str | None:
    """A value that is malformed where a caller chooses it, or an empty text."""
    if key.declared and key.client_controlled:
        return "malformed:"
    return "" if key.type is KeyType.STRING and may_be_empty(key) else None
