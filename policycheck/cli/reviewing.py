"""Reviews of policies for the HTML report: what a command found, and what else a meeting asks."""

from __future__ import annotations

from collections.abc import Sequence

import policycheck as pc
from policycheck.clock import today
from policycheck.diagnostics import InputError
from policycheck.model.environment import Environment
from policycheck.model.lint_report import LintReport, PolicyFindings
from policycheck.model.policy import Policy
from policycheck.model.proof import Proof
from policycheck.model.region import By, Difference, Reach
from policycheck.model.review import PolicyReview, Review

SECONDS = 30.0
"""How long who reaches what, and one question of lint, may take; then it is unknown."""


def of_proof(proofs: Sequence[Proof]) -> Review:
    """Verdicts, with findings and who reaches what."""
    failures = tuple(one for proof in proofs for one in proof.report.failures)
    warnings = tuple(one for proof in proofs for one in proof.report.warnings)
    reviews = tuple(map(_proved, (one for one in proofs if one.report.verdicts)))
    return Review(reviews, None, failures, warnings, today())


def of_lint(report: LintReport) -> Review:
    """Findings alone."""
    reviews = tuple(PolicyReview(one.policy, findings=one) for one in report.policies)
    return Review(reviews, None, report.failures, (), today())


def of_reach(found: Sequence[Reach]) -> Review:
    """Who reaches what."""
    return Review(
        tuple(PolicyReview(one.policy, reach=_grouped(one)) for one in found), day=today()
    )


def of_difference(found: Difference) -> Review:
    """What changes, and who reaches what after it."""
    after = PolicyReview(found.new, reach=_reach(found.new, found.environment))
    return Review((after,), found, day=today())


def _proved(proof: Proof) -> PolicyReview:
    policy = proof.report.verdicts[0].policy
    known = policy.facts.fill(proof.known or Environment())
    findings = None if policy.symbols else _findings(policy, known)
    return PolicyReview(policy, proof.report.verdicts, findings, _reach(policy, known))


def _grouped(found: Reach) -> Reach:
    """The same by route; other groups are of no use to the page."""
    return found if found.unknown else _reach(found.policy, found.environment)


def _reach(policy: Policy, known: Environment) -> Reach:
    if policy.symbols:
        names = ", ".join(one.name for one in policy.symbols)
        return Reach(policy, known, unknown=f"the policy leaves values open: {names}")
    try:
        return pc.reach(policy, known, By.ROUTE, pc.Limits(seconds=SECONDS))
    except InputError as error:
        return Reach(policy, known, unknown=str(error))


def _findings(policy: Policy, known: Environment) -> PolicyFindings | None:
    found = pc.lint(policy, pc.Setting.of(known), limits=pc.Limits(seconds=SECONDS))
    return found.policies[0] if found.policies else None
