"""Theorems about the encoding, proved by the solver: each formula's negation has no request."""

from __future__ import annotations

from itertools import permutations

import pytest
import z3
from formulas import KEYS, Laws, statement

from policycheck.model.condition import Quantifier
from policycheck.model.environment import Authorization, Endpoint, Environment
from policycheck.model.reading import Reading
from policycheck.symbolic.boolean import both, either, every, implies, negation


@pytest.fixture
def laws():
    return Laws()


def iff(left, right):
    return left == right


OPPOSITES = [
    ("StringEquals", "StringNotEquals", "aws:UserAgent", ["a", "b*"]),
    ("StringLike", "StringNotLike", "aws:UserAgent", ["a*b", "?c"]),
    ("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "aws:UserAgent", ["aB"]),
    ("StringLike", "StringNotLike", "aws:UserAgent", ["a*${aws:Referer, 'x'}"]),
    ("NumericEquals", "NumericNotEquals", "x:n", ["1", "2.5"]),
    ("DateEquals", "DateNotEquals", "aws:CurrentTime", ["2026-01-01T00:00:00Z"]),
    ("IpAddress", "NotIpAddress", "aws:SourceIp", ["10.0.0.0/8", "2001:db8::/32"]),
    ("ArnLike", "ArnNotLike", "aws:PrincipalArn", ["arn:aws:iam::*:role/a*"]),
]


@pytest.mark.parametrize(("positive", "negated", "key", "values"), OPPOSITES)
def test_negated_operators_are_complements_where_the_key_is_there(
    laws, positive, negated, key, values
):
    holds, fails = laws.entry(positive, key, *values), laws.entry(negated, key, *values)
    well = both(laws.present(key), negation(laws.malformed(key)))
    assert laws.is_valid(implies(well, iff(holds, negation(fails))))
    absent = negation(laws.present(key))
    assert laws.is_valid(implies(absent, both(negation(holds), fails)))


@pytest.mark.parametrize(("positive", "negated", "key", "values"), OPPOSITES)
def test_a_list_is_a_disjunction_and_negated_a_conjunction(laws, positive, negated, key, values):
    one_by_one = [laws.entry(positive, key, value) for value in values]
    assert laws.is_valid(iff(laws.entry(positive, key, *values), either(one_by_one)))
    none_of = [laws.entry(negated, key, value) for value in values]
    assert laws.is_valid(iff(laws.entry(negated, key, *values), every(none_of)))


@pytest.mark.parametrize(("positive", "negated", "key", "values"), OPPOSITES)
def test_if_exists_adds_the_requests_without_the_key(laws, positive, negated, key, values):
    for operator in (positive, negated):
        plain = laws.entry(operator, key, *values)
        lenient = laws.entry(f"{operator}IfExists", key, *values)
        without = negation(laws.present(key))
        assert laws.is_valid(iff(lenient, either((plain, without))))
    assert laws.is_valid(
        iff(laws.entry(negated, key, *values), laws.entry(f"{negated}IfExists", key, *values))
    )


LISTS = [
    ("StringEquals", "StringNotEquals", ["a", "b"]),
    ("StringLike", "StringNotLike", ["a*", "?"]),
]


@pytest.mark.parametrize(("positive", "negated", "values"), LISTS)
def test_the_quantifiers_are_dual_where_the_key_has_values(laws, positive, negated, values):
    every_one = laws.entry(f"ForAllValues:{positive}", "x:list", *values)
    some_not = laws.entry(f"ForAnyValue:{negated}", "x:list", *values)
    some_text = laws.entry("ForAnyValue:StringLike", "x:list", "?*")
    assert laws.is_valid(implies(some_text, iff(every_one, negation(some_not))))
    absent = negation(laws.present("x:list"))
    assert laws.is_valid(implies(absent, both(every_one, negation(some_not))))


@pytest.mark.parametrize("operator", ["StringEquals", "StringNotLike"])
def test_every_value_is_some_value(laws, operator):
    every_one, some = (
        laws.entry(f"{quantifier.value}:{operator}", "x:list", "a", "b")
        for quantifier in (Quantifier.FOR_ALL, Quantifier.FOR_ANY)
    )
    some_text = laws.entry("ForAnyValue:StringLike", "x:list", "?*")
    assert laws.is_valid(implies(both(some_text, every_one), some))
    assert not laws.is_valid(implies(some, every_one))


@pytest.mark.parametrize(("positive", "negated", "values"), LISTS)
def test_quantified_lists(laws, positive, negated, values):
    """Some value meets some entry; no value meets any entry."""
    some = laws.entry(f"ForAnyValue:{positive}", "x:list", *values)
    one_by_one = [laws.entry(f"ForAnyValue:{positive}", "x:list", value) for value in values]
    assert laws.is_valid(iff(some, either(one_by_one)))
    none_of = laws.entry(f"ForAllValues:{negated}", "x:list", *values)
    each = [laws.entry(f"ForAllValues:{negated}", "x:list", value) for value in values]
    assert laws.is_valid(iff(none_of, every(each)))
    every_one = laws.entry(f"ForAllValues:{positive}", "x:list", *values)
    narrower = [laws.entry(f"ForAllValues:{positive}", "x:list", value) for value in values]
    assert laws.is_valid(implies(either(narrower), every_one))
    assert not laws.is_valid(implies(every_one, either(narrower)))


@pytest.mark.parametrize("operator", ["StringLike", "StringNotLike"])
def test_if_exists_changes_nothing_for_all_values(laws, operator):
    plain = laws.entry(f"ForAllValues:{operator}", "x:list", "a*")
    lenient = laws.entry(f"ForAllValues:{operator}IfExists", "x:list", "a*")
    assert laws.is_valid(iff(plain, lenient))


@pytest.mark.parametrize("operator", ["StringLike", "StringNotLike"])
def test_if_exists_for_any_value_is_a_reading(operator):
    """Rule B5-for-any-if-exists."""
    for is_on in (False, True):
        laws = Laws(switched=dict.fromkeys(Reading, is_on))
        plain = laws.entry(f"ForAnyValue:{operator}", "x:list", "a*")
        lenient = laws.entry(f"ForAnyValue:{operator}IfExists", "x:list", "a*")
        absent = negation(laws.present("x:list"))
        assert laws.is_valid(iff(lenient, either((plain, absent)) if is_on else plain))


def test_one_value_needs_no_quantifier(laws):
    plain = laws.entry("StringLike", "x:list", "a*")
    some = laws.entry("ForAnyValue:StringLike", "x:list", "a*")
    every_one = laws.entry("ForAllValues:StringLike", "x:list", "a*")
    assert laws.is_valid(implies(plain, both(some, every_one)))
    assert not laws.is_valid(implies(both(some, every_one), plain))


@pytest.mark.parametrize("key", ["aws:UserAgent", "aws:SourceIp", "x:n"])
def test_null_splits_the_requests(laws, key):
    absent, there = laws.entry("Null", key, "true"), laws.entry("Null", key, "false")
    assert laws.is_valid(iff(absent, negation(there)))
    assert laws.is_valid(laws.entry("Null", key, "true", "false"))
    assert laws.is_valid(implies(negation(laws.present(key)), absent))


@pytest.mark.parametrize(("positive", "negated", "key", "values"), OPPOSITES)
def test_if_exists_is_null_or_the_operator(positive, negated, key, values):
    laws = Laws(switched=dict.fromkeys(Reading, False))
    absent, there = laws.entry("Null", key, "true"), laws.entry("Null", key, "false")
    for operator in (positive, negated):
        plain = laws.entry(operator, key, *values)
        lenient = laws.entry(f"{operator}IfExists", key, *values)
        assert laws.is_valid(iff(lenient, either((absent, plain))))
        assert laws.is_valid(iff(both(there, lenient), both(there, plain)))


def test_flags_are_true_or_false_unless_malformed(laws):
    yes, no = laws.entry("Bool", "x:flag", "true"), laws.entry("Bool", "x:flag", "false")
    assert laws.is_valid(negation(both(yes, no)))
    well = both(laws.present("x:flag"), negation(laws.malformed("x:flag")))
    assert laws.is_valid(implies(well, either((yes, no))))


@pytest.mark.parametrize(
    ("inner", "outer", "is_inside"),
    [
        ("10.1.2.0/24", "10.1.0.0/16", True),
        ("10.1.2.3", "10.1.2.3/32", True),
        ("10.1.2.77/24", "10.1.2.0/24", True),
        ("10.1.0.0/16", "10.1.2.0/24", False),
        ("10.1.2.0/24", "::/0", False),
        ("::fffe:0:0/95", "0.0.0.0/0", False),
        ("2001:db8:1::/48", "2001:db8::/32", True),
        ("2001:db8::/32", "2001:db8::/33", False),
        ("0.0.0.0/0", "0.0.0.0/1", False),
    ],
)
def test_subnets(laws, inner, outer, is_inside):
    one, other = (laws.entry("IpAddress", "aws:SourceIp", block) for block in (inner, outer))
    assert laws.is_valid(implies(one, other)) is is_inside


def test_halves_make_up_a_block(laws):
    halves = laws.entry("IpAddress", "aws:SourceIp", "10.0.0.0/9", "10.128.0.0/9")
    assert laws.is_valid(iff(halves, laws.entry("IpAddress", "aws:SourceIp", "10.0.0.0/8")))


def test_one_clock_is_behind_both_time_keys(laws):
    iso = laws.entry("DateLessThan", "aws:CurrentTime", "2026-01-01T00:00:00Z")
    epoch = laws.entry("NumericLessThan", "aws:EpochTime", "1767225600")
    assert laws.is_valid(iff(iso, epoch))


ORDER = ["Equals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"]


@pytest.mark.parametrize(
    ("family", "key", "value"),
    [("Numeric", "x:n", "1.5"), ("Date", "aws:CurrentTime", "2026-01-01T00:00:00Z")],
)
def test_order(laws, family, key, value):
    same, less, at_most, more, at_least = (
        laws.entry(f"{family}{name}", key, value) for name in ORDER
    )
    well = both(laws.present(key), negation(laws.malformed(key)))
    assert laws.is_valid(iff(at_most, either((less, same))))
    assert laws.is_valid(iff(at_least, either((more, same))))
    assert laws.is_valid(implies(well, either((less, same, more))))
    assert laws.is_valid(negation(either((both(less, same), both(same, more), both(less, more)))))


ALLOWS = [
    statement(Resource="execute-api:/prod/*"),
    statement(Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}),
    statement(Principal={"AWS": "111122223333"}, Resource="execute-api:/*/GET/*/a"),
]
DENIES = [
    {**statement(Condition={"StringNotLike": {"aws:UserAgent": "a*"}}), "Effect": "Deny"},
    {**statement(NotResource="execute-api:/prod/*/b*"), "Effect": "Deny"},
]


@pytest.mark.parametrize("added", ALLOWS)
def test_an_allow_only_opens(laws, added):
    before = laws.allows(ALLOWS[0], *DENIES)
    assert laws.is_valid(implies(before, laws.allows(ALLOWS[0], *DENIES, added)))


@pytest.mark.parametrize("added", DENIES)
def test_a_deny_only_closes(laws, added):
    before = laws.allows(*ALLOWS)
    after = laws.allows(added, *ALLOWS)
    assert laws.is_valid(implies(after, before))
    assert not laws.is_valid(implies(before, after))


def test_the_order_of_statements_does_not_matter(laws):
    statements = [*ALLOWS[:2], *DENIES]
    first = laws.allows(*statements)
    for others in list(permutations(statements))[1::5]:
        assert laws.is_valid(iff(first, laws.allows(*others)))


@pytest.mark.parametrize("repeated", [*ALLOWS, *DENIES])
def test_a_repeated_statement_changes_nothing(laws, repeated):
    statements = [*ALLOWS, *DENIES]
    assert laws.is_valid(iff(laws.allows(*statements), laws.allows(*statements, repeated)))


@pytest.mark.parametrize(
    ("element", "values"),
    [
        ("Resource", ["execute-api:/prod/*", "arn:aws:execute-api:*:*:abc/*/GET/a?"]),
        ("Action", ["execute-api:Invoke", "execute-api:M*"]),
    ],
)
def test_lists_of_elements(element, values):
    laws = Laws(switched=dict.fromkeys(Reading, False))
    one_by_one = [laws.applies(**{element: value}) for value in values]
    assert laws.is_valid(iff(laws.applies(**{element: values}), either(one_by_one)))
    none_of = laws.applies(**{f"Not{element}": values})
    assert laws.is_valid(iff(none_of, negation(either(one_by_one))))


def test_principals(laws):
    account = laws.applies(Principal={"AWS": "111122223333"})
    role = laws.applies(Principal={"AWS": "arn:aws:iam::111122223333:role/x"})
    session = laws.applies(Principal={"AWS": "arn:aws:sts::111122223333:assumed-role/x/s"})
    everybody = laws.applies(Principal={"AWS": "*"})
    assert laws.is_valid(everybody)
    assert laws.is_valid(implies(role, account))
    assert laws.is_valid(implies(session, account))
    assert not laws.is_valid(implies(session, role))


@pytest.mark.parametrize("endpoint", Endpoint)
def test_some_request_exists(endpoint):
    for authorization in Authorization:
        laws = Laws(Environment(endpoint, authorization, keys=KEYS))
        assert not laws.is_valid(z3.BoolVal(False))
