"""Who a caller is, level by level, and which ids of a Principal element that matches."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import assert_never

from policycheck.concrete.text import Context
from policycheck.model.arn import FIELDS
from policycheck.model.policy import PrincipalElement, PrincipalId, PrincipalKind
from policycheck.model.reading import Reading, Readings
from policycheck.model.request import Caller, CallerKind

SESSION = re.compile(
    r"arn:(?P<partition>[^:]*):sts::(?P<account>[^:]*)"
    r":assumed-role/(?P<role>[^/]+)/(?P<session>.+)",
    re.DOTALL,
)
"""The ARN of an assumed-role session."""

_ROOT = re.compile(r"arn:(?P<partition>aws[^:]*):iam::[0-9]*:root")

Level = tuple[PrincipalKind, str]
"""A kind of principal id, and the value of the ids of that kind that match."""

_EVERYONE = PrincipalKind.EVERYONE
_NAMED_BY = {
    CallerKind.USER: PrincipalKind.USER,
    CallerKind.FEDERATED_USER: PrincipalKind.FEDERATED_USER,
    CallerKind.SERVICE: PrincipalKind.SERVICE,
    CallerKind.FEDERATED: PrincipalKind.FEDERATED,
    CallerKind.CANONICAL_USER: PrincipalKind.CANONICAL_USER,
}


def element_matches(
    actual: Caller, wanted: PrincipalElement, context: Context, readings: Readings
) -> bool:
    """Whether a Principal or NotPrincipal element covers the caller.

    Rules: A3-everyone, A4-not-principal, A4-not-principal-anonymous.
    """
    if any(entry.kind is _EVERYONE for entry in wanted.ids):
        return not wanted.negated
    own = levels(actual, principal_arn(context))
    listed = [one for one in own if any(names(entry, one, readings) for entry in wanted.ids)]
    if not wanted.negated:
        return bool(listed)
    if Reading.NOT_PRINCIPAL_STRICT in readings:
        return not listed or len(listed) < len(own)
    return not listed


def names(entry: PrincipalId, level: Level, readings: Readings) -> bool:
    """Whether an entry of a Principal element names a caller at the level (A3-user-federated)."""
    kind, value = level
    if entry.kind is kind:
        return entry.value == value
    return (
        kind is PrincipalKind.FEDERATED_USER
        and entry.kind is PrincipalKind.USER
        and Reading.USER_NAMES_ITS_FEDERATED_SESSIONS in readings
        and value == _session_of(entry.value)
    )


def _session_of(user: str) -> str:
    """The ARN of the federated-user session that has the user's name."""
    _, partition, _, _, account, resource = user.split(":", FIELDS - 1)
    name = resource.rpartition("/")[2]
    return f"arn:{partition}:sts::{account}:federated-user/{name}"


def principal_arn(context: Context) -> str | None:
    """The value of aws:PrincipalArn, or None if the request has none."""
    values = context.get("aws:principalarn", ())
    return values[0] if len(values) == 1 else None


@lru_cache(maxsize=4096)
def levels(actual: Caller, role_arn: str | None) -> tuple[Level, ...]:
    """Every level, but for everyone, at which a Principal element can name the caller.

    ``role_arn`` is the request's aws:PrincipalArn: a session's own ARN lacks the role's path.
    Nobody has a unique id, as it stands for an identity that was deleted. Rules: A3-anonymous,
    A3-account, A3-user, A3-role, A3-session, A3-federated-user, A3-service, A3-other-identity,
    A3-unique-id.
    """
    name = actual.name
    match actual.kind:
        case CallerKind.ANONYMOUS:
            return ()
        case CallerKind.ROOT:
            return ((PrincipalKind.ACCOUNT, name),)
        case CallerKind.ROLE:
            return (_account_level(name), *_role_levels(name, role_arn))
        case CallerKind.USER | CallerKind.FEDERATED_USER:
            return (_account_level(name), (_NAMED_BY[actual.kind], name))
        case CallerKind.SERVICE | CallerKind.FEDERATED | CallerKind.CANONICAL_USER:
            return ((_NAMED_BY[actual.kind], name),)
    assert_never(actual.kind)


def _account_level(name: str) -> Level:
    fields = name.split(":", FIELDS - 1)
    return (PrincipalKind.ACCOUNT, fields[4] if len(fields) == FIELDS else "")


def _role_levels(name: str, role_arn: str | None) -> tuple[Level, ...]:
    """The role, and the session if ``name`` is a session's."""
    session = SESSION.fullmatch(name)
    if session is None:
        return ((PrincipalKind.ROLE, name),)
    plain = f"arn:{session['partition']}:iam::{session['account']}:role/{session['role']}"
    role = plain if role_arn is None else role_arn
    return ((PrincipalKind.SESSION, name), (PrincipalKind.ROLE, role))


def account(actual: Caller) -> str | None:
    """The 12-digit id of the account whose identity the caller is, or None (A3-account)."""
    held = [value for kind, value in levels(actual, None) if kind is PrincipalKind.ACCOUNT]
    return held[0] if held else None


_ARN_LEVELS = frozenset(
    {
        PrincipalKind.USER,
        PrincipalKind.ROLE,
        PrincipalKind.SESSION,
        PrincipalKind.FEDERATED_USER,
    }
)


def arns(actual: Caller, context: Context) -> tuple[str, ...]:
    """The ARNs of the caller: user, role and session, federated user or root (S1-caller-arn).

    The name of a root user does not tell the partition; aws:PrincipalArn does.
    """
    arn = principal_arn(context)
    if actual.kind is CallerKind.ROOT:
        found = _ROOT.fullmatch(arn or "")
        return (f"arn:{found['partition'] if found else 'aws'}:iam::{actual.name}:root",)
    held = levels(actual, arn)
    return tuple(sorted(value for kind, value in held if kind in _ARN_LEVELS))
