"""Everything that is asked about one policy by one spec, as formulas over one unknown request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import z3

from policycheck.model.assertion import Assertion, Spec
from policycheck.model.condition import ConditionEntry
from policycheck.model.policy import Policy
from policycheck.solve.limits import Limits
from policycheck.solve.solver import Solver
from policycheck.symbolic import assertion as assertions
from policycheck.symbolic import environment, policy, predicate
from policycheck.symbolic.boolean import false
from policycheck.symbolic.request import Request, slots_needed

ALWAYS_SHOWN = ("aws:CurrentTime", "aws:EpochTime", "aws:SecureTransport")
BY_ENDPOINT = ("aws:SourceIp", "aws:SourceVpc", "aws:SourceVpce", "aws:VpcSourceIp")
BY_IDENTITY = (
    "aws:PrincipalArn",
    "aws:PrincipalAccount",
    "aws:PrincipalType",
    "aws:userid",
    "aws:username",
    "aws:TokenIssueTime",
    "aws:MultiFactorAuthPresent",
)
"""Keys that some request must have, so that a model shows them even if nothing asks for them."""


@dataclass(frozen=True)
class Goal:
    """One assertion: its scope and what breaks it (or, for SOMETIMES_ALLOWED, witnesses it)."""

    assertion: Assertion
    in_scope: z3.BoolRef
    breaks: z3.BoolRef


@dataclass(frozen=True)
class Question:
    """The formulas of one policy and one spec.

    ``definitions`` maps the name of each statement of the policy to an assumption under which
    the statement's formula is known; without it the statement may apply or not, as it likes.
    """

    policy: Policy
    request: Request
    goals: tuple[Goal, ...]
    facts: tuple[z3.BoolRef, ...]
    definitions: dict[str, int] = field(default_factory=dict)

    def solver(self, limits: Limits) -> Solver:
        """A solver for the question's goals."""
        solver = Solver(self.request.atoms, limits)
        solver.start(self.facts)
        return solver


def ask(target: Policy, spec: Spec) -> Question:
    """The formulas of all the spec's assertions about the policy."""
    request = Request(spec.environment, slots_needed(_entries(target, spec)))
    for name in (*ALWAYS_SHOWN, *BY_ENDPOINT, *BY_IDENTITY):
        request.key(name)
    applies, facts, definitions = _definitions(target, request)
    allowed = policy.allows(target, applies)
    goals = tuple(_goal(assertion, allowed, request) for assertion in spec.assertions)
    facts.extend(environment.admits(spec.environment, request))
    return Question(target, request, goals, tuple(facts), definitions)


def _definitions(
    target: Policy, request: Request
) -> tuple[dict[int, z3.BoolRef], list[z3.BoolRef], dict[str, int]]:
    applies: dict[int, z3.BoolRef] = {}
    facts: list[z3.BoolRef] = []
    definitions: dict[str, int] = {}
    for statement in target.statements:
        known = f"statement {statement.index} is known"
        applies[statement.index] = z3.Bool(f"statement {statement.index} applies")
        definitions[known] = statement.index
        formula = policy.statement_applies(statement, request)
        facts.append(z3.Implies(z3.Bool(known), applies[statement.index] == formula))
    return applies, facts, definitions


def _goal(assertion: Assertion, allowed: z3.BoolRef, request: Request) -> Goal:
    in_scope = predicate.holds(assertion.predicate, request)
    baseline = _allows(assertion.baseline, request) if assertion.baseline else false()
    return Goal(assertion, in_scope, assertions.breaks(assertion, in_scope, allowed, baseline))


def _allows(baseline: Policy, request: Request) -> z3.BoolRef:
    applies = {s.index: policy.statement_applies(s, request) for s in baseline.statements}
    return policy.allows(baseline, applies)


def _entries(target: Policy, spec: Spec) -> Iterator[ConditionEntry]:
    baselines = (a.baseline for a in spec.assertions if a.baseline)
    for one in (target, *baselines):
        for statement in one.statements:
            yield from statement.conditions
    for assertion in spec.assertions:
        yield from predicate.entries(assertion.predicate)


def assumptions(names: Sequence[str]) -> list[z3.BoolRef]:
    """The assumptions of these names."""
    return [z3.Bool(name) for name in names]
