"""Candidates for edits after which more is allowed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product

from policycheck.analyse.repair.closing import MOST_TOGETHER, corrected, longer, shorter
from policycheck.analyse.repair.corrections import missing_key_guards
from policycheck.analyse.repair.edits import (
    AddConditions,
    AddResources,
    Edit,
    RemoveCondition,
    RemoveStatement,
    ReplaceResource,
)
from policycheck.analyse.repair.problem import Candidate, Problem
from policycheck.model.assertion import AssertionKind
from policycheck.model.decision import Outcome
from policycheck.model.policy import Effect, Statement


def opening(problem: Problem) -> Iterator[Candidate]:
    """Edits that may let in the request that is refused, or some request."""
    denies = tuple(one for one in problem.deciding if one.effect is Effect.DENY)
    yield from corrected(problem, denies)
    for statement in denies:
        yield from (Candidate((edit,)) for edit in _weaker(problem, statement))
    if problem.outcome is not Outcome.EXPLICIT_DENY:
        allows = tuple(problem.of_effect(Effect.ALLOW))
        yield from corrected(problem, allows)
        for statement in allows:
            yield from (Candidate((edit,)) for edit in _wider(problem, statement))
        yield from _allows(problem)


def _allows(problem: Problem) -> Iterator[Candidate]:
    """Allows of what must be allowed: of all of it, or of a part if that is enough."""
    kind = problem.assertion.kind
    if kind not in {AssertionKind.ALWAYS_ALLOWED, AssertionKind.SOMETIMES_ALLOWED}:
        return
    found = problem.clauses(problem.assertion, holds=True)
    ways = list(problem.statements(Effect.ALLOW, found))
    if kind is AssertionKind.SOMETIMES_ALLOWED:
        yield from (Candidate((one,)) for way in ways for one in way)
    elif ways:
        yield from map(Candidate, islice(product(*ways), MOST_TOGETHER))


def _weaker(problem: Problem, statement: Statement) -> Iterator[Edit]:
    """A Deny with less in it, or none."""
    yield from missing_key_guards(statement)
    yield from longer(problem, statement)
    yield from shorter(statement)
    for clause in problem.clauses(problem.assertion, holds=False):
        if clause.conditional:
            yield AddConditions(statement.index, clause.entries)
    for index in range(len(statement.resource.patterns)):
        yield ReplaceResource(statement.index, index, ())
    yield RemoveStatement(statement.index)


def _wider(problem: Problem, statement: Statement) -> Iterator[Edit]:
    """An Allow with more in it."""
    yield from longer(problem, statement)
    for entry in statement.conditions:
        yield RemoveCondition(statement.index, entry.operator, entry.spelled)
    for clause in problem.clauses(problem.assertion, holds=True):
        if clause.excluded or statement.resource.negated:
            continue
        for resources in problem.resources(clause):
            yield AddResources(statement.index, resources)
