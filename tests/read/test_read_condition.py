"""Condition blocks become entries of the model, in the author's order (semantics B)."""

import json
from fractions import Fraction

import pytest

from policycheck.diagnostics import Level, Source
from policycheck.model.address import AddressIn, Family
from policycheck.model.arn import ArnLike
from policycheck.model.condition import Comparing, Existing, Quantifier
from policycheck.model.keys import Key, KeySpace, KeyType, Presence
from policycheck.model.order import (
    BytesEqual,
    Comparison,
    Flag,
    InstantCompares,
    NumberCompares,
)
from policycheck.model.text import (
    Pattern,
    TextEquals,
    TextEqualsIgnoreCase,
    TextLike,
    Variable,
    Wildcard,
    glob,
)
from policycheck.read.condition import parse_conditions
from policycheck.read.json_text import parse_json
from policycheck.read.operators import OperatorFamily, bases

LEVEL = Key("spec:level", KeyType.NUMERIC, Presence.OPTIONAL, declared=True)
GROUPS = Key("groups", KeyType.STRING, Presence.OPTIONAL, multivalued=True, declared=True)
DECLARED = KeySpace.of([LEVEL, GROUPS])


def read(block, *, variables=True, keys=None):
    found = []
    node = parse_json(Source("x.json", json.dumps(block)))
    options = {"keys": keys} if keys else {}
    return parse_conditions(node, found, variables=variables, **options), found


def entries(block, **options):
    found, diagnostics = read(block, **options)
    assert [one for one in diagnostics if one.level is Level.ERROR] == []
    return found


def codes(block, **options) -> list[str]:
    return [one.code for one in read(block, **options)[1]]


def relations(operator: str, key: str, value) -> tuple:
    (entry,) = entries({operator: {key: value}})
    return entry.relations


SAMPLES = {
    OperatorFamily.STRING: ("aws:UserAgent", "curl"),
    OperatorFamily.NUMERIC: ("aws:MultiFactorAuthAge", "300"),
    OperatorFamily.DATE: ("aws:CurrentTime", "2026-01-01T00:00:00Z"),
    OperatorFamily.BOOL: ("aws:SecureTransport", "true"),
    OperatorFamily.BINARY: ("my:bytes", "YQ=="),
    OperatorFamily.IP: ("aws:SourceIp", "203.0.113.0/24"),
    OperatorFamily.ARN: ("aws:PrincipalArn", "arn:aws:iam::123456789012:role/x"),
}
COMPARING = [name for name, base in bases().items() if base.family is not OperatorFamily.NULL]


@pytest.mark.parametrize("name", COMPARING)
@pytest.mark.parametrize("prefix", ["", "ForAllValues:", "ForAnyValue:"])
@pytest.mark.parametrize("suffix", ["", "IfExists"])
def test_every_operator_with_every_prefix_and_suffix_is_read(prefix, name, suffix):
    key, value = SAMPLES[bases()[name].family]
    operator = prefix + name + suffix
    (entry,) = entries({operator: {key: value}})
    quantifier = Quantifier(prefix[:-1]) if prefix else None
    assert isinstance(entry, Comparing)
    assert (entry.operator, entry.key, entry.spelled) == (operator, key.lower(), key)
    assert (entry.negated, entry.if_exists) == ("Not" in name, bool(suffix))
    assert entry.quantifier is quantifier
    assert len(entry.relations) == 1


@pytest.mark.parametrize("prefix", ["", "ForAllValues:", "ForAnyValue:"])
def test_null_asks_for_existence(prefix):
    (entry,) = entries({f"{prefix}Null": {"aws:Referer": ["true", "false"]}})
    quantifier = Quantifier(prefix[:-1]) if prefix else None
    assert entry == Existing(f"{prefix}Null", "aws:referer", (True, False), quantifier)


ROLE = "arn:aws:iam::1:role/*"
ROLE_FIELDS = tuple(map(glob, ("arn", "aws", "iam", "", "1", "role/*")))
LITERALS = [
    ("StringEquals", "aws:UserAgent", "a*?", TextEquals(Pattern(("a*?",)))),
    ("StringNotEquals", "aws:UserAgent", "a", TextEquals(Pattern(("a",)))),
    ("StringEqualsIgnoreCase", "aws:UserAgent", "A*", TextEqualsIgnoreCase(Pattern(("A*",)))),
    ("StringNotEqualsIgnoreCase", "aws:UserAgent", "", TextEqualsIgnoreCase(Pattern(()))),
    ("StringLike", "aws:UserAgent", "a*", TextLike(Pattern(("a", Wildcard.RUN)))),
    ("StringNotLike", "aws:UserAgent", "${*}", TextLike(Pattern(("*",)))),
    ("StringEquals", "aws:UserAgent", "${?}", TextEquals(Pattern(("?",)))),
    (
        "StringEquals",
        "aws:Referer",
        "${aws:userid}",
        TextEquals(Pattern((Variable("aws:userid"),))),
    ),
    ("StringLike", "aws:PrincipalArn", "*:role/x", TextLike(glob("*:role/x"))),
    ("ArnLike", "aws:PrincipalArn", ROLE, ArnLike(ROLE_FIELDS)),
    ("ArnEquals", "aws:PrincipalArn", ROLE, ArnLike(ROLE_FIELDS)),
    ("ArnNotEquals", "aws:SourceArn", ROLE, ArnLike(ROLE_FIELDS)),
    ("ArnNotLike", "aws:SourceArn", ROLE, ArnLike(ROLE_FIELDS)),
    ("IpAddress", "aws:SourceIp", "1.2.3.4", AddressIn(Family.V4, 0x01020304, 32, bare=True)),
    ("NotIpAddress", "aws:SourceIp", "1.2.3.4/8", AddressIn(Family.V4, 1 << 24, 8)),
    ("IpAddress", "aws:VpcSourceIp", "::/0", AddressIn(Family.V6, 0, 0)),
    ("Bool", "aws:SecureTransport", "false", Flag(wanted=False)),
    ("Bool", "aws:SecureTransport", True, Flag(wanted=True)),
    ("BinaryEquals", "my:bytes", "YQ==", BytesEqual(b"a")),
    (
        "NumericEquals",
        "aws:MultiFactorAuthAge",
        2.5,
        NumberCompares(Comparison.EQUAL, Fraction(5, 2)),
    ),
    ("NumericNotEquals", "my:n", "10.0", NumberCompares(Comparison.EQUAL, Fraction(10))),
    ("NumericLessThan", "my:n", 1, NumberCompares(Comparison.LESS, Fraction(1))),
    ("NumericLessThanEquals", "my:n", 1, NumberCompares(Comparison.LESS_EQUAL, Fraction(1))),
    ("NumericGreaterThan", "my:n", 1, NumberCompares(Comparison.GREATER, Fraction(1))),
    ("NumericGreaterThanEquals", "my:n", 1, NumberCompares(Comparison.GREATER_EQUAL, Fraction(1))),
    ("DateEquals", "aws:CurrentTime", "1970-01-02", InstantCompares(Comparison.EQUAL, 86400)),
    (
        "DateEquals",
        "aws:CurrentTime",
        "1970-01-02T00:00:00.250Z",
        InstantCompares(Comparison.EQUAL, 86400, fraction=Fraction(1, 4)),
    ),
    ("DateNotEquals", "aws:CurrentTime", 86400, InstantCompares(Comparison.EQUAL, 86400)),
    ("DateLessThan", "aws:EpochTime", 5, InstantCompares(Comparison.LESS, 5)),
    ("DateLessThanEquals", "aws:EpochTime", 5, InstantCompares(Comparison.LESS_EQUAL, 5)),
    ("DateGreaterThan", "aws:TokenIssueTime", 5, InstantCompares(Comparison.GREATER, 5)),
    ("DateGreaterThanEquals", "my:t", 5, InstantCompares(Comparison.GREATER_EQUAL, 5)),
    ("NumericLessThan", "aws:EpochTime", 5, NumberCompares(Comparison.LESS, Fraction(5))),
]


@pytest.mark.parametrize("operator, key, value, relation", LITERALS)
def test_a_value_becomes_the_relation_of_its_operator(operator, key, value, relation):
    assert relations(operator, key, value) == (relation,)


def test_values_keep_their_order_and_know_their_place():
    (entry,) = entries({"IpAddress": {"aws:SourceIp": ["::/0", "0.0.0.0/0"]}})
    assert [one.family for one in entry.relations] == [Family.V6, Family.V4]
    assert [one.span.text for one in entry.relations] == ['"::/0"', '"0.0.0.0/0"']
    assert entry.span.text == '"aws:SourceIp"'


def test_entries_keep_the_order_of_operators_and_keys():
    found = entries({"StringLike": {"b:b": "x", "a:a": "x"}, "Null": {"c:c": "true"}})
    assert [(one.operator, one.key) for one in found] == [
        ("StringLike", "b:b"),
        ("StringLike", "a:a"),
        ("Null", "c:c"),
    ]


def test_numbers_and_booleans_may_stand_without_quotes():
    assert relations("StringEquals", "aws:userid", 123) == (TextEquals(Pattern(("123",))),)
    assert relations("StringEquals", "aws:userid", True) == (TextEquals(Pattern(("true",))),)
    assert codes({"StringEquals": {"aws:userid": 1.5}}) == ["TYPE_MISMATCH"]


def test_under_the_old_version_variables_are_text_and_warned_of():
    block = {"StringEquals": {"aws:Referer": "${aws:userid}"}}
    (entry,) = entries(block, variables=False)
    assert entry.relations == (TextEquals(Pattern(("${aws:userid}",))),)
    assert codes(block, variables=False) == ["VARIABLE_UNSUPPORTED_IN_VERSION"]


@pytest.mark.parametrize("operator", ["StringLike", "IpAddress", "DateLessThan", "Bool", "ArnLike"])
def test_a_key_that_aws_does_not_have_takes_every_operator(operator):
    value = {**SAMPLES, OperatorFamily.STRING: (0, "x")}[bases()[operator].family][1]
    assert codes({operator: {"aws:XfwdIp": value}}) == []


def test_condition_keys_ignore_case():
    (entry,) = entries({"IpAddress": {"AWS:sourceip": "1.2.3.4"}})
    assert (entry.key, entry.spelled) == ("aws:sourceip", "AWS:sourceip")


def test_declared_keys_have_their_types():
    assert codes({"NumericLessThan": {"Spec:Level": 3}}, keys=DECLARED) == []
    assert codes({"StringEquals": {"spec:level": "3"}}, keys=DECLARED) == ["TYPE_MISMATCH"]
    assert codes({"StringEquals": {"groups": "a"}}, keys=DECLARED) == ["MISSING_QUALIFIER"]
    assert codes({"ForAnyValue:StringEquals": {"groups": "a"}}, keys=DECLARED) == []


def test_a_declared_key_needs_no_prefix_and_others_do():
    assert codes({"Null": {"groups": "true"}}, keys=DECLARED) == []
    assert codes({"Null": {"groups": "true"}}) == ["INVALID_CONDITION_KEY_FORMAT"]


GOOD_KEYS = [
    "aws:PrincipalTag/Cost Center",
    "aws:PrincipalTag/a:b/c",
    "aws:PrincipalTag/Größe",
    "accounts.google.com:aud",
    "oidc.example.com/id/X:sub",
]


@pytest.mark.parametrize("key", GOOD_KEYS)
def test_keys_with_a_prefix_and_a_name_are_read(key):
    assert codes({"StringEquals": {key: "x"}}) == []
    assert codes({"StringEquals": {key + " ": "x"}}) == ["INVALID_CONDITION_KEY_FORMAT"]


def test_multivalued_keys_need_a_qualifier_except_for_null():
    key = {"aws:PrincipalOrgPaths": "o-1/r-1/"}
    assert codes({"StringLike": key}) == ["MISSING_QUALIFIER"]
    assert codes({"ForAnyValue:StringLike": key, "ForAllValues:StringNotLike": key}) == []
    assert codes({"Null": {"aws:PrincipalOrgPaths": "false"}}) == []
