"""How many findings a run has come to, without the findings."""

from __future__ import annotations

from collections import Counter
from dataclasses import field

from policycheck.dataclass import dataclass
from policycheck.model.finding import FindingType
from policycheck.model.lint_report import LintReport


@dataclass(frozen=True)
class LintTally:
    """Counts of a run of lint or a part of one; parts add up with ``+``.

    ``failing``: findings as bad as what fails. ``failures``: inputs that could not be used.
    """

    policies: int = 0
    types: Counter[FindingType] = field(default_factory=Counter)
    failing: int = 0
    waived: int = 0
    undecided: int = 0
    failures: int = 0

    @classmethod
    def of(cls, report: LintReport, threshold: FindingType | None = None) -> LintTally:
        """The counts of a report; ``threshold`` is the mildest type that fails, None: none does."""
        return cls(
            len(report.policies),
            Counter(one.type for one in report.findings),
            sum(len(one.at_least(threshold)) for one in report.policies),
            len(report.waived),
            len(report.undecided),
            len(report.failures),
        )

    def __add__(self, other: LintTally) -> LintTally:
        """The counts of both parts."""
        return LintTally(
            self.policies + other.policies,
            self.types + other.types,
            self.failing + other.failing,
            self.waived + other.waived,
            self.undecided + other.undecided,
            self.failures + other.failures,
        )

    @property
    def count(self) -> int:
        """How many policies were judged."""
        return self.policies

    @property
    def exit_code(self) -> int:
        """The exit code of contract section 2: 2 before 1 before 3 before 0."""
        if self.failures:
            return 2
        if self.failing:
            return 1
        return 3 if self.undecided else 0
