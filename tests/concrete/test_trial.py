"""What a single request shows of an assertion, alone and as a part of a workflow."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cited import ARN, policy_of

from policycheck.concrete.trial import Trial
from policycheck.model.assertion import Assertion, AssertionKind
from policycheck.model.decision import Decision, Outcome
from policycheck.model.environment import Authorization, Environment
from policycheck.model.reading import DEFAULT_READINGS, Reading
from policycheck.model.request import Request
from policycheck.model.workflow import Answers, Workflow

CLOCK = {
    "aws:CurrentTime": "2026-01-01T00:00:00Z",
    "aws:EpochTime": "1767225600",
    "aws:SecureTransport": "true",
}
REQUEST = Request(ARN, context=CLOCK)
EMPTY = Request(ARN, context={**CLOCK, "aws:Referer": ""})
IMPOSSIBLE = Request(ARN)
EVERYBODY = policy_of({})
NOBODY = policy_of({"Resource": "execute-api:/dev/*"})
WITHOUT_REFERER = policy_of({"Condition": {"Null": {"aws:Referer": "true"}}})
EMPTY_IS_NULL = frozenset({Reading.EMPTY_VALUE_IS_NULL})
NEVER = Assertion("a", AssertionKind.NEVER_ALLOWED)
ALWAYS = Assertion("a", AssertionKind.ALWAYS_ALLOWED)
SOMETIMES = Assertion("a", AssertionKind.SOMETIMES_ALLOWED)
ALLOWED = Decision(Outcome.ALLOW, (0,))
REFUSED = Decision(Outcome.IMPLICIT_DENY, ())


def trial(assertion, policy, workflow=None):
    return Trial(assertion, policy, Environment(), workflow)


def no_broader(baseline):
    return Assertion("a", AssertionKind.NO_BROADER_THAN, baseline=baseline)


SHOWN = [
    (NEVER, EVERYBODY, True),
    (NEVER, NOBODY, False),
    (ALWAYS, EVERYBODY, False),
    (ALWAYS, NOBODY, True),
    (SOMETIMES, EVERYBODY, True),
    (SOMETIMES, NOBODY, False),
    (no_broader(NOBODY), EVERYBODY, True),
    (no_broader(EVERYBODY), NOBODY, False),
]


@pytest.mark.parametrize(("assertion", "policy", "shows"), SHOWN)
def test_a_request_shows_what_it_breaks_or_bears_out(assertion, policy, shows):
    """Rules S2-never, S2-always, S2-sometimes, S2-no-broader."""
    found = trial(assertion, policy)
    assert found.shows(REQUEST, DEFAULT_READINGS) is shows
    assert not found.shows(IMPOSSIBLE, DEFAULT_READINGS)
    assert found.replayed(IMPOSSIBLE, DEFAULT_READINGS) is None
    assert (found.replayed(REQUEST, DEFAULT_READINGS) is not None) is shows


def test_what_is_replayed_is_the_request_with_both_decisions():
    found = trial(no_broader(NOBODY), EVERYBODY).replayed(REQUEST, DEFAULT_READINGS)
    assert (found.request, found.decision, found.baseline) == (REQUEST, ALLOWED, REFUSED)
    assert (found.readings, found.answers) == (frozenset(), None)
    assert trial(NEVER, EVERYBODY).replayed(REQUEST, DEFAULT_READINGS).baseline is None


@pytest.mark.parametrize("assertion", [NEVER, SOMETIMES])
def test_a_request_is_replayed_under_the_readings(assertion):
    """Rule B2-null-empty."""
    found = trial(assertion, WITHOUT_REFERER)
    assert found.replayed(EMPTY, DEFAULT_READINGS) is None
    example = found.replayed(EMPTY, EMPTY_IS_NULL)
    assert example.decision.outcome is Outcome.ALLOW
    assert example.readings == EMPTY_IS_NULL


def test_both_policies_are_decided_under_the_readings():
    """Rule B2-null-empty."""
    found = trial(no_broader(WITHOUT_REFERER), EVERYBODY)
    assert found.replayed(EMPTY, DEFAULT_READINGS).baseline == REFUSED
    assert found.replayed(EMPTY, EMPTY_IS_NULL) is None
    same = Assertion("a", AssertionKind.NEVER_ALLOWED, baseline=WITHOUT_REFERER)
    assert trial(same, EVERYBODY).replayed(EMPTY, EMPTY_IS_NULL).baseline == ALLOWED


def test_a_request_exists_under_the_readings():
    """Rule D4-anonymous-keys."""
    keys = {"aws:PrincipalAccount": "anonymous", "aws:userid": "anonymous"}
    context = {**CLOCK, **keys, "aws:PrincipalType": "Anonymous"}
    request = replace(REQUEST, context=context)
    found = trial(NEVER, EVERYBODY)
    assert not found.shows(request, DEFAULT_READINGS)
    assert found.shows(request, frozenset({Reading.ANONYMOUS_PRINCIPAL_KEYS}))


@pytest.mark.parametrize(
    ("assertion", "policy", "answer", "outcome"),
    [
        (NEVER, NOBODY, Outcome.ALLOW, Outcome.ALLOW),
        (SOMETIMES, NOBODY, Outcome.ALLOW, Outcome.ALLOW),
        (ALWAYS, EVERYBODY, Outcome.EXPLICIT_DENY, Outcome.EXPLICIT_DENY),
    ],
)
def test_of_a_workflow_the_answers_that_break_it_are_told(assertion, policy, answer, outcome):
    """Rules C3-table-a, W1-any."""
    found = trial(assertion, policy, Workflow(Authorization.LAMBDA, vpc_endpoint_policies=()))
    example = found.replayed(REQUEST, DEFAULT_READINGS)
    assert example.answers == Answers(authorizer=answer)
    assert example.decision.outcome is outcome


def test_the_parts_of_a_workflow_answer_under_the_readings():
    """Rules B2-null-empty, C6-domain."""
    domain = policy_of({"Resource": "*", "Condition": {"Null": {"aws:Referer": "true"}}})
    workflow = Workflow(vpc_endpoint_policies=(), custom_domain_policies=(domain,))
    found = trial(NEVER, EVERYBODY, workflow)
    assert not found.shows(EMPTY, DEFAULT_READINGS)
    assert found.replayed(EMPTY, EMPTY_IS_NULL).answers.custom_domain_policy is Outcome.ALLOW
