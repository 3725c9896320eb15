"""Whether the caller and the condition keys that tell of the caller fit together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from policycheck.concrete import order
from policycheck.concrete.text import Context
from policycheck.model.arn import NAME
from policycheck.model.environment import Authorization, Environment
from policycheck.model.keys import KeySpace, Presence, aws_keys
from policycheck.model.reading import Reading, Readings
from policycheck.model.request import Caller, CallerKind

_IDENTITIES = frozenset(
    {CallerKind.ROOT, CallerKind.USER, CallerKind.ROLE, CallerKind.FEDERATED_USER}
)
_TEMPORARY = frozenset({CallerKind.ROLE, CallerKind.FEDERATED_USER})
_BEARERS = {
    Presence.IDENTITY: _IDENTITIES,
    Presence.TEMPORARY: _IDENTITIES,
    Presence.MFA: _IDENTITIES,
    Presence.ORGANIZATION: _IDENTITIES,
    Presence.USER: frozenset({CallerKind.USER}),
    Presence.TAG: _IDENTITIES,
}
"""The callers who can have a key, by its presence (D4-iam-keys)."""

_HOLDERS = {
    Presence.IDENTITY: _IDENTITIES,
    Presence.TEMPORARY: _TEMPORARY,
    Presence.USER: frozenset({CallerKind.USER}),
}
"""The callers who always have a key, by its presence (D4-iam-keys, D4-temporary)."""

_ANONYMOUS_KEYS = {
    "aws:principalaccount": ("anonymous",),
    "aws:userid": ("anonymous",),
    "aws:principaltype": ("Anonymous",),
}

_ARN = r"arn:(?P<partition>aws[a-z0-9-]*)"
_SESSION = rf"(?P<role>{NAME})/(?P<session>{NAME})"
_NAMES = {
    CallerKind.ROOT: (r"(?P<account>[0-9]{12})",),
    CallerKind.USER: (rf"{_ARN}:iam::(?P<account>[0-9]{{12}}):user/(.*/)?(?P<name>{NAME})",),
    CallerKind.ROLE: (
        rf"{_ARN}:iam::(?P<account>[0-9]{{12}}):role/(.*/)?(?P<name>{NAME})",
        rf"{_ARN}:sts::(?P<account>[0-9]{{12}}):assumed-role/{_SESSION}",
    ),
    CallerKind.FEDERATED_USER: (
        rf"{_ARN}:sts::(?P<account>[0-9]{{12}}):federated-user/(?P<name>{NAME})",
    ),
    CallerKind.SERVICE: (r".+",),
}
"""The shapes of a caller's name, by its kind (D4-iam-caller, D4-names)."""


def objections(
    environment: Environment, caller: Caller, context: Context, readings: Readings
) -> Iterator[str]:
    """The reasons why no request has this caller with these keys, as clauses.

    ``context`` holds well-typed values only. Rules: D4-anonymous, D4-anonymous-keys,
    D4-iam-caller.
    """
    held = _principal_keys(environment.keys, context)
    if environment.authorization is not Authorization.IAM:
        if caller.kind is not CallerKind.ANONYMOUS:
            yield "without IAM authorization every caller is anonymous"
        wanted = _ANONYMOUS_KEYS if Reading.ANONYMOUS_PRINCIPAL_KEYS in readings else {}
        if held != wanted:
            yield f"an anonymous request has {_listed(wanted)} of the keys that tell of the caller"
        return
    name = _parse_name(caller)
    if name is None:
        yield f"{caller.name or caller.kind.value!r} is not a caller with an AWS identity"
        return
    yield from _presence_objections(environment.keys, caller, held)
    yield from _identity_objections(caller, name, held)
    yield from _credential_objections(context)
    yield from _organization_objections(held)


def _principal_keys(keys: KeySpace, context: Context) -> Context:
    """The keys of the context that only a caller with an AWS identity has."""
    return {name: values for name, values in context.items() if keys.is_of_caller(name)}


def _listed(wanted: Context) -> str:
    return ", ".join(f"{name} = {values[0]}" for name, values in wanted.items()) or "none"


def _parse_name(caller: Caller) -> Mapping[str, str] | None:
    """The parts of the caller's name, or None if it has not the shape of its kind (D4-names)."""
    for shape in _NAMES.get(caller.kind, ()):
        if found := re.fullmatch(shape, caller.name, re.DOTALL):
            return found.groupdict()
    return None


def _presence_objections(keys: KeySpace, caller: Caller, held: Context) -> Iterator[str]:
    """Rules: D4-iam-keys, D4-service, D4-username, D4-temporary, D4-tags."""
    for name in held:
        key = keys.find(name)
        if key and caller.kind not in _BEARERS[key.presence]:
            yield f"a {caller.kind.value} caller has no {key.name}"
    for name, key in aws_keys().items():
        if caller.kind in _HOLDERS.get(key.presence, ()) and name not in held:
            yield f"every {caller.kind.value} caller has {key.name}"


def _identity_objections(caller: Caller, name: Mapping[str, str], held: Context) -> Iterator[str]:
    """Rules: D4-account, D4-principal-arn, D4-principal-type, D4-userid, D4-username."""
    for key, shape in _shapes(caller, {k: re.escape(v) for k, v in name.items() if v}).items():
        if not re.fullmatch(shape, held[key][0], re.DOTALL):
            yield f"{key} = {held[key][0]} does not fit the caller {caller.name}"


def _shapes(caller: Caller, name: Mapping[str, str]) -> Mapping[str, str]:
    """The regular expressions of the keys that follow from who the caller is."""
    whole = re.escape(caller.name)
    match caller.kind:
        case CallerKind.ROOT:
            return _four(name, rf"arn:aws[a-z0-9-]*:iam::{whole}:root", "Account", whole)
        case CallerKind.USER:
            return {**_four(name, whole, "User", "[^:]+"), "aws:username": name["name"]}
        case CallerKind.ROLE if "session" in name:
            role = f"arn:{name['partition']}:iam::{name['account']}:role/(.*/)?{name['role']}"
            return _four(name, role, "AssumedRole", f"[^:]+:{name['session']}")
        case CallerKind.ROLE:
            return _four(name, whole, "AssumedRole", f"[^:]+:{NAME}")
        case CallerKind.FEDERATED_USER:
            user_id = f"{name['account']}:{name['name']}"
            return _four(name, whole, "FederatedUser", user_id)
        case _:
            return {}


def _four(name: Mapping[str, str], arn: str, kind: str, user_id: str) -> dict[str, str]:
    return {
        "aws:principalaccount": name["account"],
        "aws:principalarn": arn,
        "aws:principaltype": kind,
        "aws:userid": user_id,
    }


def _credential_objections(context: Context) -> Iterator[str]:
    """Rules: D4-temporary, D4-token-time, D4-mfa-age."""
    if "aws:multifactorauthpresent" in context and "aws:tokenissuetime" not in context:
        yield "aws:MultiFactorAuthPresent is there without temporary credentials"
    issued, now = _instant(context, "aws:tokenissuetime"), _instant(context, "aws:currenttime")
    if issued is not None and now is not None and issued > now:
        yield "aws:TokenIssueTime lies after aws:CurrentTime"
    if "aws:multifactorauthage" in context:
        if (order.parse_number(context["aws:multifactorauthage"][0]) or 0) < 0:
            yield "aws:MultiFactorAuthAge is negative"
        present = context.get("aws:multifactorauthpresent", ("false",))
        if order.parse_flag(present[0]) is not True:
            yield "aws:MultiFactorAuthAge is there without multi-factor authentication"


def _instant(context: Context, name: str) -> int | None:
    return order.parse_instant(context[name][0]) if name in context else None


def _organization_objections(held: Context) -> Iterator[str]:
    """Rule: D4-organization."""
    organization, paths = held.get("aws:principalorgid"), held.get("aws:principalorgpaths", ())
    if (organization is None) != (not paths):
        yield "aws:PrincipalOrgID and aws:PrincipalOrgPaths are there together or not at all"
    if organization and not all(path.startswith(organization[0] + "/") for path in paths):
        yield "a path of aws:PrincipalOrgPaths does not begin with aws:PrincipalOrgID"
