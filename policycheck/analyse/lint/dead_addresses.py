"""Addresses that no caller has, and conditions that every IPv4 caller meets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policycheck.analyse.lint.addresses import spell, within
from policycheck.analyse.lint.entry_question import EntryQuestion
from policycheck.analyse.lint.inquiry import Inquiry, no
from policycheck.analyse.lint.inspection import finding, listed
from policycheck.model.address import AddressIn, Family
from policycheck.model.condition import Relation
from policycheck.model.environment import Endpoint
from policycheck.model.finding import Finding
from policycheck.model.special_purpose import not_public
from policycheck.symbolic.boolean import both, either

_HALF_OF_IPV4 = 1 << 31


def private(asked: EntryQuestion, hopeless: Sequence[Relation]) -> Iterator[Finding]:
    """Addresses that aws:SourceIp never holds (semantics D2, D3, F)."""
    blocks = [r for r in hopeless if isinstance(r, AddressIn) and within(r, not_public())]
    if not blocks:
        yield asked.value_never_matches(hopeless)
        return
    shown, many = listed(tuple(map(spell, blocks))), len(blocks) > 1
    plural, them = ("are addresses", "them") if many else ("is an address", "it")
    code = "PRIVATE_NOT_IP_ADDRESS" if asked.is_negated else "PRIVATE_IP_ADDRESS"
    goal, reason = asked.met(hopeless), _where_from(asked.inquiry)
    if len(hopeless) < len(asked.relations):
        code, outcome = f"{code}_SUBSET", f"so listing {them} has no effect"
        evidence = reason + asked.inquiry.disputed(goal)
    else:
        outcome = f"so {asked.parts.entry.operator} {asked.outcome()}"
        evidence = asked.evidence(reason, goal)

    yield finding(
        code,
        f"{shown} {plural} that no caller has in {asked.name}, {outcome}",
        blocks[0].span or asked.parts.entry.span,
        statement=asked.statement,
        label="not a public address",
        evidence=evidence,
        advice='list public addresses; a private API has the address in "aws:VpcSourceIp"',
    )


def any_ipv4(asked: EntryQuestion) -> Iterator[Finding]:
    """Blocks that leave no IPv4 address out (semantics B3)."""
    is_v6, blocks = asked.parts.is_v6, [r for r in asked.relations if isinstance(r, AddressIn)]
    sizes = (1 << (32 - one.prefix) for one in blocks if one.family is Family.V4)
    if is_v6 is None or asked.always or sum(sizes) < _HALF_OF_IPV4:
        return
    outside = both(asked.parts.present, no(either(asked.parts.values)))
    unlisted = both(outside, no(is_v6))
    if asked.inquiry.is_possible(unlisted):
        return
    span = blocks[0].span or asked.parts.entry.span
    if not asked.inquiry.is_possible(outside):
        yield from asked.about_null(span)
        return
    effect = "holds of no IPv4 caller" if asked.is_negated else "holds of every IPv4 caller"
    yield finding(
        "ANY_IPV4_ADDRESS",
        f"every IPv4 address is listed, so {asked.parts.entry.operator} {effect}",
        span,
        statement=asked.statement,
        label="every IPv4 address, and no IPv6 address",
        evidence="proved: no request with an IPv4 address is outside these blocks"
        + asked.inquiry.disputed(unlisted),
        advice="list the addresses that are meant, or take the condition out",
    )


def _where_from(inquiry: Inquiry) -> str:
    """Why nobody has a special-purpose address, for each endpoint type that can be."""
    public = "no caller of an edge or regional endpoint has such an address"
    private = "a request to a private endpoint has no aws:SourceIp"
    match inquiry.inspection.setting.endpoint:
        case None:
            return f"proved: {public}, and {private}"
        case Endpoint.PRIVATE:
            return f"proved: {private}"
        case _:
            return f"proved: {public}"
