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
    ``certified`` and ``not_certified``: verdicts that a second solver confirms, and does not;
    ``undecided``: verdicts that are unknown, or would hold if they were certified.
    """

    policies: int = 0
    statuses: Counter[Status] = field(default_factory=Counter)
    failing: int = 0
    failures: int = 0
    cached: int = 0
    seconds: float = 0.0
    certified: int = 0
    not_certified: int = 0
    undecided: int = 0

    @classmethod
    def of(cls, report: Report) -> Tally:
        """The counts of a report."""
        verdicts = report.verdicts
        certificates = [one.certificate for one in verdicts if one.certificate is not None]
        return cls(
            len({id(one.policy) for one in verdicts}),
            Counter(one.status for one in verdicts),
            sum(not one.holds and not one.undecided for one in verdicts),
            len(report.failures),
            sum(one.cached for one in verdicts),
            sum(one.seconds for one in verdicts),
            sum(one.certified for one in certificates),
            sum(not one.certified for one in certificates),
            sum(one.undecided for one in verdicts),
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
            self.certified + other.certified,
            self.not_certified + other.not_certified,
            self.undecided + other.undecided,
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
        return 3 if self.undecided else 0
