"""The cited decisions, by the concrete evaluator."""

from __future__ import annotations

import pytest
from cited import (
    load_admissions,
    load_breakings,
    load_cases,
    load_holdings,
    load_refusals,
    load_wholes,
)
from documented import FOLDER, REFUSED, example_policy, load_examples

from policycheck.concrete.assertion import breaks, witnesses
from policycheck.concrete.environment import admits, objection
from policycheck.concrete.policy import evaluate
from policycheck.concrete.predicate import holds
from policycheck.concrete.workflow import evaluate_all, possible_answers
from policycheck.diagnostics import InputError, Source
from policycheck.model.assertion import AssertionKind
from policycheck.read.policy import parse_policy


def named(rows):
    return [pytest.param(row, id=row.name) for row in rows]


@pytest.mark.parametrize("case", named(load_cases()))
def test_decision(case):
    assert evaluate(case.policy, case.request, case.readings).outcome is case.outcome


@pytest.mark.parametrize("case", named(load_wholes()))
def test_whole_decision(case):
    possible = possible_answers(case.workflow, case.request, case.readings)
    decided = {
        evaluate_all(case.workflow, one, case.policy, case.request, case.readings).outcome
        for one in possible
    }
    assert decided == case.outcomes


@pytest.mark.parametrize("case", named(load_admissions()))
def test_admission(case):
    reason = objection(case.environment, case.request, case.readings)
    assert (reason is None) is case.admitted, reason
    assert admits(case.environment, case.request, case.readings) is case.admitted


@pytest.mark.parametrize("case", named(load_holdings()))
def test_predicate(case):
    assert holds(case.predicate, case.request, case.readings) is case.holds


@pytest.mark.parametrize("case", named(load_breakings()))
def test_assertion(case):
    sometimes = case.assertion.kind is AssertionKind.SOMETIMES_ALLOWED
    shows = witnesses if sometimes else breaks
    assert shows(case.assertion, case.policy, case.request, case.readings) is case.breaks


@pytest.mark.parametrize("refusal", named(load_refusals()))
def test_refusal(refusal):
    with pytest.raises(InputError) as raised:
        parse_policy(Source("<case>", refusal.text))
    assert refusal.code in {one.code for one in raised.value.diagnostics}


@pytest.mark.parametrize("case", named(load_examples()))
def test_documented_example(case):
    assert evaluate(case.policy, case.request).outcome is case.outcome


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the documented examples are not here")
@pytest.mark.parametrize("name, code", REFUSED)
def test_documented_example_that_is_refused(name, code):
    with pytest.raises(InputError) as raised:
        example_policy(name)
    assert code in {one.code for one in raised.value.diagnostics}
