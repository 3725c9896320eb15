"""Verdicts, findings and requests as parts of a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from policycheck.model.finding import Finding, FindingType
from policycheck.model.lint_report import LintReport, PolicyFindings
from policycheck.model.request import Request
from policycheck.model.verdict import Example, Failure, Report, Status, Verdict
from policycheck.report.html.compose import finding_view, verdict_view
from policycheck.report.html.fragment import Part
from policycheck.report.html.listing import Line
from policycheck.report.html.view import FindingView, RequestView, VerdictView
from policycheck.report.issues import of_failures
from policycheck.report.places import shown_path
from policycheck.report.requests import headline, rows

_MARKS = {
    FindingType.ERROR: "bad",
    FindingType.SECURITY_WARNING: "bad",
    FindingType.WARNING: "doubt",
    FindingType.SUGGESTION: "",
}


def report(found: Report) -> Part:
    """All verdicts, policy by policy, after the inputs that failed."""
    counts = Counter(one.status for one in found.verdicts)
    said = ", ".join(f"{counts[one]} {one.value}" for one in Status if counts[one])
    policies = {id(one.policy): one.policy for one in found.verdicts}
    inner = [
        Part(
            shown_path(policy.name),
            inner=[verdict(one) for one in found.verdicts if one.policy is policy],
        )
        for policy in policies.values()
    ]
    warnings = [str(one) for one in found.warnings]
    mark = "good" if found.ok else "bad"
    return Part(
        said or "nothing judged", "", mark, warnings, inner=[*_unread(found.failures), *inner]
    )


def verdict(found: Verdict) -> Part:
    """One verdict, with its counterexample or witness and the statements that decide."""
    view = verdict_view(found, "")
    mark = "good" if found.holds else "doubt" if found.status is Status.UNKNOWN else "bad"
    title = f"{found.assertion.id} ({found.assertion.severity.value})"
    lines = [found.assertion.description, view.line, *view.notes]
    return Part(title, found.status.value, mark, lines, inner=list(_evidence(view)))


def _evidence(view: VerdictView) -> Iterator[Part]:
    if view.request:
        yield _asked(view.request, folded=view.holds)
    for one in view.statements:
        title = f"{one.name}, {one.place}"
        yield Part(title, text=_listed(one.lines), folded=view.holds)


def lint_report(found: LintReport) -> Part:
    """All findings, policy by policy, after the inputs that failed."""
    count = len(found.findings)
    said = "1 finding" if count == 1 else f"{count or 'no'} findings"
    marks = {_MARKS[one.type] for one in found.findings}
    if found.failures or "bad" in marks:
        mark = "bad"
    else:
        mark = "doubt" if marks or found.undecided else "good"
    inner = [policy_findings(one) for one in found.policies]
    return Part(said, mark=mark, inner=[*_unread(found.failures), *inner])


def policy_findings(found: PolicyFindings) -> Part:
    """The findings about one policy, those that are waived, and the open questions."""
    open_questions = [f"undecided: {one}" for one in found.undecided]
    waived = [
        Part(
            "waived",
            lines=[f"{one.waiver.reason} ({one.waiver.owner})"],
            inner=[finding(one.finding)],
        )
        for one in found.waived
    ]
    inner = [*map(finding, found.findings), *waived]
    lines = open_questions if inner or open_questions else ["nothing found"]
    return Part(shown_path(found.policy.name), lines=lines, inner=inner)


def finding(found: Finding) -> Part:
    """One finding, with the place, the evidence and the fix."""
    view = finding_view(found, "")
    said = (("evidence", view.evidence), ("fix", view.fix), ("place", view.place))
    return Part(
        found.code,
        found.type.value.replace("-", " "),
        _MARKS[found.type],
        [found.message],
        [(name, [value]) for name, value in said if value],
        inner=list(_shown(view)),
    )


def _shown(view: FindingView) -> Iterator[Part]:
    if view.lines:
        yield Part("the lines", text=_listed(view.lines), folded=True)
    if view.request:
        yield _asked(view.request, folded=True)


def request(found: Request) -> Part:
    """What is called, by whom, with which keys."""
    return Part(headline(found), facts=[(name, [value]) for name, value in rows(found)])


def example(found: Example) -> Part:
    """A request with the decision about it."""
    asked = request(found.request)
    return Part(asked.title, facts=[*asked.facts, ("decision", [found.decision.outcome.value])])


def _asked(view: RequestView, *, folded: bool) -> Part:
    facts = [(name, [value]) for name, value in (*view.rows, ("decision", view.decision))]
    return Part(view.called, facts=facts, text=view.command, folded=folded)


def _listed(lines: Sequence[Line]) -> str:
    return "\n".join(f"{one.number:>4} {one.text}".rstrip() for one in lines)


def _unread(failures: Sequence[Failure]) -> Iterator[Part]:
    for one in of_failures(failures):
        yield Part(shown_path(one.file), "not judged", "bad", text=one.details)
