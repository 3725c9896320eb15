"""Candidates for edits after which less is allowed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice, product

from policycheck.analyse.repair.clauses import Clause
from policycheck.analyse.repair.corrections import corrections
from policycheck.analyse.repair.edits import (
    AddConditions,
    AddResources,
    Edit,
    ExtendValues,
    RemoveCondition,
    RemoveStatement,
    ReplaceResource,
    ReplaceValues,
)
from policycheck.analyse.repair.problem import Candidate, Problem
from policycheck.analyse.repair.targets import covers
from policycheck.concrete.spelling import spell_relation, spell_resource
from policycheck.model.assertion import AssertionKind
from policycheck.model.condition import Comparing, Relation
from policycheck.model.policy import Effect, Statement
from policycheck.read.operators import parse_operator

MOST_SHORTER = 8
"""Lists of more values are not shortened value by value."""

MOST_TOGETHER = 4
"""The most ways to write the statements of a guard that are tried together."""


def closing(problem: Problem) -> Iterator[Candidate]:
    """Edits that may take away the request that is allowed."""
    denies = tuple(problem.of_effect(Effect.DENY))
    yield from corrected(problem, (*problem.deciding, *denies))
    for statement in problem.deciding:
        yield from (Candidate((edit,)) for edit in _narrower(problem, statement))
    for statement in denies:
        yield from (Candidate((edit,)) for edit in _stronger(problem, statement))
    if problem.assertion.kind is AssertionKind.NEVER_ALLOWED:
        yield from guards(problem)


def corrected(problem: Problem, statements: Iterable[Statement]) -> Iterator[Candidate]:
    """Edits that set slips in the statements right."""
    for statement in statements:
        for edit in corrections(problem, statement):
            yield Candidate((edit,), corrects=True)


def guards(problem: Problem) -> Iterator[Candidate]:
    """Denies of all that must never be allowed."""
    found = problem.clauses(problem.assertion, holds=True)
    ways = list(problem.statements(Effect.DENY, found))
    if ways:
        yield from map(Candidate, islice(product(*ways), MOST_TOGETHER))


def _narrower(problem: Problem, statement: Statement) -> Iterator[Edit]:
    """An Allow with less in it, or none."""
    yield RemoveStatement(statement.index)
    if problem.assertion.kind is AssertionKind.NEVER_ALLOWED:
        for clause in problem.clauses(problem.assertion, holds=False):
            yield from _restricted(problem, statement, clause)
    yield from _fewer_resources(problem, statement)
    yield from shorter(statement)


def _restricted(problem: Problem, statement: Statement, clause: Clause) -> Iterator[Edit]:
    """The Allow within a clause that holds none of what must never be allowed."""
    if clause.conditional:
        yield AddConditions(statement.index, clause.entries)
        for new in clause.entries:
            for old in statement.conditions:
                if (old.operator, old.key) == (new.operator, new.key.lower()):
                    yield ReplaceValues(statement.index, old.operator, old.spelled, new.values)
    elif not (clause.excluded or clause.entries):
        yield from _within(problem, statement, clause)


def _within(problem: Problem, statement: Statement, clause: Clause) -> Iterator[Edit]:
    """The Allow with less in place of a resource that holds it all."""
    if statement.resource.negated:
        return
    for resources in problem.resources(clause):
        for index, entry in enumerate(statement.resource.patterns):
            if all(covers(spell_resource(entry), one) for one in resources):
                yield ReplaceResource(statement.index, index, resources)


def _fewer_resources(problem: Problem, statement: Statement) -> Iterator[Edit]:
    """Without one of the resources, or with those instead that the spec wants open."""
    if statement.resource.negated:
        return
    for index in range(len(statement.resource.patterns)):
        yield ReplaceResource(statement.index, index, ())
    for assertion in problem.opening():
        for clause in problem.clauses(assertion, holds=True):
            if not (clause.target.everything or clause.excluded):
                yield from _within(problem, statement, clause)


def shorter(statement: Statement) -> Iterator[Edit]:
    """A condition without one of its values."""
    for entry in statement.conditions:
        if not isinstance(entry, Comparing) or not 1 < len(entry.relations) <= MOST_SHORTER:
            continue
        values = tuple(map(_as_written, entry.relations))
        for index in range(len(values)):
            kept = (*values[:index], *values[index + 1 :])
            yield ReplaceValues(statement.index, entry.operator, entry.spelled, kept)


def _as_written(relation: Relation) -> str:
    """The value as the policy has it, of which what is kept does not change."""
    found = json.loads(relation.span.text) if relation.span else None
    return found if isinstance(found, str) else spell_relation(relation)


def _stronger(problem: Problem, statement: Statement) -> Iterator[Edit]:
    """A Deny with more in it."""
    yield from longer(problem, statement)
    for entry in statement.conditions:
        yield RemoveCondition(statement.index, entry.operator, entry.spelled)
    yield from shorter(statement)
    if not statement.resource.negated:
        for clause in problem.clauses(problem.assertion, holds=True):
            if not (clause.target.everything or clause.excluded):
                for resources in problem.resources(clause):
                    yield AddResources(statement.index, resources)


def longer(problem: Problem, statement: Statement) -> Iterator[Edit]:
    """A condition with the spec's values for its key besides its own, or in their place."""
    for old in statement.conditions:
        if not isinstance(old, Comparing):
            continue
        family = parse_operator(old.operator).base.family
        present = tuple(map(spell_relation, old.relations))
        for new in problem.literals:
            same = parse_operator(new.operator).base.family is family
            further = tuple(one for one in new.values if one not in present)
            if new.key.lower() == old.key and same and further:
                yield ExtendValues(statement.index, old.operator, old.spelled, further)
                yield ReplaceValues(statement.index, old.operator, old.spelled, new.values)
