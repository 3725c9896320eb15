"""The condition keys that a policy uses, judged against those that requests have."""

import json

import pytest

from policycheck.diagnostics import Level, Source
from policycheck.model.environment import Authorization
from policycheck.model.keys import Key, KeySpace, KeyType, Presence
from policycheck.read.keys_used import check_keys
from policycheck.read.policy import parse_policy

LEVEL = Key("spec:level", KeyType.NUMERIC, Presence.OPTIONAL, declared=True)
GROUPS = Key("spec:groups", KeyType.STRING, Presence.OPTIONAL, multivalued=True, declared=True)
DECLARED = KeySpace.of([LEVEL, GROUPS])


def found(condition, resource="execute-api:/*", keys=DECLARED):
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": resource,
        "Condition": condition,
    }
    text = json.dumps({"Version": "2012-10-17", "Statement": statement})
    diagnostics = check_keys(parse_policy(Source("x.json", text)), keys)
    assert all(one.message and one.help and one.span for one in diagnostics)
    return diagnostics


def codes(condition, **options) -> list[str]:
    return [one.code for one in found(condition, **options)]


@pytest.mark.parametrize(
    "condition",
    [
        {"IpAddress": {"aws:SourceIp": "1.2.3.4"}},
        {"StringEquals": {"aws:sourcevpce": "vpce-0123456789abcdef0"}},
        {"Null": {"aws:UserAgent": "true"}},
        {"NumericLessThan": {"SPEC:level": "3"}},
        {"ForAnyValue:StringEquals": {"spec:groups": "a"}},
    ],
)
def test_keys_that_requests_have_are_not_mentioned(condition):
    assert codes(condition) == []


def test_an_operator_that_does_not_take_a_declared_key_is_an_error():
    (one,) = found({"StringEquals": {"spec:level": "3"}})
    assert (one.code, one.level, one.span.text) == ("TYPE_MISMATCH", Level.ERROR, '"spec:level"')


def test_a_declared_key_with_several_values_needs_a_qualifier():
    assert codes({"StringEquals": {"spec:groups": "a"}}) == ["MISSING_QUALIFIER"]


MEANINGS = [
    ("IpAddress", "1.2.3.4", "never holds"),
    ("NotIpAddress", "1.2.3.4", "always holds"),
    ("IpAddressIfExists", "1.2.3.4", "always holds"),
    ("ForAllValues:StringEquals", "x", "always holds"),
    ("ForAnyValue:StringNotEquals", "x", "never holds"),
    ("ForAnyValue:StringEqualsIfExists", "x", "always holds or never, as AWS's pages disagree"),
    ("Null", "true", "always holds"),
    ("Null", "false", "never holds"),
]


@pytest.mark.parametrize("operator, value, meaning", MEANINGS)
def test_a_key_that_nobody_has_is_warned_of_with_what_that_means(operator, value, meaning):
    (one,) = found({operator: {"aws:XfwdIp": value}})
    assert (one.code, one.level) == ("INVALID_GLOBAL_CONDITION_KEY", Level.WARNING)
    assert one.message == f"no request has a key aws:XfwdIp, so {operator} {meaning}"
    assert "X-Forwarded-For" in one.help


@pytest.mark.parametrize(
    "key, advice",
    [
        ("aws:SourceIP4", 'write "aws:SourceIp" if that is meant'),
        ("aws:UserAgents", 'write "aws:UserAgent" if that is meant'),
        ("my:thing", "a spec can declare further keys under keys:"),
    ],
)
def test_an_unknown_key_is_warned_of_with_the_nearest_one(key, advice):
    (one,) = found({"StringEquals": {key: "x"}})
    assert one.help == advice


def test_a_key_of_another_prefix_has_its_own_code():
    assert codes({"StringEquals": {"s3:prefix": "x"}}) == ["INVALID_SERVICE_CONDITION_KEY"]


@pytest.mark.parametrize("key", ["aws:SourceAccount", "aws:RequestTag/x", "aws:ResourceOrgID"])
def test_a_key_that_is_not_promised_is_warned_of(key):
    assert codes({"StringEquals": {key: "x"}}) == ["USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES"]


@pytest.mark.parametrize("key", ["aws:username", "aws:PrincipalTag/team", "aws:PrincipalOrgID"])
def test_a_key_that_needs_iam_is_warned_of(key):
    assert codes({"StringEquals": {key: "x"}}) == ["KEY_NEEDS_IAM_AUTHORIZATION"]


def test_variables_are_checked_in_values_and_resources():
    condition = {
        "StringLike": {"aws:UserAgent": "${aws:nobody}"},
        "ArnLike": {"aws:SourceArn": "arn:aws:iam::1:${aws:username}"},
    }
    assert codes(condition, resource="execute-api:/${my:stage}/*") == [
        "INVALID_SERVICE_CONDITION_KEY",
        "INVALID_GLOBAL_CONDITION_KEY",
        "KEY_NEEDS_IAM_AUTHORIZATION",
    ]


def test_a_declared_variable_is_fine_unless_it_has_several_values():
    assert codes({}, resource="execute-api:/${spec:level}/*") == []
    (one,) = found({}, resource="execute-api:/${spec:groups}/*")
    assert (one.code, one.level) == ("MULTIVALUED_KEY_IN_VARIABLE", Level.ERROR)


def test_with_iam_authorization_nothing_is_said_of_the_keys_that_need_it():
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": "execute-api:/*",
        "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"}},
    }
    text = json.dumps({"Version": "2012-10-17", "Statement": statement})
    policy = parse_policy(Source("x.json", text))
    assert check_keys(policy, KeySpace(), Authorization.IAM) == ()
    assert len(check_keys(policy, KeySpace(), Authorization.NONE)) == 1


@pytest.mark.parametrize(
    "condition",
    [
        {"StringLike": {"aws:Referer": "${aws:UserAgent}"}},
        {"StringNotLike": {"aws:SourceVpc": "vpc-${AWS:Referer, 'x'}"}},
        {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/${aws:UserAgent}"}},
    ],
)
def test_what_callers_write_may_hold_wildcards(condition):
    (one,) = [d for d in found(condition) if d.code == "CALLER_WRITES_VARIABLE"]
    assert one.level is Level.WARNING
    assert "${" in one.span.text


def test_what_callers_write_may_hold_wildcards_in_a_resource():
    assert codes({}, resource="execute-api:/prod/GET/${aws:UserAgent}") == [
        "CALLER_WRITES_VARIABLE"
    ]


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:Referer": "${aws:UserAgent}"}},
        {"StringNotEqualsIgnoreCase": {"aws:Referer": "${aws:UserAgent}"}},
        {"StringLike": {"aws:UserAgent": "${aws:SourceVpc}*"}},
    ],
)
def test_no_wildcard_is_looked_for_where_callers_can_write_none(condition):
    assert codes(condition) == []
