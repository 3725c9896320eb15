"""The solver's word on regions: they are disjoint, complete and right, and each has a request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import z3

from policycheck.analyse.regions.space import not_confirmed
from policycheck.concrete import predicate as concrete
from policycheck.concrete.environment import admits
from policycheck.concrete.policy import allows
from policycheck.concrete.trial import Trial
from policycheck.dataclass import dataclass
from policycheck.diagnostics import DisagreementError
from policycheck.model.assertion import Assertion, AssertionKind, Spec
from policycheck.model.environment import Environment
from policycheck.model.policy import Policy
from policycheck.model.predicate import Predicate
from policycheck.model.reading import Reading
from policycheck.model.request import CallerKind, Request
from policycheck.model.verdict import Example
from policycheck.solve.assignment import extract, request_of
from policycheck.solve.limits import Deadline, Limits
from policycheck.solve.probing import probes
from policycheck.solve.question import Question, ask
from policycheck.solve.replay import replayed
from policycheck.solve.solver import Sat, Solver
from policycheck.symbolic.boolean import both, either, holds, negation

_USUAL = (CallerKind.ROLE, CallerKind.USER)


@dataclass(frozen=True)
class Subject:
    """The requests that ``policy`` allows and ``baseline``, if there is one, does not."""

    policy: Policy
    baseline: Policy | None
    environment: Environment
    readings: frozenset[Reading]

    def has(self, request: Request) -> bool:
        """Whether the request is one of them, by the concrete evaluator."""
        return allows(self.policy, request, self.readings) and not (
            self.baseline and allows(self.baseline, request, self.readings)
        )


@dataclass(frozen=True)
class Certifier:
    """The formulas of a subject and of ``predicates``, and a solver for them."""

    subject: Subject
    predicates: tuple[Predicate, ...]
    limits: Limits
    deadline: Deadline

    @cached_property
    def _question(self) -> Question:
        about = (Assertion("all", self._kind, baseline=self.subject.baseline),)
        parts = tuple(self._assertion(index) for index in range(len(self.predicates)))
        spec = Spec((*about, *parts), self.subject.environment)
        return ask(self.subject.policy, spec, self.deadline)

    @property
    def _kind(self) -> AssertionKind:
        if self.subject.baseline is None:
            return AssertionKind.NEVER_ALLOWED
        return AssertionKind.NO_BROADER_THAN

    def _assertion(self, index: int) -> Assertion:
        baseline = self.subject.baseline
        return Assertion(f"region {index}", self._kind, self.predicates[index], baseline)

    @cached_property
    def _solver(self) -> Solver:
        return self._question.solver(self.limits, self.deadline)

    @property
    def _all(self) -> z3.BoolRef:
        return self._question.goals[0].breaks

    def _part(self, index: int) -> z3.BoolRef:
        return self._question.goals[index + 1].in_scope

    def _check(self, formula: z3.BoolRef) -> Sat | None:
        known = [one.known for one in self._question.definitions]
        flags = self._question.request.readings.items()
        fixed = [f if one in self.subject.readings else negation(f) for one, f in flags]
        found = self._solver.check(formula, [*known, *fixed], self.deadline)
        return found if isinstance(found, Sat) else None

    def witness(self, index: int) -> Example | None:
        """A request of the subject of which predicate ``index`` holds; None if there is none.

        Its caller is a role's session or a user rather than anything rarer, if it can be.
        """
        formula = both(self._part(index), self._all)
        found = self._check(formula)
        if found is None:
            return None
        kinds = self._question.request.caller.kinds
        if not holds(kinds[CallerKind.ANONYMOUS], found.model):
            usual = (self._check(both(formula, kinds[kind])) for kind in _USUAL)
            found = next((one for one in usual if one), found)
        subject = self.subject
        trial = Trial(self._assertion(index), subject.policy, subject.environment)
        return replayed(trial, self._question.request, found, self.deadline)

    def exact(self, index: int) -> bool:
        """Whether every request of which predicate ``index`` holds is one of the subject's."""
        return self._check(both(self._part(index), negation(self._all))) is None

    def complete(self, indexes: Sequence[int]) -> None:
        """Raise DisagreementError unless every request of the subject meets a predicate."""
        some = either(map(self._part, indexes))
        self._refute(both(self._all, negation(some)), "is in no region")

    def partition(self, indexes: Sequence[int]) -> None:
        """Raise DisagreementError unless the predicates are disjoint, complete and right."""
        self.complete(indexes)
        some = either(map(self._part, indexes))
        self._refute(both(some, negation(self._all)), "is wrongly in a region")
        self._refute(either(self._overlaps(indexes)), "is in two regions")
        self._probe([self.predicates[index] for index in indexes])

    def _overlaps(self, indexes: Sequence[int]) -> Iterator[z3.BoolRef]:
        before: list[z3.BoolRef] = []
        for index in indexes:
            part = self._part(index)
            yield both(part, either(before))
            before.append(part)

    def _refute(self, formula: z3.BoolRef, complaint: str) -> None:
        found = self._check(formula)
        if found is not None:
            assignment = extract(self._question.request, found)
            raise not_confirmed(assignment, request_of(assignment), f"it {complaint}")

    def _probe(self, regions: Sequence[Predicate]) -> None:
        """Requests near the policies' literals contradict nothing."""
        subject = self.subject
        policies = [one for one in (subject.policy, subject.baseline) if one is not None]
        known, readings = subject.environment, subject.readings
        for request in probes(policies, [], known, 0, self.limits.probes, readings):
            if admits(known, request, readings):
                held = sum(concrete.holds(one, request, readings) for one in regions)
                if held != subject.has(request):
                    raise DisagreementError(f"{held} regions hold the request {request}")
