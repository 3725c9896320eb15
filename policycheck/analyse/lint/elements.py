"""Statements, conditions and values that no request meets, and conditions that every one does.

The solver is asked of each element alone, then of all of them together: a finding names the one
that is to blame.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policycheck.analyse.lint import dead_entries, dead_resources
from policycheck.analyse.lint.consequences import CONSEQUENCES, consequence
from policycheck.analyse.lint.inquiry import Inquiry, no
from policycheck.analyse.lint.inspection import finding, joined, named
from policycheck.analyse.lint.parts import Element, Parts
from policycheck.diagnostics import Span
from policycheck.model.environment import Authorization
from policycheck.model.finding import Finding
from policycheck.model.policy import Effect, Statement
from policycheck.symbolic.boolean import both, every

_NEEDS_IAM = "KEY_NEEDS_IAM_AUTHORIZATION"

_TELLING = frozenset(
    {
        *("CANONICAL_USER_NOT_SUPPORTED", "FEDERATED_PRINCIPAL_NOT_SUPPORTED", "INVALID_ACTION"),
        *("INVALID_ARN_RESOURCE", "INVALID_GLOBAL_CONDITION_KEY", "INVALID_ROLE_REFERENCE"),
        *("INVALID_SERVICE_CONDITION_KEY", "INVALID_USER_REFERENCE", "NULL_WITH_QUALIFIER"),
        *("UNSUPPORTED_ACTION_IN_POLICY", "UNSUPPORTED_RESOURCE_ARN_IN_POLICY"),
        *("USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES", "PRINCIPAL_NEEDS_IAM_AUTHORIZATION"),
        "VARIABLE_UNSUPPORTED_IN_VERSION",
    }
)
"""Findings that say why an element is met by no request."""


def dead_elements(inquiry: Inquiry, statement: Statement) -> Iterator[Finding]:
    """What is wrong with the statement and its elements on their own."""
    parts = inquiry.parts[statement.index]
    dead = inquiry.is_dead(statement)
    found = [
        *dead_resources.findings(inquiry, parts, dead=dead),
        *dead_entries.findings(inquiry, parts, dead=dead),
    ]
    if dead and not any(map(explains, found)) and not _is_explained(inquiry, parts):
        yield _never_applies(inquiry, parts)
    yield from found


def explains(found: Finding) -> bool:
    """Whether a finding says why a whole statement applies to nothing."""
    return any(one in found.evidence for one in CONSEQUENCES)


def _is_explained(inquiry: Inquiry, parts: Parts) -> bool:
    """Whether the policy's reader or a finding about principals says it already."""
    return any(
        _is_doubted(inquiry, element, parts.statement) for element in _blamed(inquiry, parts)
    )


def _is_doubted(inquiry: Inquiry, element: Element, statement: Statement) -> bool:
    needs_no_identity = inquiry.inspection.setting.needs_no_identity
    if element.name.endswith("Principal"):
        return needs_no_identity or any(
            inquiry.inspection.is_doubted(one.span, *_TELLING) for one in statement.principal.ids
        )
    spans: list[Span | None] = [element.span]
    if element.name == "Action":
        spans += [one.span for one in statement.action.patterns]
    if element.name == "Resource":
        spans += [one.span for one in statement.resource.patterns]
    telling = (*_TELLING, *([_NEEDS_IAM] if needs_no_identity else []))
    return any(inquiry.inspection.is_doubted(one, *telling) for one in spans)


def _blamed(inquiry: Inquiry, parts: Parts) -> Sequence[Element]:
    """The elements that no request meets on their own; none if only their conjunction fails."""
    return [one for one in parts.elements if not inquiry.is_possible(one.holds)]


def _never_applies(inquiry: Inquiry, parts: Parts) -> Finding:
    statement = parts.statement
    blamed = _blamed(inquiry, parts)
    together = () if blamed else tuple(_conflict(inquiry, parts))
    allows = statement.effect is Effect.ALLOW
    verb = "allows" if allows else "denies"
    if blamed:
        reason = f"its {blamed[0].name} alone is met by no request"
    else:
        reason = f"no request meets {joined([one.name for one in together])} together"
    span = next((one.span for one in (*blamed, *together) if one.span), statement.span)
    disputed = inquiry.disputed(inquiry.applies[statement.index])
    evidence = f"proved for every request: {reason}{disputed}"
    return finding(
        "STATEMENT_NEVER_APPLIES" if allows else "DENY_NEVER_APPLIES",
        f"{named(statement)} {verb} nothing: {reason}",
        span,
        statement=statement,
        label="never met" if blamed else "part of what is never met",
        evidence=evidence,
        advice="correct it, or take the statement out",
    )


def _conflict(inquiry: Inquiry, parts: Parts) -> Iterator[Element]:
    """A minimal set of elements that no request meets together, by deletion."""
    kept = list(parts.elements)
    for one in parts.elements:
        fewer = [other for other in kept if other is not one]
        if not inquiry.is_possible(every(other.holds for other in fewer)):
            kept = fewer
    yield from kept


def what_follows(inquiry: Inquiry, found: Finding) -> str:
    """What the solver proves about the statement of another finding; empty if nothing.

    That is only said where the finding is about an element that alone keeps the statement from
    ever applying.
    """
    statement = next(s for s in inquiry.policy.statements if s.index == found.statement)
    if found.code == _NEEDS_IAM:
        return _for_anonymous(inquiry, statement, found)
    if found.code not in _TELLING or found.span is None or not inquiry.is_dead(statement):
        return ""
    for one in _blamed(inquiry, inquiry.parts[statement.index]):
        outer = one.span
        if outer and outer.start <= found.span.start and found.span.end <= outer.end:
            disputed = inquiry.disputed(one.holds)
            return f"proved: no request meets this {one.name}{consequence(statement)}{disputed}"
    return ""


def _for_anonymous(inquiry: Inquiry, statement: Statement, found: Finding) -> str:
    """What a condition on a key that anonymous callers lack comes to for them."""
    case = inquiry.cases[0]
    if case.environment.authorization is Authorization.IAM:
        return ""
    for one in inquiry.parts[statement.index].entries:
        name = f"{one.entry.operator} {one.entry.spelled or one.entry.key}"
        if one.entry.span != found.span:
            continue
        for outcome, goal in (("always", no(one.holds)), ("never", one.holds)):
            if not inquiry.is_possible_in(case, goal):
                disputed = inquiry.disputed(both(case.guard, goal))
                return f"proved: for anonymous callers {name} {outcome} holds{disputed}"
    return ""
