"""Callers of every kind, each with the condition keys that tell of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field

from policycheck.dataclass import dataclass
from policycheck.model.arn import ACCOUNT, NAME
from policycheck.model.policy import PrincipalId, PrincipalKind
from policycheck.model.request import ANONYMOUS, Caller, CallerKind
from policycheck.solve.probing_text import distinct

ACCOUNTS = ("123456789012", "210987654321")

_ARN = r"arn:(?P<partition>aws[a-z0-9-]*)"
_USER = rf"{_ARN}:iam::(?P<account>[0-9]{{12}}):user/(.*/)?(?P<name>{NAME})"
_ROLE = rf"{_ARN}:iam::(?P<account>[0-9]{{12}}):role/(.*/)?(?P<name>{NAME})"
_SESSION = (
    rf"{_ARN}:sts::(?P<account>[0-9]{{12}}):assumed-role/(?P<name>{NAME})/(?P<session>{NAME})"
)
_FEDERATED = rf"{_ARN}:sts::(?P<account>[0-9]{{12}}):federated-user/(?P<name>{NAME})"
_ROOT = rf"{_ARN}:iam::(?P<account>[0-9]{{12}}):root"

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


def root(account: str, partition: str = "aws") -> Identity:
    """The root user of the account."""
    arn = f"arn:{partition}:iam::{account}:root"
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
    if re.fullmatch(_SESSION, own, re.DOTALL):
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
    if found := re.fullmatch(_USER, arn, re.DOTALL):
        yield user(found)
    elif found := re.fullmatch(_ROLE, arn, re.DOTALL):
        yield from role_sessions(found)
    elif found := re.fullmatch(_SESSION, arn, re.DOTALL):
        yield from sessions(found)
    elif found := re.fullmatch(_FEDERATED, arn, re.DOTALL):
        yield federated_user(found)
    elif found := re.fullmatch(_ROOT, arn):
        yield root(found["account"], found["partition"])


def of_account(account: str) -> Iterator[Identity]:
    """A caller of each kind in the account; none if the text is no account id."""
    if re.fullmatch(ACCOUNT, account):
        yield root(account)
        yield from of_arn(f"arn:aws:iam::{account}:user/a")
        yield from of_arn(f"arn:aws:iam::{account}:role/x/a")
        yield from of_arn(f"arn:aws:sts::{account}:federated-user/a")


def of_username(name: str, accounts: Iterable[str] = ACCOUNTS) -> Iterator[Identity]:
    """Users of that name in the accounts."""
    for account in accounts:
        yield from of_arn(f"arn:aws:iam::{account}:user/{name}")
        yield from of_arn(f"arn:aws:iam::{account}:user/x/{name}")


def of_user_id(user_id: str, accounts: Iterable[str] = ACCOUNTS) -> Iterator[Identity]:
    """Callers with that aws:userid, of the accounts where the id does not tell."""
    head, colon, name = user_id.partition(":")
    if colon:
        yield from of_arn(f"arn:aws:sts::{head}:federated-user/{name}")
    elif re.fullmatch(ACCOUNT, user_id):
        yield root(user_id)
    for account in accounts:
        if (
            head
            and re.fullmatch(NAME, name)
            and (role := re.fullmatch(_ROLE, f"arn:aws:iam::{account}:role/a", re.DOTALL))
        ):
            yield from role_sessions(role, user_id)
        elif not colon and (
            found := re.fullmatch(_USER, f"arn:aws:iam::{account}:user/a", re.DOTALL)
        ):
            yield user(found, user_id)


def of_type(name: str, accounts: Iterable[str] = ACCOUNTS) -> Iterator[Identity]:
    """Callers with that aws:PrincipalType in the accounts."""
    callers = (one for account in accounts for one in of_account(account))
    return (one for one in callers if one.keys["aws:PrincipalType"] == name)


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
            yield from _federated_by(wanted.value)
        case PrincipalKind.SESSION | PrincipalKind.FEDERATED_USER:
            yield from of_arn(wanted.value)
            yield from of_arn(wanted.value + "x")
        case _:
            return


def _federated_by(arn: str) -> Iterator[Identity]:
    """The federated-user session that has the user's name, if it is the ARN of a user."""
    if found := re.fullmatch(_USER, arn):
        account = f"arn:{found['partition']}:sts::{found['account']}"
        yield from of_arn(f"{account}:federated-user/{found['name']}")


def of_key(key: str, values: Iterable[str], accounts: Sequence[str]) -> tuple[Identity, ...]:
    """The callers that have one of the values in a key that follows from the caller."""
    return distinct(one for value in values if value for one in _of_value(key, value, accounts))


def _of_value(key: str, value: str, accounts: Sequence[str]) -> Iterator[Identity]:
    match key:
        case "aws:principalaccount":
            return of_account(value)
        case "aws:principalarn":
            return of_arn(value)
        case "aws:principaltype":
            return of_type(value, accounts)
        case "aws:userid":
            return of_user_id(value, accounts)
        case _:
            return of_username(value, accounts)


def some(accounts: Iterable[str]) -> tuple[Identity, ...]:
    """A caller of every kind that IAM authorization knows, in each of the accounts."""
    named = (one for account in accounts for one in of_account(account))
    return distinct((*named, service("lambda.amazonaws.com")))
