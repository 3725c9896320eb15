"""The names of condition operators (semantics B1)."""

import pytest

from policycheck.model.condition import Quantifier
from policycheck.model.keys import aws_key, aws_keys
from policycheck.read.literals import LiteralError
from policycheck.read.operators import OperatorFamily, bases, fitting, parse_operator

NEGATED = {
    "StringNotEquals",
    "StringNotEqualsIgnoreCase",
    "StringNotLike",
    "NumericNotEquals",
    "DateNotEquals",
    "NotIpAddress",
    "ArnNotEquals",
    "ArnNotLike",
}
POSITIVE = {
    "StringEquals",
    "StringEqualsIgnoreCase",
    "StringLike",
    *(f"{f}{c}" for f in ("Numeric", "Date") for c in ("Equals", "LessThan", "LessThanEquals")),
    *(f"{f}{c}" for f in ("Numeric", "Date") for c in ("GreaterThan", "GreaterThanEquals")),
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "ArnEquals",
    "ArnLike",
    "Null",
}
PREFIXES = {"": None, "ForAllValues:": Quantifier.FOR_ALL, "ForAnyValue:": Quantifier.FOR_ANY}
FORMS = [
    (prefix, name, suffix)
    for prefix in PREFIXES
    for name in sorted(POSITIVE | NEGATED)
    for suffix in ("", "IfExists")
    if (name, suffix) != ("Null", "IfExists")
]


def refused(text: str) -> tuple[str, str]:
    with pytest.raises(LiteralError) as caught:
        parse_operator(text)
    return caught.value.code, caught.value.help


def test_these_are_all_operators():
    assert set(bases()) == POSITIVE | NEGATED
    assert {name for name, base in bases().items() if base.negated} == NEGATED


@pytest.mark.parametrize("prefix, name, suffix", FORMS)
def test_every_operator_takes_every_prefix_and_suffix(prefix, name, suffix):
    found = parse_operator(prefix + name + suffix)
    assert found.text == prefix + name + suffix
    assert found.base == bases()[name]
    assert found.if_exists == bool(suffix)
    assert found.quantifier is PREFIXES[prefix]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_null_takes_no_if_exists(prefix):
    assert refused(f"{prefix}NullIfExists") == ("NULL_WITH_IF_EXISTS", f'write "{prefix}Null"')


@pytest.mark.parametrize(
    "text, meant",
    [
        ("stringequals", "StringEquals"),
        ("IPAddress", "IpAddress"),
        ("IpAdress", "IpAddress"),
        ("NotIpAdressIfExists", "NotIpAddressIfExists"),
        ("StringEqualsIfExist", "StringEqualsIfExists"),
        ("forAnyValue:StringLike", "ForAnyValue:StringLike"),
        ("ForAllValues: StringLike", "ForAllValues:StringLike"),
        ("ForAllValue:StringEqualIfExists", "ForAllValues:StringEqualsIfExists"),
        ("StringNotEqual", "StringNotEquals"),
        ("DateLessthan", "DateLessThan"),
        ("Boolean", "Bool"),
    ],
)
def test_a_wrong_name_is_refused_with_the_nearest_one(text, meant):
    assert refused(text) == ("INVALID_CONDITION_OPERATOR", f'write "{meant}"')


NO_OPERATORS = [
    "",
    ":",
    "IfExists",
    "Matches",
    ":StringEquals",
    "ForAllValues:",
    "ForAllValues:ForAnyValue:Bool",
    "StringEqualsIfExistsIfExists",
    "IfExistsStringEquals",
    "StringEquals ",
    "StringEquals:IfExists",
]


@pytest.mark.parametrize("text", NO_OPERATORS)
def test_other_texts_are_no_operator(text):
    assert refused(text)[0] == "INVALID_CONDITION_OPERATOR"


def families(name: str) -> set[OperatorFamily]:
    return set(fitting(aws_key(name)))


def test_which_operators_a_key_takes():
    assert families("aws:SourceIp") == {OperatorFamily.IP}
    assert families("aws:CurrentTime") == {OperatorFamily.DATE}
    assert families("aws:EpochTime") == {OperatorFamily.DATE, OperatorFamily.NUMERIC}
    assert families("aws:MultiFactorAuthAge") == {OperatorFamily.NUMERIC}
    assert families("aws:SecureTransport") == {OperatorFamily.BOOL}
    assert families("aws:UserAgent") == {OperatorFamily.STRING}
    assert families("aws:PrincipalArn") == {OperatorFamily.ARN, OperatorFamily.STRING}


def test_every_key_takes_some_operator():
    assert all(fitting(key) for key in aws_keys().values())
