"""Statements and policies as formulas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import z3

from policycheck.model.policy import ActionElement, Effect, Policy, ResourceElement, Statement
from policycheck.model.reading import Reading
from policycheck.model.text import Variable
from policycheck.symbolic import arn, condition, principal
from policycheck.symbolic.boolean import both, either, every, negation
from policycheck.symbolic.request import Request
from policycheck.symbolic.text import glob_of, missing, symbol_matches


def statement_applies(statement: Statement, request: Request) -> z3.BoolRef:
    """Every element of the statement matches (C1-statement, B6-variable-void)."""
    request.pause()
    return both(
        principal.element_matches(statement.principal, request),
        action_matches(statement.action, request),
        resource_matches(statement.resource, request),
        every(condition.entry_holds(entry, request) for entry in statement.conditions),
        negation(voided(statement, request)),
    )


def action_matches(wanted: ActionElement, request: Request) -> z3.BoolRef:
    """Action or NotAction covers the request's action.

    Rules: A5-action-glob, A5-action-case, A5-not-action.
    """
    listed = either(
        symbol_matches(request.action, glob_of(entry.wanted), request.atoms)
        for entry in wanted.patterns
    )
    return negation(listed) if wanted.negated else listed


def resource_matches(wanted: ResourceElement, request: Request) -> z3.BoolRef:
    """Resource or NotResource covers the request's resource (A6-not-resource)."""
    if wanted not in request.covered:
        listed = either(
            arn.resource_matches(entry, request, wanted.negated) for entry in wanted.patterns
        )
        request.covered[wanted] = negation(listed) if wanted.negated else listed
    return request.covered[wanted]


def voided(statement: Statement, request: Request) -> z3.BoolRef:
    """A variable without a value makes the whole statement apply to nothing (B6-variable-void)."""
    lacking = either(missing(variable, request) for variable in variables(statement))
    if z3.is_false(lacking):
        return lacking
    return both(request.reading(Reading.MISSING_VARIABLE_VOIDS_STATEMENT), lacking)


def variables(statement: Statement) -> Iterator[Variable]:
    """The variables that occur in the statement."""
    for pattern in statement.resource.patterns:
        yield from arn.variables(pattern)
    for entry in statement.conditions:
        yield from condition.variables(entry)


def formulas(policy: Policy, request: Request) -> tuple[z3.BoolRef, z3.BoolRef]:
    """Whether some Deny applies, and whether the policy allows the request."""
    applies = {s.index: statement_applies(s, request) for s in policy.statements}
    return denies(policy, applies), allows(policy, applies)


def allows(policy: Policy, applies: Mapping[int, z3.BoolRef]) -> z3.BoolRef:
    """Some Allow applies and no Deny does (C1-deny, C1-allow, C1-implicit).

    ``applies`` says of each statement, by its index, whether it applies.
    """
    return both(
        either(applies[s.index] for s in policy.statements if s.effect is Effect.ALLOW),
        negation(denies(policy, applies)),
    )


def denies(policy: Policy, applies: Mapping[int, z3.BoolRef]) -> z3.BoolRef:
    """Some Deny applies (C1-deny)."""
    return either(applies[s.index] for s in policy.statements if s.effect is Effect.DENY)
