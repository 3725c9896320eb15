"""The search for the smallest repairs: counterexample, candidates, proof, and again.

A counterexample once found is kept: a candidate that it still breaks needs no solver.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterator
from dataclasses import field
from itertools import count, islice

from policycheck.analyse.regions.differing import diff
from policycheck.analyse.repair.contradictions import contradictions
from policycheck.analyse.repair.document import Document
from policycheck.analyse.repair.effect import change, least_taken
from policycheck.analyse.repair.nodes import Node, attempted, candidates
from policycheck.analyse.repair.problem import Problem
from policycheck.concrete.trial import Trial
from policycheck.dataclass import dataclass
from policycheck.diagnostics import InputError
from policycheck.model.assertion import Assertion, Spec
from policycheck.model.policy import Policy
from policycheck.model.repair import Change, Repair, RepairOutcome, Repairs
from policycheck.model.verdict import Example, Report, Status, Verdict
from policycheck.proving import prove
from policycheck.solve.limits import Limits

LAST_SECONDS = 5.0
"""What a proof of what is shown may take at least, even if the time of the search is over."""


@dataclass(frozen=True)
class RepairLimits:
    """How far a search goes.

    ``seconds``: wall-clock time of the whole search. ``edits``: the most edits of one repair.
    ``breadth``: how many policies with equally many edits are looked at. ``ranked``: how many
    repairs with equally many edits are compared with each other.
    """

    seconds: float = 60.0
    edits: int = 3
    breadth: int = 400
    ranked: int = 8


def repair(
    policy: Policy,
    spec: Spec,
    *,
    alternatives: int = 1,
    limits: RepairLimits | None = None,
) -> Repairs:
    """The smallest edits of the policy's text after which every assertion of the spec is proved.

    Up to ``alternatives`` repairs, best first: those with the fewest edits, among them those that
    change least of what is allowed. Each was read from the edited text and proved. Raises
    InputError if the policy's text is no bare policy document, or if the policy compares a
    declared key with an operator of another type.
    """
    given = limits or RepairLimits()
    search = _Search(Document.of(policy), spec, alternatives, given)
    before = prove(policy, spec, search.thorough)
    if before.failures:
        raise InputError(one for failure in before.failures for one in failure.diagnostics)
    if before.ok:
        return Repairs(policy, before, RepairOutcome.NOTHING_TO_DO)
    impossible = tuple(contradictions(spec, search.thorough))
    if impossible:
        return Repairs(policy, before, RepairOutcome.CONTRADICTION, contradictions=impossible)
    found = search.run()
    if found:
        return Repairs(policy, before, RepairOutcome.REPAIRED, repairs=found)
    undecided = search.out_of_time or bool(before.unknown) or search.unknown
    outcome = RepairOutcome.UNDECIDED if undecided else RepairOutcome.NOT_FOUND
    return Repairs(policy, before, outcome, reasons=tuple(search.reasons(before)))


@dataclass
class _Search:
    document: Document
    spec: Spec
    alternatives: int
    limits: RepairLimits
    started: float = field(default_factory=time.monotonic)
    seen: set[str] = field(default_factory=set)
    counterexamples: list[tuple[Assertion, Example]] = field(default_factory=list)
    unsaid: set[str] = field(default_factory=set)
    waiting: dict[int, list[tuple[int, int, Node]]] = field(default_factory=dict)
    tickets: Iterator[int] = field(default_factory=count)
    last_resort: list[tuple[Node, Change]] = field(default_factory=list)
    out_of_time: bool = False
    unknown: bool = False
    too_many: bool = False

    @property
    def left(self) -> float:
        """Seconds that are left."""
        return self.started + self.limits.seconds - time.monotonic()

    @property
    def thorough(self) -> Limits:
        """The limits of a proof that is shown."""
        return Limits(seconds=max(self.left, LAST_SECONDS))

    @property
    def quick(self) -> Limits:
        """The limits of a proof on the way; what is shown is proved again."""
        return Limits(seconds=max(self.left, 0.1), probes=10)

    def run(self) -> tuple[Repair, ...]:
        """The repairs, best first."""
        self.seen.add(self.document.text)
        self._put(0, Node(self.document))
        found: list[Repair] = []
        for edits in range(self.limits.edits + 1):
            solved = list(self._solved(edits))
            found += islice(self._ranked(solved), self.alternatives - len(found))
            if len(found) >= self.alternatives or self.out_of_time:
                break
        for node, changed in self.last_resort:
            if len(found) < self.alternatives:
                found += self._repair(node, changed)
        return tuple(found)

    def _put(self, edits: int, node: Node) -> None:
        queue = self.waiting.setdefault(edits, [])
        heapq.heappush(queue, (node.weight, next(self.tickets), node))

    def _solved(self, edits: int) -> Iterator[Node]:
        """The policies with so many edits that meet the spec; the others are edited further."""
        queue = self.waiting.pop(edits, [])
        for place in range(len(queue)):
            if self.left <= 0:
                self.out_of_time = True
                return
            if place >= self.limits.breadth:
                self.too_many = True
                return
            _, _, node = heapq.heappop(queue)
            broken = self._broken(node)
            if broken is None:
                yield node
            elif edits < self.limits.edits and not isinstance(broken, Status):
                self._expand(edits, node, *broken)

    def _broken(self, node: Node) -> tuple[Assertion, Example | None] | Status | None:
        """An assertion that does not hold, and what shows it; or that it could not be decided."""
        policy = node.document.policy
        for assertion, example in self.counterexamples:
            if self._breaks(assertion, policy, example):
                return assertion, example
        verdict = self._first_failure(policy)
        if verdict is None:
            return None
        if verdict.status is not Status.VIOLATED:
            self.unknown = True
            return verdict.status
        if verdict.counterexample:
            self.counterexamples.append((verdict.assertion, verdict.counterexample))
        return verdict.assertion, verdict.counterexample

    def _breaks(self, assertion: Assertion, policy: Policy, example: Example) -> bool:
        """Whether a request that broke the assertion breaks it with this policy too."""
        trial = Trial(assertion, policy, self.spec.environment, self.spec.workflow)
        return trial.shows(example.request, example.readings)

    def _first_failure(self, policy: Policy) -> Verdict | None:
        def stop(verdict: Verdict) -> None:
            if not verdict.holds:
                raise _FailureError(verdict)

        try:
            report = prove(policy, self.spec, self.quick, stop)
        except _FailureError as found:
            return found.verdict
        if report.failures:
            return Verdict(policy, self.spec.assertions[0], Status.UNKNOWN)
        return None

    def _expand(
        self, edits: int, node: Node, assertion: Assertion, example: Example | None
    ) -> None:
        problem = Problem(node.document, self.spec, assertion, example, self.unsaid)
        for candidate in candidates(problem):
            total = edits + len(candidate.edits)
            if self.left <= 0 or total > self.limits.edits:
                continue
            document = attempted(node.document, candidate)
            if document is None or document.text in self.seen:
                continue
            self.seen.add(document.text)
            if example and self._breaks(assertion, document.policy, example):
                continue
            self._put(total, node.edited(document, candidate))

    def _ranked(self, solved: list[Node]) -> Iterator[Repair]:
        """Repairs with equally many edits in the order of the module ``cost``; proved anew.

        Those after which nobody gets in any more are the last resort.
        """
        groups: dict[tuple[bool, bool, bool], list[tuple[Node, Change]]] = {}
        for one in solved[: self.limits.ranked]:
            found = change(self.document.policy, one.document.policy, self.spec, self.quick)
            if found.shuts_out:
                self.last_resort.append((one, found))
                continue
            opens = found.opened is not None or "opened" in found.undecided
            groups.setdefault((opens, not one.corrects, one.long), []).append((one, found))
        for _, group in sorted(groups.items(), key=lambda item: item[0]):
            policies = [one.document.policy for one, _ in group]
            for place in least_taken(policies, self.spec, self.quick):
                yield from self._repair(*group[place])

    def _repair(self, node: Node, found: Change) -> Iterator[Repair]:
        edited = node.document.policy
        report = prove(edited, self.spec, self.thorough)
        if report.ok:
            difference = diff(self.document.policy, edited, self.spec, self.quick)
            yield Repair(node.edits, edited, report, found, difference)

    def reasons(self, before: Report) -> Iterator[str]:
        """Why there is no repair."""
        if self.out_of_time:
            yield f"the time limit of {self.limits.seconds:g} seconds was reached"
        for verdict in before.unknown:
            yield f"{verdict.assertion.id} could not be decided: {verdict.reason}"
        if not self.out_of_time:
            tried = len(self.seen) - 1
            yield f"none of {tried} edited policies with up to {self.limits.edits} edits will do"
        if self.too_many:
            yield f"of those with equally many edits no more than {self.limits.breadth} were tried"
        for one in sorted(self.unsaid):
            yield f"no statement of a policy can say: {one}"


class _FailureError(Exception):
    """Ends a proof at the first assertion that does not hold."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__()
        self.verdict = verdict
