"""A verdict that depends on a disputed rule is the worse one and names the rule."""

from __future__ import annotations

import pytest
from asking import allow, always, ask, condition, deny, never, sometimes

from policycheck.model.reading import DISPUTES, Reading
from policycheck.model.verdict import Status
from policycheck.report.page import Page
from policycheck.report.text import verdict_lines
from policycheck.solve import proof, refutation

PUBLIC = {"endpoint": "regional"}
PRIVATE = {"endpoint": "private"}
IAM = {"authorization": "iam"}
ROLE = "arn:aws:iam::111122223333:role/ops"


def without_principal(statement):
    return {key: value for key, value in statement.items() if key != "Principal"}


def denied_but(*arns):
    return {**without_principal(deny()), "NotPrincipal": {"AWS": list(arns)}}


def when(operator, key, *values):
    return {operator: {key: list(values)}}


KEYS = {"x:n": {"type": "numeric", "client_controlled": True}}

DEPENDING = {
    Reading.ARN_STAR_CROSSES_COLON: (
        [allow(Resource="arn:aws:execute-api:*:111122223333:abc/prod/GET/a")],
        never(path="/x:111122223333:abc/prod/GET/a"),
        {},
    ),
    Reading.NOT_PRINCIPAL_STRICT: (
        [allow(), denied_but(ROLE)],
        always(principal=ROLE),
        {"api": IAM},
    ),
    Reading.MISSING_VARIABLE_VOIDS_STATEMENT: (
        [allow(), deny(Condition=when("StringNotEquals", "aws:UserAgent", "${aws:username}"))],
        never(),
        {},
    ),
    Reading.PRIVATE_SOURCE_IP_PRESENT: (
        [allow(Condition=when("IpAddress", "aws:SourceIp", "10.0.0.0/8"))],
        never(),
        {"api": PRIVATE},
    ),
    Reading.ANONYMOUS_PRINCIPAL_KEYS: (
        [allow(Condition={"Null": {"aws:userid": "false"}})],
        never(),
        {},
    ),
    Reading.EMPTY_VALUE_IS_NULL: (
        [allow(Condition={"Null": {"aws:Referer": "true"}})],
        never(**condition("StringLike", "aws:Referer", "*")),
        {},
    ),
    Reading.IPV6_BARE_PREFIX_32: (
        [allow(Condition=when("IpAddress", "aws:SourceIp", "2600:1::1"))],
        never(source_ip="2600:1:2::/48"),
        {"api": PUBLIC},
    ),
    Reading.MALFORMED_VALUE_FAILS_NEGATED: (
        [allow(), deny(Condition=when("NumericNotEquals", "x:n", "1"))],
        never(**{"not": condition("NumericEquals", "x:n", "1")}),
        {"keys": KEYS},
    ),
    Reading.NOT_RESOURCE_SHORTHAND_LITERAL: (
        [allow(NotResource="execute-api:/prod/*")],
        never(stage="prod"),
        {},
    ),
    Reading.EMPTY_VARIABLE_HAS_NO_VALUE: (
        [allow(Condition=when("StringEquals", "aws:UserAgent", "${aws:Referer, 'd'}"))],
        never(
            all_of=[
                condition("StringEquals", "aws:UserAgent", "d"),
                condition("StringEquals", "aws:Referer", ""),
            ]
        ),
        {},
    ),
    Reading.ROUTE_SPELLED_OTHERWISE: (
        [allow(), deny(Resource="execute-api:/*/GET/pets")],
        never(),
        {"api": {"routes": ["GET /pets"]}},
    ),
    Reading.ANY_VALUE_IF_EXISTS_HOLDS: (
        [allow(Condition=when("ForAnyValue:StringEqualsIfExists", "aws:PrincipalOrgPaths", "o/"))],
        never(absent=["aws:PrincipalOrgPaths"]),
        {"api": IAM},
    ),
    Reading.USER_NAMES_ITS_FEDERATED_SESSIONS: (
        [allow(Principal={"AWS": "arn:aws:iam::111122223333:user/team/ada"})],
        never(**{"not": {"principal": "arn:aws:iam::*:user/*"}}),
        {"api": IAM},
    ),
    Reading.FRACTIONS_OF_SECONDS_COUNT: (
        [allow(Condition=when("DateLessThan", "aws:CurrentTime", "2026-01-01T00:00:00.5Z"))],
        never(time={"after": "2026-01-01T00:00:00Z"}),
        {},
    ),
    Reading.ANY_VALUE_FAILS_EMPTY: (
        [allow(), deny(Condition=when("ForAnyValue:StringNotLike", "aws:UserAgent", "curl*"))],
        never(**condition("StringEquals", "aws:UserAgent", "")),
        {},
    ),
}


def test_every_reading_has_a_question_that_depends_on_it():
    assert set(DEPENDING) == set(Reading)


@pytest.mark.parametrize("reading", Reading, ids=lambda reading: reading.value)
def test_a_violation_under_a_reading_names_it(reading):
    statements, assertion, sections = DEPENDING[reading]
    verdict = ask(statements, assertion, **sections)
    assert verdict.status is Status.VIOLATED
    assert verdict.readings == (reading,)
    assert verdict.under == (reading,)
    assert verdict.counterexample.readings == {reading}


@pytest.mark.parametrize("reading", Reading, ids=lambda reading: reading.value)
def test_what_is_violated_either_way_names_no_reading(reading):
    statements, assertion, sections = DEPENDING[reading]
    opposite = deny() if "always_allowed" in assertion else allow()
    others = [*statements, opposite] if opposite["Effect"] == "Deny" else [opposite]
    verdict = ask(others, assertion, **sections)
    assert verdict.status is Status.VIOLATED
    assert verdict.readings == ()


REFERER = {"Null": {"aws:Referer": "false"}}
BY_DEFAULT = {
    "a request breaks it": (
        [allow(Condition=REFERER)],
        never(**condition("StringEquals", "aws:Referer", "")),
        {},
        Reading.EMPTY_VALUE_IS_NULL,
    ),
    "nobody is allowed": (
        [allow(Condition={"Null": {"aws:Referer": "true"}})],
        sometimes(**condition("StringLike", "aws:Referer", "*")),
        {},
        Reading.EMPTY_VALUE_IS_NULL,
    ),
    "no request is in scope": (
        [deny()],
        never(present=["aws:SourceIp"]),
        {"api": PRIVATE},
        Reading.PRIVATE_SOURCE_IP_PRESENT,
    ),
}


@pytest.mark.parametrize("name", BY_DEFAULT)
def test_what_fails_by_default_alone_names_the_rule_too(name):
    statements, assertion, sections, reading = BY_DEFAULT[name]
    verdict = ask(statements, assertion, **sections)
    assert verdict.status in {Status.VIOLATED, Status.VACUOUS}
    assert (verdict.readings, verdict.under) == ((reading,), ())
    shown = "\n".join(verdict_lines(verdict, Page(80)))
    assert "this depends on how AWS reads a rule" in shown
    usual = " ".join(shown.partition("AWS reads a rule")[2].partition("  - ")[2].split())
    mark = "shown here" if verdict.counterexample else "so here"
    assert usual.startswith(f"{DISPUTES[reading].default} ({mark})")


@pytest.fixture
def tried(monkeypatch):
    """The combinations of readings under which proofs are tried against requests."""
    found = []

    def attempt(trial, count, combinations, deadline):
        found.extend(combinations)
        refutation.attempt(trial, count, combinations, deadline)

    monkeypatch.setattr(proof, "attempt", attempt)
    return found


def test_a_proof_is_tried_under_every_reading_alone(tried):
    null = allow(Condition={"Null": {"aws:Referer": "true"}})
    assert ask([null, deny()], never()).status is Status.PROVED
    assert tried[0] == frozenset()
    alone = {Reading.EMPTY_VALUE_IS_NULL, Reading.ANONYMOUS_PRINCIPAL_KEYS}
    assert set(tried[1:]) == {frozenset({one}) for one in alone}


def test_that_nobody_is_allowed_is_tried_under_the_readings_that_say_so(tried):
    assert ask([allow(), deny()], sometimes()).status is Status.VIOLATED
    assert tried == [frozenset()]
    tried.clear()
    null = allow(Condition={"Null": {"aws:Referer": "false"}})
    empty = condition("StringEquals", "aws:Referer", "")
    assert ask([null], sometimes(**empty)).status is Status.VIOLATED
    assert tried == [frozenset({Reading.EMPTY_VALUE_IS_NULL})]


def test_a_witness_must_be_there_under_every_reading():
    shorthand = [allow(NotResource=["execute-api:/prod/*", "execute-api:/dev/*"])]
    assert ask(shorthand, sometimes(stage="test")).status is Status.PROVED
    bare = [allow(Condition=when("IpAddress", "aws:SourceIp", "2600:1::1"))]
    assert ask(bare, sometimes(), api=PUBLIC).status is Status.PROVED
    null = [allow(Condition={"Null": {"aws:Referer": "false"}})]
    empty = condition("StringEquals", "aws:Referer", "")
    verdict = ask(null, sometimes(**empty))
    assert verdict.status is Status.VIOLATED
    assert verdict.readings == (Reading.EMPTY_VALUE_IS_NULL,)


def test_a_witness_must_be_there_under_the_last_of_several_readings_too():
    null = allow(Condition={"Null": {"aws:userid": "true", "aws:Referer": "true"}})
    verdict = ask([null], sometimes(), api={"authorization": "none"})
    assert verdict.status is Status.VIOLATED
    assert Reading.ANONYMOUS_PRINCIPAL_KEYS in verdict.readings


def test_a_scope_that_is_empty_under_a_reading_is_vacuous():
    predicate = {"absent": ["aws:SourceIp"]}
    verdict = ask([deny()], never(**predicate), api=PRIVATE)
    assert verdict.status is Status.VACUOUS
    assert verdict.readings == (Reading.PRIVATE_SOURCE_IP_PRESENT,)


def test_a_wanted_request_that_cannot_exist_under_a_reading_is_vacuous():
    absent = {"absent": ["aws:SourceIp"]}
    verdict = ask([allow()], sometimes(**absent), api=PRIVATE)
    assert verdict.status is Status.VACUOUS
    assert verdict.readings == (Reading.PRIVATE_SOURCE_IP_PRESENT,)
    assert verdict.witness is None


def test_a_wanted_request_that_is_refused_under_some_reading_is_not_vacuous():
    present = sometimes(present=["aws:SourceIp"]) | {"allow_vacuous": True}
    assert ask([allow()], present, api=PRIVATE).status is Status.VACUOUS
    assert ask([allow()], present, api=PRIVATE).under == ()
    verdict = ask([deny()], present, api=PRIVATE)
    assert verdict.status is Status.VIOLATED
    assert verdict.readings == (Reading.PRIVATE_SOURCE_IP_PRESENT,)


def test_a_proof_holds_under_every_reading():
    statements = [
        allow(NotResource="execute-api:/prod/*", Condition={"Null": {"aws:Referer": "true"}}),
        deny(Condition=when("IpAddress", "aws:SourceIp", "2600:1::1")),
    ]
    verdict = ask(statements, never(source_ip="2600:1::1"), api=PUBLIC)
    assert verdict.status is Status.PROVED
    assert verdict.readings == ()
