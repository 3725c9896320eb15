"""Each kind of result as a fragment of HTML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from policycheck.model.decision import Decision, Outcome
from policycheck.model.finding import Finding
from policycheck.model.lint_report import LintReport, PolicyFindings
from policycheck.model.region import Difference, Reach, Region
from policycheck.model.repair import Repair, Repairs
from policycheck.model.request import Request
from policycheck.model.trace import Trace
from policycheck.model.verdict import Example, Report, Verdict
from policycheck.report.agreement import Disagreement
from policycheck.report.agreement import render_text as agreement_text
from policycheck.report.html import region_parts, repair_parts, verdict_parts
from policycheck.report.html.fragment import Part, Table, render
from policycheck.report.page import Page
from policycheck.report.statements import spell_statement


@runtime_checkable
class Agreement(Protocol):
    """What a comparison of the two readings of AWS came to."""

    examples: int
    disagreements: Sequence[Disagreement]


@runtime_checkable
class Starter(Protocol):
    """The text of a spec, and the proof of it."""

    text: str
    report: Report


def to_html(result: object) -> str:
    """A result of policycheck as an element that can stand in any page, without scripts.

    Every text of an input is escaped. Raises TypeError for what is no result.
    """
    part = _of_question(result) or _of_request(result) or _of_whole(result)
    if part is None:
        raise TypeError(f"{type(result).__name__} is no result of policycheck")
    return render(part)


def _of_question(result: object) -> Part | None:
    """What was asked about all requests."""
    match result:
        case Report():
            return verdict_parts.report(result)
        case Verdict():
            return verdict_parts.verdict(result)
        case LintReport():
            return verdict_parts.lint_report(result)
        case PolicyFindings():
            return verdict_parts.policy_findings(result)
        case Finding():
            return verdict_parts.finding(result)
        case Reach():
            return region_parts.reach(result)
        case Difference():
            return region_parts.difference(result)
        case Region():
            return region_parts.region(result)
    return None


def _of_request(result: object) -> Part | None:
    """What was asked about one request."""
    match result:
        case Request():
            return verdict_parts.request(result)
        case Example():
            return verdict_parts.example(result)
        case Decision():
            return _decision(result)
        case Trace():
            return _trace(result)
    return None


def _of_whole(result: object) -> Part | None:
    """What is made of several answers."""
    match result:
        case Repairs():
            return repair_parts.repairs(result)
        case Repair():
            return repair_parts.repair(result)
        case Agreement():
            mark = "bad" if result.disagreements else "good"
            text = agreement_text(result.examples, result.disagreements, Page())
            return Part("crosscheck", mark=mark, text=text.rstrip("\n"))
        case Starter():
            proof = verdict_parts.report(result.report)
            return Part("A first spec", text=result.text, inner=[proof])
    return None


def _decision(found: Decision) -> Part:
    numbers = ", ".join(map(str, found.statements))
    decided = [f"decided by statement {numbers}"] if numbers else ["no statement applies"]
    return Part(badge=found.outcome.value, mark=_mark(found.outcome), lines=decided)


def _mark(outcome: Outcome) -> str:
    return "good" if outcome is Outcome.ALLOW else "bad"


def _trace(found: Trace) -> Part:
    statements = []
    for one in found.statements:
        rows = [
            [["yes" if each.holds else "no"], [f"{each.name} {each.key}".rstrip()], [each.reason]]
            for each in one.elements
        ]
        state = "applies" if one.applies else "does not apply"
        title = f"{spell_statement(one.statement)}: {one.statement.effect.value}, {state}"
        voided = f"{one.voided} has no value, so the statement applies to nothing"
        table = Table(("holds", "element", "why"), rows)
        statements.append(Part(title, lines=[voided] if one.voided else [], table=table))
    return Part(
        inner=[verdict_parts.request(found.request), _decision(found.decision), *statements]
    )
