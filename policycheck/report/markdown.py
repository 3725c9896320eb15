"""Verdicts and findings as Markdown: for a job summary or a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policycheck.model.lint_report import LintReport
from policycheck.model.tally import Tally
from policycheck.model.verdict import Report, Status, Verdict
from policycheck.report import findings, text
from policycheck.report.escaping import fenced, markdown
from policycheck.report.issues import Issue, of_failures, of_lint, of_proof
from policycheck.report.places import area, relative

MOST = 50
"""How many issues are shown with their details; further ones are counted."""

_MARKS = {
    Status.PROVED: "✅ proved",
    Status.VIOLATED: "❌ violated",
    Status.VACUOUS: "⚠️ vacuous",
    Status.UNKNOWN: "❓ unknown",
}


def render_proof(report: Report) -> str:
    """The verdicts as a table, then each that does not hold with its counterexample."""
    lines = ["## policycheck prove", "", markdown(text.summary(Tally.of(report))), ""]
    if report.verdicts:
        lines += ["| policy | assertion | severity | result |", "|---|---|---|---|"]
        lines += map(_row, report.verdicts)
        lines.append("")
    return _joined([*lines, *_issues([*of_failures(report.failures), *of_proof(report)])])


def render_lint(report: LintReport) -> str:
    """The findings, each with what it says and how to mend it."""
    lines = ["## policycheck lint", "", markdown(findings.summary(report)), ""]
    shown = [one for one in of_lint(report) if not one.waived]
    return _joined([*lines, *_issues([*of_failures(report.failures), *shown])])


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(lines).rstrip("\n") + "\n"


def _row(verdict: Verdict) -> str:
    assertion = verdict.assertion
    title = f"**{markdown(assertion.id)}**"
    if assertion.description:
        title += f"<br>{markdown(assertion.description)}"
    policy = markdown(relative(verdict.policy.name))
    return f"| {policy} | {title} | {assertion.severity.value} | {_mark(verdict)} |"


def _mark(verdict: Verdict) -> str:
    doubted = verdict.undecided and verdict.status is not Status.UNKNOWN
    return f"❓ {verdict.status.value}, not certified" if doubted else _MARKS[verdict.status]


def _issues(issues: Sequence[Issue]) -> Iterator[str]:
    for one in issues[:MOST]:
        where = relative(one.file) + (f":{area(one.span).line}" if one.span else "")
        yield f"### {markdown(one.check)}: {markdown(where)}"
        yield ""
        yield markdown(one.message)
        yield ""
        yield fenced(one.details)
    if len(issues) > MOST:
        yield f"and {len(issues) - MOST} more"
