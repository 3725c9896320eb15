"""Repairs of a policy: edits after which every assertion is proved, or why there are none."""

from __future__ import annotations

import enum

from policycheck.dataclass import dataclass
from policycheck.model.assertion import Assertion
from policycheck.model.policy import Policy
from policycheck.model.region import Difference
from policycheck.model.shown import Shown
from policycheck.model.verdict import Example, Report


class RepairOutcome(enum.Enum):
    """What a search for repairs came to."""

    NOTHING_TO_DO = "nothing to do"
    REPAIRED = "repaired"
    CONTRADICTION = "contradiction"
    NOT_FOUND = "not found"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Change:
    """What an edit changes besides what the assertions demand.

    ``taken`` is a request that the old policy allows and the new one does not, though no
    ``never_allowed`` speaks of it; ``opened`` one that the new policy allows and the old one does
    not, though no ``always_allowed`` speaks of it. None: there is no such request, proved.
    ``undecided`` holds ``taken`` or ``opened`` if that could not be decided. ``shuts_out``: the
    new policy allows nothing at all, though the old one allows something.
    """

    taken: Example | None = None
    opened: Example | None = None
    undecided: tuple[str, ...] = ()
    shuts_out: bool = False


@dataclass(frozen=True)
class Repair(Shown):
    """Edits after which every assertion is proved.

    ``edits`` says each in one sentence; ``policy`` is the edited policy, read anew; ``report``
    is the proof. ``difference`` is all that the edits open and close, demanded or not.
    """

    edits: tuple[str, ...]
    policy: Policy
    report: Report
    change: Change
    difference: Difference


@dataclass(frozen=True)
class Contradiction:
    """Assertions that no policy can meet together, and why; one alone if no policy meets it.

    ``example`` is a request of which they all speak, if there is one.
    """

    assertions: tuple[Assertion, ...]
    reason: str
    example: Example | None = None


@dataclass(frozen=True)
class Repairs(Shown):
    """The repairs of a policy, best first; without one, why.

    ``report`` is about the policy as it is. ``reasons`` are sentences.
    """

    policy: Policy
    report: Report
    outcome: RepairOutcome
    repairs: tuple[Repair, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """The exit code of contract section 2."""
        match self.outcome:
            case RepairOutcome.NOTHING_TO_DO | RepairOutcome.REPAIRED:
                return 0
            case RepairOutcome.CONTRADICTION | RepairOutcome.NOT_FOUND:
                return 1
            case RepairOutcome.UNDECIDED:
                return 3
