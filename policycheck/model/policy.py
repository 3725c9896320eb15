"""A resource policy."""

from __future__ import annotations

import enum
from dataclasses import field

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic, Source, Span
from policycheck.model.arn import ResourcePattern
from policycheck.model.condition import ConditionEntry
from policycheck.model.facts import ApiFacts
from policycheck.model.symbol import Symbol
from policycheck.model.text import Pattern


class Effect(enum.Enum):
    """What a statement does with the requests that it matches."""

    ALLOW = "Allow"
    DENY = "Deny"


class PrincipalKind(enum.Enum):
    """What an entry of a Principal element denotes (semantics A3)."""

    EVERYONE = "everyone"
    ACCOUNT = "account"
    USER = "user"
    ROLE = "role"
    SESSION = "assumed-role session"
    FEDERATED_USER = "federated-user session"
    UNIQUE_ID = "unique id"
    SERVICE = "service"
    FEDERATED = "federated identity"
    CANONICAL_USER = "canonical user"


@dataclass(frozen=True)
class PrincipalId:
    """One entry of a Principal element.

    ``value`` is the 12-digit account id for ACCOUNT (whichever way it was written), empty for
    EVERYONE, otherwise the ARN or name as written.
    """

    kind: PrincipalKind
    value: str = ""
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class PrincipalElement:
    """Principal, or NotPrincipal if ``negated``."""

    ids: tuple[PrincipalId, ...]
    negated: bool = False
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class ActionPattern:
    """One entry of an Action element; ``wanted`` is in lower case, as actions ignore case."""

    wanted: Pattern
    spelled: str = field(default="", compare=False)
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class ActionElement:
    """Action, or NotAction if ``negated``."""

    patterns: tuple[ActionPattern, ...]
    negated: bool = False
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class ResourceElement:
    """Resource, or NotResource if ``negated``."""

    patterns: tuple[ResourcePattern, ...]
    negated: bool = False
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Statement:
    """One statement; ``index`` is its place in the policy, from 0."""

    index: int
    effect: Effect
    principal: PrincipalElement
    action: ActionElement
    resource: ResourceElement
    conditions: tuple[ConditionEntry, ...] = ()
    sid: str | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Policy:
    """A policy document with the source it was read from and the warnings that reading gave.

    ``resource`` names the policy within a larger document, ``facts`` is what that says of the API,
    ``symbols`` are the values that it leaves open, and ``document`` is the policy alone, as JSON,
    if the source is more than that.
    """

    statements: tuple[Statement, ...]
    version: str | None = None
    id: str | None = None
    source: Source = field(default=Source("<policy>", ""), compare=False, repr=False)
    warnings: tuple[Diagnostic, ...] = field(default=(), compare=False, repr=False)
    resource: str = field(default="", compare=False)
    facts: ApiFacts = field(default=ApiFacts(), compare=False, repr=False)
    symbols: tuple[Symbol, ...] = field(default=(), compare=False)
    document: str | None = field(default=None, compare=False, repr=False)

    @property
    def name(self) -> str:
        """The name of the policy's source, with that of the resource it belongs to behind #."""
        return f"{self.source.name}#{self.resource}" if self.resource else self.source.name

    @property
    def text(self) -> str:
        """The policy alone, as JSON: as it was written if the source is a bare policy."""
        return self.source.text if self.document is None else self.document
