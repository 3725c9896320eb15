"""Callers of every kind, each with the condition keys that tell of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from policycheck.model.policy import PrincipalId, PrincipalKind
from policycheck.model.request import ANONYMOUS, Caller, CallerKind
from policycheck.solve.probing_text import distinct

ACCOUNTS = ("123456789012", "210987654321")

_ARN = r"arn:(?P<partition>aws[a-z0-9-]*)"
_USER = re.compile(rf"{_ARN}:iam::(?P<account>[0-9]{{12}}):user/(.*/)?(?P<name>[^/]+)", re.DOTALL)
_ROLE = re.compile(rf"{_ARN}:iam::(?P<account>[0-9]{{12}}):role/(.*/)?(?P<name>[^/]+)", re.DOTALL)
_SESSION = re.compile(
    rf"{_ARN}:sts::(?P<account>[0-9]{{12}}):assumed-role/(?P<name>[^/]+)/(?P<session>[^/]+)",
    re.DOTALL,
)
_FEDERATED = re.compile(
    rf"{_ARN}:sts::(?P<account>[0-9]{{12}}):federated-user/(?P<name>.+)", re.DOTALL
)
_ROOT = re.compile(r"arn:aws:iam::(?P<account>[0-9]{12}):root")
_ACCOUNT = re.compile(r"[0-9]{12}")

_USER_ID = "AIDAEXAMPLEEXAMPLE"
_ROLE_ID = "AROAEXAMPLEEXAMPLE"


@dataclass(frozen=True)
class Identity:
    """A caller, the keys that follow from it, and the principal ids that name it."""

    caller: Caller
    keys: Mapping[str, str] = field(default_factory=dict, hash=False)
    names: frozenset[str] = frozenset()

    @property
    def temporary(self) -> bool:
        """Whether the caller has temporary credentials."""
        return self.caller.kind in {CallerKind.ROLE, CallerKind.FEDERATED_USER}


NOBODY = Identity(ANONYMOUS)
NOBODY_WITH_KEYS = Identity(
    ANONYMOUS,
    {
        "aws:PrincipalAccount": "anonymous",
        "aws:userid": "anonymous",
        "aws:PrincipalType": "Anonymous",
    },
)
"""An anonymous caller under the reading ``anonymous-principal-keys``."""

DERIVED = ("aws:principalaccount", "aws:principalarn", "aws:principaltype", "aws:userid")
"""The keys that follow from who an identity is, in lower case."""

USERNAME = "aws:username"


def root(account: str) -> Identity:
    """The root user of the account."""
    arn = f"arn:aws:iam::{account}:root"
    return _identity(Caller(CallerKind.ROOT, account), account, (arn, "Account", account))


def service(name: str) -> Identity:
    """An AWS service; it has no principal keys."""
    return Identity(Caller(CallerKind.SERVICE, name), {}, frozenset({name}))


def _identity(caller: Caller, account: str, keys: tuple[str, str, str], *names: str) -> Identity:
    arn, kind, user_id = keys
    values = {
        "aws:PrincipalAccount": account,
        "aws:PrincipalArn": arn,
        "aws:PrincipalType": kind,
        "aws:userid": user_id,
    }
    return Identity(caller, values, frozenset({account, arn, *names}))


def user(found: re.Match[str], user_id: str = _USER_ID) -> Identity:
    """The IAM user whose ARN matched."""
    arn = found.group()
    whole = _identity(Caller(CallerKind.USER, arn), found["account"], (arn, "User", user_id))
    return Identity(whole.caller, {**whole.keys, "aws:username": found["name"]}, whole.names)


def role_sessions(found: re.Match[str], user_id: str = f"{_ROLE_ID}:a") -> Iterator[Identity]:
    """Callers with the role whose ARN matched: named by the role, and by the session."""
    arn, account, session = found.group(), found["account"], user_id.partition(":")[2]
    keys = (arn, "AssumedRole", user_id)
    yield _identity(Caller(CallerKind.ROLE, arn), account, keys)
    own = f"arn:{found['partition']}:sts::{account}:assumed-role/{found['name']}/{session}"
    if _SESSION.fullmatch(own):
        yield _identity(Caller(CallerKind.ROLE, own), account, keys, own)


def sessions(found: re.Match[str]) -> Iterator[Identity]:
    """The session whose ARN matched, of a role without and of one with a path."""
    own, account = found.group(), found["account"]
    for path in ("", "x/"):
        arn = f"arn:{found['partition']}:iam::{account}:role/{path}{found['name']}"
        keys = (arn, "AssumedRole", f"{_ROLE_ID}:{found['session']}")
        yield _identity(Caller(CallerKind.ROLE, own), account, keys, own)


def federated_user(found: re.Match[str]) -> Identity:
    """The federated-user session whose ARN matched."""
    arn, account = found.group(), found["account"]
    keys = (arn, "FederatedUser", f"{account}:{found['name']}")
    return _identity(Caller(CallerKind.FEDERATED_USER, arn), account, keys)


def of_arn(arn: str) -> Iterator[Identity]:
    """The callers that an ARN names; none if it is not the ARN of an identity."""
    if found := _USER.fullmatch(arn):
        yield user(found)
    elif found := _ROLE.fullmatch(arn):
        yield from role_sessions(found)
    elif found := _SESSION.fullmatch(arn):
        yield from sessions(found)
    elif found := _FEDERATED.fullmatch(arn):
        yield federated_user(found)
    elif found := _ROOT.fullmatch(arn):
        yield root(found["account"])


def of_account(account: str) -> Iterator[Identity]:
    """A caller of each kind in the account; none if the text is no account id."""
    if _ACCOUNT.fullmatch(account):
        yield root(account)
        yield from of_arn(f"arn:aws:iam::{account}:user/a")
        yield from of_arn(f"arn:aws:iam::{account}:role/x/a")
        yield from of_arn(f"arn:aws:sts::{account}:federated-user/a")


def of_username(name: str) -> Iterator[Identity]:
    """Users of that name."""
    for account in ACCOUNTS:
        yield from of_arn(f"arn:aws:iam::{account}:user/{name}")
        yield from of_arn(f"arn:aws:iam::{account}:user/x/{name}")


def of_user_id(user_id: str) -> Iterator[Identity]:
    """Callers with that aws:userid."""
    head, colon, name = user_id.partition(":")
    if colon:
        if (head and name) and (found := _ROLE.fullmatch(f"arn:aws:iam::{ACCOUNTS[0]}:role/a")):
            yield from role_sessions(found, user_id)
        yield from of_arn(f"arn:aws:sts::{head}:federated-user/{name}")
    elif found := _USER.fullmatch(f"arn:aws:iam::{ACCOUNTS[0]}:user/a"):
        yield user(found, user_id)
        yield from (root(user_id),) if _ACCOUNT.fullmatch(user_id) else ()


def of_type(name: str) -> Iterator[Identity]:
    """Callers with that aws:PrincipalType."""
    return (one for one in of_account(ACCOUNTS[0]) if one.keys["aws:PrincipalType"] == name)


def of_id(wanted: PrincipalId) -> Iterator[Identity]:
    """The callers that an entry of a Principal element names, and some that it just misses."""
    match wanted.kind:
        case PrincipalKind.ACCOUNT:
            yield from of_account(wanted.value)
        case PrincipalKind.SERVICE:
            yield service(wanted.value)
        case PrincipalKind.USER | PrincipalKind.ROLE:
            yield from of_arn(wanted.value)
            yield from of_arn(wanted.value + "x")
            yield from of_arn(wanted.value.replace("/", "/x/", 1))
        case PrincipalKind.SESSION | PrincipalKind.FEDERATED_USER:
            yield from of_arn(wanted.value)
            yield from of_arn(wanted.value + "x")
        case _:
            return


_OF_KEY = {
    "aws:principalaccount": of_account,
    "aws:principalarn": of_arn,
    "aws:principaltype": of_type,
    "aws:userid": of_user_id,
    USERNAME: of_username,
}


def of_key(key: str, values: Iterable[str]) -> tuple[Identity, ...]:
    """The callers that have one of the values in a key that follows from the caller."""
    return distinct(one for value in values if value for one in _OF_KEY[key](value))


def some() -> tuple[Identity, ...]:
    """A caller of every kind that IAM authorization knows."""
    named = (one for account in ACCOUNTS for one in of_account(account))
    return distinct((*named, service("lambda.amazonaws.com")))
