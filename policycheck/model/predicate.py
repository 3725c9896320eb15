"""The one predicate language: a spec's predicates and the environment's facts are written in it,
and a statement's conditions are leaves of it."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import field
from typing import assert_never

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Span
from policycheck.model.condition import ConditionEntry
from policycheck.model.policy import PrincipalElement, ResourceElement
from policycheck.model.text import Pattern


@dataclass(frozen=True)
class AllOf:
    """Every part holds; of nothing: true."""

    parts: tuple[Predicate, ...]


@dataclass(frozen=True)
class AnyOf:
    """Some part holds; of nothing: false."""

    parts: tuple[Predicate, ...]


@dataclass(frozen=True)
class Not:
    """The part does not hold."""

    part: Predicate


@dataclass(frozen=True)
class Conditions:
    """A whole condition block, exactly as a policy has it: every entry holds."""

    entries: tuple[ConditionEntry, ...]


class Part(enum.Enum):
    """A part of ``arn:partition:execute-api:region:account:api_id/stage/method/path``.

    The path begins with the slash that follows the method.
    """

    PARTITION = "partition"
    REGION = "region"
    ACCOUNT = "account"
    API_ID = "api_id"
    STAGE = "stage"
    METHOD = "method"
    PATH = "path"


@dataclass(frozen=True)
class PartLike:
    """A part of the request's resource matches the glob ``wanted``."""

    part: Part
    wanted: Pattern
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class ResourceLike:
    """The whole ARN of the request's resource matches the glob ``wanted``."""

    wanted: Pattern
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class ActionLike:
    """The request's action matches the glob ``wanted`` (lower case; actions ignore case)."""

    wanted: Pattern
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class CallerAnonymous:
    """The caller has no AWS identity."""


@dataclass(frozen=True)
class CallerAccount:
    """The caller is an identity (root, user, role or federated-user session) of the account."""

    account: str


@dataclass(frozen=True)
class CallerArn:
    """One of the caller's ARNs matches the glob ``wanted``: the user's, the role's, the session's,
    the root's (``arn:P:iam::A:root``). See :func:`policycheck.model.arn.fields_of`."""

    wanted: Pattern


@dataclass(frozen=True)
class CallerService:
    """The caller is an AWS service whose name matches the glob ``wanted``."""

    wanted: Pattern


@dataclass(frozen=True)
class InPrincipal:
    """A statement's Principal or NotPrincipal element covers the caller; no spec can say it."""

    wanted: PrincipalElement


@dataclass(frozen=True)
class InResource:
    """A statement's Resource or NotResource element covers the request's resource; no spec can
    say it."""

    wanted: ResourceElement


Predicate = (
    AllOf
    | AnyOf
    | Not
    | Conditions
    | PartLike
    | ResourceLike
    | ActionLike
    | CallerAnonymous
    | CallerAccount
    | CallerArn
    | CallerService
    | InPrincipal
    | InResource
)

ALWAYS = AllOf(())
NEVER = AnyOf(())


def walk(predicate: Predicate) -> Iterator[Predicate]:
    """The predicate and everything inside it."""
    yield predicate
    match predicate:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from walk(part)
        case Not(part):
            yield from walk(part)
        case (
            Conditions()
            | PartLike()
            | ResourceLike()
            | ActionLike()
            | CallerAnonymous()
            | CallerAccount()
            | CallerArn()
            | CallerService()
            | InPrincipal()
            | InResource()
        ):
            pass
        case _:
            assert_never(predicate)
