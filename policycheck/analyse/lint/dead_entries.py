"""Condition entries that hold of no request or of every one, and values that no request has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import z3

from policycheck.analyse.lint.addresses import spell, within
from policycheck.analyse.lint.consequences import consequence
from policycheck.analyse.lint.inquiry import Inquiry, Shows, no
from policycheck.analyse.lint.inspection import finding, listed
from policycheck.analyse.lint.parts import EntryParts, Parts
from policycheck.concrete.condition import entry_holds, relation_matches
from policycheck.diagnostics import Span
from policycheck.model.address import AddressIn, Family
from policycheck.model.arn import ArnLike
from policycheck.model.condition import Comparing, Relation
from policycheck.model.environment import Endpoint
from policycheck.model.finding import Finding
from policycheck.model.keys import Presence
from policycheck.model.policy import Effect, Statement
from policycheck.model.reading import Readings
from policycheck.model.request import Request
from policycheck.model.special_purpose import not_public
from policycheck.model.text import TextLike
from policycheck.symbolic.boolean import both, either, iff, negation

_SETTLED = (
    "INVALID_GLOBAL_CONDITION_KEY",
    "INVALID_SERVICE_CONDITION_KEY",
    "NULL_WITH_QUALIFIER",
)
"""Doubts of the reader that say already what an entry comes to."""

_NEEDS_IAM = "KEY_NEEDS_IAM_AUTHORIZATION"
_HALF_OF_IPV4 = 1 << 31


def findings(inquiry: Inquiry, parts: Parts, *, dead: bool) -> Iterator[Finding]:
    """What the solver finds out about each condition entry on its own."""
    inspection = inquiry.inspection
    settled = (*_SETTLED, *([_NEEDS_IAM] if inspection.setting.needs_no_identity else []))
    for one in parts.entries:
        if not inspection.is_doubted(one.entry.span, *settled):
            yield from _Entry(inquiry, parts.statement, one, dead=dead).findings()


@dataclass(frozen=True)
class _Entry:
    """One entry, and what is known of its statement."""

    inquiry: Inquiry
    statement: Statement
    parts: EntryParts
    dead: bool

    @property
    def name(self) -> str:
        return self.parts.entry.spelled or self.parts.entry.key

    @cached_property
    def relations(self) -> tuple[Relation, ...]:
        entry = self.parts.entry
        return entry.relations if isinstance(entry, Comparing) else ()

    @property
    def is_negated(self) -> bool:
        return isinstance(self.parts.entry, Comparing) and self.parts.entry.negated

    @cached_property
    def never(self) -> bool:
        return self.inquiry.is_impossible(self.parts.holds, self._holding())

    @cached_property
    def always(self) -> bool:
        return self.inquiry.is_impossible(no(self.parts.holds), self._holding(wanted=False))

    def _holding(self, *, wanted: bool = True) -> Shows:
        def shows(request: Request, readings: Readings) -> bool:
            return entry_holds(self.parts.entry, request.values, readings) is wanted

        return shows

    def _meeting(self, relation: Relation) -> Shows:
        def shows(request: Request, readings: Readings) -> bool:
            actual = request.values.get(self.parts.entry.key, ())
            return any(relation_matches(one, relation, request.values, readings) for one in actual)

        return shows

    def findings(self) -> Iterator[Finding]:
        key = self.inquiry.inspection.key(self.parts.entry)
        if key is not None and not self.inquiry.is_possible(self.parts.present):
            if key.presence is not Presence.NEVER:
                yield self._never_present()
            return
        hopeless = self.hopeless()
        if self.parts.entry.key == "aws:sourceip" and hopeless:
            yield from self._private(hopeless)
        elif self._has_lone_star():
            yield from self._star()
        elif self.always:
            yield self._always_true()
        elif hopeless and len(hopeless) < len(self.relations):
            yield self._value_never_matches(hopeless)
        yield from self._any_ipv4()

    def hopeless(self) -> tuple[Relation, ...]:
        """The values that no request meets."""
        return tuple(
            relation
            for relation, met in zip(self.relations, self.parts.values, strict=False)
            if not _is_plain(relation, self.inquiry)
            and self.inquiry.is_impossible(met, self._meeting(relation))
        )

    def _evidence(self, reason: str, goal: z3.BoolRef) -> str:
        """What was proved, what it hangs on, and what follows for the statement."""
        disputed = self.inquiry.disputed(goal)
        follows = consequence(self.statement) if self.never and self.dead else ""
        if self.always and self.statement.effect is Effect.DENY and self._is_only():
            follows = ", so the Deny fires whoever calls"
        return f"{reason}{follows}{disputed}"

    def _is_only(self) -> bool:
        return len(self.statement.conditions) == 1

    def _outcome(self) -> str:
        if self.never:
            return "never holds"
        return "always holds" if self.always else "holds or not"

    def _never_present(self) -> Finding:
        endpoint = self.inquiry.inspection.setting.endpoint
        where = "a private endpoint" if endpoint is Endpoint.PRIVATE else "a public endpoint"
        other = {
            "aws:sourceip": "aws:VpcSourceIp",
            "aws:vpcsourceip": "aws:SourceIp",
        }.get(self.parts.entry.key)
        advice = f'write "{other}"' if other else "take the condition out, or use another key"
        goal = self.parts.present
        return finding(
            "KEY_NEVER_PRESENT",
            f"no request to {where} has {self.name}, so {self.parts.entry.operator} "
            f"{self._outcome()}",
            self.parts.entry.span,
            statement=self.statement,
            label="never there",
            evidence=self._evidence("proved: the key is absent from every request", goal),
            advice=advice,
        )

    def _private(self, hopeless: Sequence[Relation]) -> Iterator[Finding]:
        """Addresses that aws:SourceIp never holds (semantics D2, D3, F)."""
        blocks = [r for r in hopeless if isinstance(r, AddressIn) and within(r, not_public())]
        if not blocks:
            yield self._value_never_matches(hopeless)
            return
        shown, many = listed(tuple(map(spell, blocks))), len(blocks) > 1
        plural, them = ("are addresses", "them") if many else ("is an address", "it")
        code = "PRIVATE_NOT_IP_ADDRESS" if self.is_negated else "PRIVATE_IP_ADDRESS"
        goal = either(
            met
            for relation, met in zip(self.relations, self.parts.values, strict=True)
            if relation in hopeless
        )
        if len(hopeless) < len(self.relations):
            code, outcome = f"{code}_SUBSET", f"so listing {them} has no effect"
        else:
            outcome = f"so {self.parts.entry.operator} {self._outcome()}"

        yield finding(
            code,
            f"{shown} {plural} that no caller has in {self.name}, {outcome}",
            blocks[0].span or self.parts.entry.span,
            statement=self.statement,
            label="not a public address",
            evidence=self._evidence(_where_from(self.inquiry), goal),
            advice='list public addresses; a private API has the address in "aws:VpcSourceIp"',
        )

    def _has_lone_star(self) -> bool:
        return any(_is_star(relation) for relation in self.relations)

    def _star(self) -> Iterator[Finding]:
        """A lone ``*`` among the values (semantics F)."""
        present, holds = self.parts.present, self.parts.holds
        operator, same = self.parts.entry.operator, iff(present, holds)
        span = next((r.span for r in self.relations if _is_star(r)), self.parts.entry.span)
        if self.never:
            yield self._about_star(
                "REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION",
                f'"*" is every value, so {operator} never holds',
                span,
                self._evidence("proved for every request", holds),
            )
        elif self.always:
            yield self._about_star(
                "REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION",
                f'"*" is every value, so {operator} always holds',
                span,
                self._evidence("proved for every request", no(holds)),
            )
        elif not self.inquiry.is_possible(negation(same)):
            yield self._about_null("FALSE", "has", span)
        elif not self.inquiry.is_possible(same):
            yield self._about_null("TRUE", "lacks", span)

    def _about_star(self, code: str, message: str, span: Span | None, evidence: str) -> Finding:
        return finding(
            code,
            message,
            span,
            statement=self.statement,
            label="every value",
            evidence=evidence,
            advice="take the condition out, or write the value that is meant",
        )

    def _about_null(self, flag: str, verb: str, span: Span | None) -> Finding:
        return finding(
            f"EQUIVALENT_TO_NULL_{flag}",
            f"this holds if and only if the request {verb} {self.name}",
            span,
            statement=self.statement,
            label="every value",
            evidence="proved for every request",
            advice=f'write "Null": {{"{self.name}": "{flag.lower()}"}}',
        )

    def _always_true(self) -> Finding:
        return finding(
            "CONDITION_ALWAYS_TRUE",
            f"{self.parts.entry.operator} {self.name} holds of every request",
            self.parts.entry.span,
            statement=self.statement,
            label="always true",
            evidence=self._evidence("proved for every request", no(self.parts.holds)),
            advice="take it out, or correct what it compares with",
        )

    def _value_never_matches(self, hopeless: Sequence[Relation]) -> Finding:
        span = hopeless[0].span or self.parts.entry.span
        shown = span.text if span else "this"
        others = f" (nor any of {len(hopeless) - 1} more)" if len(hopeless) > 1 else ""
        return finding(
            "CONDITION_VALUE_NEVER_MATCHES",
            f"no request has a {self.name} that matches {shown}{others}",
            span,
            statement=self.statement,
            label="matches nothing",
            evidence=self._evidence(
                "proved for every request",
                either(
                    met
                    for relation, met in zip(self.relations, self.parts.values, strict=True)
                    if relation in hopeless
                ),
            ),
            advice="correct it, or take it out",
        )

    def _any_ipv4(self) -> Iterator[Finding]:
        """Blocks that leave no IPv4 address out (semantics B3)."""
        is_v6, blocks = self.parts.is_v6, [r for r in self.relations if isinstance(r, AddressIn)]
        sizes = (1 << (32 - one.prefix) for one in blocks if one.family is Family.V4)
        if is_v6 is None or self.always or sum(sizes) < _HALF_OF_IPV4:
            return
        outside = both(self.parts.present, no(either(self.parts.values)))
        if self.inquiry.is_possible(both(outside, no(is_v6))):
            return
        span = blocks[0].span or self.parts.entry.span
        if not self.inquiry.is_possible(outside):
            flag, verb = ("TRUE", "lacks") if self.is_negated else ("FALSE", "has")
            yield self._about_null(flag, verb, span)
            return
        effect = "holds of no IPv4 caller" if self.is_negated else "holds of every IPv4 caller"
        yield finding(
            "ANY_IPV4_ADDRESS",
            f"every IPv4 address is listed, so {self.parts.entry.operator} {effect}",
            span,
            statement=self.statement,
            label="every IPv4 address, and no IPv6 address",
            evidence="proved: no request with an IPv4 address is outside these blocks",
            advice="list the addresses that are meant, or take the condition out",
        )


def _is_plain(relation: Relation, inquiry: Inquiry) -> bool:
    """Whether the value is an address of which the solver need not be asked: a public one."""
    if not isinstance(relation, AddressIn):
        return False
    limited = inquiry.inspection.setting.ip_address_type is not None
    return not within(relation, not_public()) and not (limited and relation.family is Family.V6)


def _is_star(relation: Relation) -> bool:
    match relation:
        case TextLike(wanted):
            return str(wanted) == "*"
        case ArnLike(fields):
            return all(str(one) == "*" for one in fields)
        case _:
            return False


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
