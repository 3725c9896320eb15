"""Which requests exist: every key that a caller must have is missed, and told by name."""

from __future__ import annotations

import pytest
from known_callers import ARN, CALLERS, CLOCK, ROOT, TOKEN, identity

from policycheck.concrete.environment import admits, objection
from policycheck.model.environment import Authorization, Endpoint, Environment
from policycheck.model.request import ANONYMOUS, Caller, CallerKind, Request

PRIVATE = {"aws:SourceVpc": "vpc-1", "aws:SourceVpce": "vpce-1", "aws:VpcSourceIp": "10.0.0.1"}
IAM = Environment(authorization=Authorization.IAM)


@pytest.mark.parametrize("name", CALLERS)
def test_a_caller_has_all_its_keys_and_each_is_missed(name):
    caller, keys = CALLERS[name]
    context = {**CLOCK, **keys}
    assert objection(IAM, Request(ARN, principal=caller, context=context)) is None
    for key in context.keys() - {"aws:MultiFactorAuthPresent"}:
        rest = {other: value for other, value in context.items() if other != key}
        found = objection(IAM, Request(ARN, principal=caller, context=rest))
        assert found is not None
        assert key in found


@pytest.mark.parametrize("name", CALLERS)
@pytest.mark.parametrize("other", CALLERS)
def test_no_caller_has_the_keys_of_another(name, other):
    caller, _ = CALLERS[name]
    _, keys = CALLERS[other]
    same = name == other or {name, other} == {"role", "session"}
    assert admits(IAM, Request(ARN, principal=caller, context={**CLOCK, **keys})) is same


@pytest.mark.parametrize("name", CALLERS)
def test_without_iam_authorization_only_the_anonymous_caller_exists(name):
    caller, keys = CALLERS[name]
    assert not admits(Environment(), Request(ARN, principal=caller, context={**CLOCK, **keys}))
    assert not admits(IAM, Request(ARN, principal=ANONYMOUS, context=CLOCK))
    assert admits(Environment(), Request(ARN, principal=ANONYMOUS, context=CLOCK))


@pytest.mark.parametrize("key", PRIVATE)
def test_each_vpc_key_is_missed_on_a_private_endpoint_and_refused_on_a_public_one(key):
    context = {**CLOCK, **PRIVATE}
    assert admits(Environment(Endpoint.PRIVATE), Request(ARN, context=context))
    rest = {other: value for other, value in context.items() if other != key}
    assert key in objection(Environment(Endpoint.PRIVATE), Request(ARN, context=rest))
    public = {**CLOCK, "aws:SourceIp": "8.8.8.8", key: PRIVATE[key]}
    assert key in objection(Environment(Endpoint.REGIONAL), Request(ARN, context=public))


@pytest.mark.parametrize(
    "caller",
    [
        Caller(CallerKind.USER, "ada"),
        Caller(CallerKind.USER, "arn:aws:iam::1:user/ada"),
        Caller(CallerKind.USER, "arn:aws:iam::111122223333:user/team/"),
        Caller(CallerKind.ROLE, "arn:aws:iam::111122223333:user/ada"),
        Caller(CallerKind.ROLE, "arn:google:iam::111122223333:role/r"),
        Caller(CallerKind.ROLE, "arn:aws:sts::111122223333:assumed-role/r"),
        Caller(CallerKind.ROOT, "arn:aws:iam::111122223333:root"),
        Caller(CallerKind.SERVICE, ""),
    ],
)
def test_a_caller_has_the_shape_of_its_kind(caller):
    found = objection(IAM, Request(ARN, principal=caller, context=CLOCK))
    assert "not a caller with an AWS identity" in found


BROKEN = "a\nb"
ADA = identity(f"arn:aws:iam::{ROOT}:user/{BROKEN}/ada", "User", BROKEN)
SESSION = {**identity(f"arn:aws:iam::{ROOT}:role/{BROKEN}/r", "AssumedRole", "AROA:s"), **TOKEN}
WITH_LINE_BREAKS = [
    (
        Caller(CallerKind.USER, f"arn:aws:iam::{ROOT}:user/{BROKEN}/ada"),
        {**ADA, "aws:username": "ada"},
    ),
    (Caller(CallerKind.ROLE, f"arn:aws:sts::{ROOT}:assumed-role/r/s"), SESSION),
    (Caller(CallerKind.SERVICE, BROKEN), {}),
]


@pytest.mark.parametrize(("caller", "keys"), WITH_LINE_BREAKS)
def test_a_line_break_is_a_character_as_any_other(caller, keys):
    """Rule D4-iam-caller. The formulas leave no character out of these texts either."""
    assert objection(IAM, Request(ARN, principal=caller, context={**CLOCK, **keys})) is None


@pytest.mark.parametrize("name", ["a*", "a b", "a:b", BROKEN, "\u00e4"])
def test_a_name_has_the_characters_that_iam_takes(name):
    """Rule D4-names: what is shown can be given to eval."""
    user = f"arn:aws:iam::{ROOT}:user/{name}"
    keys = {**identity(user, "User", "AIDA"), "aws:username": name}
    caller = Caller(CallerKind.USER, user)
    assert objection(IAM, Request(ARN, principal=caller, context={**CLOCK, **keys})) is not None
