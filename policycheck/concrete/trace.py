"""One decision told step by step, for ``explain``."""

from __future__ import annotations

from policycheck.concrete import arn, policy, text
from policycheck.concrete.condition_trace import trace_entry
from policycheck.concrete.principal_trace import trace_principal
from policycheck.concrete.spelling import spell_resource, spell_variable
from policycheck.concrete.text import Context
from policycheck.model.policy import ActionElement, Policy, ResourceElement, Statement
from policycheck.model.reading import DEFAULT_READINGS, Readings
from policycheck.model.request import Request
from policycheck.model.trace import Compared, ElementTrace, StatementTrace, Trace

__all__ = ["Compared", "ElementTrace", "StatementTrace", "Trace", "trace"]


def trace(evaluated: Policy, request: Request, readings: Readings = DEFAULT_READINGS) -> Trace:
    """Every statement of the policy against the request, and the decision (C1-statement)."""
    return Trace(
        evaluated,
        request,
        policy.evaluate(evaluated, request, readings),
        tuple(trace_statement(one, request, readings) for one in evaluated.statements),
        readings,
    )


def trace_statement(statement: Statement, request: Request, readings: Readings) -> StatementTrace:
    """Every element of one statement, whether or not an earlier one failed (C1-statement)."""
    context = request.values
    return StatementTrace(
        statement,
        policy.statement_applies(statement, request, readings),
        trace_principal(request.principal, statement.principal, context, readings),
        _trace_action(request.action, statement.action),
        _trace_resource(request.resource, statement.resource, context, readings),
        tuple(trace_entry(entry, context, readings) for entry in statement.conditions),
        _voiding(statement, context, readings),
    )


def _trace_action(actual: str, wanted: ActionElement) -> ElementTrace:
    compared = tuple(
        Compared(
            actual,
            entry.spelled or str(entry.wanted),
            text.glob_matches(text.fold(actual), entry.wanted),
            entry.span,
        )
        for entry in wanted.patterns
    )
    return ElementTrace(
        name="NotAction" if wanted.negated else "Action",
        holds=policy.action_matches(actual, wanted),
        actual=(actual,),
        wanted=tuple(pair.wanted for pair in compared),
        compared=compared,
        reason=_reason(actual, compared),
        span=wanted.span,
    )


def _trace_resource(
    actual: str, wanted: ResourceElement, context: Context, readings: Readings
) -> ElementTrace:
    compared = tuple(
        Compared(
            actual,
            spell_resource(entry),
            policy.entry_matches(actual, entry, wanted, context, readings),
            entry.span,
        )
        for entry in wanted.patterns
    )
    missing = [
        spell_variable(variable)
        for entry in wanted.patterns
        for variable in arn.variables(entry)
        if text.variable_value(variable, context, readings) is None
    ]
    return ElementTrace(
        name="NotResource" if wanted.negated else "Resource",
        holds=policy.resource_matches(actual, wanted, context, readings),
        actual=(actual,),
        wanted=tuple(pair.wanted for pair in compared),
        compared=compared,
        reason=_reason(actual, compared, missing),
        span=wanted.span,
    )


def _reason(actual: str, compared: tuple[Compared, ...], missing: list[str] | None = None) -> str:
    for pair in compared:
        if pair.matched:
            return f"{actual} matches {pair.wanted}"
    without = f", and {missing[0]} has no value" if missing else ""
    return f"{actual} matches no entry{without}"


def _voiding(statement: Statement, context: Context, readings: Readings) -> str:
    """The variable without a value that voids the statement, or nothing (B6-variable-void)."""
    if policy.voided(statement, context, readings):
        for variable in policy.variables(statement):
            if text.variable_value(variable, context, readings) is None:
                return spell_variable(variable)
    return ""
