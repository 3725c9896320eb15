"""Access that hangs on what the caller writes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from policycheck.analyse.lint.inquiry import Inquiry, Shows, no
from policycheck.analyse.lint.inspection import finding
from policycheck.analyse.lint.setting import variable_keys
from policycheck.analyse.lint.twins import twin_of
from policycheck.concrete.policy import allows
from policycheck.diagnostics import Span
from policycheck.model.finding import Finding
from policycheck.model.keys import Key, Presence
from policycheck.model.policy import Statement
from policycheck.model.reading import Readings
from policycheck.model.request import Request
from policycheck.model.verdict import Example
from policycheck.symbolic.boolean import both, true


def caller_controlled(inquiry: Inquiry) -> Iterator[Finding]:
    """Two requests that differ in one key that callers write, one allowed and one not.

    Both are looked for at once: the formulas of the policy with a twin of the key in its place
    share everything else.
    """
    for name, otherwise in inquiry.twins.items():
        key = inquiry.inspection.setting.keys.find(name)
        if key is None:
            continue
        twin = inquiry.symbols.key(twin_of(key).name)
        always = key.presence is Presence.ALWAYS and twin is not None
        needed = twin.present if always and twin is not None else true()
        goal = both(inquiry.allowed, no(otherwise), needed)
        found = inquiry.example(goal, _differing(inquiry, key))
        if found:
            yield _hanging(inquiry, key, *_place(inquiry, name), found)


def _place(inquiry: Inquiry, name: str) -> tuple[Statement, Span | None]:
    """Where the key stands first: in a condition, or else in the variable of a statement."""
    statements = inquiry.policy.statements
    in_conditions = ((s, e.span) for s in statements for e in s.conditions if e.key == name)
    in_variables = ((s, s.span) for s in statements if name in variable_keys(s))
    return next(chain(in_conditions, in_variables))


def _differing(inquiry: Inquiry, key: Key) -> Shows:
    def shows(request: Request, readings: Readings) -> bool:
        one, other = _pair(request, key)
        return allows(inquiry.policy, one, readings) and not allows(inquiry.policy, other, readings)

    return shows


def _pair(request: Request, key: Key) -> tuple[Request, Request]:
    """The request without the twin, and the one in which the twin's value is the key's."""
    twin = twin_of(key).name
    rest = {name: value for name, value in request.context.items() if name not in {twin, key.name}}
    mine = {key.name: request.context[key.name]} if key.name in request.context else {}
    others = {key.name: request.context[twin]} if twin in request.context else {}
    return (
        replace(request, context={**rest, **mine}),
        replace(request, context={**rest, **others}),
    )


def _hanging(
    inquiry: Inquiry,
    key: Key,
    statement: Statement,
    span: Span | None,
    found: Example,
) -> Finding:
    allowed, refused = _pair(found.request, key)
    value = refused.values.get(key.name.lower())
    instead = f'with {key.name} "{value[0]}"' if value else f"without {key.name}"
    return finding(
        "UNTRUSTWORTHY_CONDITION_KEY",
        f"callers write {key.name} as they like, and whether they get in hangs on it",
        span,
        statement=statement,
        label="chosen by the caller",
        evidence=f"shown: the request is allowed, and {instead} it is refused",
        advice="use it beside a condition that callers cannot choose, such as aws:SourceIp or "
        "aws:SourceVpce, or an authorizer",
        example=inquiry.evaluated(allowed, found.readings),
    )
