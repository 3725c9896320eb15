"""What can be read but is doubtful gives a warning, on the text that is doubtful."""

import json

import pytest

from policycheck.diagnostics import Level, Source
from policycheck.read.condition import parse_conditions
from policycheck.read.json_text import parse_json


def warnings(operator: str, key: str, value) -> list[tuple[str, str]]:
    found = []
    text = json.dumps({operator: {key: value}})
    parse_conditions(parse_json(Source("x.json", text)), found, variables=True)
    assert all(one.level is Level.WARNING and one.message and one.help for one in found)
    return [(one.code, one.span.text) for one in found]


WARNED = [
    ("IpAddress", "aws:SourceIp", "10.0.0.1/8", "IMPROVE_IP_RANGE"),
    ("IpAddress", "aws:SourceIp", "2001:db8::1/32", "IMPROVE_IP_RANGE"),
    ("DateLessThan", "aws:CurrentTime", "1700000000", "INVALID_DATE_VALUE"),
    ("DateLessThan", "aws:CurrentTime", "2026-11", "INVALID_DATE_VALUE"),
    ("DateLessThan", "aws:CurrentTime", "2026-11-24T09:30:00.5Z", "INVALID_DATE_VALUE"),
    ("Bool", "aws:SecureTransport", "True", "TYPE_MISMATCH_BOOLEAN"),
    ("Null", "aws:Referer", "TRUE", "TYPE_MISMATCH_BOOLEAN"),
    ("StringEquals", "aws:UserAgent", "curl/*", "WILDCARD_WITHOUT_LIKE_OPERATOR"),
    ("StringEqualsIgnoreCase", "aws:UserAgent", "Z\u00fcrich", "CASE_BEYOND_ASCII"),
    ("StringNotEqualsIgnoreCase", "aws:UserAgent", "\u00c9", "CASE_BEYOND_ASCII"),
    ("StringNotEquals", "aws:UserAgent", "?", "WILDCARD_WITHOUT_LIKE_OPERATOR"),
    ("StringEquals", "aws:SourceVpc", "vpc-1234", "INVALID_VPC_FORMAT"),
    ("StringNotEquals", "aws:sourceVpce", "vpceID", "INVALID_VPCE_FORMAT"),
    ("StringLike", "aws:SourceVpc", "vpc-1234", "INVALID_VPC_FORMAT"),
]


@pytest.mark.parametrize("operator, key, value, code", WARNED)
def test_a_doubtful_value_is_warned_of(operator, key, value, code):
    assert warnings(operator, key, value) == [(code, json.dumps(value))]


UNSUSPICIOUS = [
    ("IpAddress", "aws:SourceIp", ["10.0.0.0/8", "10.0.0.1", "::1", "::/0", "10.0.0.1/32"]),
    ("DateLessThan", "aws:CurrentTime", "2026-11-24T09:30Z"),
    ("NumericLessThan", "aws:EpochTime", "1700000000"),
    ("Bool", "aws:SecureTransport", "true"),
    ("Bool", "aws:SecureTransport", True),
    ("Null", "aws:Referer", "false"),
    ("StringLike", "aws:UserAgent", "curl/*"),
    ("StringEquals", "aws:UserAgent", "${*}"),
    ("StringEquals", "aws:SourceVpc", ["vpc-1a2b3c4d", "vpc-0123456789abcdef0"]),
    ("StringEquals", "aws:SourceVpce", "vpce-0123456789abcdef0"),
    ("StringLike", "aws:SourceVpce", "vpce-*"),
    ("StringEqualsIgnoreCase", "aws:UserAgent", ["Zurich", "\u6771\u4eac", "${aws:SourceVpc}"]),
    ("StringEquals", "aws:UserAgent", "Z\u00fcrich"),
    ("ForAnyValue:StringEquals", "aws:UserAgent", "x"),
    ("ForAllValues:StringEquals", "aws:PrincipalOrgPaths", "x"),
]


@pytest.mark.parametrize("operator, key, value", UNSUSPICIOUS)
def test_an_ordinary_value_is_not_warned_of(operator, key, value):
    assert warnings(operator, key, value) == []


def test_for_all_values_on_a_key_with_one_value_is_warned_of():
    assert warnings("ForAllValues:StringEquals", "aws:UserAgent", "x") == [
        ("FORALLVALUES_WITH_SINGLE_VALUED_KEY", '"aws:UserAgent"')
    ]


@pytest.mark.parametrize("prefix", ["ForAllValues", "ForAnyValue"])
def test_null_with_a_qualifier_is_warned_of(prefix):
    assert warnings(f"{prefix}:Null", "aws:PrincipalOrgPaths", "true") == [
        ("NULL_WITH_QUALIFIER", '"aws:PrincipalOrgPaths"')
    ]
