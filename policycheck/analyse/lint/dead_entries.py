"""Condition entries that hold of no request or of every one, and values that no request has."""

from __future__ import annotations

from collections.abc import Iterator

from policycheck.analyse.lint.dead_addresses import any_ipv4, private
from policycheck.analyse.lint.entry_question import EntryQuestion
from policycheck.analyse.lint.inquiry import Inquiry, no
from policycheck.analyse.lint.inspection import finding
from policycheck.analyse.lint.parts import Parts
from policycheck.diagnostics import Span
from policycheck.model.arn import ArnLike
from policycheck.model.condition import Relation
from policycheck.model.environment import Endpoint
from policycheck.model.finding import Finding
from policycheck.model.keys import Presence
from policycheck.model.text import TextLike, Wildcard

_SETTLED = (
    "INVALID_GLOBAL_CONDITION_KEY",
    "INVALID_SERVICE_CONDITION_KEY",
    "NULL_WITH_QUALIFIER",
)
"""Doubts of the reader that say already what an entry comes to."""

_NEEDS_IAM = "KEY_NEEDS_IAM_AUTHORIZATION"


def findings(inquiry: Inquiry, parts: Parts, *, dead: bool) -> Iterator[Finding]:
    """What the solver finds out about each condition entry on its own."""
    inspection = inquiry.inspection
    settled = (*_SETTLED, *([_NEEDS_IAM] if inspection.setting.needs_no_identity else []))
    for one in parts.entries:
        if not inspection.is_doubted(one.entry.span, *settled):
            yield from _about(EntryQuestion(inquiry, parts.statement, one, dead=dead))


def _about(asked: EntryQuestion) -> Iterator[Finding]:
    key = asked.inquiry.inspection.key(asked.parts.entry)
    if key is not None and not asked.inquiry.is_possible(asked.parts.present):
        if key.presence is not Presence.NEVER:
            yield _never_present(asked)
        return
    hopeless = asked.hopeless()
    if asked.parts.entry.key == "aws:sourceip" and hopeless:
        yield from private(asked, hopeless)
        if asked.always and len(hopeless) < len(asked.relations):
            yield _always_true(asked)
    elif _has_lone_star(asked):
        yield from _star(asked)
    elif asked.always:
        yield _always_true(asked)
    elif hopeless and len(hopeless) < len(asked.relations):
        yield asked.value_never_matches(hopeless)
    yield from any_ipv4(asked)


def _never_present(asked: EntryQuestion) -> Finding:
    endpoint = asked.inquiry.inspection.setting.endpoint
    where = "a private endpoint" if endpoint is Endpoint.PRIVATE else "a public endpoint"
    other = {
        "aws:sourceip": "aws:VpcSourceIp",
        "aws:vpcsourceip": "aws:SourceIp",
    }.get(asked.parts.entry.key)
    advice = f'write "{other}"' if other else "take the condition out, or use another key"
    goal = asked.parts.present
    return finding(
        "KEY_NEVER_PRESENT",
        f"no request to {where} has {asked.name}, so {asked.parts.entry.operator} "
        f"{asked.outcome()}",
        asked.parts.entry.span,
        statement=asked.statement,
        label="never there",
        evidence=asked.evidence("proved: the key is absent from every request", goal),
        advice=advice,
    )


def _has_lone_star(asked: EntryQuestion) -> bool:
    return any(_is_star(relation) for relation in asked.relations)


def _star(asked: EntryQuestion) -> Iterator[Finding]:
    """A lone ``*`` among the values (semantics F)."""
    operator, holds = asked.parts.entry.operator, asked.parts.holds
    span = next((r.span for r in asked.relations if _is_star(r)), asked.parts.entry.span)
    if asked.never:
        yield _about_star(
            asked,
            "REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION",
            f'"*" is every value, so {operator} never holds',
            span,
            asked.evidence("proved for every request", holds),
        )
    elif asked.always:
        yield _about_star(
            asked,
            "REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION",
            f'"*" is every value, so {operator} always holds',
            span,
            asked.evidence("proved for every request", no(holds)),
        )
    else:
        yield from asked.about_null(span)


def _about_star(
    asked: EntryQuestion, code: str, message: str, span: Span | None, evidence: str
) -> Finding:
    return finding(
        code,
        message,
        span,
        statement=asked.statement,
        label="every value",
        evidence=evidence,
        advice="take the condition out, or write the value that is meant",
    )


def _always_true(asked: EntryQuestion) -> Finding:
    return finding(
        "CONDITION_ALWAYS_TRUE",
        f"{asked.parts.entry.operator} {asked.name} holds of every request",
        asked.parts.entry.span,
        statement=asked.statement,
        label="always true",
        evidence=asked.evidence("proved for every request", no(asked.parts.holds)),
        advice="take it out, or correct what it compares with",
    )


def _is_star(relation: Relation) -> bool:
    match relation:
        case TextLike(wanted):
            return wanted.pieces == (Wildcard.RUN,)
        case ArnLike(fields):
            return all(one.pieces == (Wildcard.RUN,) for one in fields)
        case _:
            return False
