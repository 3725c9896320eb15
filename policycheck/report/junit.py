"""Verdicts and findings as JUnit XML, which viewers of test results read.

Each policy is a suite; each assertion about it, and each finding, is a case. Violated and vacuous
are failures; unknown, not certified, and an input that cannot be read, are errors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from junitparser import Attr, Error, Failure, IntAttr, JUnitXml, TestCase, TestSuite

from policycheck.model.finding import FindingType
from policycheck.model.lint_report import LintReport, PolicyFindings
from policycheck.model.verdict import Report, Status, Verdict
from policycheck.report.characters import printable
from policycheck.report.issues import Issue, of_failures, of_lint, of_proof
from policycheck.report.places import area, relative

_NAME = "policycheck"
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'
_ILLEGAL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write, not even as a reference (section 2.2)."""


class _Case(TestCase):
    """A test case with the file and line it is about."""

    file = Attr("file")
    line = IntAttr("line")


def render_proof(report: Report) -> str:
    """The verdicts as XML, policy by policy."""
    suites = [
        _suite(name, map(_verdict, verdicts))
        for name, verdicts in groupby(report.verdicts, key=lambda one: one.policy.name)
    ]
    return _xml([*_unread(of_failures(report.failures)), *suites])


def render_lint(report: LintReport) -> str:
    """The findings as XML, policy by policy; a policy without any is one case that passes."""
    suites = [_suite(one.policy.name, _findings(one)) for one in report.policies]
    return _xml([*_unread(of_failures(report.failures)), *suites])


def _xml(suites: Iterable[Any]) -> str:
    found: Any = JUnitXml(_NAME)
    for one in suites:
        found.add_testsuite(one)
    found.update_statistics()
    return f"{_DECLARATION}\n{found.tostring().decode('utf-8')}\n"


def _suite(name: str, cases: Iterable[Any]) -> Any:
    found = TestSuite(legal(printable(relative(name))))
    for one in cases:
        found.add_testcase(one)
    return found


def _case(name: str, policy: str, seconds: float = 0.0) -> Any:
    path = legal(printable(relative(policy)))
    found = _Case(legal(printable(name)), path, round(seconds, 3))
    found.file = path
    return found


def _verdict(verdict: Verdict) -> Any:
    found = _case(verdict.assertion.id, verdict.policy.name, verdict.seconds)
    for issue in of_proof(Report((verdict,))):
        kind = Error if verdict.undecided else Failure
        _fail(found, issue, kind, verdict.status.value)
    return found


def _findings(found: PolicyFindings) -> Iterator[Any]:
    issues = [one for one in of_lint(LintReport((found,))) if not one.waived]
    types = {one.code: one.type for one in found.findings}
    for issue in issues:
        case = _case(issue.check, issue.file)
        kind = types.get(issue.check)
        _fail(case, issue, _lint_kind(kind), kind.value if kind else Status.UNKNOWN.value)
        yield case
    if not issues:
        yield _case("nothing found", found.policy.name)


def _lint_kind(kind: FindingType | None) -> type[Any]:
    return Error if kind is None else Failure


def _unread(issues: Iterable[Issue]) -> Iterator[Any]:
    for name, several in groupby(issues, key=lambda one: one.file):
        cases = []
        for issue in several:
            case = _case(issue.check, name)
            _fail(case, issue, Error, "input")
            cases.append(case)
        yield _suite(name, cases)


def _fail(case: Any, issue: Issue, kind: type[Any], name: str) -> None:
    result = kind(legal(issue.message), name)
    result.text = legal(issue.details)
    case.result = [result]
    if issue.span:
        case.line = area(issue.span).line


def legal(text: str) -> str:
    """The text without characters that XML cannot hold."""
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)
