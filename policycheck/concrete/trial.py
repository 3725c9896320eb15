"""One assertion about one policy, put to single requests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from policycheck.concrete import policy as policies
from policycheck.concrete.assertion import Allows, breaks, witnesses
from policycheck.dataclass import dataclass
from policycheck.model.assertion import Assertion, AssertionKind
from policycheck.model.decision import Decision, Outcome
from policycheck.model.environment import Environment
from policycheck.model.policy import Policy
from policycheck.model.reading import Readings
from policycheck.model.request import Request
from policycheck.model.verdict import Example
from policycheck.model.workflow import Answers, Workflow


@dataclass(frozen=True)
class Showing:
    """How a request is decided: the evaluator, and what a workflow's other parts answer."""

    decide: Callable[[Policy, Request, Readings], Decision]
    answers: Answers | None = None

    def allows(self, policy: Policy, request: Request, readings: Readings) -> bool:
        """Whether the decision is Allow."""
        return self.decide(policy, request, readings).outcome is Outcome.ALLOW


_ALONE = (Showing(policies.evaluate),)


@dataclass(frozen=True)
class Trial:
    """The concrete side of one assertion about one policy, alone or as a part of a workflow."""

    assertion: Assertion
    policy: Policy
    environment: Environment
    workflow: Workflow | None = None

    def shows(self, request: Request, readings: Readings) -> bool:
        """Whether the request can exist and breaks the assertion (witnesses SOMETIMES_ALLOWED),
        whatever makes it do so being among the answers that a workflow leaves open."""
        return self.showing(request, readings) is not None

    def showing(self, request: Request, readings: Readings) -> Showing | None:
        """The way in which the request shows that, or None if it does not."""
        for one in self._ways(request, readings):
            if self._breaks(request, readings, one.allows):
                from policycheck.concrete import environment  # noqa: PLC0415 -- not for proofs

                admitted = environment.admits(self.environment, request, readings)
                return one if admitted else None
        return None

    def _ways(self, request: Request, readings: Readings) -> Iterable[Showing]:
        """The ways in which the request may be decided."""
        if self.workflow is None:
            return _ALONE
        return _ways_of(self.workflow, request, readings)

    def _breaks(self, request: Request, readings: Readings, allows: Allows) -> bool:
        if self.assertion.kind is AssertionKind.SOMETIMES_ALLOWED:
            return witnesses(self.assertion, self.policy, request, readings, allows)
        return breaks(self.assertion, self.policy, request, readings, allows)

    def replayed(self, request: Request, readings: Readings) -> Example | None:
        """The request and all that is decided of it, or None if it does not show what it should."""
        way = self.showing(request, readings)
        if way is None:
            return None
        baseline = self.assertion.baseline
        return Example(
            request,
            way.decide(self.policy, request, readings),
            way.decide(baseline, request, readings) if baseline else None,
            frozenset(readings),
            way.answers,
        )


def _ways_of(workflow: Workflow, request: Request, readings: Readings) -> Iterator[Showing]:
    """One way for each of the answers that a workflow leaves open."""
    from policycheck.concrete.workflow import (  # noqa: PLC0415 -- few specs have one
        evaluate_all,
        possible_answers,
    )

    for answers in possible_answers(workflow, request, readings):
        yield Showing(partial(evaluate_all, workflow, answers), answers)
