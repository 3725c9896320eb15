"""Candidates for edits that take over what a policy to compare with has."""

from __future__ import annotations

import json
from collections.abc import Iterator

from policycheck.analyse.repair.edits import (
    AddConditions,
    Edit,
    Entry,
    ReplaceResource,
    ReplaceValues,
)
from policycheck.analyse.repair.opposites import UnsayableError, written
from policycheck.analyse.repair.problem import Candidate, Problem
from policycheck.concrete.spelling import spell_resource
from policycheck.model.policy import Effect, Policy, Statement


def borrowing(problem: Problem) -> Iterator[Candidate]:
    """Resources, conditions and whole statements of the policy compared with."""
    baseline = problem.assertion.baseline
    if baseline is None:
        return
    for statement in problem.deciding:
        for model in baseline.statements:
            if model.effect is statement.effect:
                yield from (Candidate((edit,)) for edit in _alike(statement, model))
    yield from _whole(problem, baseline)


def _alike(statement: Statement, model: Statement) -> Iterator[Edit]:
    """The statement with the resources or a condition of its model."""
    if statement.resource.negated is model.resource.negated:
        resources = tuple(map(spell_resource, model.resource.patterns))
        for index, entry in enumerate(statement.resource.patterns):
            if (spell_resource(entry),) != resources:
                yield ReplaceResource(statement.index, index, resources)
    wanted = _entries(model)
    places = {(entry.operator, entry.key) for entry in statement.conditions}
    new = tuple(one for one in wanted if (one.operator, one.key.lower()) not in places)
    if new:
        yield AddConditions(statement.index, new)
    for one in wanted:
        if (one.operator, one.key.lower()) in places:
            yield ReplaceValues(statement.index, one.operator, one.key, one.values)


def _entries(model: Statement) -> tuple[Entry, ...]:
    try:
        return tuple(map(written, model.conditions))
    except UnsayableError:
        return ()


def _whole(problem: Problem, baseline: Policy) -> Iterator[Candidate]:
    """A statement of the baseline: a Deny if too much is allowed, else an Allow."""
    effect = Effect.DENY if problem.too_much else Effect.ALLOW
    taken = {one.sid for one in problem.policy.statements}
    for model in baseline.statements:
        if model.effect is effect and model.span is not None:
            body = json.loads(model.span.text)
            yield Candidate(
                (problem.in_order({k: v for k, v in body.items() if k != "Sid" or v not in taken}),)
            )
