"""Formulas of condition entries: at known requests as the concrete evaluator has them, and laws of
what no request shows (values that are not there, readings of a value as another type)."""

from __future__ import annotations

from itertools import product

import pytest
from cited import ARN, KEYS, policy_of
from formulas import Laws

from policycheck.concrete.condition import entry_holds as concrete_holds
from policycheck.diagnostics import InputError
from policycheck.model.condition import Comparing, Existing
from policycheck.model.environment import Environment
from policycheck.model.keys import KeyType
from policycheck.model.reading import DEFAULT_READINGS, Reading
from policycheck.model.request import Request
from policycheck.model.text import Pattern, TextEquals
from policycheck.symbolic.boolean import both, either, every, implies, negation
from policycheck.symbolic.condition import entry_holds, relation_matches, variables
from policycheck.symbolic.pinning import at
from policycheck.symbolic.request import Request as Symbols

READINGS = [
    DEFAULT_READINGS,
    frozenset({Reading.MALFORMED_VALUE_FAILS_NEGATED, Reading.EMPTY_VARIABLE_HAS_NO_VALUE}),
    frozenset({Reading.EMPTY_VALUE_IS_NULL, Reading.ANY_VALUE_IF_EXISTS_HOLDS}),
]
ENVIRONMENT = Environment(keys=KEYS)
SLOTS = {"x:address": 3, "x:list": 3}


def entry(operator, key, *values):
    block = {"Condition": {operator: {key: list(values)}}}
    return policy_of(block).statements[0].conditions[0]


ADDRESSES = [
    entry("IpAddress", "x:address", "10.0.0.0/8"),
    entry("NotIpAddress", "x:address", "0.0.0.0/0", "::/0"),
    entry("ForAllValues:IpAddress", "x:address", "10.0.0.0/8", "11.0.0.0/8"),
    entry("ForAllValues:NotIpAddress", "x:address", "0.0.0.0/0"),
    entry("ForAnyValue:IpAddress", "x:address", "0.0.0.0/0"),
    entry("ForAnyValue:NotIpAddress", "x:address", "10.0.0.0/8"),
    entry("Null", "x:address", "true"),
]
ARNS = [
    entry("ArnLike", "x:arn", "arn:*:*:*:*:*"),
    entry("ArnNotEquals", "x:arn", "arn:aws:s3:::a", "arn:aws:s3:::b"),
    entry("StringNotEquals", "x:arn", "b"),
    entry("StringLike", "x:arn", "arn:*:a"),
    entry("ForAllValues:ArnNotLike", "x:arn", "arn:*:*:*:*:a"),
    entry("ForAnyValue:StringEquals", "x:arn", "b", ""),
    entry("Null", "x:arn", "false"),
]
NUMBERS = [
    entry("NumericEquals", "x:n", "0"),
    entry("NumericNotEquals", "x:n", "0"),
    entry("NumericLessThanIfExists", "x:n", "1"),
    entry("ForAllValues:NumericEquals", "x:n", "0"),
    entry("ForAnyValue:NumericNotEquals", "x:n", "0"),
    entry("Null", "x:n", "true"),
]
LISTS = [
    entry("StringEquals", "x:list", "a"),
    entry("StringNotLike", "x:list", "?"),
    entry("ForAllValues:StringEquals", "x:list", "a", "b"),
    entry("ForAnyValue:StringNotEquals", "x:list", "a"),
    entry("ForAllValues:StringLike", "x:list", "${aws:Referer}*"),
    entry("ForAnyValue:StringEquals", "x:list", "${aws:Referer, 'b'}"),
    entry("StringEquals", "aws:Referer", "${x:list}", "${x:list, 'b'}c"),
    entry("StringNotEquals", "aws:Referer", "${x:list, 'b'}"),
    entry("StringEqualsIgnoreCase", "aws:Referer", "${x:list, ''}"),
    entry("Null", "x:list", "true"),
    Existing("Null", "x:list", (True,), undisputed=True),
]
GROUPS = [
    (ADDRESSES, "x:address", ["10.0.0.1", "0.0.0.0", "11.0.0.1", "::", "", "no address"]),
    (ARNS, "x:arn", ["arn:aws:s3:::a", "arn:aws:s3:::c", "b", "", "arn:aws"]),
    (NUMBERS, "x:n", ["0", "2", "", "no number"]),
    (LISTS, "x:list", ["a", "b", "A", ""]),
]
REFERERS = [{}, {"aws:Referer": ""}, {"aws:Referer": "a"}, {"aws:Referer": "bc"}]


def held(key, values, longest):
    """Contexts with up to so many of the values."""
    for count in range(longest + 1):
        for chosen in product(values, repeat=count):
            yield {key: chosen} if chosen else {}


def contexts(key, values):
    several = KEYS.find(key).multivalued
    for own in held(key, values, 2 if several else 1):
        for other in REFERERS if key == "x:list" else [{}]:
            yield {**own, **other}


@pytest.mark.parametrize("readings", READINGS)
@pytest.mark.parametrize(("entries", "key", "values"), GROUPS)
def test_an_entry_at_a_request_is_as_the_evaluator_has_it(entries, key, values, readings):
    """Rules B2, B4-malformed, B5 and B6."""
    switched = {reading: reading in readings for reading in Reading}
    symbols = Symbols(ENVIRONMENT, SLOTS, switched)
    formulas = [(one, entry_holds(one, symbols)) for one in entries]
    for context in contexts(key, values):
        request = Request(ARN, context=context)
        for one, formula in formulas:
            expected = concrete_holds(one, request.values, readings)
            assert at(formula, symbols, request) is expected, (one.operator, context)


NOWHERE = [
    ("ForAllValues:StringEquals", True),
    ("ForAnyValue:StringEquals", False),
    ("ForAnyValue:StringNotEquals", False),
    ("StringEquals", False),
    ("StringNotEquals", True),
    ("StringEqualsIfExists", True),
    ("Null", True),
    ("ForAllValues:Null", True),
    ("ForAnyValue:Null", False),
]


@pytest.mark.parametrize(("operator", "holds"), NOWHERE)
def test_a_key_that_no_request_has_is_absent(operator, holds):
    """Rules D1-unknown-key, B5-for-all-empty, B5-for-any-absent."""
    laws = Laws()
    formula = laws.entry(operator, "x:unknown", "true")
    assert laws.is_valid(formula) is holds
    assert laws.is_valid(negation(formula)) is not holds


def test_whether_some_value_of_a_key_that_no_request_has_holds_if_it_exists_is_a_reading():
    """Rule B5-for-any-if-exists."""
    laws = Laws()
    formula = laws.entry("ForAnyValue:StringEqualsIfExists", "x:unknown", "true")
    assert not laws.is_valid(formula)
    assert not laws.is_valid(negation(formula))


@pytest.fixture
def laws():
    return Laws()


SCALARS = [
    ("IpAddress", "x:address", ["10.0.0.0/8", "::/1"]),
    ("NumericLessThan", "x:n", ["1"]),
    ("Bool", "x:flag", ["true"]),
]


@pytest.mark.parametrize(("operator", "key", "values"), SCALARS)
def test_a_quantifier_over_one_value_of_its_type_is_none(laws, operator, key, values):
    """Rules B5-for-all, B5-for-any."""
    well = both(laws.present(key), negation(laws.malformed(key)))
    plain = laws.entry(operator, key, *values)
    for quantifier in ("ForAllValues", "ForAnyValue"):
        quantified = laws.entry(f"{quantifier}:{operator}", key, *values)
        assert laws.is_valid(implies(well, quantified == plain))


@pytest.mark.parametrize(("operator", "key", "values"), SCALARS)
def test_some_value_is_there(laws, operator, key, values):
    """Rule B5-for-any-absent."""
    some = laws.entry(f"ForAnyValue:{operator}", key, *values)
    assert laws.is_valid(implies(some, laws.present(key)))
    assert laws.is_valid(implies(negation(laws.present(key)), negation(some)))


ALL = [
    ("IpAddress", "x:address", ["0.0.0.0/0", "::/0"]),
    ("NumericLessThan", "x:n", ["1e100"]),
    ("Bool", "x:flag", ["true"]),
    ("Bool", "x:flag", ["false"]),
]


@pytest.mark.parametrize(("operator", "key", "values"), ALL)
def test_a_malformed_value_matches_nothing(laws, operator, key, values):
    """Rule B4-malformed."""
    matched = laws.entry(operator, key, *values)
    assert laws.is_valid(implies(laws.malformed(key), negation(matched)))
    every_one = laws.entry(f"ForAllValues:{operator}", key, *values)
    not_empty = both(laws.malformed(key), laws.present(key), negation(empty(laws, key)))
    assert laws.is_valid(implies(not_empty, negation(every_one)))


def empty(laws, key):
    return either(slot.empty for slot in laws.request.key(key).slots)


def test_a_plain_operator_holds_of_one_value_in_whichever_place(laws):
    """Rule B5-several-values."""
    some_text = laws.entry("StringLike", "x:list", "*")
    filled = [slot.filled for slot in laws.request.key("x:list").slots]
    alone = [
        both(one, *(negation(other) for other in filled if other is not one)) for one in filled
    ]
    assert laws.is_valid(some_text == either(alone))


def test_null_of_an_empty_value_is_a_reading():
    """Rule B2-null-empty."""
    for is_on in (False, True):
        laws = Laws(switched=dict.fromkeys(Reading, is_on))
        absent = negation(laws.present("aws:Referer"))
        is_empty = laws.entry("StringEquals", "aws:Referer", "")
        expected = either((absent, is_empty)) if is_on else absent
        assert laws.is_valid(laws.entry("Null", "aws:Referer", "true") == expected)


def test_a_well_formed_arn_is_not_empty_whatever_a_malformed_one_would_be():
    """Rule B2-null-empty."""
    laws = Laws(ENVIRONMENT, dict.fromkeys(Reading, True))
    well = both(laws.present("x:arn"), negation(laws.malformed("x:arn")))
    assert laws.is_valid(implies(well, laws.entry("Null", "x:arn", "false")))
    assert not laws.is_valid(implies(laws.present("x:arn"), laws.entry("Null", "x:arn", "false")))


ASKED_FOR = [
    ("Null", "aws:Referer", "true", {Reading.EMPTY_VALUE_IS_NULL}),
    ("Null", "x:n", "true", {Reading.EMPTY_VALUE_IS_NULL}),
    ("Null", "aws:SecureTransport", "true", set()),
    ("Null", "aws:SourceIp", "true", set()),
    ("NumericNotEquals", "x:n", "1", {Reading.MALFORMED_VALUE_FAILS_NEGATED}),
    ("NumericEquals", "x:n", "1", set()),
    ("NumericNotEquals", "aws:MultiFactorAuthAge", "1", set()),
    ("NotIpAddress", "aws:SourceIp", "10.0.0.0/8", set()),
    ("StringNotEquals", "x:arn", "a", set()),
    ("ForAnyValue:StringEquals", "aws:Referer", "a", set()),
    ("ForAnyValue:StringEqualsIfExists", "aws:Referer", "a", {Reading.ANY_VALUE_IF_EXISTS_HOLDS}),
    ("ForAnyValue:BoolIfExists", "aws:SecureTransport", "true", set()),
    ("ForAnyValue:StringLike", "aws:Referer", "*", {Reading.ANY_VALUE_FAILS_EMPTY}),
    ("ForAnyValue:StringNotEquals", "aws:Referer", "a", {Reading.ANY_VALUE_FAILS_EMPTY}),
    ("ForAnyValue:StringNotEquals", "aws:PrincipalOrgPaths", "a", set()),
    ("ForAnyValue:StringNotEquals", "aws:Referer", "", set()),
]


@pytest.mark.parametrize(("operator", "key", "value", "readings"), ASKED_FOR)
def test_a_reading_is_asked_for_only_where_something_hangs_on_it(operator, key, value, readings):
    """Rules B2-null-empty, B4-malformed, B5-for-any-empty, B5-for-any-if-exists.

    A verdict is told with the readings that it hangs on.
    """
    symbols = Symbols(ENVIRONMENT)
    entry_holds(entry(operator, key, value), symbols)
    assert set(symbols.readings) == readings


@pytest.mark.parametrize(
    ("operator", "key", "value"),
    [
        ("Bool", "x:n", "true"),
        ("DateEquals", "x:n", "2026-01-01T00:00:00Z"),
        ("BinaryEquals", "x:list", "QQ=="),
    ],
)
def test_an_operator_that_does_not_fit_is_told_with_its_place(operator, key, value):
    """Rules B3-binary, B3-type."""
    laws = Laws()
    policy = policy_of({"Condition": {operator: {key: value}}})
    with pytest.raises(InputError) as raised:
        entry_holds(policy.statements[0].conditions[0], laws.request)
    (found,) = raised.value.diagnostics
    assert found.code == "INVALID_CONDITION_DATA_TYPE"
    assert found.message == "this operator does not fit the type of the key it is used on"
    assert found.span == policy.statements[0].conditions[0].relations[0].span
    assert found.span is not None


def test_one_block_is_as_a_list_of_one():
    laws = Laws()
    for block in ("10.0.0.0/8", "2001:db8::1", "2001:db8::/32"):
        found = entry("IpAddress", "aws:SourceIp", block)
        assert isinstance(found, Comparing)
        value = laws.request.key("aws:SourceIp").slots[0].value
        alone = relation_matches(value, found.relations[0], laws.request)
        listed = entry_holds(found, laws.request)
        assert laws.is_valid(implies(laws.present("aws:SourceIp"), alone == listed))


def test_the_variables_of_an_entry_are_those_of_its_texts():
    found = [list(variables(one)) for one in (*ADDRESSES, *NUMBERS)]
    assert not any(found)
    (named,) = variables(entry("ArnLike", "x:arn", "arn:aws:s3:::${aws:Referer}"))
    assert named.key == "aws:referer"
    assert not any(variables(Comparing("StringEquals", "x:list", (TextEquals(Pattern(())),))))


def test_the_cases_have_every_type_that_a_client_may_send_malformed():
    types = {key.type for key in KEYS.declared.values()}
    assert types == set(KeyType)
    assert every([]) is not None
