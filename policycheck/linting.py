"""Findings about policies: what ``policycheck.lint`` does."""

from __future__ import annotations

from collections.abc import Iterable

from policycheck.analyse.lint.run import examine
from policycheck.analyse.lint.selection import Selection
from policycheck.analyse.lint.setting import Setting
from policycheck.diagnostics import Level
from policycheck.model.lint_report import LintReport, PolicyFindings
from policycheck.model.policy import Policy
from policycheck.model.verdict import Failure
from policycheck.read.keys_used import check_keys
from policycheck.solve.limits import Limits


def lint(
    policies: Policy | Iterable[Policy],
    setting: Setting | None = None,
    selection: Selection | None = None,
    limits: Limits | None = None,
) -> LintReport:
    """What is wrong, doubtful or needless in each policy, in order.

    ``setting`` is what is known of the API (default: nothing, so that every kind of API is
    considered), ``selection`` says which rules are wanted (default: all), ``limits`` are per
    question. A policy that compares a declared key with an operator of another type is a failure
    in the report. Raises DisagreementError if the two readings of AWS disagree.
    """
    given = [policies] if isinstance(policies, Policy) else list(policies)
    known, wanted = setting or Setting(), selection or Selection()
    failures: list[Failure] = []
    found: list[PolicyFindings] = []
    for policy in given:
        about_keys = check_keys(policy, known.keys)
        if any(one.level is Level.ERROR for one in about_keys):
            failures.append(Failure(policy.name, about_keys))
            continue
        doubtful = (*policy.warnings, *about_keys)
        found.append(examine(policy, doubtful, known, wanted, limits or Limits()))
    return LintReport(tuple(found), tuple(failures))
