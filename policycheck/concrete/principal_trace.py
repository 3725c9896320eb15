"""Why a Principal or NotPrincipal element covers the caller or not."""

from __future__ import annotations

from policycheck.concrete import principal
from policycheck.concrete.principal import Level
from policycheck.concrete.spelling import spell_principal
from policycheck.concrete.text import Context
from policycheck.model.policy import PrincipalElement, PrincipalId, PrincipalKind
from policycheck.model.reading import Reading, Readings
from policycheck.model.request import Caller
from policycheck.model.trace import Compared, ElementTrace


def trace_principal(
    actual: Caller, wanted: PrincipalElement, context: Context, readings: Readings
) -> ElementTrace:
    """The element with each of its ids; the request's values are the caller's levels."""
    own = principal.levels(actual, principal.principal_arn(context))
    caller = actual.name or actual.kind.value
    return ElementTrace(
        name="NotPrincipal" if wanted.negated else "Principal",
        holds=principal.element_matches(actual, wanted, context, readings),
        actual=tuple(value for _, value in own) or (caller,),
        wanted=tuple(map(spell_principal, wanted.ids)),
        compared=tuple(
            Compared(caller, spell_principal(entry), _covers(entry, own, readings), entry.span)
            for entry in wanted.ids
        ),
        reason=_reason(own, wanted, readings),
        span=wanted.span,
    )


def _covers(entry: PrincipalId, own: tuple[Level, ...], readings: Readings) -> bool:
    return _is_everyone(entry) or any(principal.names(entry, level, readings) for level in own)


def _is_everyone(entry: PrincipalId) -> bool:
    return entry.kind is PrincipalKind.EVERYONE


def _reason(own: tuple[Level, ...], wanted: PrincipalElement, readings: Readings) -> str:
    listed = [entry for entry in wanted.ids if _covers(entry, own, readings)]
    if not listed:
        return "no id is the caller's" if own else "no id but * is an anonymous caller's"
    if any(map(_is_everyone, listed)):
        return "* is everyone"
    unlisted = _unlisted(own, listed, readings)
    if wanted.negated and unlisted and Reading.NOT_PRINCIPAL_STRICT in readings:
        return f"not every id of the caller is listed: {unlisted} is missing"
    found = next(level for level in own if principal.names(listed[0], level, readings))
    return f"the caller is {_level(*found)}"


def _unlisted(own: tuple[Level, ...], listed: list[PrincipalId], readings: Readings) -> str:
    """The caller's levels that no id names, as words."""
    unnamed = (
        level
        for level in own
        if not any(principal.names(entry, level, readings) for entry in listed)
    )
    return " and ".join(_level(*level) for level in unnamed)


def _level(kind: PrincipalKind, value: str) -> str:
    if kind is PrincipalKind.ACCOUNT:
        return f"an identity of the account {value}"
    return f"the {kind.value} {value}"
