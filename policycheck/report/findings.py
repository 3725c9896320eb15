"""Findings about policies, for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policycheck.model.finding import Finding, FindingType
from policycheck.model.lint_report import LintReport, PolicyFindings
from policycheck.model.lint_tally import LintTally
from policycheck.report.characters import printable, shorten
from policycheck.report.diagnostics import MOST
from policycheck.report.page import Page, Style
from policycheck.report.requests import block
from policycheck.report.snippet import place, snippet
from policycheck.report.statements import pointed

_STYLES = {
    FindingType.SUGGESTION: Style.FRAME,
    FindingType.WARNING: Style.DOUBT,
    FindingType.SECURITY_WARNING: Style.BAD,
    FindingType.ERROR: Style.BAD,
}
_DECIDED = {"Allow": "allowed", "ExplicitDeny": "denied", "ImplicitDeny": "not allowed"}
_INDENT = 4


def render(report: LintReport, page: Page, *, quiet: bool = False) -> str:
    """The findings, policy by policy, what stayed open, and a line that counts them.

    ``quiet`` leaves out the line.
    """
    return about(report.policies, page) + ("" if quiet else end(LintTally.of(report), page))


def about(policies: Iterable[PolicyFindings], page: Page) -> str:
    """The findings about each policy, under its name."""
    return "".join(f"{line}\n" for one in policies for line in _policy(one, page))


def end(tally: LintTally, page: Page) -> str:
    """The line that counts, laid out."""
    return "".join(f"{line}\n" for line in page.paragraph(counted(tally)))


def _policy(found: PolicyFindings, page: Page) -> Iterator[str]:
    if found.findings or found.undecided:
        yield page.paint(Style.STRONG, printable(found.policy.name))
        yield ""
    for one in found.findings:
        yield from finding_lines(one, page)
        yield ""
    for question in found.undecided:
        yield from page.paragraph(question, "undecided: ", Style.DOUBT)
        yield ""


def finding_lines(found: Finding, page: Page) -> Iterator[str]:
    """What is said of one finding, line by line."""
    style = _STYLES[found.type]
    head = f"{found.type.value}[{found.code}]: "
    yield from page.paragraph(shorten(found.message, MOST), head, style, hanging=_INDENT)
    gutter = 1
    if found.span:
        span = pointed(found.span)
        gutter = len(str(span.line))
        yield place(span, page, gutter)
        yield from snippet(span, shorten(found.label, MOST), style, page)
    for name, text in (("evidence", found.evidence), ("help", found.help)):
        if text:
            head = " " * gutter + f" = {name}: "
            yield from page.paragraph(shorten(text, MOST), head, Style.FRAME)
    if found.example:
        decided = _DECIDED[found.example.decision.outcome.value]
        yield from page.paragraph(f"this request is {decided}:", " " * gutter + " = example: ")
        yield ""
        yield from block(found.example.request, page, _INDENT)


def summary(report: LintReport) -> str:
    """How many findings of which type a report has, in one line."""
    return counted(LintTally.of(report))


def counted(tally: LintTally) -> str:
    """How many findings of which type there are, in one line."""
    found = tally.types
    parts = [
        _counted(found[kind], kind.value.replace("-", " "))
        for kind in reversed(FindingType)
        if found[kind]
    ]
    parts = parts or ["nothing found"]
    if tally.waived:
        parts.append(f"{tally.waived} waived")
    if tally.undecided:
        parts.append(f"{_counted(tally.undecided, 'question')} undecided")
    if tally.failures:
        parts.append(f"{_counted(tally.failures, 'input')} not judged")
    count = tally.policies
    policies = f"{count} {'policy' if count == 1 else 'policies'}"
    return f"{policies}: {', '.join(parts)}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun if count == 1 else noun + 's'}"
