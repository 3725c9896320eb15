"""One concrete decision told step by step."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import assert_never

from policycheck.model.decision import Outcome
from policycheck.model.policy import Statement
from policycheck.model.request_form import request_to_data
from policycheck.model.trace import Compared, ElementTrace, StatementTrace, Trace
from policycheck.report.json_results import because
from policycheck.report.page import Page, Style
from policycheck.report.requests import block
from policycheck.report.statements import spell_statement
from policycheck.version import __version__

VERSION = 1
"""The version of the form of the JSON text."""

_STYLES = {
    Outcome.ALLOW: Style.GOOD,
    Outcome.EXPLICIT_DENY: Style.BAD,
    Outcome.IMPLICIT_DENY: Style.BAD,
}
_YES, _NO = "  yes  ", "  no   "


def render_json(trace: Trace) -> str:
    """The explanation for programs, in ASCII."""
    data = {
        "version": VERSION,
        "tool": f"policycheck {__version__}",
        "policy": trace.policy.name,
        "request": request_to_data(trace.request),
        "decision": trace.decision.outcome.value,
        "statements": list(trace.decision.statements),
        "trace": [_statement_data(one) for one in trace.statements],
    }
    return json.dumps(data, indent=2) + "\n"


def _statement_data(found: StatementTrace) -> dict[str, object]:
    data = because(found.statement) | {
        "effect": found.statement.effect.value,
        "applies": found.applies,
        "elements": [_element_data(element) for element in found.elements],
        "would_have_to_change": [_named(element) for element in found.failing],
    }
    return data | ({"voided": found.voided} if found.voided else {})


def _element_data(element: ElementTrace) -> dict[str, object]:
    data: dict[str, object] = {"element": element.name}
    if element.key:
        data["key"] = element.key
    data |= {
        "holds": element.holds,
        "reason": element.reason,
        "actual": list(element.actual),
        "wanted": list(element.wanted),
        "compared": [_compared_data(pair) for pair in element.compared],
    }
    span = element.span
    return data | ({"line": span.line, "column": span.column} if span else {})


def _compared_data(pair: Compared) -> dict[str, object]:
    return {"actual": pair.actual, "wanted": pair.wanted, "matched": pair.matched}


def render_text(trace: Trace, page: Page) -> str:
    """The explanation for people: the request, the decision, then each statement."""
    lines = [*block(trace.request, page, 0), ""]
    outcome = trace.decision.outcome
    lines += page.paragraph(_decided(trace), f"{outcome.value}: ", _STYLES[outcome], hanging=4)
    for statement in trace.statements:
        lines += ["", *_statement(statement, page)]
    return "".join(f"{line}\n" for line in lines)


def _decided(trace: Trace) -> str:
    deciding = [trace.policy.statements[index] for index in trace.decision.statements]
    names = ", ".join(map(spell_statement, deciding))
    match trace.decision.outcome:
        case Outcome.ALLOW:
            return f"{names} {_verb(deciding, 'allow')} it, and no statement denies it"
        case Outcome.EXPLICIT_DENY:
            return f"{names} {_verb(deciding, 'deny', 'denies')} it"
        case Outcome.IMPLICIT_DENY:
            return "no statement applies to it, and what is not allowed is refused"
    assert_never(trace.decision.outcome)


def _verb(subjects: Sequence[Statement], plural: str, singular: str = "") -> str:
    return plural if len(subjects) > 1 else singular or plural + "s"


def _statement(found: StatementTrace, page: Page) -> Iterator[str]:
    statement = found.statement
    place = f" ({statement.span})" if statement.span else ""
    state = "applies" if found.applies else "does not apply"
    yield from page.paragraph(
        f"{statement.effect.value}, {state}{place}", f"{spell_statement(statement)}: ", hanging=4
    )
    for element in found.elements:
        yield from _element(element, page)
    if found.voided:
        reason = f"{found.voided} has no value, so the statement applies to nothing"
        yield from page.paragraph(reason, _NO, Style.BAD)
    elif found.failing:
        names = ", ".join(map(_named, found.failing))
        all_of_them = "" if len(found.failing) == 1 else "all of "
        sentence = f"it would apply if {all_of_them}this were otherwise: {names}"
        yield from page.paragraph(sentence, " " * len(_NO))


def _named(element: ElementTrace) -> str:
    return f"{element.name} {element.key}".rstrip()


def _element(element: ElementTrace, page: Page) -> Iterator[str]:
    head, style = (_YES, Style.GOOD) if element.holds else (_NO, Style.BAD)
    yield from page.paragraph(f"{_named(element)}: {element.reason}", head, style)
    if not element.holds and element.wanted:
        yield from page.paragraph(f"the policy has {', '.join(element.wanted)}", " " * len(head))
