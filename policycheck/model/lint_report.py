"""What ``lint`` found in several policies."""

from __future__ import annotations

from policycheck.dataclass import dataclass
from policycheck.model.finding import Finding, FindingType
from policycheck.model.policy import Policy
from policycheck.model.shown import Shown
from policycheck.model.verdict import Failure
from policycheck.model.waiver import WaivedFinding


@dataclass(frozen=True)
class PolicyFindings(Shown):
    """The findings about one policy, by position.

    ``undecided`` are the questions that could not be answered within the limits, one sentence
    each: what they would have found is not known. ``waived`` are the findings that the policy's
    owner leaves as they are.
    """

    policy: Policy
    findings: tuple[Finding, ...] = ()
    undecided: tuple[str, ...] = ()
    waived: tuple[WaivedFinding, ...] = ()

    def at_least(self, threshold: FindingType | None) -> tuple[Finding, ...]:
        """The findings as bad as ``threshold`` or worse; none, if it is None."""
        if threshold is None:
            return ()
        return tuple(one for one in self.findings if one.type.rank >= threshold.rank)


@dataclass(frozen=True)
class LintReport(Shown):
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

    @property
    def waived(self) -> tuple[WaivedFinding, ...]:
        """The findings about all policies that are waived."""
        return tuple(found for one in self.policies for found in one.waived)

    def exit_code(self, *thresholds: FindingType | None) -> int:
        """The exit code of contract section 2: 2 before 1 before 3 before 0.

        ``thresholds`` say for each policy from which type on a finding fails, None that none
        does; a single one is for all of them.
        """
        if self.failures:
            return 2
        each = thresholds * len(self.policies) if len(thresholds) == 1 else thresholds
        if any(one.at_least(least) for one, least in zip(self.policies, each, strict=True)):
            return 1
        return 3 if self.undecided else 0
