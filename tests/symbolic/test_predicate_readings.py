"""Predicates under readings, by the evaluator and by the formulas."""

from __future__ import annotations

import pytest
from cited import ARN, KEYS, policy_of

from policycheck.concrete.predicate import holds
from policycheck.model.environment import Authorization, Environment
from policycheck.model.predicate import (
    AllOf,
    AnyOf,
    CallerAccount,
    CallerService,
    Conditions,
    InPrincipal,
    InResource,
    Not,
)
from policycheck.model.reading import DEFAULT_READINGS, Reading
from policycheck.model.request import Caller, CallerKind, Request
from policycheck.model.text import glob
from policycheck.symbolic.pinning import holds_at

USER = "arn:aws:iam::111122223333:user/ada"
EMPTY = Request(
    ARN,
    principal=Caller(CallerKind.USER, USER),
    context={
        "aws:Referer": "",
        "aws:PrincipalArn": USER,
        "aws:PrincipalAccount": "111122223333",
        "aws:PrincipalType": "User",
        "aws:userid": "AIDA",
        "aws:username": "ada",
    },
)
KNOWN = Environment(authorization=Authorization.IAM, keys=KEYS)


def statement(**raw):
    return policy_of(raw).statements[0]


ABSENT = Conditions(statement(Condition={"Null": {"aws:Referer": "true"}}).conditions)
OTHERS = InPrincipal(statement(Effect="Deny", NotPrincipal={"AWS": USER}).principal)
ELSEWHERE = InResource(statement(NotResource="execute-api:/prod/*").resource)
NAMED = InResource(statement(Resource="execute-api:/prod/GET/${aws:Referer, 'pets'}").resource)

UNDER = [
    (ABSENT, Reading.EMPTY_VALUE_IS_NULL, (False, True)),
    (AllOf((ABSENT,)), Reading.EMPTY_VALUE_IS_NULL, (False, True)),
    (AnyOf((ABSENT,)), Reading.EMPTY_VALUE_IS_NULL, (False, True)),
    (Not(ABSENT), Reading.EMPTY_VALUE_IS_NULL, (True, False)),
    (OTHERS, Reading.NOT_PRINCIPAL_STRICT, (False, True)),
    (ELSEWHERE, Reading.NOT_RESOURCE_SHORTHAND_LITERAL, (False, True)),
    (NAMED, Reading.EMPTY_VARIABLE_HAS_NO_VALUE, (False, True)),
]


@pytest.mark.parametrize(("predicate", "reading", "expected"), UNDER)
def test_a_predicate_holds_under_the_reading(predicate, reading, expected):
    """Rules S1-combine, B2-null-empty, A4-not-principal, A6-not-resource-shorthand, B6-default."""
    for readings, wanted in zip((DEFAULT_READINGS, frozenset({reading})), expected, strict=True):
        assert holds(predicate, EMPTY, readings) is wanted
        assert holds_at(predicate, EMPTY, KNOWN, readings) is wanted


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        (CallerAccount("111122223333"), True),
        (CallerAccount("444455556666"), False),
        (CallerService(glob("*")), False),
    ],
)
def test_who_a_user_is(predicate, expected):
    """Rules S1-caller-account, S1-caller-service."""
    assert holds(predicate, EMPTY) is expected
    assert holds_at(predicate, EMPTY, KNOWN) is expected
