"""Laws of policies, assertions and traces."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drawn import policies, policy_of, readings, requests, statements
from hypothesis import given

from policycheck.concrete.assertion import breaks, witnesses
from policycheck.concrete.policy import allows, evaluate, statement_applies
from policycheck.concrete.predicate import holds
from policycheck.concrete.trace import trace
from policycheck.model.assertion import Assertion, AssertionKind
from policycheck.model.decision import Outcome
from policycheck.model.policy import Effect
from policycheck.model.predicate import ALWAYS, NEVER, AllOf, AnyOf, Not
from policycheck.model.request import Request


@given(policies(), requests, readings)
def test_the_order_of_statements_does_not_count(policy, request, on):
    turned = policy_of(policy.statements[::-1])
    assert evaluate(policy, request, on).outcome is evaluate(turned, request, on).outcome


@given(policies(), requests, readings)
def test_the_deciding_statements_are_those_that_apply(policy, request, on):
    decision = evaluate(policy, request, on)
    effect = {Outcome.ALLOW: Effect.ALLOW, Outcome.EXPLICIT_DENY: Effect.DENY}.get(decision.outcome)
    applying = [s.index for s in policy.statements if statement_applies(s, request, on)]
    expected = [i for i in applying if policy.statements[i].effect is effect]
    assert list(decision.statements) == expected
    assert decision.outcome is not Outcome.IMPLICIT_DENY or not applying


@given(policies(), statements, requests, readings)
def test_one_more_deny_grants_nothing(policy, statement, request, on):
    denied = policy_of([*policy.statements, replace(statement, effect=Effect.DENY)])
    assert allows(policy, request, on) or not allows(denied, request, on)


@given(policies(), statements, requests, readings)
def test_one_more_allow_refuses_nothing(policy, statement, request, on):
    widened = policy_of([*policy.statements, replace(statement, effect=Effect.ALLOW)])
    assert allows(widened, request, on) or not allows(policy, request, on)


@given(policies(), requests, readings)
def test_a_trace_tells_what_is_decided(policy, request, on):
    told = trace(policy, request, on)
    assert told.decision == evaluate(policy, request, on)
    for statement in told.statements:
        expected = not statement.failing and not statement.voided
        assert statement.applies is expected
        assert all(element.reason for element in statement.elements)


@given(policies(), requests, readings)
def test_a_policy_is_equivalent_to_itself(policy, request, on):
    for kind in (AssertionKind.EQUIVALENT_TO, AssertionKind.NO_BROADER_THAN):
        assert not breaks(Assertion("a", kind, baseline=policy), policy, request, on)


@given(policies(), policies(), requests, readings)
def test_equivalence_is_both_inclusions(policy, baseline, request, on):
    def broken(kind, checked, against):
        return breaks(Assertion("a", kind, baseline=against), checked, request, on)

    one_way = broken(AssertionKind.NO_BROADER_THAN, policy, baseline)
    other_way = broken(AssertionKind.NO_BROADER_THAN, baseline, policy)
    assert broken(AssertionKind.EQUIVALENT_TO, policy, baseline) is (one_way or other_way)


@given(policies(), requests, readings)
def test_never_always_and_sometimes_fit_together(policy, request, on):
    never, always, sometimes = (
        Assertion("a", kind)
        for kind in (
            AssertionKind.NEVER_ALLOWED,
            AssertionKind.ALWAYS_ALLOWED,
            AssertionKind.SOMETIMES_ALLOWED,
        )
    )
    allowed = breaks(never, policy, request, on)
    assert allowed is not breaks(always, policy, request, on)
    assert allowed is witnesses(sometimes, policy, request, on)
    assert not breaks(sometimes, policy, request, on)


@given(policies(), requests)
def test_nothing_out_of_scope_breaks_an_assertion(policy, request):
    for kind in AssertionKind:
        assert not breaks(Assertion("a", kind, NEVER, policy), policy, request)


@given(requests)
def test_all_and_any_of_nothing(request):
    assert holds(ALWAYS, request)
    assert not holds(NEVER, request)
    assert holds(Not(NEVER), request)
    assert holds(AnyOf((NEVER, AllOf((ALWAYS, ALWAYS)))), request)


def test_a_comparison_without_a_baseline_is_an_error():
    with pytest.raises(ValueError, match="has no baseline"):
        breaks(Assertion("a", AssertionKind.NO_BROADER_THAN), policy_of([]), Request("arn"))
