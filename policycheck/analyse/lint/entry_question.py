"""One condition entry as a question: when it holds, and which of its values are ever met."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import z3

from policycheck.analyse.lint.addresses import within
from policycheck.analyse.lint.consequences import consequence
from policycheck.analyse.lint.inquiry import Inquiry, Shows, no
from policycheck.analyse.lint.inspection import finding
from policycheck.analyse.lint.parts import EntryParts
from policycheck.concrete.condition import entry_holds, relation_matches
from policycheck.dataclass import dataclass
from policycheck.diagnostics import Span
from policycheck.model.address import AddressIn, Family
from policycheck.model.condition import Comparing, Relation
from policycheck.model.finding import Finding
from policycheck.model.policy import Effect, PrincipalKind, Statement
from policycheck.model.reading import Readings
from policycheck.model.request import Request
from policycheck.model.special_purpose import not_public
from policycheck.symbolic.boolean import either, iff, negation


@dataclass(frozen=True)
class EntryQuestion:
    """One entry, and what is known of its statement."""

    inquiry: Inquiry
    statement: Statement
    parts: EntryParts
    dead: bool

    @property
    def name(self) -> str:
        """The key as the author spelled it."""
        return self.parts.entry.spelled or self.parts.entry.key

    @cached_property
    def relations(self) -> tuple[Relation, ...]:
        """The values that the key is compared with."""
        entry = self.parts.entry
        return entry.relations if isinstance(entry, Comparing) else ()

    @property
    def is_negated(self) -> bool:
        """Whether none of the values may be met."""
        return isinstance(self.parts.entry, Comparing) and self.parts.entry.negated

    @cached_property
    def never(self) -> bool:
        """Whether the entry holds of no request."""
        return self.inquiry.is_impossible(self.parts.holds, self._holding())

    @cached_property
    def always(self) -> bool:
        """Whether the entry holds of every request."""
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

    def hopeless(self) -> tuple[Relation, ...]:
        """The values that no request meets."""
        return tuple(
            relation
            for relation, met in zip(self.relations, self.parts.values, strict=False)
            if not _is_plain(relation, self.inquiry)
            and self.inquiry.is_impossible(met, self._meeting(relation))
        )

    def evidence(self, reason: str, goal: z3.BoolRef) -> str:
        """What was proved, what it hangs on, and what follows for the statement."""
        disputed = self.inquiry.disputed(either((goal, *self._otherwise())))
        follows = consequence(self.statement) if self.never and self.dead else ""
        if self.always and self.statement.effect is Effect.DENY and self._is_of_everybody():
            follows = ", so the Deny fires whoever calls"
        return f"{reason}{follows}{disputed}"

    def _otherwise(self) -> Iterator[z3.BoolRef]:
        """What contradicts that the entry never holds, or always, if that is so."""
        if self.never:
            yield self.parts.holds
        elif self.always:
            yield no(self.parts.holds)

    def _is_of_everybody(self) -> bool:
        """Whether nothing but the entry says who is meant."""
        who = self.statement.principal
        everyone = any(one.kind is PrincipalKind.EVERYONE for one in who.ids)
        return everyone and not who.negated and len(self.statement.conditions) == 1

    def outcome(self) -> str:
        """What the entry says of requests, in words."""
        if self.never:
            return "never holds"
        return "always holds" if self.always else "holds or not"

    def met(self, relations: Sequence[Relation]) -> z3.BoolRef:
        """The request meets one of these values of the entry."""
        return either(
            met
            for relation, met in zip(self.relations, self.parts.values, strict=True)
            if relation in relations
        )

    def about_null(self, span: Span | None) -> Iterator[Finding]:
        """The finding that the entry is the operator Null in other words, if it is."""
        same = iff(self.parts.present, self.parts.holds)
        if not self.inquiry.is_possible(negation(same)):
            yield self._is_null("FALSE", "has", span)
        elif not self.inquiry.is_possible(same):
            yield self._is_null("TRUE", "lacks", span)

    def _is_null(self, flag: str, verb: str, span: Span | None) -> Finding:
        alike = iff(self.parts.not_null, self.parts.holds)
        disputed = self.inquiry.disputed(alike if flag == "TRUE" else negation(alike))
        return finding(
            f"EQUIVALENT_TO_NULL_{flag}",
            f"this holds if and only if the request {verb} {self.name}",
            span,
            statement=self.statement,
            label="every value",
            evidence=f"proved for every request{disputed}",
            advice=f'write "Null": {{"{self.name}": "{flag.lower()}"}}',
        )

    def value_never_matches(self, hopeless: Sequence[Relation]) -> Finding:
        """The finding that some of the values are met by no request."""
        span = hopeless[0].span or self.parts.entry.span
        shown = span.text if span else "this"
        others = f" (nor any of {len(hopeless) - 1} more)" if len(hopeless) > 1 else ""
        return finding(
            "CONDITION_VALUE_NEVER_MATCHES",
            f"no request has a {self.name} that matches {shown}{others}",
            span,
            statement=self.statement,
            label="matches nothing",
            evidence=self.evidence(
                "proved for every request",
                self.met(hopeless),
            ),
            advice="correct it, or take it out",
        )


def _is_plain(relation: Relation, inquiry: Inquiry) -> bool:
    """Whether the value is an address of which the solver need not be asked: a public one."""
    if not isinstance(relation, AddressIn):
        return False
    limited = inquiry.inspection.setting.ip_address_type is not None
    return not within(relation, not_public()) and not (limited and relation.family is Family.V6)
