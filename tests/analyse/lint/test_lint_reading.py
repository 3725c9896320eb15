"""Findings that need no solver."""

import pytest
from linted import ACCOUNT, OFFICE, VPC, VPCE, allow, deny, findings, ip, when

from policycheck.analyse.lint.rules import READING_CHECKS

PLACE = "PLACEHOLDER"
EVENTS = {"Service": "events.amazonaws.com"}
ROLE = "arn:aws:iam::210987654321:role/partner"
INSIDE = when("IpAddress", "VpcSourceIp", "10.20.0.0/16")

CASES = {
    "an address of a page": (allow(condition=ip("203.0.113.9")), ["PLACEHOLDER_ADDRESS"]),
    "an IPv6 address of a page": (allow(condition=ip("2001:db8::/48")), ["PLACEHOLDER_ADDRESS"]),
    "1.2.3.4": (allow(condition=ip("1.2.3.4/32")), ["PLACEHOLDER_ADDRESS"]),
    "a block around it": (allow(condition=ip("1.0.0.0/8")), []),
    "a block beside": (allow(condition=ip("203.0.114.0/24")), []),
    "an account of a page": (allow(Principal={"AWS": "123456789012"}), ["PLACEHOLDER_VALUE"]),
    "an account": (allow(Principal=ACCOUNT), []),
    "an API of a page": (
        allow("arn:aws:execute-api:us-east-1:210987654321:abcdef123/*"),
        ["PLACEHOLDER_VALUE"],
    ),
    "an endpoint of a page": (
        allow(condition=when("StringEquals", "SourceVpce", "vpce-1a2b3c4d")),
        ["PLACEHOLDER_VALUE"],
    ),
    "an endpoint": (allow(condition=when("StringEquals", "SourceVpce", VPCE)), []),
    "any API": (allow("arn:aws:execute-api:*:*:*"), ["WILDCARD_API_ID"]),
    "any resource": (allow("*"), []),
    "a part of an id": (
        allow(condition=when("StringLike", "SourceVpce", "vpce-0f*")),
        ["WILDCARD_USAGE_TOO_PERMISSIVE"],
    ),
    "a part of a user agent": (allow(condition=when("StringLike", "UserAgent", "c*")), []),
    "a variable alone": (
        allow(condition=when("StringLike", "UserAgent", "${aws:Referer}")),
        ["VARIABLE_USAGE_TOO_PERMISSIVE"],
    ),
    "six characters before": (
        allow(condition=when("StringLike", "UserAgent", "agent-${aws:Referer}")),
        [],
    ),
    "five characters before": (
        allow(condition=when("StringLike", "UserAgent", "agent${aws:Referer}")),
        ["VARIABLE_USAGE_TOO_PERMISSIVE"],
    ),
    "a variable for an id": (
        allow(condition=when("StringLike", "SourceVpce", "vpce-0f3a9d${aws:Referer}")),
        ["VARIABLE_USAGE_TOO_PERMISSIVE"],
    ),
    "an ARN as a text": (
        allow(condition=when("StringLike", "SourceArn", "arn:aws:sns:*:210987654321:x")),
        ["STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS"],
    ),
    "an ARN as an ARN": (
        allow(condition=when("ArnLike", "SourceArn", "arn:aws:sns:*:210987654321:x")),
        [],
    ),
    "everybody and somebody": (allow(Principal={"AWS": ["*", ROLE]}), ["REDUNDANT_PRINCIPAL"]),
    "a service": (allow(Principal=EVENTS), ["RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL"]),
    "a Deny of a service": (deny(Principal=EVENTS), []),
    "a service for somebody": (
        allow(
            Principal=EVENTS,
            condition=when("ArnLike", "SourceArn", "arn:aws:events:us-east-1:210987654321:rule/x"),
        ),
        [],
    ),
    "a service of an organization": (
        allow(Principal=EVENTS, condition=when("StringEquals", "PrincipalOrgID", "o-k3xq8w2v7d")),
        [
            "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL",
            "UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
        ],
    ),
    "addresses of any VPC": (allow(condition=INSIDE), ["MISSING_PAIRED_CONDITION_KEYS"]),
    "addresses of one VPC": (
        allow(condition=INSIDE | when("StringEquals", "SourceVpc", VPC)),
        [],
    ),
    "a Deny of addresses of any VPC": (deny(condition=INSIDE), []),
    "the account of the API": (
        allow(condition=when("StringEquals", "ResourceAccount", "210987654321")),
        ["IRRELEVANT_CONDITION_KEY_IN_POLICY"],
    ),
    "one address twice": (allow(condition=ip(OFFICE, OFFICE)), ["DUPLICATE_VALUE"]),
    "one principal in two spellings": (
        allow(Principal={"AWS": ["210987654321", "arn:aws:iam::210987654321:root"]}),
        ["DUPLICATE_VALUE"],
    ),
}
OF_READING = [code for check in READING_CHECKS for code in check.codes]


@pytest.mark.parametrize("name", CASES)
def test_what_is_found(name):
    statement, expected = CASES[name]
    found = findings(statement, select=OF_READING)
    assert [one.code for one in found] == expected
    assert all(one.span is not None for one in found)


def test_a_placeholder_is_reported_once():
    one = "arn:aws:execute-api:us-east-1:123456789012:abcdef1234"
    found = findings(allow(f"{one}/dev/*"), allow(f"{one}/prod/*"), select=[PLACE])
    assert len(found) == 1
    assert "account 123456789012 and API abcdef1234 stand" in found[0].message


def test_addresses_of_a_vpc_are_paired_by_a_deny():
    guard = deny(condition=when("StringNotEquals", "SourceVpc", VPC))
    assert findings(allow(condition=INSIDE), guard, select=["MISSING_PAIRED"]) == ()
