"""The cited decisions, by the formulas: each is pinned at its request."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cited import KEYS, load_admissions, load_breakings, load_cases, load_holdings, load_wholes
from documented import load_examples
from test_rules import RULES, cited_in

from policycheck.diagnostics import InputError, Source
from policycheck.model.assertion import AssertionKind
from policycheck.model.condition import Comparing
from policycheck.model.decision import Outcome
from policycheck.model.environment import Environment
from policycheck.model.keys import Presence, aws_keys
from policycheck.model.reading import Reading
from policycheck.model.request import Request
from policycheck.read.policy import parse_policy
from policycheck.solve.pinned import pinned_workflow
from policycheck.symbolic import environment as environments
from policycheck.symbolic.boolean import every
from policycheck.symbolic.pinning import at, decision_at, holds_at
from policycheck.symbolic.request import Request as Symbols

EVERYWHERE = Environment(keys=KEYS)
FREE_KEYS = {
    "aws:PrincipalOrgPaths": "x:list",
    "aws:PrincipalArn": "x:arn",
    "aws:PrincipalAccount": "aws:SourceAccount",
}
"""Keys that a caller ties to others, and keys of the same type that nothing ties."""

OTHER_RESOURCES = "/domainnames/"
"""Private domain names are no resources of an API, so no formula speaks of them."""

NOT_TOLD_APART = {
    "d_requests[18] A6-resource-length": "no formula counts bytes; a replay does",
    "d_requests[35] D1-typed": "the clock is one number, however it is spelled",
    "d_requests[130] D4-principal-arn": "in formulas a session always has its name",
}


def named(rows):
    return [pytest.param(row, id=row.name) for row in rows]


def with_free_keys(policy, request):
    text, context = policy.source.text, dict(request.context)
    for tied, free in FREE_KEYS.items():
        text = text.replace(f'"{tied}"', f'"{free}"').replace(f"{{{tied}}}", f"{{{free}}}")
        context = {free if key == tied else key: value for key, value in context.items()}
    return parse_policy(Source("<case>", text)), replace(request, context=context)


def decided(policy, request, readings):
    try:
        return decision_at(policy, request, EVERYWHERE, readings)
    except ValueError:
        policy, request = with_free_keys(policy, request)
        return decision_at(policy, request, EVERYWHERE, readings)


def operators(case):
    return {
        entry.operator
        for statement in case.policy.statements
        for entry in statement.conditions
        if isinstance(entry, Comparing)
    }


def is_refused(case):
    """An operator that no key of the type can have: an error, never a verdict."""
    known = operators(case)
    return "BinaryEquals" in known or case.name.startswith("b_conditions[56] B4-malformed")


DECISIONS = [case for case in load_cases() if OTHER_RESOURCES not in case.request.resource]


@pytest.mark.parametrize("case", named(case for case in DECISIONS if not is_refused(case)))
def test_decision(case):
    assert decided(case.policy, case.request, case.readings) is case.outcome


@pytest.mark.parametrize("case", named(case for case in DECISIONS if is_refused(case)))
def test_an_operator_that_does_not_fit_the_key_is_refused(case):
    with pytest.raises(InputError):
        decided(case.policy, case.request, case.readings)


def test_almost_every_decision_is_compared():
    assert len(load_cases()) - len(DECISIONS) <= 1
    assert sum(map(is_refused, DECISIONS)) <= 6


@pytest.mark.parametrize("case", named(load_wholes()))
def test_whole_decision(case):
    via_domain = case.workflow.custom_domain_policies != ()
    environment = replace(EVERYWHERE, via_domain=via_domain)
    allowed = pinned_workflow(case.policy, case.workflow, environment)
    wanted = {outcome is Outcome.ALLOW for outcome in case.outcomes}
    assert allowed(case.request, case.readings) == wanted


@pytest.mark.parametrize("case", named(load_holdings()))
def test_predicate(case):
    assert holds_at(case.predicate, case.request, EVERYWHERE, case.readings) is case.holds


def with_api_id(policy, request):
    """The documents write ``api-id`` where a real id has neither hyphen nor underscore."""
    text = policy.source.text.replace("api-id", "apiid")
    resource = request.resource.replace("api-id", "apiid")
    return parse_policy(Source("<case>", text)), replace(request, resource=resource)


@pytest.mark.parametrize("case", named(load_examples()))
def test_documented_example(case):
    policy, request = with_api_id(case.policy, case.request)
    assert decided(policy, request, case.readings) is case.outcome


@pytest.mark.parametrize("case", named(load_breakings()))
def test_assertion(case):
    def allows(policy):
        return decided(policy, case.request, case.readings) is Outcome.ALLOW

    in_scope = holds_at(case.assertion.predicate, case.request, EVERYWHERE, case.readings)
    contradicts = {
        AssertionKind.NEVER_ALLOWED: lambda: allows(case.policy),
        AssertionKind.SOMETIMES_ALLOWED: lambda: allows(case.policy),
        AssertionKind.ALWAYS_ALLOWED: lambda: not allows(case.policy),
        AssertionKind.NO_BROADER_THAN: lambda: (
            allows(case.policy) and not allows(case.assertion.baseline)
        ),
        AssertionKind.EQUIVALENT_TO: lambda: allows(case.policy) != allows(case.assertion.baseline),
    }
    assert (in_scope and contradicts[case.assertion.kind]()) is case.breaks


def admits_at(environment, request: Request, readings):
    """Whether the formulas of the environment hold of a request that fits their symbols."""
    slots = {name: len(values) for name, values in request.values.items()}
    symbols = Symbols(environment, slots, {reading: reading in readings for reading in Reading})
    held = [name for name, values in request.values.items() if values]
    if not all(map(symbols.key, held)):
        return False
    for name in (*aws_keys(), *environment.keys.declared):
        symbols.key(name)
    always = [n for n, known in symbols.keys.items() if known.key.presence is Presence.ALWAYS]
    if not set(always) <= set(held):
        return False
    try:
        return at(every(environments.admits(environment, symbols)), symbols, request)
    except ValueError:
        return False


@pytest.mark.parametrize("case", named(load_admissions()))
def test_admission(case):
    admitted = admits_at(case.environment, case.request, case.readings)
    assert (admitted is case.admitted) is (case.name not in NOT_TOLD_APART)


def test_the_formulas_cite_every_rule_and_no_other():
    assert cited_in("symbolic") == RULES
