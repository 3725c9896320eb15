"""The condition keys that exist, with their types and when a request has them (semantics D1)."""

from __future__ import annotations

import enum
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import field
from functools import cache
from pathlib import Path
from typing import Any

from policycheck.dataclass import dataclass


class KeyType(enum.Enum):
    """The type of a key's values."""

    STRING = "string"
    IP = "ip"
    DATE = "date"
    NUMERIC = "numeric"
    BOOL = "bool"
    ARN = "arn"


class Presence(enum.Enum):
    """When a request has the key; keys.toml says what each means."""

    ALWAYS = "always"
    OPTIONAL = "optional"
    PUBLIC = "public"
    PRIVATE = "private"
    IDENTITY = "identity"
    TEMPORARY = "temporary"
    MFA = "mfa"
    ORGANIZATION = "organization"
    USER = "user"
    TAG = "tag"
    NEVER = "never"


PRINCIPAL_PRESENCES = frozenset(
    {
        Presence.IDENTITY,
        Presence.TEMPORARY,
        Presence.MFA,
        Presence.ORGANIZATION,
        Presence.USER,
        Presence.TAG,
    }
)
"""The presences of keys that only a caller with an AWS identity has."""


@dataclass(frozen=True)
class Key:
    """A condition key.

    ``epoch``: the key is a clock in seconds, so Numeric operators take it too. ``promised``: AWS
    documents the key for API Gateway. ``declared``: a spec declared it; AWS does not have it.
    """

    name: str
    type: KeyType
    presence: Presence
    multivalued: bool = False
    client_controlled: bool = False
    epoch: bool = False
    promised: bool = True
    declared: bool = False


@cache
def _table() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    return tomllib.loads(Path(__file__).with_name("keys.toml").read_text(encoding="utf-8"))


def _key(name: str, row: Mapping[str, Any]) -> Key:
    rest = {k: v for k, v in row.items() if k not in {"type", "presence"}}
    return Key(name, KeyType(row["type"]), Presence(row["presence"]), **rest)


@cache
def aws_keys() -> Mapping[str, Key]:
    """Every key of AWS's that is not a family of keys, by its name in lower case."""
    return {name.lower(): _key(name, row) for name, row in _table()["keys"].items()}


@cache
def aws_key(name: str) -> Key | None:
    """AWS's key of that name (case does not matter), or None: AWS has no such key."""
    if found := aws_keys().get(name.lower()):
        return found
    for prefix, row in _table()["prefixes"].items():
        if name.lower().startswith(prefix.lower()) and len(name) > len(prefix):
            return _key(prefix + name[len(prefix) :], row)
    provider, _, claim = name.rpartition(":")
    told = _table()["claims"].get(claim.lower())
    return _key(name, told) if told and "." in provider else None


@dataclass(frozen=True)
class KeySpace:
    """The keys that requests may have: AWS's, and those that a spec declares."""

    declared: Mapping[str, Key] = field(default_factory=dict)

    @classmethod
    def of(cls, declared: Iterable[Key]) -> KeySpace:
        """The key space with the given declared keys."""
        return cls({key.name.lower(): key for key in declared})

    def find(self, name: str) -> Key | None:
        """The key of that name (case does not matter); None if no request ever has it."""
        return self.declared.get(name.lower()) or aws_key(name)

    def __hash__(self) -> int:
        return hash(tuple(sorted(self.declared)))
