"""Numbers and times as both implementations read them; formulas at requests with many values."""

from __future__ import annotations

import re

import pytest
from cited import ARN, KEYS, policy_of

from policycheck.concrete.order import parse_instant, parse_number
from policycheck.concrete.policy import evaluate
from policycheck.concrete.predicate import holds as concrete_holds
from policycheck.model.environment import Environment
from policycheck.model.predicate import Conditions
from policycheck.model.reading import DEFAULT_READINGS
from policycheck.model.request import Request
from policycheck.symbolic.boolean import proposition
from policycheck.symbolic.literals import instant, number
from policycheck.symbolic.pinning import at, decision_at, holds_at
from policycheck.symbolic.request import Request as Symbols

INSTANTS = [
    *("2026-01", "2026-02-03", "2026", "1970-01-01", "1969-12-31T23:59:59Z", "20260101"),
    *("2026-01-01T00:00:00.5Z", "1969-12-31T23:59:59.5Z", "2026-01-01T00:00Z"),
    *("2026-01-01T00:00:00+01:00", "2026-01-01T00:00:00-09:30", "2026-01-01T00:00:00+0100"),
    *("2026-01-01T00:00:00", "2026-01-01t00:00:00z", "2026-01-01 00:00:00Z", "2026-13-01"),
    *("0", "-1", "1767225600", "1767225600.9", "-0.5", "1e3", "now", "", " 0", "0001-01-01"),
    *("9999-12-31T23:59:59Z", "2026-02-30", "2026-01-01T24:00:00Z", "2026-01-01T23:59:60Z"),
]


def read(reader, text):
    try:
        return reader(text)
    except ValueError:
        return None


@pytest.mark.parametrize("text", INSTANTS)
def test_a_time_is_read_alike_by_both(text):
    """Rules B3-instant-text, B3-instant-partial, B3-instant-seconds, B3-epoch."""
    found = read(instant, text)
    assert found == parse_instant(text)
    assert found is None or type(found) is int


UNREADABLE = [
    (number, " 1", "no number: ' 1'"),
    (number, "1e101", "too large an exponent: '1e101'"),
    (number, "null", "no number: 'null'"),
    (number, "NaN", "no number: 'NaN'"),
    (instant, "now", "no instant: 'now'"),
]


@pytest.mark.parametrize(("reader", "text", "message"), UNREADABLE)
def test_what_cannot_be_read_is_told(reader, text, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        reader(text)
    assert parse_number(text) is None
    assert parse_instant(text) is None


ENVIRONMENT = Environment(keys=KEYS)
ENTRIES = [
    ("StringEquals", "a"),
    ("ForAllValues:StringEquals", "a"),
    ("ForAnyValue:StringEquals", "b"),
    ("ForAllValues:StringNotEquals", "b"),
    ("ForAnyValue:StringNotEquals", "a"),
    ("Null", "true"),
]
VALUES = [(), ("a",), ("a", "a"), ("a", "a", "b"), ("a", "a", "a", "a"), ("b", "a", "a", "a", "a")]


def conditions(operator, value):
    return policy_of({"Condition": {operator: {"x:list": value}}})


@pytest.mark.parametrize(("operator", "value"), ENTRIES)
@pytest.mark.parametrize("values", VALUES)
def test_a_request_may_have_more_values_than_the_formulas_tell_apart(operator, value, values):
    """Rules B5-for-all, B5-for-any, B5-several-values."""
    policy = conditions(operator, value)
    request = Request(ARN, context={"x:list": values, "aws:CalledVia": values})
    wanted = evaluate(policy, request, DEFAULT_READINGS).outcome
    assert decision_at(policy, request, ENVIRONMENT) is wanted
    predicate = Conditions(policy.statements[0].conditions)
    expected = concrete_holds(predicate, request, DEFAULT_READINGS)
    assert holds_at(predicate, request, ENVIRONMENT) is expected


def test_a_formula_may_have_more_slots_than_a_request_has_values():
    """Rule B5-several-values."""
    both_keys = {"ForAllValues:StringEquals": {"x:list": "a"}, "StringEquals": {"x:list": "a"}}
    policy = policy_of({"Condition": both_keys})
    for values in VALUES:
        request = Request(ARN, context={"x:list": values})
        wanted = evaluate(policy, request, DEFAULT_READINGS).outcome
        assert decision_at(policy, request, ENVIRONMENT) is wanted


def test_what_a_request_leaves_open_is_an_error():
    symbols = Symbols(ENVIRONMENT)
    with pytest.raises(ValueError, match=r"^the request leaves open: open$"):
        at(proposition("open"), symbols, Request(ARN))
