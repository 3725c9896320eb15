"""How many policies a run of reach has come to an answer about."""

from __future__ import annotations

from policycheck.dataclass import dataclass


@dataclass(frozen=True)
class ReachTally:
    """Counts of a run of reach or a part of one; parts add up with ``+``."""

    policies: int = 0
    unknown: int = 0
    failures: int = 0

    def __add__(self, other: ReachTally) -> ReachTally:
        """The counts of both parts."""
        return ReachTally(
            self.policies + other.policies,
            self.unknown + other.unknown,
            self.failures + other.failures,
        )

    @property
    def count(self) -> int:
        """How many policies were judged."""
        return self.policies

    @property
    def exit_code(self) -> int:
        """The exit code of contract section 2: 2 before 3 before 0."""
        if self.failures:
            return 2
        return 3 if self.unknown else 0
