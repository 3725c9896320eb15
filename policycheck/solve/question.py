"""Everything that is asked about one policy by one spec, as formulas over one unknown request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import z3

from policycheck.dataclass import dataclass
from policycheck.model.assertion import Assertion, Spec
from policycheck.model.condition import ConditionEntry
from policycheck.model.environment import Authorization, Endpoint, Environment
from policycheck.model.keys import Presence
from policycheck.model.policy import Policy
from policycheck.solve.limits import NEVER, Deadline, Limits
from policycheck.solve.solver import Definition, Solver
from policycheck.symbolic import assertion as assertions
from policycheck.symbolic import environment, policy, predicate
from policycheck.symbolic.boolean import false
from policycheck.symbolic.request import Request, slots_needed

if TYPE_CHECKING:
    from policycheck.model.workflow import Workflow
    from policycheck.symbolic.workflow import Parts

ALWAYS_SHOWN = ("aws:CurrentTime", "aws:EpochTime", "aws:SecureTransport")
VPC_KEYS = ("aws:SourceVpc", "aws:SourceVpce", "aws:VpcSourceIp")
ANONYMOUS_KEYS = ("aws:PrincipalAccount", "aws:PrincipalType", "aws:userid")
PRINCIPAL_KEYS = (
    *ANONYMOUS_KEYS,
    "aws:PrincipalArn",
    "aws:username",
    "aws:TokenIssueTime",
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

    ``definitions`` says of each statement, in order, when it applies; without its assumption a
    statement may apply or not, as it likes.
    """

    policy: Policy
    request: Request
    goals: tuple[Goal, ...]
    facts: tuple[z3.BoolRef, ...]
    definitions: tuple[Definition, ...]

    def solver(self, limits: Limits, deadline: Deadline = NEVER) -> Solver:
        """A solver for the question's goals. Raises UndecidedError when the time is up."""
        solver = Solver(self.request.atoms, limits, definitions=self.definitions)
        solver.start(self.facts, deadline)
        return solver


def ask(target: Policy, spec: Spec, deadline: Deadline = NEVER) -> Question:
    """The formulas of all the spec's assertions about the policy.

    Raises UndecidedError when the time is up.
    """
    needed = slots_needed(_entries(target, spec))
    request = Request(spec.environment, needed, pause=deadline.check)
    for name in shown_keys(spec.environment):
        request.show(name)
    definitions = tuple(
        Definition.of(s.index, policy.statement_applies(s, request)) for s in target.statements
    )
    applies = {s.index: d.defined for s, d in zip(target.statements, definitions, strict=True)}
    says = (policy.denies(target, applies), policy.allows(target, applies))
    others = _parts(spec.workflow, request) if spec.workflow else None
    goals = tuple(_goal(assertion, says, request, others) for assertion in spec.assertions)
    facts = tuple(environment.admits(spec.environment, request))
    return Question(target, request, goals, facts, definitions)


def _parts(known: Workflow, request: Request) -> Parts:
    from policycheck.symbolic import workflow  # noqa: PLC0415 -- few specs have one

    return workflow.parts(known, request)


def shown_keys(known: Environment) -> tuple[str, ...]:
    """The keys that some request of the environment must have."""
    by_endpoint = {
        None: (),
        Endpoint.EDGE: ("aws:SourceIp",),
        Endpoint.REGIONAL: ("aws:SourceIp",),
        Endpoint.PRIVATE: ("aws:SourceIp", *VPC_KEYS),
    }[known.endpoint]
    by_caller = PRINCIPAL_KEYS if known.authorization is Authorization.IAM else ANONYMOUS_KEYS
    declared = (k.name for k in known.keys.declared.values() if k.presence is Presence.ALWAYS)
    return (*ALWAYS_SHOWN, *by_endpoint, *by_caller, *declared)


Says = tuple[z3.BoolRef, z3.BoolRef]
"""Whether some Deny of a policy applies, and whether the policy allows the request."""


def _goal(assertion: Assertion, says: Says, request: Request, others: Parts | None) -> Goal:
    in_scope = predicate.holds(assertion.predicate, request)
    allowed = _allowed(says, others)
    baseline = false()
    if assertion.baseline:
        baseline = _allowed(policy.formulas(assertion.baseline, request), others)
    return Goal(assertion, in_scope, assertions.breaks(assertion, in_scope, allowed, baseline))


def _allowed(says: Says, others: Parts | None) -> z3.BoolRef:
    """The policy alone allows the request, or with the other parts of the workflow."""
    denied, allowed = says
    return others.allows(denied, allowed) if others else allowed


def _entries(target: Policy, spec: Spec) -> Iterator[ConditionEntry]:
    baselines = (a.baseline for a in spec.assertions if a.baseline)
    others = spec.workflow.policies if spec.workflow else ()
    for one in (target, *baselines, *others):
        for statement in one.statements:
            yield from statement.conditions
    for assertion in spec.assertions:
        yield from predicate.entries(assertion.predicate)
