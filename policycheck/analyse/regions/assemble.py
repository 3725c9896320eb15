"""From boxes to certified regions with witnesses."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from policycheck.analyse.regions.boxes import Box
from policycheck.analyse.regions.certify import Certifier, Subject
from policycheck.analyse.regions.cut import Cut
from policycheck.analyse.regions.findings import Broad
from policycheck.dataclass import dataclass
from policycheck.model.decision import Outcome
from policycheck.model.region import SOURCE_IP, Addresses, BroadFinding, Region
from policycheck.model.verdict import Example
from policycheck.solve.limits import Deadline, Limits


@dataclass(frozen=True)
class Assembly:
    """The boxes of one subject, and coarse ones, put to the solver together."""

    cut: Cut
    subject: Subject
    boxes: tuple[Box, ...]
    broad: tuple[Broad, ...]
    limits: Limits
    deadline: Deadline

    @cached_property
    def _certifier(self) -> Certifier:
        boxes = (*self.boxes, *(b for one in self.broad for b in (one.box, one.core)))
        predicates = tuple(map(self.cut.predicate, boxes))
        return Certifier(self.subject, predicates, self.limits, self.deadline)

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """The regions that some request is in, proved to be disjoint, complete and right.

        Raises DisagreementError if they are not, UndecidedError beyond the limits.
        """
        witnesses = [self._certifier.witness(index) for index in range(len(self.boxes))]
        found = [index for index, example in enumerate(witnesses) if example]
        self._certifier.partition(found)
        pairs = zip(self.boxes, witnesses, strict=True)
        return tuple(self._region(box, example) for box, example in pairs if example)

    @cached_property
    def findings(self) -> tuple[BroadFinding, ...]:
        """The coarse findings that some request shows, proved to cover every region."""
        shown = {one.predicate: one.witness for one in self.regions}
        found: dict[int, BroadFinding] = {}
        for number, one in enumerate(self.broad):
            index = len(self.boxes) + 2 * number
            predicate = self.cut.predicate(one.box)
            witness = shown.get(predicate) or self._witness(index)
            if witness:
                exact = predicate in shown or self._certifier.exact(index)
                constraints = self.cut.constraints(one.box)
                where = source(self.cut, one.box)
                found[index] = BroadFinding(constraints, predicate, where, witness, exact)
        if {one.predicate for one in found.values()} != set(shown):
            self._certifier.complete(list(found))
        return tuple(found.values())

    def _witness(self, index: int) -> Example | None:
        """A request that only a finding as broad as this can cover; if there is none, any."""
        return self._certifier.witness(index + 1) or self._certifier.witness(index)

    def _region(self, box: Box, witness: Example) -> Region:
        policy, baseline = self.subject.policy, self.subject.baseline
        before = witness.baseline
        denied = before is not None and before.outcome is Outcome.EXPLICIT_DENY
        return Region(
            self.cut.constraints(box),
            self.cut.predicate(box),
            source(self.cut, box),
            witness,
            tuple(policy.statements[index] for index in witness.decision.statements),
            tuple(baseline.statements[index] for index in before.statements)
            if baseline and before and denied
            else (),
        )


def source(cut: Cut, box: Box) -> Addresses:
    """What aws:SourceIp can be in the box."""
    axis = cut.axes[cut.source]
    found = axis.constraint(box[cut.source])
    if not isinstance(found, Addresses):
        raise TypeError(f"the axis of aws:SourceIp gave {found}")
    return found


def union(cut: Cut, boxes: Sequence[Box]) -> Addresses:
    """What aws:SourceIp can be in any of the boxes."""
    if not boxes:
        return Addresses(SOURCE_IP, ())
    cells = frozenset().union(*(box[cut.source] for box in boxes))
    return source(cut, tuple(cells if n == cut.source else c for n, c in enumerate(boxes[0])))
