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
        found = _compared(self.wide, self.narrow, self.spec, Not(AnyOf(tuple(spoken))), self.limits)
        example = found.counterexample
        for bound in self._bounds():
            if example is not None and self._asked_for(bound, example):
                found = self._within_bound(bound, spoken)
                example = found.counterexample
        return found

    def _bounds(self) -> list[Assertion]:
        """The policies that demand that something is taken away."""
        if self.demanded is not AssertionKind.NEVER_ALLOWED:
            return []
        kind = AssertionKind.NO_BROADER_THAN
        return [one for one in self.spec.assertions if one.kind is kind]

    def _asked_for(self, bound: Assertion, example: Example) -> bool:
        known, workflow = self.spec.environment, self.spec.workflow
        trial = Trial(bound, self.wide, known, workflow)
        return trial.shows(example.request, example.readings)

    def _within_bound(self, bound: Assertion, spoken: list[Predicate]) -> Verdict:
        """What is taken away outside of the bound's scope, or though its baseline allows it."""
        outside = Not(AnyOf((*spoken, bound.predicate)))
        found = _compared(self.wide, self.narrow, self.spec, outside, self.limits)
        if found.counterexample is not None or bound.baseline is None:
            return found
        inside = AllOf((bound.predicate, Not(AnyOf(tuple(spoken)))))
        found = _compared(bound.baseline, self.narrow, self.spec, inside, self.limits)
        example = found.counterexample
        alone = self.spec.workflow is None
        if example is None or (alone and allows(self.wide, example.request, example.readings)):
            return found
        return replace(found, status=Status.UNKNOWN, counterexample=None)


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
