"""What ``lint`` found in several policies."""

from __future__ import annotations

from dataclasses import dataclass

from policycheck.model.finding import Finding, FindingType
from policycheck.model.policy import Policy
from policycheck.model.verdict import Failure


@dataclass(frozen=True)
class PolicyFindings:
    """The findings about one policy, by position.

    ``undecided`` are the questions that could not be answered within the limits, one sentence
    each: what they would have found is not known.
    """

    policy: Policy
    findings: tuple[Finding, ...] = ()
    undecided: tuple[str, ...] = ()


@dataclass(frozen=True)
class LintReport:
    """The findings about each policy in order, and the inputs that could not be read."""

    policies: tuple[PolicyFindings, ...] = ()
    failures: tuple[Failure, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings about all policies."""
        return tuple(found for one in self.policies for found in one.findings)

    @property
    def undecided(self) -> tuple[str, ...]:
        """The questions about all policies that could not be answered."""
        return tuple(question for one in self.policies for question in one.undecided)

    def at_least(self, threshold: FindingType | None) -> tuple[Finding, ...]:
        """The findings as bad as ``threshold`` or worse; none, if it is None."""
        if threshold is None:
            return ()
        return tuple(one for one in self.findings if one.type.rank >= threshold.rank)

    def exit_code(self, threshold: FindingType | None) -> int:
        """The exit code of contract section 2: 2 before 1 before 3 before 0."""
        if self.failures:
            return 2
        if self.at_least(threshold):
            return 1
        return 3 if self.undecided else 0
