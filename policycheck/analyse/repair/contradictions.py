"""Assertions that no policy can meet, alone or together.

Each question is put to the prover about a policy that is known beforehand: one that allows
everything, or one that assertions compare with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Source
from policycheck.model.assertion import Assertion, AssertionKind, Spec
from policycheck.model.policy import Policy
from policycheck.model.predicate import AllOf, Not, Predicate
from policycheck.model.repair import Contradiction
from policycheck.model.verdict import Example, Status, Verdict
from policycheck.read.policy import parse_policy
from policycheck.solve.limits import Limits
from policycheck.solve.prover import prove

_EVERYTHING = (
    '{"Version": "2012-10-17", "Statement": '
    '{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}'
)
_NEVER, _ALWAYS, _SOMETIMES, _NARROW, _SAME = (
    AssertionKind.NEVER_ALLOWED,
    AssertionKind.ALWAYS_ALLOWED,
    AssertionKind.SOMETIMES_ALLOWED,
    AssertionKind.NO_BROADER_THAN,
    AssertionKind.EQUIVALENT_TO,
)


def contradictions(spec: Spec, limits: Limits) -> Iterator[Contradiction]:
    """Every pair that contradicts itself, and each ``sometimes_allowed`` that others rule out."""
    search = _Search(spec, limits, parse_policy(Source("<everything>", _EVERYTHING)))
    vacuous = [one for one in spec.assertions if search.is_vacuous(one)]
    yield from (_impossible(one) for one in vacuous if not one.allow_vacuous)
    rest = [one for one in spec.assertions if one not in vacuous]
    for one, other in combinations(rest, 2):
        yield from search.pair(one, other)
    for assertion in rest:
        if assertion.kind is _SOMETIMES:
            yield from search.ruled_out(assertion, [a for a in rest if a.kind is _NEVER])


@dataclass(frozen=True)
class _Search:
    spec: Spec
    limits: Limits
    everything: Policy

    def is_vacuous(self, assertion: Assertion) -> bool:
        """Whether it speaks of no possible request, whatever the policy is."""
        return self._possible(assertion.predicate).status is Status.PROVED

    def pair(self, one: Assertion, other: Assertion) -> Iterator[Contradiction]:
        """The contradiction of two assertions, if there is one."""
        for first, second in ((one, other), (other, one)):
            found = self._against(first, second)
            if found is not None:
                yield found
                return

    def _against(self, first: Assertion, second: Assertion) -> Contradiction | None:
        both = AllOf((first.predicate, second.predicate))
        pair = (first, second)
        match first.kind, second.kind:
            case (AssertionKind.ALWAYS_ALLOWED, AssertionKind.NEVER_ALLOWED):
                found = self._possible(both)
                reason = "the same request must always and must never be allowed"
            case (
                AssertionKind.ALWAYS_ALLOWED,
                AssertionKind.NO_BROADER_THAN | AssertionKind.EQUIVALENT_TO,
            ):
                found = self._ask(self.everything, _NARROW, both, second.baseline)
                reason = f"a request must always be allowed, and {_name(second)} does not allow it"
            case (AssertionKind.EQUIVALENT_TO, AssertionKind.NEVER_ALLOWED):
                found = self._ask(_baseline(first), _NEVER, both)
                reason = f"{_name(first)} allows a request that must never be allowed"
            case (AssertionKind.EQUIVALENT_TO, AssertionKind.EQUIVALENT_TO):
                found = self._ask(_baseline(first), _SAME, both, second.baseline)
                reason = f"{_name(first)} and {_name(second)} decide a request differently"
            case (AssertionKind.EQUIVALENT_TO, AssertionKind.NO_BROADER_THAN):
                found = self._ask(_baseline(first), _NARROW, both, second.baseline)
                reason = f"{_name(first)} allows a request that {_name(second)} does not"
            case (
                AssertionKind.SOMETIMES_ALLOWED,
                AssertionKind.NO_BROADER_THAN | AssertionKind.EQUIVALENT_TO,
            ):
                return self._refused(first, second)
            case _:
                return None
        if found.counterexample is None:
            return None
        return Contradiction(pair, reason, found.counterexample)

    def _refused(self, first: Assertion, second: Assertion) -> Contradiction | None:
        """A baseline that lets in none of the requests of which one must be allowed."""
        beyond = AllOf((first.predicate, Not(second.predicate)))
        if self._possible(beyond).status is not Status.PROVED:
            return None
        if self._ask(_baseline(second), _NEVER, first.predicate).status is not Status.PROVED:
            return None
        reason = f"{_name(second)} allows no request of which one must be allowed"
        return Contradiction((first, second), reason, self._some(first.predicate))

    def ruled_out(self, wanted: Assertion, nevers: Sequence[Assertion]) -> Iterator[Contradiction]:
        """The fewest assertions, by leaving out, that leave nothing of what one must be allowed."""
        needed = list(nevers)
        if not needed or not self._leave_nothing(wanted, needed):
            return
        for one in nevers:
            fewer = [other for other in needed if other is not one]
            if fewer and self._leave_nothing(wanted, fewer):
                needed = fewer
        reason = "every request of which one must be allowed is one that must never be"
        yield Contradiction((wanted, *needed), reason, self._some(wanted.predicate))

    def _leave_nothing(self, wanted: Assertion, nevers: Iterable[Assertion]) -> bool:
        left = AllOf((wanted.predicate, *(Not(one.predicate) for one in nevers)))
        return self._possible(left).status is Status.PROVED

    def _some(self, predicate: Predicate) -> Example | None:
        return self._possible(predicate).counterexample

    def _possible(self, predicate: Predicate) -> Verdict:
        """Violated with a request if one of them is possible, whoever else decides about it."""
        return self._ask(self.everything, _NEVER, predicate, alone=True)

    def _ask(
        self,
        policy: Policy,
        kind: AssertionKind,
        predicate: Predicate,
        baseline: Policy | None = None,
        *,
        alone: bool = False,
    ) -> Verdict:
        """The verdict about a policy, as part of the spec's workflow unless ``alone``.

        Where no request is in question, it is proved.
        """
        question = Assertion("question", kind, predicate, baseline, allow_vacuous=True)
        spec = replace(self.spec, assertions=(question,))
        asked = replace(spec, workflow=None) if alone else spec
        report = prove([policy], asked, self.limits)
        (found,) = report.verdicts
        return replace(found, status=Status.PROVED) if found.status is Status.VACUOUS else found


def _impossible(assertion: Assertion) -> Contradiction:
    reason = "no possible request is one that it speaks of, whatever the policy is"
    return Contradiction((assertion,), reason)


def _baseline(assertion: Assertion) -> Policy:
    if assertion.baseline is None:
        raise ValueError(assertion.id)
    return assertion.baseline


def _name(assertion: Assertion) -> str:
    return _baseline(assertion).name
