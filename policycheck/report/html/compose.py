"""A review as what its page shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count

from policycheck.diagnostics import Span
from policycheck.model.finding import Finding
from policycheck.model.lint_report import PolicyFindings
from policycheck.model.policy import Policy, Statement
from policycheck.model.reading import DISPUTES
from policycheck.model.region import Reach
from policycheck.model.review import PolicyReview, Review
from policycheck.model.verdict import Example, Status, Verdict
from policycheck.report.certificates import spell
from policycheck.report.characters import printable
from policycheck.report.curl import curl
from policycheck.report.html import maps, weeks
from policycheck.report.html.changes import difference
from policycheck.report.html.listing import Line, listing, snippet
from policycheck.report.html.matrix import matrix
from policycheck.report.html.sizes import sizes
from policycheck.report.html.view import (
    FindingView,
    Page,
    PolicyView,
    ReachView,
    RequestView,
    StatementView,
    VerdictView,
)
from policycheck.report.issues import Issue, of_failures, verdict_line, why_waived
from policycheck.report.places import shown_path
from policycheck.report.region_rows import disputes
from policycheck.report.requests import answer_rows, headline, rows
from policycheck.report.statements import header, pointed, spell_statement


def page(review: Review) -> Page:
    """What the page shows, every text of it printable."""
    numbers = count(1)
    policies = tuple(_policy(one, f"p{next(numbers)}") for one in review.policies)
    found = Counter(one.status for view in policies for one in view.verdicts)
    return Page(
        title=_title(review),
        day=review.day.isoformat() if review.day else "",
        counts=tuple((one.value, found[one.value]) for one in Status),
        findings=sum(len(one.findings) for one in policies),
        policies=policies,
        difference=difference(review.difference, review) if review.difference else None,
        unread=tuple((_where(one), one.details) for one in of_failures(review.failures)),
        warnings=tuple(printable(str(one)) for one in review.warnings),
    )


def _title(review: Review) -> str:
    found = review.difference
    if found is not None:
        return f"{shown_path(found.old.name)} → {shown_path(found.new.name)}"
    names = [shown_path(one.policy.name) for one in review.policies]
    return names[0] if len(names) == 1 else f"{len(names)} policies"


def _policy(review: PolicyReview, key: str) -> PolicyView:
    policy, found = review.policy, review.findings
    reach = _reach(review.reach) if review.reach else None
    bound = weeks.of_matrix(reach.matrix) if reach and reach.matrix else []
    asked = weeks.of_assertions(one.assertion for one in review.verdicts)
    return PolicyView(
        key=key,
        name=shown_path(policy.name),
        verdicts=tuple(verdict_view(one, key) for one in _worst_first(review.verdicts)),
        findings=tuple(_findings(found, key)) if found else (),
        undecided=tuple(map(printable, found.undecided)) if found else (),
        linted=found is not None,
        reach=reach,
        hours=(*bound, *asked),
        source=_source(policy, review),
    )


_ORDER = (Status.VIOLATED, Status.VACUOUS, Status.UNKNOWN, Status.PROVED)


def _worst_first(verdicts: Sequence[Verdict]) -> list[Verdict]:
    return sorted(verdicts, key=lambda one: (one.holds, _ORDER.index(one.status)))


def verdict_view(verdict: Verdict, key: str) -> VerdictView:
    """One verdict; ``key`` begins the names of places in the page."""
    assertion = verdict.assertion
    shown = verdict.counterexample or verdict.witness
    held = verdict.reason or "It holds for every request that can exist."
    return VerdictView(
        status=verdict.status.value,
        holds=verdict.holds,
        id=printable(assertion.id),
        severity=assertion.severity.value,
        description=printable(assertion.description),
        line=printable(held) if verdict.holds else _complaint(verdict),
        request=_request(shown) if shown else None,
        statements=tuple(_statement(one, key) for one in verdict.because if one.span),
        notes=(*_readings(verdict), *map(printable, (*verdict.notes, *_certificate(verdict)))),
    )


def _certificate(verdict: Verdict) -> Iterator[str]:
    return iter(()) if verdict.certificate is None else spell(verdict.certificate)


def _complaint(verdict: Verdict) -> str:
    """The line without the id and the status, which stand above it."""
    head = printable(f"{verdict.assertion.id} is {verdict.status.value}")
    said = verdict_line(verdict).removeprefix(head).lstrip(":, ")
    return said[:1].upper() + said[1:]


def _readings(verdict: Verdict) -> Iterator[str]:
    for one in verdict.readings:
        dispute = DISPUTES[one]
        yield (
            f"This depends on how AWS reads a rule ({one.value}, {dispute.source}): "
            f"either {dispute.default}, or {dispute.alternative}."
        )


def _request(found: Example) -> RequestView:
    request = found.request
    said = (*rows(request), *(answer_rows(found.answers) if found.answers else ()))
    command = "\n".join(map(printable, curl(request) or ()))
    return RequestView(headline(request), tuple(said), found.decision.outcome.value, command)


def _statement(one: Statement, key: str) -> StatementView:
    span = one.span
    assert span is not None  # noqa: S101 -- callers ask for those with a place
    lines = snippet(span, one.effect.value.lower(), header(span))
    return StatementView(
        printable(spell_statement(one)), _place(span), f"{key}-l{span.line}", tuple(lines)
    )


def _where(issue: Issue) -> str:
    return _place(issue.span) if issue.span else shown_path(issue.file)


def _place(span: Span) -> str:
    return f"{shown_path(span.source.name)}:{span.line}"


def _findings(found: PolicyFindings, key: str) -> Iterator[FindingView]:
    worst_first = sorted(found.findings, key=lambda one: -one.type.rank)
    yield from (finding_view(one, key) for one in worst_first)
    for one in found.waived:
        yield finding_view(one.finding, key, why_waived(one.waiver))


def finding_view(one: Finding, key: str, waived: str = "") -> FindingView:
    """One finding; ``waived`` says why it is left as it is, if it is."""
    span = one.span
    return FindingView(
        type=one.type.value,
        code=one.code,
        message=printable(one.message),
        evidence=printable(one.evidence),
        fix=printable(one.help),
        place=_place(span) if span else "",
        anchor=f"{key}-l{span.line}" if span else "",
        lines=tuple(snippet(span, "finding", pointed(span))) if span else (),
        request=_request(one.example) if one.example else None,
        waived=waived,
    )


def _reach(found: Reach) -> ReachView:
    return ReachView(
        unknown=printable(found.unknown),
        nobody=found.nobody,
        totals=tuple(sizes(found.source_ip)),
        matrix=matrix(found),
        views=tuple(maps.reach_views(found)),
        disputes=tuple(disputes(found.readings)),
    )


def _source(policy: Policy, review: PolicyReview) -> tuple[Line, ...]:
    spans = [one.span for one in policy.statements if one.span]
    marks: list[tuple[Span, str]] = []
    if review.findings:
        marks += [(pointed(one.span), "finding") for one in review.findings.findings if one.span]
    for verdict in review.verdicts:
        if not verdict.holds:
            marks += [
                (header(one.span), one.effect.value.lower()) for one in verdict.because if one.span
            ]
    return tuple(listing(policy.source, spans, marks))
