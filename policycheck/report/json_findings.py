"""Findings about policies, for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator

from policycheck.model.finding import Finding, FindingType
from policycheck.model.lint_report import LintReport, PolicyFindings
from policycheck.model.lint_tally import LintTally
from policycheck.model.waiver import WaivedFinding
from policycheck.report import json_rows
from policycheck.report.json_results import error_list, example
from policycheck.report.json_rows import VERSION
from policycheck.version import __version__


def render(report: LintReport) -> str:
    """The report as a JSON text, in ASCII, so that no character of an input reaches a terminal."""
    return json.dumps(results(report), indent=2) + "\n"


def results(report: LintReport) -> dict[str, object]:
    """The report as JSON has it."""
    return {
        "version": VERSION,
        "tool": f"policycheck {__version__}",
        "results": _findings(report),
        **{name: found for name, found in _lists(report).items() if found},
        "summary": summary(LintTally.of(report)),
    }


Entries = list[dict[str, object]]


def rows(report: LintReport) -> tuple[tuple[str, ...], dict[str, Entries]]:
    """The findings as entries of the list of results, and what belongs to the lists after it."""
    return tuple(map(json_rows.row, _findings(report))), _lists(report)


def summary(tally: LintTally) -> dict[str, object]:
    """How many findings of which type there are."""
    counts: dict[str, object] = {one.value: tally.types[one] for one in FindingType}
    return counts | {"undecided": tally.undecided, "errors": tally.failures}


def _findings(report: LintReport) -> Entries:
    return [_finding(one.policy.name, each) for one in report.policies for each in one.findings]


def _lists(report: LintReport) -> dict[str, Entries]:
    return {
        "waived": [_waived(one.policy.name, w) for one in report.policies for w in one.waived],
        "undecided": [each for one in report.policies for each in _undecided(one)],
        "errors": error_list(report.failures),
    }


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
