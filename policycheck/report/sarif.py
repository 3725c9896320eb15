"""Verdicts and findings as SARIF 2.1.0 (Static Analysis Results Interchange Format, OASIS)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from policycheck.diagnostics import Span
from policycheck.model.assertion import Assertion, AssertionKind, Severity
from policycheck.model.finding import FindingType
from policycheck.model.lint_report import LintReport
from policycheck.model.rule import Rule, rules
from policycheck.model.verdict import Failure, Report
from policycheck.report.characters import printable
from policycheck.report.escaping import markdown
from policycheck.report.issues import (
    OF_FINDING,
    OF_SEVERITY,
    UNDECIDED,
    Grade,
    Issue,
    Step,
    fingerprints,
    of_failures,
    of_lint,
    of_proof,
)
from policycheck.report.places import area, uri
from policycheck.version import __version__

Data = dict[str, object]
Pages = Callable[[str], Rule]
"""The rule of a code, with its page."""

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT = "policycheck/v1"
"""The name of the fingerprint; its number changes when fingerprints are made another way."""

_LEVELS = {
    Grade.CRITICAL: "error",
    Grade.MAJOR: "error",
    Grade.MINOR: "warning",
    Grade.INFO: "note",
}
_SECURITY_SEVERITY = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.0",
    Severity.INFO: "0.1",
}
"""Numbers that GitHub's code scanning reads as critical, high, medium and low."""

_DEMANDS = {
    AssertionKind.NEVER_ALLOWED: "No request that it speaks of may be allowed.",
    AssertionKind.ALWAYS_ALLOWED: "Every request that it speaks of must be allowed.",
    AssertionKind.SOMETIMES_ALLOWED: "Some request that it speaks of must be allowed.",
    AssertionKind.NO_BROADER_THAN: "What the baseline does not allow may not be allowed.",
    AssertionKind.EQUIVALENT_TO: "What the baseline allows, and nothing else, must be allowed.",
}
_LINK = re.compile(r"\](?=\()")


def render_proof(report: Report) -> str:
    """The verdicts that do not hold, as a JSON text in ASCII. Each assertion is a rule."""
    described = {printable(one.assertion.id): _assertion(one.assertion) for one in report.verdicts}
    return _log("prove", described, of_proof(report), report.failures)


def render_lint(report: LintReport, page: Pages) -> str:
    """The findings, as a JSON text in ASCII; those that are waived are suppressed."""
    issues = of_lint(report)
    used = sorted({one.check for one in issues})
    described = {code: _rule(code, page) for code in used}
    return _log("lint", described, issues, report.failures)


def _log(
    command: str,
    described: Mapping[str, Data],
    issues: Sequence[Issue],
    failures: Sequence[Failure],
) -> str:
    places = {name: index for index, name in enumerate(described)}
    names = fingerprints(issues)
    driver: Data = {
        "name": "policycheck",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": list(described.values()),
    }
    run: Data = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"policycheck/{command}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(failures)],
        "results": [
            _result(one, places[one.check], name) for one, name in zip(issues, names, strict=True)
        ],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _assertion(assertion: Assertion) -> Data:
    demand = _DEMANDS[assertion.kind]
    title = assertion.description or assertion.id
    level = _LEVELS[OF_SEVERITY[assertion.severity]]
    return {
        "id": printable(assertion.id),
        "shortDescription": message(title),
        "fullDescription": message(f"{assertion.kind.value}: {demand}"),
        "help": {
            "text": escaped(f"{title}\n\n{demand}"),
            "markdown": f"{markdown(title)}\n\n{demand}\n",
        },
        "defaultConfiguration": {"level": level},
        "properties": {
            "precision": "very-high",
            "tags": ["security"],
            "security-severity": _SECURITY_SEVERITY[assertion.severity],
        },
    }


def _rule(code: str, page: Pages) -> Data:
    if code not in rules():
        said = "A question about the policy could not be answered within the limits."
        assert code == UNDECIDED  # noqa: S101 -- the one check that is no rule
        return {"id": code, "shortDescription": {"text": said}, "help": {"text": said}}
    rule = page(code)
    return {
        "id": code,
        "shortDescription": message(rule.summary),
        "help": {"text": escaped(rule.page, lines=True), "markdown": rule.page},
        "defaultConfiguration": {"level": _LEVELS[OF_FINDING[rule.type]]},
        "properties": {"precision": "high", "tags": _tags(rule.type)},
    }


def _tags(kind: FindingType) -> list[str]:
    return [kind.value] + (["security"] if kind is FindingType.SECURITY_WARNING else [])


def _result(issue: Issue, index: int, fingerprint: str) -> Data:
    found: Data = {
        "ruleId": issue.check,
        "ruleIndex": index,
        "level": _LEVELS[issue.grade],
        "message": {"text": f"{escaped(issue.message)}\n\n{escaped(issue.details, lines=True)}"},
        "locations": [_location(issue.file, issue.span)],
        "partialFingerprints": {FINGERPRINT: fingerprint},
    }
    if issue.steps:
        found["codeFlows"] = [{"threadFlows": [{"locations": _flow(issue.steps)}]}]
    if issue.waived:
        reason = {"kind": "external", "status": "accepted", "justification": issue.waived}
        found["suppressions"] = [reason]
    return found


def _flow(steps: Iterable[Step]) -> list[Data]:
    return [
        {
            "executionOrder": order,
            "location": _location(one.span.source.name, one.span)
            | {"message": message(one.message)},
        }
        for order, one in enumerate(steps, 1)
    ]


def _location(file: str, span: Span | None) -> Data:
    place: Data = {"artifactLocation": {"uri": uri(file)}}
    if span:
        found = area(span)
        place["region"] = {
            "startLine": found.line,
            "startColumn": found.column,
            "endLine": found.last_line,
            "endColumn": found.last_column,
        }
    return {"physicalLocation": place}


def _invocation(failures: Sequence[Failure]) -> Data:
    """Whether every input could be read, and what was wrong with those that could not."""
    notices = [
        {
            "level": "error",
            "message": {"text": escaped(one.details, lines=True)},
            "locations": [_location(one.file, one.span)],
            "descriptor": {"id": one.check},
        }
        for one in of_failures(failures)
    ]
    return {"executionSuccessful": not failures} | (
        {"toolConfigurationNotifications": notices} if notices else {}
    )


def message(text: str) -> Data:
    """A message object with the text."""
    return {"text": escaped(text)}


def escaped(text: str, *, lines: bool = False) -> str:
    """The text with nothing in it that SARIF reads as a placeholder or a link (3.11.5, 3.11.6).

    ``lines``: its line breaks are kept.
    """
    plain = "\n".join(map(printable, text.split("\n"))) if lines or "\n" in text else text
    plain = plain if "\n" in plain else printable(plain)
    return _LINK.sub("] ", plain.replace("{", "{{").replace("}", "}}"))
