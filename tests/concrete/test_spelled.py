"""Relations in words, and what bears an assertion out under another reading."""

from fractions import Fraction
from pathlib import Path

from cited import ARN

from policycheck.concrete.assertion import witnesses
from policycheck.concrete.spelling import spell_number, spell_relation
from policycheck.concrete.text import glob_matches
from policycheck.diagnostics import Source
from policycheck.model.address import AddressBetween, Family
from policycheck.model.order import Comparison, InstantCompares, Recurs, instant_text
from policycheck.model.reading import Reading
from policycheck.model.request import Request
from policycheck.model.text import glob
from policycheck.read.policy import parse_policy
from policycheck.read.spec import parse_spec

NULL = '{"Null": {"aws:Referer": "true"}}'
POLICY = """{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*",
  "Action": "execute-api:Invoke", "Resource": "execute-api:/*" %s}]}"""
SPEC = "{version: 1, assertions: [{id: some, sometimes_allowed: %s}]}"
EMPTY = Request(ARN, context={"aws:Referer": ""})


def shown(condition, predicate):
    policy = parse_policy(Source("policy", POLICY % condition))
    (assertion,) = parse_spec(Source("spec", SPEC % predicate), Path()).assertions
    readings = (frozenset(), frozenset({Reading.EMPTY_VALUE_IS_NULL}))
    return [witnesses(assertion, policy, EMPTY, one) for one in readings]


def test_a_witness_is_one_under_the_reading():
    assert shown("", "{}") == [True, True]
    assert shown(f', "Condition": {NULL}', "{}") == [False, True]
    assert shown("", f"{{condition: {NULL}}}") == [False, True]


def test_ranges_and_recurring_times_are_spelled():
    first, last = (10 << 24) + 1, (10 << 24) + 255
    assert spell_relation(AddressBetween(Family.V4, first, last)) == "10.0.0.1 - 10.0.0.255"
    assert spell_relation(AddressBetween(Family.V6, 1, 16)) == "::1 - ::10"
    night = Recurs(22 * 3600, 6 * 3600 + 30 * 60, frozenset({6}), 0)
    assert spell_relation(night) == "22:00-06:30"


def test_a_character_that_is_no_wildcard_is_escaped():
    block = ', "Condition": {"%s": {"aws:Referer": "a${*}*${?}?"}}'
    spelled = {}
    for operator in ("StringLike", "StringEquals"):
        text = POLICY % (block % operator)
        (entry,) = parse_policy(Source("policy", text)).statements[0].conditions
        spelled[operator] = [spell_relation(one) for one in entry.relations]
    assert spelled == {"StringLike": ["a${*}*${?}?"], "StringEquals": ["a**??"]}


def test_an_instant_beyond_the_calendar_is_a_count_of_seconds():
    assert instant_text(10**15) == "1000000000000000"
    assert instant_text(0) == "1970-01-01T00:00:00Z"


def test_a_date_keeps_its_fraction_of_a_second():
    half = InstantCompares(Comparison.LESS, 0, fraction=Fraction(1, 2))
    assert spell_relation(half) == "1970-01-01T00:00:00.5Z"


def test_every_digit_of_a_number_is_spelled():
    digits = "1234567890" * 9 + "12345678.5"
    assert spell_number(Fraction(digits)) == digits


def test_one_character_after_a_run_may_be_any_further_one():
    texts = ["ab", "aab", "xaabc", "b", "bb", "", "abab", "a"]
    assert [one for one in texts if glob_matches(one, glob("*?b*"))] == [
        "ab", "aab", "xaabc", "bb", "abab",
    ]  # fmt: skip
