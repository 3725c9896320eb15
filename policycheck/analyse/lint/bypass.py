"""Restrictions that a request gets past by lacking a key, or by its family of addresses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Address

from policycheck.analyse.lint.inquiry import Inquiry, no
from policycheck.analyse.lint.inspection import Inspection, finding, named, widens
from policycheck.analyse.lint.parts import Element, EntryParts, where_absent
from policycheck.analyse.lint.setting import variable_keys
from policycheck.concrete.policy import evaluate, statement_applies
from policycheck.model.address import AddressIn, Family
from policycheck.model.condition import Comparing
from policycheck.model.decision import Outcome
from policycheck.model.environment import Endpoint, IpAddressType
from policycheck.model.finding import Finding
from policycheck.model.keys import Key, Presence
from policycheck.model.policy import Effect, Statement
from policycheck.model.reading import Readings
from policycheck.model.request import Request
from policycheck.model.verdict import Example
from policycheck.symbolic.boolean import both, every

_COME_AND_GO = frozenset({Presence.OPTIONAL, Presence.ORGANIZATION, Presence.MFA, Presence.TAG})
"""The presences of keys that a request may lack whatever else is in it."""

_ORGANIZATION = frozenset({"aws:principalorgid", "aws:principalorgpaths"})
"""Keys that are there together."""


def without_key(inquiry: Inquiry, statement: Statement) -> Iterator[Finding]:
    """A request that is refused with the key, and allowed if only the key is left out."""
    names = dict.fromkeys(entry.key for entry in statement.conditions)
    for name in names:
        key = inquiry.inspection.setting.keys.find(name)
        if key is None:
            continue
        if key.presence is Presence.TEMPORARY:
            yield from _without_credentials(inquiry, statement, key)
        if not _comes_and_goes(inquiry, key):
            continue
        dropped = _ORGANIZATION if name in _ORGANIZATION else frozenset({name})
        found = _pair(inquiry, statement, dropped)
        if found:
            yield _bypassed(statement, key, found)


def _without_credentials(inquiry: Inquiry, statement: Statement, key: Key) -> Iterator[Finding]:
    """An allowed caller with long-term credentials, whose requests lack the key (D4-temporary)."""
    name = frozenset({key.name.lower()})
    parts = inquiry.parts[statement.index]
    entries = [one for one in parts.entries if one.entry.key in name]
    denies = statement.effect is Effect.DENY
    holds = every(one.holds for one in entries)
    past = no(holds) if denies else holds
    others = every(one.holds for one in parts.elements if not _is_on(one, name))
    goal = both(others, past, no(entries[0].present), inquiry.allowed)

    def shows(request: Request, readings: Readings) -> bool:
        applies = statement_applies(statement, request, readings)
        allowed = evaluate(inquiry.policy, request, readings).outcome is Outcome.ALLOW
        return allowed and applies is not denies and not name & set(request.values)

    if not inquiry.is_dead(statement) and (found := inquiry.example(goal, shows)):
        evidence = f"shown: a caller with long-term credentials has no {key.name} and is allowed"
        yield replace(_bypassed(statement, key, found), evidence=evidence)


def _is_on(element: Element, keys: frozenset[str]) -> bool:
    return element.entry is not None and element.entry.key in keys


def _comes_and_goes(inquiry: Inquiry, key: Key) -> bool:
    """Whether requests may lack the key; what callers choose has a finding of its own."""
    used = {name for s in inquiry.policy.statements for name in variable_keys(s)}
    return (
        key.presence in _COME_AND_GO and not key.client_controlled and key.name.lower() not in used
    )


def _pair(inquiry: Inquiry, statement: Statement, dropped: frozenset[str]) -> Example | None:
    """A refused request that is allowed without the keys; the statement makes the difference."""
    parts = inquiry.parts[statement.index]
    applies = {index: where_absent(one, dropped) for index, one in inquiry.parts.items()}
    allowed = inquiry.allowed_if(applies)
    present = [one.present for one in parts.entries if one.entry.key in dropped]
    denies = statement.effect is Effect.DENY
    by_statement = inquiry.applies[statement.index] if denies else applies[statement.index]
    goal = both(by_statement, *present, no(inquiry.allowed), allowed)

    def shows(request: Request, readings: Readings) -> bool:
        lacking = _lacking(request, dropped)
        decisive = request if denies else lacking
        return (
            evaluate(inquiry.policy, request, readings).outcome is not Outcome.ALLOW
            and evaluate(inquiry.policy, lacking, readings).outcome is Outcome.ALLOW
            and statement_applies(statement, decisive, readings)
            and inquiry.admits(lacking)
        )

    found = inquiry.example(goal, shows)
    return found and inquiry.evaluated(_lacking(found.request, dropped), found.readings)


def _lacking(request: Request, dropped: frozenset[str]) -> Request:
    context = {name: v for name, v in request.context.items() if name.lower() not in dropped}
    return replace(request, context=context)


def _bypassed(statement: Statement, key: Key, found: Example) -> Finding:
    entry = next(one for one in statement.conditions if one.key == key.name.lower())
    denies = statement.effect is Effect.DENY
    reason = "which this Deny needs" if denies else "and the condition holds of it then"
    other = "some request with it is refused, and the same request without it is allowed"
    return finding(
        "BYPASS_WITHOUT_KEY",
        f"a request may lack {key.name}, {reason}: {named(statement)} lets it by",
        entry.span,
        statement=statement,
        label="the key may be absent",
        evidence=f"shown: {other}",
        advice=f'add "Null": {{"{key.name}": "true"}} to a Deny'
        if denies
        else f'add "Null": {{"{key.name}": "false"}}, or use the operator without IfExists or Not',
        example=found,
    )


def with_ipv6(inquiry: Inquiry, statement: Statement) -> Iterator[Finding]:
    """An allowed IPv6 caller where an IPv4 caller in its place is refused by the list."""
    for parts in _ipv4_lists(inquiry, statement):
        entry = parts.entry
        if not isinstance(entry, Comparing) or widens(statement, entry) or parts.is_v6 is None:
            continue
        denies = statement.effect is Effect.DENY
        others = inquiry.parts[statement.index].but(entry)
        goal = both(others, inquiry.allowed, parts.present, parts.is_v6)

        def shows(request: Request, readings: Readings, name: str = entry.key) -> bool:
            allowed = evaluate(inquiry.policy, request, readings).outcome is Outcome.ALLOW
            return allowed and ":" in request.values.get(name, ("",))[0]

        found = inquiry.example(goal, shows)
        refused = found and _refused(inquiry, found, entry)
        if found and refused:
            yield _past(statement, entry, found, refused, denies=denies)


def _ipv4_lists(inquiry: Inquiry, statement: Statement) -> Iterator[EntryParts]:
    """Entries of live statements that list IPv4 addresses alone."""
    if inquiry.is_dead(statement):
        return
    for parts in inquiry.parts[statement.index].entries:
        relations = parts.entry.relations if isinstance(parts.entry, Comparing) else ()
        families = {one.family for one in relations if isinstance(one, AddressIn)}
        if parts.is_v6 is not None and families == {Family.V4}:
            yield parts


def _refused(inquiry: Inquiry, found: Example, entry: Comparing) -> str:
    """An IPv4 address of the list with which the same request is refused; empty without one."""
    name = next(one for one in found.request.context if one.lower() == entry.key)
    for block in entry.relations:
        if isinstance(block, AddressIn):
            address = str(IPv4Address(block.network))
            context = {**found.request.context, name: address}
            other = replace(found.request, context=context)
            outcome = evaluate(inquiry.policy, other, found.readings).outcome
            if outcome is not Outcome.ALLOW and inquiry.admits(other):
                return address
    return ""


def _past(
    statement: Statement, entry: Comparing, found: Example, refused: str, *, denies: bool
) -> Finding:
    name = entry.spelled or entry.key
    what = "this Deny lists" if denies else "this condition leaves out"
    return finding(
        "BYPASS_WITH_IPV6",
        f"{what} IPv4 addresses only, so every IPv6 caller gets past {named(statement)}",
        entry.span,
        statement=statement,
        label="no IPv6 address",
        evidence=f"shown: the request is allowed from an IPv6 address, and refused with {name} "
        f"{refused}",
        advice="list IPv6 blocks too; if neither the API nor its domain names take IPv6, say so "
        "(--ip-address-type ipv4)",
        example=found,
    )


def ipv4_only(inquiry: Inquiry, statement: Statement) -> Iterator[Finding]:
    """Lists of those who are let in, on an API that IPv6 callers reach, without one of them."""
    for parts in _ipv4_lists(inquiry, statement):
        entry = parts.entry
        if not isinstance(entry, Comparing) or parts.is_v6 is None:
            continue
        if not widens(statement, entry) or not _takes_ipv6(inquiry.inspection, entry):
            continue
        allowed = both(inquiry.allowed, parts.present)
        from_ipv6 = both(allowed, parts.is_v6)
        if inquiry.is_possible(from_ipv6) or not inquiry.is_possible(allowed):
            continue
        yield finding(
            "IPV4_ONLY_ADDRESS_LIST",
            "the API takes IPv6, and this list lets no IPv6 caller in",
            entry.span,
            statement=statement,
            label="no IPv6 address",
            evidence="proved: the policy allows no request from an IPv6 address"
            + inquiry.disputed(from_ipv6),
            advice="list the IPv6 blocks of those who are meant",
        )


def _takes_ipv6(inspection: Inspection, entry: Comparing) -> bool:
    """Whether IPv6 callers are known to exist: private APIs are always dualstack (D2)."""
    setting = inspection.setting
    dualstack = setting.ip_address_type is IpAddressType.DUALSTACK
    return dualstack or (setting.endpoint is Endpoint.PRIVATE and entry.key == "aws:vpcsourceip")
