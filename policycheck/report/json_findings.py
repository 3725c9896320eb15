"""Findings about policies, for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator

from policycheck.model.finding import Finding, FindingType
from policycheck.model.lint_report import LintReport, PolicyFindings
from policycheck.model.waiver import WaivedFinding
from policycheck.report.json_results import errors, example
from policycheck.report.json_rows import VERSION
from policycheck.version import __version__


def render(report: LintReport) -> str:
    """The report as a JSON text, in ASCII, so that no character of an input reaches a terminal."""
    return json.dumps(results(report), indent=2) + "\n"


def results(report: LintReport) -> dict[str, object]:
    """The report as JSON has it."""
    found = report.findings
    summary = {kind.value: sum(one.type is kind for one in found) for kind in FindingType}
    data: dict[str, object] = {
        "version": VERSION,
        "tool": f"policycheck {__version__}",
        "summary": summary | {"undecided": len(report.undecided), "errors": len(report.failures)},
        "results": [
            _finding(one.policy.name, each) for one in report.policies for each in one.findings
        ],
    }
    if report.waived:
        data["waived"] = [
            _waived(one.policy.name, w) for one in report.policies for w in one.waived
        ]
    if report.undecided:
        data["undecided"] = [each for one in report.policies for each in _undecided(one)]
    return data | errors(report.failures)


def _waived(name: str, found: WaivedFinding) -> dict[str, object]:
    waiver = found.waiver
    return _finding(name, found.finding) | {
        "reason": waiver.reason,
        "owner": waiver.owner,
        "expires": waiver.expires.isoformat(),
    }


def _undecided(found: PolicyFindings) -> Iterator[dict[str, object]]:
    for question in found.undecided:
        yield {"policy": found.policy.name, "question": question}


def _finding(name: str, found: Finding) -> dict[str, object]:
    data: dict[str, object] = {
        "policy": name,
        "code": found.code,
        "type": found.type.value,
        "message": found.message,
    }
    if found.span and found.span.source.name != name:
        data["file"] = found.span.source.name
    if found.span:
        data |= {"line": found.span.line, "column": found.span.column}
    optional: dict[str, object] = {
        "statement": found.statement,
        "evidence": found.evidence or None,
        "help": found.help or None,
        "example": found.example and example(found.example),
    }
    return data | {key: value for key, value in optional.items() if value is not None}
