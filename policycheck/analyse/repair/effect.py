"""What an edited policy decides otherwise than before, besides what the assertions demand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from policycheck.concrete.policy import allows
from policycheck.concrete.trial import Trial
from policycheck.dataclass import dataclass
from policycheck.model.assertion import Assertion, AssertionKind, Spec
from policycheck.model.policy import Policy
from policycheck.model.predicate import ALWAYS, AllOf, AnyOf, Not, Predicate
from policycheck.model.repair import Change
from policycheck.model.verdict import Example, Status, Verdict
from policycheck.read.combine import of_invocations
from policycheck.solve.limits import Limits
from policycheck.solve.prover import prove


def change(old: Policy, new: Policy, spec: Spec, limits: Limits) -> Change:
    """A request that is taken away and one that is opened, each outside of what was demanded."""
    taken = _Beyond(old, new, spec, AssertionKind.NEVER_ALLOWED, limits).verdict()
    opened = _Beyond(new, old, spec, AssertionKind.ALWAYS_ALLOWED, limits).verdict()
    unknown = Status.UNKNOWN
    undecided = (
        *(("taken",) if taken.status is unknown else ()),
        *(("opened",) if opened.status is unknown else ()),
    )
    shuts_out = _is_closed(new, spec, limits) and not _is_closed(old, spec, limits)
    return Change(taken.counterexample, opened.counterexample, undecided, shuts_out)


def _is_closed(policy: Policy, spec: Spec, limits: Limits) -> bool:
    """Whether it is proved that no request is allowed."""
    nobody = Assertion("nobody", AssertionKind.NEVER_ALLOWED, of_invocations(ALWAYS))
    (found,) = prove([policy], replace(spec, assertions=(nobody,)), limits).verdicts
    return found.status is Status.PROVED


def within(narrow: Policy, wide: Policy, spec: Spec, limits: Limits) -> bool:
    """Whether it is proved that one policy allows no request that the other does not."""
    return _compared(narrow, wide, spec, ALWAYS, limits).status is Status.PROVED


@dataclass(frozen=True)
class _Beyond:
    """Whether ``wide`` allows what ``narrow`` does not, where nothing demands the difference.

    Of the two policies one is before an edit, the other after; after it the assertions hold.
    """

    wide: Policy
    narrow: Policy
    spec: Spec
    demanded: AssertionKind
    limits: Limits

    def verdict(self) -> Verdict:
        """Violated with a request if it does."""
        kinds = {self.demanded, AssertionKind.EQUIVALENT_TO}
        spoken = [one.predicate for one in self.spec.assertions if one.kind in kinds]
        found = self._outside(spoken)
        bounds = self._bounds()
        if found.counterexample is None or not self._is_asked_for(found.counterexample):
            return found
        found = self._outside([*spoken, *(one.predicate for one in bounds)])
        undecided = found if found.status is Status.UNKNOWN else None
        settled: list[Predicate] = []
        for bound in bounds:
            if found.counterexample is not None:
                break
            found = self._within(bound, [*spoken, *settled])
            if found.status is Status.PROVED:
                settled.append(bound.predicate)
            elif found.counterexample is None:
                undecided = found
        return found if found.counterexample is not None else undecided or found

    def _bounds(self) -> list[Assertion]:
        """The policies that demand that something is taken away."""
        if self.demanded is not AssertionKind.NEVER_ALLOWED:
            return []
        kind = AssertionKind.NO_BROADER_THAN
        return [one for one in self.spec.assertions if one.kind is kind]

    def _is_asked_for(self, example: Example) -> bool:
        """Whether one of the policies refuses the request, where it is in their scope."""
        known, workflow = self.spec.environment, self.spec.workflow
        trials = (Trial(one, self.wide, known, workflow) for one in self._bounds())
        return any(one.shows(example.request, example.readings) for one in trials)

    def _outside(self, predicates: Iterable[Predicate]) -> Verdict:
        nowhere = Not(AnyOf(tuple(predicates)))
        return _compared(self.wide, self.narrow, self.spec, nowhere, self.limits)

    def _within(self, bound: Assertion, settled: Iterable[Predicate]) -> Verdict:
        """What is taken away within the bound's scope though no bound demands it; unknown if a
        request that its policy allows is refused, for another reason."""
        inside = AllOf((bound.predicate, Not(AnyOf(tuple(settled)))))
        found = _compared(self.wide, self.narrow, self.spec, inside, self.limits)
        if found.status is Status.PROVED or bound.baseline is None:
            return found
        found = _compared(bound.baseline, self.narrow, self.spec, inside, self.limits)
        example = found.counterexample
        if example is None or self._is_taken(example):
            return found
        return replace(found, status=Status.UNKNOWN, counterexample=None)

    def _is_taken(self, example: Example) -> bool:
        """Whether the request, which the narrow policy refuses, is taken away for no demand."""
        alone = self.spec.workflow is None
        allowed = alone and allows(self.wide, example.request, example.readings)
        return allowed and not self._is_asked_for(example)


def _compared(
    wide: Policy, narrow: Policy, spec: Spec, predicate: Predicate, limits: Limits
) -> Verdict:
    """Whether one policy allows no more than another where the predicate holds."""
    question = Assertion(
        "what changes",
        AssertionKind.NO_BROADER_THAN,
        predicate,
        narrow,
        allow_vacuous=True,
    )
    report = prove([wide], replace(spec, assertions=(question,)), limits)
    (found,) = report.verdicts
    return replace(found, status=Status.PROVED) if found.status is Status.VACUOUS else found


def least_taken(policies: Iterable[Policy], spec: Spec, limits: Limits) -> Iterator[int]:
    """The places of the policies, none after one that allows less; else in the given order."""
    found = list(policies)
    left = list(range(len(found)))

    def more(one: int, other: int) -> bool:
        a, b = found[one], found[other]
        return within(b, a, spec, limits) and not within(a, b, spec, limits)

    while left:
        best = left[0]
        for one in left[1:]:
            best = one if more(one, best) else best
        yield best
        left.remove(best)
