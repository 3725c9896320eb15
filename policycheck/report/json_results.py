"""Verdicts for programs (contract section 5)."""

from __future__ import annotations

import json
from collections.abc import Iterable

from policycheck.diagnostics import Diagnostic, Level
from policycheck.model.policy import Statement
from policycheck.model.request_form import request_to_data
from policycheck.model.tally import Tally
from policycheck.model.verdict import Example, Failure, Report, Status, Verdict
from policycheck.report import json_rows
from policycheck.report.json_rows import VERSION
from policycheck.version import __version__

DIGITS = 3
"""Seconds are given in milliseconds: further digits differ from run to run."""


def render(report: Report) -> str:
    """The report as a JSON text, in ASCII, so that no character of an input reaches a terminal."""
    return json.dumps(results(report), indent=2) + "\n"


def results(report: Report) -> dict[str, object]:
    """The report as JSON has it."""
    return {
        "version": VERSION,
        "tool": f"policycheck {__version__}",
        "results": [result(verdict) for verdict in report.verdicts],
        **errors(report.failures),
        "summary": summary(Tally.of(report)),
    }


def summary(tally: Tally) -> dict[str, object]:
    """How many verdicts of which status there are, and how many inputs could not be used."""
    counts: dict[str, object] = {one.value: tally.statuses[one] for one in Status}
    counts |= {"errors": tally.failures}
    if tally.certified or tally.not_certified:
        counts |= {"certified": tally.certified, "not_certified": tally.not_certified}
    return counts


def row(verdict: Verdict) -> str:
    """A verdict as an entry of the list of results."""
    return json_rows.row(result(verdict))


def errors(failures: Iterable[Failure]) -> dict[str, object]:
    """The errors of the inputs that could not be used; nothing, if there are none."""
    found = error_list(failures)
    return {"errors": found} if found else {}


def error_list(failures: Iterable[Failure]) -> list[dict[str, object]]:
    """What is wrong with the inputs that could not be used."""
    return [
        _error(failure.name, diagnostic)
        for failure in failures
        for diagnostic in failure.diagnostics
        if diagnostic.level is Level.ERROR
    ]


def _error(name: str, diagnostic: Diagnostic) -> dict[str, object]:
    where = {"policy": name, "code": diagnostic.code, "message": diagnostic.message}
    span = diagnostic.span
    return where | ({"line": span.line, "column": span.column} if span else {})


def result(verdict: Verdict) -> dict[str, object]:
    """A verdict as JSON has it."""
    assertion = verdict.assertion
    found: dict[str, object] = {
        "policy": verdict.policy.name,
        "assertion": assertion.id,
        "status": verdict.status.value,
        "severity": assertion.severity.value,
        "description": assertion.description,
    }
    optional = {
        "reason": verdict.reason,
        "counterexample": verdict.counterexample and example(verdict.counterexample),
        "witness": verdict.witness and example(verdict.witness),
    }
    found |= {name: value for name, value in optional.items() if value}
    found["because"] = [because(statement) for statement in verdict.because]
    if verdict.readings:
        found["readings"] = sorted(reading.value for reading in verdict.readings)
    if verdict.notes:
        found["notes"] = list(verdict.notes)
    if verdict.cached:
        found["cached"] = True
    if verdict.certificate is not None:
        from policycheck.report import certificates  # noqa: PLC0415 -- few runs have any

        found["certificate"] = certificates.data(verdict.certificate)
    return found | {"seconds": round(verdict.seconds, DIGITS)}


def example(found: Example) -> dict[str, object]:
    """A request and what was decided of it; ``baseline`` if there was a policy to compare with,
    ``workflow`` with the answers of the other parts if the whole decision was asked for."""
    data: dict[str, object] = {
        "request": request_to_data(found.request),
        "decision": found.decision.outcome.value,
    }
    if found.baseline:
        data["baseline"] = found.baseline.outcome.value
    if found.answers:
        data["workflow"] = {name: outcome.value for name, outcome in found.answers.said}
    return data


def because(statement: Statement) -> dict[str, object]:
    """A statement by its index from 0, its Sid (None without one), and its place in the source."""
    data: dict[str, object] = {"statement": statement.index, "sid": statement.sid}
    span = statement.span
    return data | ({"line": span.line, "column": span.column} if span else {})
