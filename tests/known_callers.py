"""Callers of every kind, with the keys that tell of each, as real requests have them."""

from __future__ import annotations

from policycheck.model.request import Caller, CallerKind

ARN = "arn:aws:execute-api:us-east-1:111122223333:abc/prod/GET/"
CLOCK = {
    "aws:CurrentTime": "2026-01-01T00:00:00Z",
    "aws:EpochTime": "1767225600",
    "aws:SecureTransport": "true",
}
TOKEN = {"aws:TokenIssueTime": "2026-01-01T00:00:00Z", "aws:MultiFactorAuthPresent": "true"}


def identity(arn, kind, user_id):
    """The keys that every AWS identity has."""
    return {
        "aws:PrincipalAccount": "111122223333",
        "aws:PrincipalArn": arn,
        "aws:PrincipalType": kind,
        "aws:userid": user_id,
    }


USER = "arn:aws:iam::111122223333:user/team/ada"
ROLE = "arn:aws:iam::111122223333:role/team/r"
SESSION = "arn:aws:sts::111122223333:assumed-role/r/s"
FEDERATED = "arn:aws:sts::111122223333:federated-user/f"
ROOT = "111122223333"
CALLERS = {
    "user": (
        Caller(CallerKind.USER, USER),
        {**identity(USER, "User", "AIDA"), "aws:username": "ada"},
    ),
    "role": (Caller(CallerKind.ROLE, ROLE), {**identity(ROLE, "AssumedRole", "AROA:s"), **TOKEN}),
    "session": (
        Caller(CallerKind.ROLE, SESSION),
        {**identity(ROLE, "AssumedRole", "AROA:s"), **TOKEN},
    ),
    "federated user": (
        Caller(CallerKind.FEDERATED_USER, FEDERATED),
        {**identity(FEDERATED, "FederatedUser", f"{ROOT}:f"), **TOKEN},
    ),
    "root": (
        Caller(CallerKind.ROOT, ROOT),
        identity(f"arn:aws:iam::{ROOT}:root", "Account", ROOT),
    ),
    "service": (Caller(CallerKind.SERVICE, "events.amazonaws.com"), {}),
}
"""By kind of caller: who calls, and the keys that tell of it."""
