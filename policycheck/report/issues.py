"""What reports to other programs point at: one form for verdicts, findings and unread inputs."""

from __future__ import annotations

import enum
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic, Level, Span
from policycheck.model.assertion import Severity
from policycheck.model.finding import Finding, FindingType
from policycheck.model.lint_report import LintReport, PolicyFindings
from policycheck.model.policy import Effect, Policy, Statement
from policycheck.model.verdict import Example, Failure, Report, Status, Verdict
from policycheck.model.waiver import Waiver
from policycheck.report import findings, text
from policycheck.report.characters import printable
from policycheck.report.page import Page
from policycheck.report.places import relative
from policycheck.report.requests import headline, origin
from policycheck.report.statements import header, pointed, spell_statement

UNDECIDED = "UNDECIDED"
"""The check of questions about a policy that could not be answered."""

_PLAIN = Page()


class Grade(enum.Enum):
    """How bad an issue is, worst first."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    INFO = "info"


OF_SEVERITY = {
    Severity.CRITICAL: Grade.CRITICAL,
    Severity.HIGH: Grade.MAJOR,
    Severity.MEDIUM: Grade.MINOR,
    Severity.LOW: Grade.INFO,
    Severity.INFO: Grade.INFO,
}
OF_FINDING = {
    FindingType.ERROR: Grade.CRITICAL,
    FindingType.SECURITY_WARNING: Grade.MAJOR,
    FindingType.WARNING: Grade.MINOR,
    FindingType.SUGGESTION: Grade.INFO,
}


@dataclass(frozen=True)
class Step:
    """One place on the way to an issue, and what happens there."""

    span: Span
    message: str


@dataclass(frozen=True)
class Issue:
    """One thing that is wrong, or not known.

    ``check`` is the id of the assertion or the code of the rule; ``message`` one line, ``details``
    the whole text for people, without colour; both are printable. ``file`` is the name of the
    policy, ``identity`` what tells the issue from others of its check that moves with no line.
    ``steps`` lead to it, in order. ``waived`` says why it is left as it is, if it is.
    """

    check: str
    grade: Grade
    message: str
    details: str
    file: str
    span: Span | None = None
    identity: str = ""
    steps: tuple[Step, ...] = ()
    waived: str = ""


def fingerprints(issues: Sequence[Issue]) -> list[str]:
    """A name for each issue that no change of other lines changes, different for each (hex)."""
    seen: Counter[tuple[str, ...]] = Counter()
    found: list[str] = []
    for one in issues:
        key = (relative(one.file), one.check, one.identity)
        text_key = "\0".join((*key, str(seen[key])))
        seen[key] += 1
        found.append(hashlib.sha256(text_key.encode("utf-8", "surrogatepass")).hexdigest())
    return found


def of_proof(report: Report) -> list[Issue]:
    """The verdicts that do not hold."""
    return [_of_verdict(one) for one in report.verdicts if not one.holds]


def of_lint(report: LintReport) -> list[Issue]:
    """The findings, those that are waived, and the questions that stayed open."""
    return [issue for one in report.policies for issue in _of_policy(one)]


def of_failures(failures: Sequence[Failure]) -> list[Issue]:
    """The errors of inputs that could not be read."""
    return [
        _of_diagnostic(failure.name, one)
        for failure in failures
        for one in failure.diagnostics
        if one.level is Level.ERROR
    ]


def _of_verdict(verdict: Verdict) -> Issue:
    assertion, policy = verdict.assertion, verdict.policy
    unknown = verdict.undecided
    return Issue(
        check=printable(assertion.id),
        grade=Grade.MINOR if unknown else OF_SEVERITY[assertion.severity],
        message=verdict_line(verdict),
        details="\n".join(text.verdict_lines(verdict, _PLAIN)),
        file=policy.source.name,
        span=_place(verdict),
        identity="\0".join((policy.resource, Status.UNKNOWN.value if unknown else "")),
        steps=tuple(_steps(verdict)),
    )


def verdict_line(verdict: Verdict) -> str:
    """What a verdict that does not hold comes to, in one line."""
    head = f"{verdict.assertion.id} is {verdict.status.value}"
    found = verdict.counterexample
    if found is not None:
        complaint = text.complaint(verdict, found)
        return printable(f"{head}: {complaint}: {_called(found)}")
    if verdict.status is Status.VIOLATED:
        return printable(f"{head}: no request that it speaks of is allowed")
    if verdict.undecided and verdict.certificate is not None:
        return printable(f"{head}, not certified: {verdict.certificate.reason}")
    return printable(f"{head}: {verdict.reason}" if verdict.reason else head)


def _called(found: Example) -> str:
    return f"{headline(found.request)} ({origin(found.request)})"


def _place(verdict: Verdict) -> Span:
    """The statement that decides first, or else the first line of the policy."""
    spans = [header(one.span) for one in verdict.because if one.span]
    return spans[0] if spans else start_of(verdict.policy)


def start_of(policy: Policy) -> Span:
    """The first line of the file that a policy stands in."""
    first = policy.source.text.partition("\n")[0].rstrip()
    return Span(policy.source, 0, max(len(first), 1))


def _steps(verdict: Verdict) -> Iterator[Step]:
    """The request that the assertion speaks of, then each statement that decides it."""
    found, asked = verdict.counterexample, verdict.assertion.span
    if found is None:
        return
    request = _called(found)
    if asked is not None:
        yield Step(asked, printable(f"{verdict.assertion.id} speaks of this request: {request}"))
    for statement in verdict.because:
        if statement.span is not None:
            yield Step(header(statement.span), _decides(statement, request))
    if not verdict.because:
        message = f"no statement of the policy allows this request: {request}"
        yield Step(start_of(verdict.policy), printable(message))


def _decides(statement: Statement, request: str) -> str:
    verb = "allows" if statement.effect is Effect.ALLOW else "denies"
    return printable(f"{spell_statement(statement)} {verb} this request: {request}")


def _of_policy(found: PolicyFindings) -> Iterator[Issue]:
    for one in found.findings:
        yield _of_finding(found.policy, one)
    for waived in found.waived:
        yield _of_finding(found.policy, waived.finding, why_waived(waived.waiver))
    for question in found.undecided:
        yield Issue(
            UNDECIDED,
            Grade.MINOR,
            printable(f"undecided: {question}"),
            printable(f"undecided: {question}"),
            found.policy.source.name,
            start_of(found.policy),
            f"{found.policy.resource}\0{question}",
        )


def why_waived(waiver: Waiver) -> str:
    """Why a finding is left as it is, who says so and until when."""
    return printable(f"{waiver.reason} ({waiver.owner}, until {waiver.expires.isoformat()})")


def _of_finding(policy: Policy, found: Finding, waived: str = "") -> Issue:
    span = found.span or start_of(policy)
    return Issue(
        check=found.code,
        grade=OF_FINDING[found.type],
        message=printable(found.message),
        details="\n".join(findings.finding_lines(found, _PLAIN)).rstrip("\n"),
        file=span.source.name,
        span=pointed(span),
        identity="\0".join(
            (policy.resource, "".join(found.span.text.split()) if found.span else found.message)
        ),
        waived=waived,
    )


def _of_diagnostic(name: str, found: Diagnostic) -> Issue:
    message = printable(f"{found.message} [{found.code}]")
    advice = printable(found.help)
    return Issue(
        check=found.code,
        grade=Grade.CRITICAL,
        message=message,
        details=f"{message}\n{advice}" if advice else message,
        file=found.span.source.name if found.span else name,
        span=found.span,
        identity=found.message,
    )
