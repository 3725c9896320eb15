"""All that is known about policies, for a meeting that reviews them."""

from __future__ import annotations

import datetime as dt

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic
from policycheck.model.lint_report import PolicyFindings
from policycheck.model.policy import Policy
from policycheck.model.region import Difference, Reach
from policycheck.model.verdict import Failure, Verdict


@dataclass(frozen=True)
class PolicyReview:
    """One policy. ``reach`` is grouped by route; what was not asked for is None or empty."""

    policy: Policy
    verdicts: tuple[Verdict, ...] = ()
    findings: PolicyFindings | None = None
    reach: Reach | None = None


@dataclass(frozen=True)
class Review:
    """Several policies, or two versions of one with their ``difference``.

    ``day`` is the day (UTC) of the review.
    """

    policies: tuple[PolicyReview, ...] = ()
    difference: Difference | None = None
    failures: tuple[Failure, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    day: dt.date | None = None
