"""Entries of Resource that no request's ARN matches (semantics A6)."""

from __future__ import annotations

from collections.abc import Iterator

from policycheck.analyse.lint.consequences import consequence
from policycheck.analyse.lint.inquiry import Inquiry, Shows
from policycheck.analyse.lint.inspection import finding
from policycheck.analyse.lint.parts import Parts, ResourceParts
from policycheck.concrete.arn import resource_matches
from policycheck.diagnostics import nearest
from policycheck.model.arn import ResourcePattern
from policycheck.model.finding import Finding
from policycheck.model.reading import Readings
from policycheck.model.request import Request
from policycheck.model.route import METHODS


def findings(inquiry: Inquiry, parts: Parts, *, dead: bool) -> Iterator[Finding]:
    """The entries that match nothing, other than those the policy's reader warned of."""
    for one in parts.resources:
        if inquiry.inspection.is_doubted(one.pattern.span):
            continue
        if inquiry.is_impossible(one.matches, _matching(one.pattern)):
            yield _never_matches(inquiry, parts, one, dead=dead)


def _matching(pattern: ResourcePattern) -> Shows:
    def shows(request: Request, readings: Readings) -> bool:
        return resource_matches(request.resource, pattern, request.values, readings)

    return shows


def _never_matches(inquiry: Inquiry, parts: Parts, one: ResourceParts, *, dead: bool) -> Finding:
    reason, advice = _reason(inquiry, one)
    alone = dead and not parts.statement.resource.negated
    return finding(
        "RESOURCE_NEVER_MATCHES",
        f"no request has this resource: {reason}",
        one.pattern.span,
        statement=parts.statement,
        label="matches nothing",
        evidence="proved: no request that can exist matches it"
        + (consequence(parts.statement) if alone else "")
        + inquiry.disputed(one.matches),
        advice=advice,
    )


def _reason(inquiry: Inquiry, one: ResourceParts) -> tuple[str, str]:
    """Why an entry matches nothing, and what to write instead."""
    setting = inquiry.inspection.setting
    stage, method, path = one.route or ("", "", "")
    literal = not set(stage + method) & set("*?")
    if one.route and not set(method) & set("*?") and method not in METHODS:
        if method == "ANY":
            return "ANY is a word of configurations, a request has a verb", 'write "*" for any verb'
        meant = nearest(method, METHODS)
        advice = f'write "{meant}"' if meant else f"write one of {', '.join(METHODS)}, or *"
        return f"{method} is no verb of a request", advice
    if not inquiry.is_possible(one.api):
        return "it names another API", "write execute-api:/ and what follows the id of the API"
    if setting.stages is not None and one.route and literal and stage not in setting.stages:
        listed = ", ".join(setting.stages)
        return f"the API has no stage {stage}", f"write one of {listed}"
    if setting.routes is not None and one.route:
        listed = ", ".join(map(str, setting.routes))
        return f"the API has no route {method} {path}", f"its routes are {listed}"
    return "its form is none that the ARN of a request has", (
        "write arn:aws:execute-api:region:account:api-id/stage/METHOD/path"
    )
