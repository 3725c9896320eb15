"""Wildcards before the path, which let a path begin elsewhere (semantics A6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import z3

from policycheck.analyse.lint.inquiry import Inquiry, no
from policycheck.analyse.lint.inspection import counted, finding
from policycheck.analyse.lint.parts import Parts, ResourceParts
from policycheck.concrete.arn import resource_matches
from policycheck.concrete.policy import allows as allowed
from policycheck.concrete.policy import statement_applies
from policycheck.concrete.text import glob_matches
from policycheck.model.arn import ResourcePattern
from policycheck.model.finding import Finding, FindingType
from policycheck.model.policy import Effect, Statement
from policycheck.model.reading import Readings
from policycheck.model.request import Request
from policycheck.model.text import glob
from policycheck.model.verdict import Example
from policycheck.symbolic.boolean import both, either

_WILD = frozenset("*?")


def unanchored_paths(inquiry: Inquiry, statement: Statement) -> Iterator[Finding]:
    """A request that an entry takes in although its method or path is not the entry's."""
    parts = inquiry.parts[statement.index]
    if statement.resource.negated or inquiry.is_dead(statement):
        return
    elsewhere = _allowed_resources(inquiry) if statement.effect is Effect.DENY else ()
    slipping = [one for one in parts.resources if _may_slip(one) and one.pattern not in elsewhere]
    for index, resource in enumerate(slipping):
        if example := _elsewhere(inquiry, parts, resource):
            rest = [one for one in slipping[index + 1 :] if _slips(inquiry, parts, one)]
            yield _unanchored(statement, resource, example, more=len(rest))
            return


def _allowed_resources(inquiry: Inquiry) -> tuple[ResourcePattern, ...]:
    """The entries of Allow statements, whose findings speak for those of a Deny too."""
    return tuple(
        pattern
        for statement in inquiry.policy.statements
        if statement.effect is Effect.ALLOW
        for pattern in statement.resource.patterns
    )


def _may_slip(resource: ResourceParts) -> bool:
    """Whether a ``*`` stands before something of the route that is fixed."""
    if resource.route is None:
        return False
    stage, method, path = resource.route
    before_path = set(stage + method) & {"*"} and path.strip("/*")
    before_method = "*" in stage and not set(method) >= {"*"}
    return bool(before_path or before_method)


def _slips(inquiry: Inquiry, parts: Parts, resource: ResourceParts) -> bool:
    """Whether there is a request that hangs on the entry alone, and is not of its route."""
    return inquiry.is_possible(_goal(inquiry, parts, resource))


def _goal(inquiry: Inquiry, parts: Parts, resource: ResourceParts) -> z3.BoolRef:
    statement = parts.statement
    meant = either(one.intended for one in parts.resources if one.intended is not None)
    plain = either(one.matches for one in parts.resources if one.intended is None)
    allows = statement.effect is Effect.ALLOW
    decides = inquiry.allowed if allows else inquiry.some(Effect.ALLOW)
    others = inquiry.some(statement.effect, but=statement.index)
    applies = inquiry.applies[statement.index]
    return both(applies, decides, no(others), resource.matches, no(meant), no(plain))


def _elsewhere(inquiry: Inquiry, parts: Parts, resource: ResourceParts) -> Example | None:
    """A request that hangs on the entry alone, and is not of the stage, method and path."""
    statement = parts.statement
    allows = statement.effect is Effect.ALLOW
    before = replace(inquiry.policy, statements=_others(inquiry, statement))

    def shows(request: Request, readings: Readings) -> bool:
        return (
            statement_applies(statement, request, readings)
            and _matches_alone(parts, resource, request, readings)
            and allowed(inquiry.policy, request, readings) is allows
            and allowed(before, request, readings) is not allows
        )

    return inquiry.example(_goal(inquiry, parts, resource), shows)


def _others(inquiry: Inquiry, statement: Statement) -> tuple[Statement, ...]:
    return tuple(one for one in inquiry.policy.statements if one.index != statement.index)


def _matches_alone(
    parts: Parts, resource: ResourceParts, request: Request, readings: Readings
) -> bool:
    """Whether the entry matches, and no entry of the list as its author reads it."""
    if not resource_matches(request.resource, resource.pattern, request.values, readings):
        return False
    return not any(
        resource_matches(request.resource, one.pattern, request.values, readings)
        and (one.route is None or _is_meant(one.route, request))
        for one in parts.resources
    )


def _is_meant(route: tuple[str, str, str], request: Request) -> bool:
    """Whether stage, method and path of the request each match their own part."""
    _, stage, method, path = request.resource.split(":", 5)[5].split("/", 3)
    actual = (stage, method, "/" + path)
    return all(glob_matches(one, glob(wanted)) for one, wanted in zip(actual, route, strict=True))


def _unanchored(
    statement: Statement, resource: ResourceParts, example: Example, *, more: int
) -> Finding:
    stage, method, path = resource.route or ("", "", "")
    shown = f"/{stage}/{method}{path}"
    rest = f" ({counted(more, 'more entry', 'more entries')} of this list too)" if more else ""
    allows = statement.effect is Effect.ALLOW
    what = f"{path} under another beginning" if path.strip("/*") else f"other methods than {method}"
    return finding(
        "UNANCHORED_PATH",
        f"* runs across slashes, so {shown} takes in {what}{rest}",
        resource.pattern.span,
        statement=statement,
        label="not only this stage, method and path",
        evidence=f"shown: a request is {'allowed' if allows else 'denied'} by this entry alone",
        advice="name the stage and the method, or make sure that the API has no such route",
        example=example,
        kind=None if allows else FindingType.SUGGESTION,
    )
