"""Annotations of lines for GitHub Actions: workflow commands that a runner reads from the log."""

from __future__ import annotations

from collections.abc import Iterable

from policycheck.model.lint_report import LintReport
from policycheck.model.tally import Tally
from policycheck.model.verdict import Report
from policycheck.report import findings, text
from policycheck.report.escaping import command_data, command_property
from policycheck.report.issues import Grade, Issue, of_failures, of_lint, of_proof
from policycheck.report.places import area, shown_path

_COMMANDS = {
    Grade.CRITICAL: "error",
    Grade.MAJOR: "error",
    Grade.MINOR: "warning",
    Grade.INFO: "notice",
}


def render_proof(report: Report) -> str:
    """Annotations of the verdicts that do not hold, and of inputs that could not be read."""
    issues = [*of_failures(report.failures), *of_proof(report)]
    return render(issues, text.summary(Tally.of(report)))


def render_lint(report: LintReport) -> str:
    """Annotations of the findings, and of inputs that could not be read."""
    issues = [*of_failures(report.failures), *of_lint(report)]
    return render(issues, findings.summary(report))


def render(issues: Iterable[Issue], summary: str) -> str:
    """One annotation a line, then the line that counts them. Waived issues are left out."""
    lines = [annotation(one) for one in issues if not one.waived]
    return "".join(f"{line}\n" for line in (*lines, summary))


def annotation(issue: Issue) -> str:
    """The workflow command that annotates the issue's lines."""
    properties = {"file": shown_path(issue.file)}
    if issue.span:
        found = area(issue.span)
        properties |= {"line": str(found.line), "endLine": str(found.last_line)}
        if found.line == found.last_line:
            last = max(found.last_column - 1, found.column)
            properties |= {"col": str(found.column), "endColumn": str(last)}
    properties["title"] = f"policycheck: {issue.check}"
    spelled = ",".join(f"{name}={command_property(value)}" for name, value in properties.items())
    message = command_data(f"{issue.message}\n\n{issue.details}")
    return f"::{_COMMANDS[issue.grade]} {spelled}::{message}"
