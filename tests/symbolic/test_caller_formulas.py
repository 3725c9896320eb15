"""What formulas say of each kind of caller and of its keys, against the evaluator."""

from __future__ import annotations

from itertools import product

import pytest
from cited import policy_of
from known_callers import ARN, CALLERS, CLOCK, FEDERATED, ROLE, ROOT, SESSION, USER, identity

from policycheck.concrete.predicate import holds as concrete_holds
from policycheck.model.environment import Authorization, Environment
from policycheck.model.predicate import (
    CallerAccount,
    CallerAnonymous,
    CallerArn,
    CallerService,
    Conditions,
    InPrincipal,
)
from policycheck.model.reading import DEFAULT_READINGS, Reading
from policycheck.model.request import ANONYMOUS, Caller, CallerKind, Request
from policycheck.model.text import glob
from policycheck.symbolic.binding import bindings
from policycheck.symbolic.pinning import truth
from policycheck.symbolic.predicate import holds
from policycheck.symbolic.request import Request as Symbols

FLAT = "arn:aws-cn:iam::444455556666:user/bo"
OTHER = "arn:aws-cn:sts::444455556666:assumed-role/r/t"
CHINESE = "arn:aws-cn:iam::444455556666:role/r"
ORGANIZATION = {
    "aws:PrincipalOrgID": "o-1",
    "aws:PrincipalOrgPaths": ("o-1/r-1/", "o-1/r-1/ou-2/"),
}
MORE = {
    "flat user": (
        Caller(CallerKind.USER, FLAT),
        {
            **identity(FLAT, "User", "AIDB"),
            "aws:PrincipalAccount": "444455556666",
            "aws:username": "bo",
            "aws:PrincipalTag/team": "",
        },
    ),
    "flat session": (
        Caller(CallerKind.ROLE, OTHER),
        {
            **identity(CHINESE, "AssumedRole", "AROB:t"),
            "aws:PrincipalAccount": "444455556666",
            "aws:TokenIssueTime": "2025-12-31T23:59:59Z",
            "aws:MultiFactorAuthPresent": "true",
            "aws:MultiFactorAuthAge": "60",
        },
    ),
    "member": (CALLERS["user"][0], {**CALLERS["user"][1], **ORGANIZATION}),
    "other service": (Caller(CallerKind.SERVICE, "sns.amazonaws.com"), {}),
}
SIGNED = {**CALLERS, **MORE}
REQUESTS = {
    name: Request(
        ARN.replace("arn:aws:", "arn:aws-cn:") if "arn:aws-cn:" in caller.name else ARN,
        principal=caller,
        context={**CLOCK, **keys},
    )
    for name, (caller, keys) in SIGNED.items()
}
OTHERS = {
    "anonymous": Request(ARN, principal=ANONYMOUS, context=CLOCK),
    "federated": Request(ARN, principal=Caller(CallerKind.FEDERATED, "accounts.google.com")),
    "canonical": Request(ARN, principal=Caller(CallerKind.CANONICAL_USER, "79a5")),
}
IAM = Environment(authorization=Authorization.IAM)

AWS = [
    *(ROOT, "444455556666", USER, FLAT, ROLE, CHINESE, SESSION, OTHER, FEDERATED),
    *("arn:aws:iam::111122223333:user/ada", "arn:aws:iam::111122223333:role/r"),
    *("arn:aws:iam::444455556666:root", "arn:aws-cn:iam::111122223333:user/team/ada"),
    "AIDACKCEVSQ6C2EXAMPLE",
]
PRINCIPALS = [
    "*",
    *({"AWS": one} for one in AWS),
    {"AWS": [USER, ROOT]},
    {"AWS": [ROLE, SESSION, ROOT]},
    {"AWS": [SESSION, ROOT]},
    {"AWS": [ROLE, SESSION]},
    {"AWS": [CHINESE, OTHER, "444455556666"]},
    {"AWS": [FEDERATED, ROOT]},
    {"AWS": [ROOT, "*"]},
    {"Service": "events.amazonaws.com"},
    {"Service": ["sns.amazonaws.com", "events.amazonaws.com"]},
    {"Federated": "accounts.google.com"},
    {"CanonicalUser": "79a5" * 16},
    {"AWS": ROOT, "Service": "events.amazonaws.com"},
]
ENTRIES = [
    ("StringEquals", "aws:PrincipalAccount", ROOT),
    ("StringNotEquals", "aws:PrincipalAccount", "4*"),
    ("StringLike", "aws:PrincipalAccount", "444*"),
    ("StringEquals", "aws:PrincipalType", "User"),
    ("StringEquals", "aws:PrincipalType", "Account"),
    ("StringEqualsIgnoreCase", "aws:PrincipalType", "assumedrole"),
    ("StringLike", "aws:PrincipalType", "Fed*User"),
    ("StringEquals", "aws:userid", ROOT),
    ("StringEquals", "aws:userid", "AIDA"),
    ("StringLike", "aws:userid", "*:s"),
    ("StringLike", "aws:userid", "AROB:*"),
    ("StringLike", "aws:userid", f"{ROOT}:?"),
    ("StringNotLike", "aws:userid", "*:*"),
    ("StringEquals", "aws:username", "ada"),
    ("StringNotEquals", "aws:username", "bo"),
    ("StringLike", "aws:username", "*"),
    ("StringEquals", "aws:username", "${aws:username}"),
    ("StringLike", "aws:userid", "*${aws:username, 's'}"),
    ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:root"),
    ("ArnLike", "aws:PrincipalArn", "arn:aws:*::111122223333:*"),
    ("ArnLike", "aws:PrincipalArn", "arn:*:iam::*:user/*/ada"),
    ("ArnLike", "aws:PrincipalArn", "arn:*:iam::*:user/*/b?"),
    ("ArnEquals", "aws:PrincipalArn", CHINESE),
    ("ArnEquals", "aws:PrincipalArn", "arn:aws:iam::111122223333:user/team/${aws:username}"),
    ("ArnNotLike", "aws:PrincipalArn", "arn:*:iam::*:role/*"),
    ("ArnLike", "aws:PrincipalArn", "arn:*:sts::*:federated-user/?"),
    ("StringEquals", "aws:PrincipalArn", FEDERATED),
    ("StringLike", "aws:PrincipalArn", "arn:*:ro*"),
    ("StringEquals", "aws:PrincipalOrgID", "o-1"),
    ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-1/*/ou-2/"),
    ("ForAllValues:StringLike", "aws:PrincipalOrgPaths", "o-1/r-?/"),
    ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "${aws:PrincipalOrgID}/*"),
    ("StringEquals", "aws:PrincipalTag/team", ""),
    ("StringNotEquals", "aws:PrincipalTag/team", "a"),
    ("Bool", "aws:MultiFactorAuthPresent", "true"),
    ("NumericLessThan", "aws:MultiFactorAuthAge", "61"),
    ("NumericGreaterThanEquals", "aws:MultiFactorAuthAge", "61"),
    ("DateLessThan", "aws:TokenIssueTime", "2026-01-01T00:00:00Z"),
    *(("Null", key, "true") for key in identity("", "", "")),
    *(("Null", key, "true") for key in ("aws:username", "aws:TokenIssueTime", *ORGANIZATION)),
]
ARNS = [
    *("*", "arn:aws:iam::*:root", "arn:*:iam::*:user/*", "arn:aws:*:role/team/?", "arn:*:role/r"),
    *(SESSION, "arn:*:assumed-role/r/?", "arn:*federated-user/f", "arn:*:444455556666:*", USER),
]
NAMED = [
    CallerAnonymous(),
    CallerAccount(ROOT),
    CallerAccount("444455556666"),
    *(CallerArn(glob(one)) for one in ARNS),
    *(CallerService(glob(one)) for one in ("*", "events*", "?ns.*")),
]


def statement(**elements):
    return policy_of(elements).statements[0]


def principals():
    for effect, name in (("Allow", "Principal"), ("Deny", "NotPrincipal")):
        for one in PRINCIPALS:
            yield InPrincipal(statement(**{"Effect": effect, name: one}).principal)


def conditions():
    for operator, key, value in ENTRIES:
        yield Conditions(statement(Condition={operator: {key: value}}).conditions)


def assert_alike(predicates, requests, readings):
    switched = {reading: reading in readings for reading in Reading}
    symbols = Symbols(IAM, {"aws:principalorgpaths": 3}, switched)
    formulas = [(one, holds(one, symbols)) for one in predicates]
    for name, request in requests.items():
        bound = bindings(symbols, request)
        for one, formula in formulas:
            assert truth(formula, bound) is concrete_holds(one, request, readings), (name, one)


STRICT = frozenset({Reading.NOT_PRINCIPAL_STRICT})


@pytest.mark.parametrize("readings", [DEFAULT_READINGS, STRICT])
def test_a_principal_element_covers_whom_the_evaluator_has_it_cover(readings):
    """Rules A3 and A4."""
    assert_alike(list(principals()), {**REQUESTS, **OTHERS}, readings)


def test_who_a_caller_is():
    """Rules S1-caller, S1-caller-account, S1-caller-arn, S1-caller-service."""
    assert_alike(NAMED, {**REQUESTS, **OTHERS}, DEFAULT_READINGS)


def test_the_keys_that_tell_of_a_caller_are_its_own():
    """Rules D4-account, D4-principal-arn, D4-principal-type, D4-userid, D4-username,
    D4-organization."""
    assert_alike(list(conditions()), REQUESTS, DEFAULT_READINGS)


ANONYMOUS_KEYS = {
    "aws:PrincipalAccount": "anonymous",
    "aws:PrincipalType": "Anonymous",
    "aws:userid": "anonymous",
}


def test_the_keys_of_an_anonymous_request_hold_what_aws_puts_there():
    """Rule D4-anonymous-keys."""
    request = Request(ARN, context={**CLOCK, **ANONYMOUS_KEYS})
    entries = [
        (operator, key, value)
        for operator, key in product(("StringEquals", "StringNotEquals"), ANONYMOUS_KEYS)
        for value in ("anonymous", "Anonymous", ROOT, "User")
    ]
    wanted = [
        Conditions(statement(Condition={operator: {key: value}}).conditions)
        for operator, key, value in entries
    ]
    assert_alike(wanted, {"anonymous": request}, frozenset({Reading.ANONYMOUS_PRINCIPAL_KEYS}))
