"""Statements whose removal changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import z3

from policycheck.analyse.lint.inquiry import Inquiry, Shows, no
from policycheck.analyse.lint.inspection import finding, joined, named
from policycheck.concrete.policy import allows
from policycheck.model.finding import Finding
from policycheck.model.policy import Effect, Policy, Statement
from policycheck.model.reading import Readings
from policycheck.model.request import Request
from policycheck.symbolic.boolean import both, either


def redundant_statements(inquiry: Inquiry) -> Iterator[Finding]:
    """Live statements that the others make needless, the later ones of several first.

    An Allow is judged against the Allow statements that are left and every Deny, a Deny against
    those that are left and every Allow: so that any of them may go, and all.
    """
    statements = inquiry.policy.statements
    live = [s for s in statements if not inquiry.is_dead(s)]
    if all(s.effect is Effect.DENY for s in live):
        return
    among = [s.index for s in statements if s in live or _applies_by_some_reading(inquiry, s)]
    for effect in (Effect.ALLOW, Effect.DENY):
        kept = among
        for statement in reversed([s for s in live if s.effect is effect]):
            rest = [index for index in kept if index != statement.index]
            blamed = _blamed(inquiry, statement, rest)
            if blamed is None:
                continue
            kept = rest
            if not _is_settled(inquiry, blamed):
                yield _redundant(statement, blamed)


def _applies_by_some_reading(inquiry: Inquiry, statement: Statement) -> bool:
    return inquiry.is_possible(inquiry.applies[statement.index], readings=None)


def _blamed(
    inquiry: Inquiry, statement: Statement, rest: Sequence[int]
) -> Sequence[Statement] | None:
    """The statements of the rest that make this one needless; None if they do not."""
    core = inquiry.core(_matters(inquiry, statement, rest), [*rest, statement.index])
    if core is None:
        return None
    inquiry.refute(_mattering(inquiry.policy, statement, rest))
    return [inquiry.policy.statements[i] for i in core if i != statement.index]


def _matters(inquiry: Inquiry, statement: Statement, rest: Sequence[int]) -> z3.BoolRef:
    """A request that is decided otherwise without the statement, among the statements left."""
    left = [s for s in inquiry.policy.statements if s.index in rest]
    denied = either(inquiry.applies[s.index] for s in left if s.effect is Effect.DENY)
    allowed = either(inquiry.applies[s.index] for s in left if s.effect is Effect.ALLOW)
    others = no(allowed) if statement.effect is Effect.ALLOW else allowed
    return both(inquiry.applies[statement.index], no(denied), others)


def _mattering(policy: Policy, statement: Statement, rest: Sequence[int]) -> Shows:
    left = tuple(s for s in policy.statements if s.index in rest)
    without = replace(policy, statements=left)
    whole = replace(policy, statements=(*left, statement))

    def shows(request: Request, readings: Readings) -> bool:
        return allows(without, request, readings) != allows(whole, request, readings)

    return shows


def _is_settled(inquiry: Inquiry, blamed: Sequence[Statement]) -> bool:
    """Whether a Deny of everything, which has a finding of its own, is what is to blame."""
    if len(blamed) != 1 or blamed[0].effect is not Effect.DENY:
        return False
    entries = inquiry.parts[blamed[0].index].entries
    return bool(entries) and all(not inquiry.is_possible(no(one.holds)) for one in entries)


def _redundant(statement: Statement, blamed: Sequence[Statement]) -> Finding:
    names = joined([*map(named, blamed)])
    proved = "proved: the policy allows without this statement what it allows with it"
    if statement.effect is Effect.DENY and all(s.effect is Effect.ALLOW for s in blamed):
        return _without_effect(statement, names, proved)
    if statement.effect is Effect.ALLOW and _all_deny(blamed):
        denies = _verb(blamed, "denies", "deny")
        return finding(
            "ALLOW_COVERED_BY_DENY",
            f"{named(statement)} allows nothing: {names} {denies} all of it",
            statement.span,
            statement=statement,
            label="all of it is denied",
            evidence=f"{proved}, because of {names}",
            advice="narrow the Deny, or take this statement out",
        )
    return finding(
        "REDUNDANT_STATEMENT",
        f"{named(statement)} changes nothing: {_why_needless(statement, blamed)}",
        statement.span,
        statement=statement,
        label="needless",
        evidence=f"{proved}, because of {names}",
        advice="take it out, unless it should say something else",
    )


def _why_needless(statement: Statement, blamed: Sequence[Statement]) -> str:
    """How the others make the statement needless: what is denied needs no Allow, and what no
    statement allows needs no Deny."""
    same = [one for one in blamed if one.effect is statement.effect]
    others = [one for one in blamed if one.effect is not statement.effect]
    names, covers = joined([*map(named, same)]), _verb(same, "covers", "cover")
    if not others:
        return f"{names} {covers} all of it"
    if statement.effect is Effect.DENY:
        return f"{names} {covers} all of it that any statement allows"
    leaves = _verb(others, "leaves", "leave")
    return f"{names} {covers} what {joined([*map(named, others)])} {leaves} of it"


def _all_deny(blamed: Sequence[Statement]) -> bool:
    return bool(blamed) and all(one.effect is Effect.DENY for one in blamed)


def _verb(blamed: Sequence[Statement], singular: str, plural: str) -> str:
    return singular if len(blamed) == 1 else plural


def _without_effect(statement: Statement, names: str, proved: str) -> Finding:
    return finding(
        "DENY_WITHOUT_EFFECT",
        f"{named(statement)} denies only what no statement allows",
        statement.span,
        statement=statement,
        label="needless in this policy",
        evidence=proved + (f", because of {names}" if names else ""),
        advice="keep it if an authorizer or an identity policy may allow more, as an explicit "
        "Deny stops these too",
    )
