"""Verdicts for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import assert_never

from policycheck.model.assertion import AssertionKind
from policycheck.model.decision import Outcome
from policycheck.model.reading import DISPUTES, Reading
from policycheck.model.tally import Tally
from policycheck.model.verdict import Example, Report, Status, Verdict
from policycheck.report.characters import printable
from policycheck.report.page import Page, Style
from policycheck.report.statements import deciding, needed, spell_statement

_STYLES = {
    Status.PROVED: Style.GOOD,
    Status.VIOLATED: Style.BAD,
    Status.VACUOUS: Style.DOUBT,
    Status.UNKNOWN: Style.DOUBT,
}
_INDENT = 2
_STATUS_WIDTH = max(len(status.value) for status in Status) + 2


def render(report: Report, page: Page, *, quiet: bool = False) -> str:
    """The verdicts, policy by policy, and a line that counts them.

    ``quiet`` leaves out the verdicts that hold and the line.
    """
    last = "" if quiet else end(Tally.of(report), page)
    return verdicts(report.verdicts, page, quiet=quiet) + last


def verdicts(found: Iterable[Verdict], page: Page, *, quiet: bool = False) -> str:
    """The verdicts under the names of their policies; ``quiet`` leaves out those that hold."""
    shown = [one for one in found if not (quiet and one.holds)]
    lines: list[str] = []
    for name, about in groupby(shown, key=lambda one: one.policy.name):
        lines += [page.paint(Style.STRONG, printable(name)), ""]
        for verdict in about:
            lines += [*verdict_lines(verdict, page), ""]
    return "".join(f"{line}\n" for line in lines)


def end(tally: Tally, page: Page) -> str:
    """The line that counts, laid out."""
    return "".join(f"{line}\n" for line in page.paragraph(summary(tally)))


def summary(tally: Tally) -> str:
    """How many assertions have which status, in one line."""
    statuses = tally.statuses
    parts = [f"{statuses[status]} {status.value}" for status in Status if statuses[status]]
    if tally.failures:
        parts.append(f"{_counted(tally.failures, 'input')} not judged")
    if tally.certified or tally.not_certified:
        parts.append(f"{tally.certified} certified, {tally.not_certified} not certified")
    policies = _counted(tally.policies, "policy", "policies")
    about = f"{_counted(tally.assertions, 'assertion')} about {policies}"
    kept = f", {tally.cached} from the cache" if tally.cached else ""
    return f"{about}: {', '.join(parts) or 'none decided'} ({tally.seconds:.2f} s{kept})"


def _counted(count: int, noun: str, plural: str = "") -> str:
    return f"{count} {noun if count == 1 else plural or noun + 's'}"


def verdict_lines(verdict: Verdict, page: Page) -> Iterator[str]:
    """What is said of one verdict, line by line."""
    assertion = verdict.assertion
    head = verdict.status.value.upper().ljust(_STATUS_WIDTH)
    title = f"{assertion.id} ({assertion.severity.value})"
    style = Style.DOUBT if verdict.undecided else _STYLES[verdict.status]
    yield from page.paragraph(title, head, style)
    margin = " " * _INDENT
    if assertion.description and not verdict.holds:
        yield from page.paragraph(assertion.description, margin)
    if verdict.reason:
        yield from page.paragraph(verdict.reason, margin)
    if verdict.counterexample:
        yield from _counterexample(verdict, verdict.counterexample, page)
    else:
        yield from _without(verdict, page)
    for reading in verdict.readings:
        yield from _dispute(reading, verdict, page)
    for note in verdict.notes:
        yield from page.paragraph(note, f"{margin}note: ")
    if verdict.certificate is not None:
        from policycheck.report import certificates  # noqa: PLC0415 -- few runs have any

        for line in certificates.spell(verdict.certificate):
            yield from page.paragraph(line, margin)


def _without(verdict: Verdict, page: Page) -> Iterator[str]:
    """What stands under a verdict that has no counterexample."""
    if verdict.witness:
        from policycheck.report.requests import headline, origin  # noqa: PLC0415 -- not for proofs

        request = verdict.witness.request
        found = f"{headline(request)} ({origin(request)})"
        yield from page.paragraph(found, " " * _INDENT + "for example: ")
    if verdict.status is Status.VIOLATED:
        yield from page.paragraph("no request that it speaks of is allowed", " " * _INDENT)
        yield from needed(verdict.because, page)
    elif verdict.because:
        names = ", ".join(map(spell_statement, verdict.because))
        yield from page.paragraph(names, " " * _INDENT + "because of ")


def _counterexample(verdict: Verdict, found: Example, page: Page) -> Iterator[str]:
    from policycheck.report.curl import curl  # noqa: PLC0415 -- not for proofs
    from policycheck.report.requests import block  # noqa: PLC0415

    yield from page.paragraph(f"{complaint(verdict, found)}:", " " * _INDENT)
    yield ""
    yield from block(found.request, page, 2 * _INDENT, found.answers)
    yield ""
    if verdict.because:
        yield from deciding(verdict.because, page)
    elif found.decision.outcome is Outcome.IMPLICIT_DENY or found.answers:
        yield from page.paragraph("no statement of the policy allows it", " " * _INDENT)
    if command := curl(found.request):
        yield ""
        yield from (" " * _INDENT + page.paint(Style.FAINT, line) for line in command)


def complaint(verdict: Verdict, found: Example) -> str:
    """What is wrong with the counterexample."""
    assertion = verdict.assertion
    baseline = assertion.baseline.name if assertion.baseline else "the baseline"
    allowed = found.decision.outcome is Outcome.ALLOW
    match assertion.kind:
        case AssertionKind.NEVER_ALLOWED:
            return "this request is allowed, and must never be"
        case AssertionKind.ALWAYS_ALLOWED:
            return f"this request is {_refused(found)}, and must always be allowed"
        case AssertionKind.NO_BROADER_THAN | AssertionKind.EQUIVALENT_TO if allowed:
            return f"this request is allowed, but not by {baseline}"
        case AssertionKind.NO_BROADER_THAN | AssertionKind.EQUIVALENT_TO:
            return f"this request is {_refused(found)}, but allowed by {baseline}"
        case AssertionKind.SOMETIMES_ALLOWED:
            return "this request is not as the assertion wants it"
    assert_never(assertion.kind)


def _refused(found: Example) -> str:
    denied = found.decision.outcome is Outcome.EXPLICIT_DENY
    return "denied" if denied else "not allowed"


def _dispute(reading: Reading, verdict: Verdict, page: Page) -> Iterator[str]:
    """Both answers of a rule on which AWS's pages do not agree, and under which one this is."""
    dispute = DISPUTES[reading]
    example = verdict.counterexample or verdict.witness
    head = f"this depends on how AWS reads a rule ({reading.value}, {dispute.source}):"
    margin = " " * _INDENT
    yield ""
    yield from page.paragraph(head, margin)
    chosen = " (so here)" if example is None else " (shown here)"
    alternative = reading in verdict.under
    yield from page.paragraph(dispute.default + ("" if alternative else chosen), f"{margin}- ")
    yield from page.paragraph(dispute.alternative + (chosen if alternative else ""), f"{margin}- ")
