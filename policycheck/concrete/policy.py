"""Statements and policies: the definition of what a policy says of a request."""

from __future__ import annotations

from collections.abc import Iterator

from policycheck.concrete import arn, condition, principal, text
from policycheck.concrete.text import Context
from policycheck.model.arn import ApiResource, ResourcePattern
from policycheck.model.decision import Decision, Outcome
from policycheck.model.policy import ActionElement, Effect, Policy, ResourceElement, Statement
from policycheck.model.reading import DEFAULT_READINGS, Reading, Readings
from policycheck.model.request import Request
from policycheck.model.text import Variable


def evaluate(policy: Policy, request: Request, readings: Readings = DEFAULT_READINGS) -> Decision:
    """What this policy, alone, says of the request.

    Source: IAM/reference_policies_evaluation-logic. Rules: C1-deny, C1-allow, C1-implicit.
    """
    if denying := _applying(policy, Effect.DENY, request, readings):
        return Decision(Outcome.EXPLICIT_DENY, denying)
    if allowing := _applying(policy, Effect.ALLOW, request, readings):
        return Decision(Outcome.ALLOW, allowing)
    return Decision(Outcome.IMPLICIT_DENY, ())


def allows(policy: Policy, request: Request, readings: Readings = DEFAULT_READINGS) -> bool:
    """Whether the policy's decision is Allow (C1-allow)."""
    return evaluate(policy, request, readings).outcome is Outcome.ALLOW


def _applying(
    policy: Policy, effect: Effect, request: Request, readings: Readings
) -> tuple[int, ...]:
    """The indexes of the statements of one effect that apply to the request."""
    return tuple(
        [
            statement.index
            for statement in policy.statements
            if statement.effect is effect and statement_applies(statement, request, readings)
        ]
    )


def statement_applies(statement: Statement, request: Request, readings: Readings) -> bool:
    """Whether every element of the statement matches (C1-statement, B2-and, B6-variable-void)."""
    context = request.values
    return (
        principal.element_matches(request.principal, statement.principal, context, readings)
        and action_matches(request.action, statement.action)
        and resource_matches(request.resource, statement.resource, context, readings)
        and conditions_hold(statement, context, readings)
        and not voided(statement, context, readings)
    )


def action_matches(actual: str, wanted: ActionElement) -> bool:
    """Whether an Action or NotAction element covers the request's action.

    Rules: A5-action-glob, A5-action-case, A5-not-action.
    """
    folded = text.fold(actual)
    for entry in wanted.patterns:
        if text.glob_matches(folded, entry.wanted):
            return not wanted.negated
    return wanted.negated


def resource_matches(
    actual: str, wanted: ResourceElement, context: Context, readings: Readings
) -> bool:
    """Whether a Resource or NotResource element covers the request's ARN.

    Rules: A6-any, A6-not-resource, A6-not-resource-shorthand.
    """
    for entry in wanted.patterns:
        if entry_matches(actual, entry, wanted, context, readings):
            return not wanted.negated
    return wanted.negated


def entry_matches(
    actual: str,
    entry: ResourcePattern,
    element: ResourceElement,
    context: Context,
    readings: Readings,
) -> bool:
    """Whether one entry of the element matches the request's ARN (A6-not-resource-shorthand)."""
    stays_literal = (
        element.negated
        and isinstance(entry, ApiResource)
        and Reading.NOT_RESOURCE_SHORTHAND_LITERAL in readings
    )
    return not stays_literal and arn.resource_matches(actual, entry, context, readings)


def conditions_hold(statement: Statement, context: Context, readings: Readings) -> bool:
    """Whether every entry of the Condition element holds; of none: true (B2-and)."""
    return all(condition.entry_holds(e, context, readings) for e in statement.conditions)


def voided(statement: Statement, context: Context, readings: Readings) -> bool:
    """Whether a variable without a value keeps the statement from applying (B6-variable-void)."""
    return Reading.MISSING_VARIABLE_VOIDS_STATEMENT in readings and any(
        text.variable_value(variable, context, readings) is None
        for variable in variables(statement)
    )


def variables(statement: Statement) -> Iterator[Variable]:
    """Every variable of the statement's resources and conditions."""
    for entry in statement.resource.patterns:
        yield from arn.variables(entry)
    for held in statement.conditions:
        yield from condition.variables(held)
