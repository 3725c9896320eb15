"""Reviews of policies for the HTML report: what a command found, and what else a meeting asks."""

from __future__ import annotations

import policycheck as pc
from policycheck.clock import today
from policycheck.diagnostics import InputError
from policycheck.model.environment import Environment
from policycheck.model.lint_report import LintReport, PolicyFindings
from policycheck.model.policy import Policy
from policycheck.model.region import By, Difference, Reach
from policycheck.model.review import PolicyReview, Review
from policycheck.model.verdict import Report

SECONDS = 30.0
"""How long who reaches what, and one question of lint, may take; then it is unknown."""


def of_proof(report: Report, known: Environment | None) -> Review:
    """Verdicts, with findings and who reaches what; ``known`` is what the spec says of the API."""
    environment = known or Environment()
    policies: dict[int, Policy] = {id(one.policy): one.policy for one in report.verdicts}
    reviews = tuple(
        PolicyReview(
            policy,
            tuple(one for one in report.verdicts if one.policy is policy),
            _findings(policy, environment),
            _reach(policy, environment),
        )
        for policy in policies.values()
    )
    return Review(reviews, None, report.failures, report.warnings, today())


def of_lint(report: LintReport) -> Review:
    """Findings alone."""
    reviews = tuple(PolicyReview(one.policy, findings=one) for one in report.policies)
    return Review(reviews, None, report.failures, (), today())


def of_reach(found: Reach) -> Review:
    """Who reaches what."""
    grouped = found if found.groups or found.unknown else _reach(found.policy, found.environment)
    return Review((PolicyReview(found.policy, reach=grouped),), day=today())


def of_difference(found: Difference) -> Review:
    """What changes, and who reaches what after it."""
    after = PolicyReview(found.new, reach=_reach(found.new, found.environment))
    return Review((after,), found, day=today())


def _reach(policy: Policy, known: Environment) -> Reach | None:
    try:
        return pc.reach(policy, known, By.ROUTE, pc.Limits(seconds=SECONDS))
    except InputError as error:
        return Reach(policy, known, unknown=str(error))


def _findings(policy: Policy, known: Environment) -> PolicyFindings | None:
    found = pc.lint(policy, pc.Setting.of(known), limits=pc.Limits(seconds=SECONDS))
    return found.policies[0] if found.policies else None
