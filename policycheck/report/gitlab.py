"""Code quality reports for GitLab.

Source: GitLab documentation, ci/testing/code_quality (Code Quality report format).
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from policycheck.model.lint_report import LintReport
from policycheck.model.verdict import Report
from policycheck.report.issues import Grade, Issue, fingerprints, of_failures, of_lint, of_proof
from policycheck.report.places import area, shown_path

_SEVERITIES = {
    Grade.CRITICAL: "critical",
    Grade.MAJOR: "major",
    Grade.MINOR: "minor",
    Grade.INFO: "info",
}


def render_proof(report: Report) -> str:
    """The verdicts that do not hold, and inputs that could not be read."""
    return render([*of_failures(report.failures), *of_proof(report)])


def render_lint(report: LintReport) -> str:
    """The findings, and inputs that could not be read."""
    return render([*of_failures(report.failures), *of_lint(report)])


def render(issues: Sequence[Issue]) -> str:
    """The issues as a JSON text, in ASCII. Waived issues are left out."""
    kept = [one for one in issues if not one.waived]
    data = [_entry(one, name) for one, name in zip(kept, fingerprints(kept), strict=True)]
    return json.dumps(data, indent=2) + "\n"


def _entry(issue: Issue, fingerprint: str) -> dict[str, object]:
    line = area(issue.span).line if issue.span else 1
    return {
        "description": issue.message,
        "check_name": f"policycheck/{issue.check}",
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[issue.grade],
        "location": {"path": shown_path(issue.file), "lines": {"begin": line}},
    }
