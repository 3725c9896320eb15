"""How many verdicts a run has come to, without the verdicts."""

from __future__ import annotations

from collections import Counter
from dataclasses import field

from policycheck.dataclass import dataclass
from policycheck.model.verdict import Report, Status


@dataclass(frozen=True)
class Tally:
    """Counts of a run or a part of one; parts add up with ``+``.

    ``failing``: verdicts, violated or vacuous, that do not hold. ``failures``: inputs that could
    not be used. ``cached``: verdicts of former runs. ``seconds``: the sum over all verdicts.
    """

    policies: int = 0
    statuses: Counter[Status] = field(default_factory=Counter)
    failing: int = 0
    failures: int = 0
    cached: int = 0
    seconds: float = 0.0

    @classmethod
    def of(cls, report: Report) -> Tally:
        """The counts of a report."""
        verdicts = report.verdicts
        return cls(
            len({id(one.policy) for one in verdicts}),
            Counter(one.status for one in verdicts),
            sum(not one.holds and one.status is not Status.UNKNOWN for one in verdicts),
            len(report.failures),
            sum(one.cached for one in verdicts),
            sum(one.seconds for one in verdicts),
        )

    def __add__(self, other: Tally) -> Tally:
        """The counts of both parts."""
        return Tally(
            self.policies + other.policies,
            self.statuses + other.statuses,
            self.failing + other.failing,
            self.failures + other.failures,
            self.cached + other.cached,
            self.seconds + other.seconds,
        )

    @property
    def count(self) -> int:
        """How many verdicts there are."""
        return self.assertions

    @property
    def assertions(self) -> int:
        """How many verdicts there are."""
        return self.statuses.total()

    @property
    def exit_code(self) -> int:
        """The exit code of contract section 2: 2 before 1 before 3 before 0."""
        if self.failures:
            return 2
        if self.failing:
            return 1
        return 3 if self.statuses[Status.UNKNOWN] else 0
