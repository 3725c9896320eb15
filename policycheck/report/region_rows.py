"""What a region says, as rows of a label and lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import assert_never

from policycheck.dataclass import dataclass
from policycheck.model.address import Family
from policycheck.model.order import instant_text
from policycheck.model.policy import Statement
from policycheck.model.reading import DISPUTES, Reading
from policycheck.model.region import (
    SOURCE_IP,
    Actions,
    Addresses,
    BroadFinding,
    Choice,
    Constraint,
    Literal,
    Region,
    Subject,
    Term,
    Times,
)
from policycheck.model.verdict import Example
from policycheck.report.amounts import counted, share, spell_addresses
from policycheck.report.characters import printable
from policycheck.report.requests import headline, origin
from policycheck.report.statements import spell_statement

Row = tuple[str, list[str]]
"""A label and at least one line."""

_SHORTHAND = "execute-api:"
_EXCEPT = "but not "
_MEETS = "meets"
"""What a relation begins with that names the operator of a policy, with all of its values."""


@dataclass(frozen=True)
class Common:
    """What all regions of a report share, so that it is said once: their action (None: they do
    not), and the ARN of the API that all their routes begin with (empty: they do not)."""

    action: Actions | None = None
    api: str = ""

    @classmethod
    def of(cls, regions: Sequence[Region | BroadFinding]) -> Common:
        """What the regions share."""
        actions = {next(filter(_is_actions, one.constraints), None) for one in regions}
        action = actions.pop() if len(actions) == 1 else None
        heads = {_api(value) for one in regions for value in _routes(one)}
        api = heads.pop() if len(heads) == 1 else ""
        return cls(action if isinstance(action, Actions) else None, api)

    def lines(self) -> Iterator[str]:
        """The same in sentences."""
        if self.action:
            yield f"All of it is of the action {' or '.join(self.action.names)}."
        if self.api not in {"", _SHORTHAND}:
            yield f"Routes are those of {printable(self.api)}."

    def route(self, value: str) -> str:
        """The route without what is common to all."""
        return printable(value.removeprefix(self.api) if self.api else value)


def _is_actions(one: Constraint) -> bool:
    return isinstance(one, Actions)


def _routes(region: Region | BroadFinding) -> Iterator[str]:
    for one in region.constraints:
        if isinstance(one, Choice) and one.subject is Subject.ROUTE:
            for term in one.terms:
                yield from (value for each in term.literals for value in each.values)


def _api(route: str) -> str:
    """What stands before the stage."""
    return route.partition("/")[0] if "/" in route else ""


def rows(region: Region | BroadFinding, common: Common) -> Iterator[Row]:
    """Everything that the region says."""
    yield "from", source_lines(region.source_ip)
    for one in region.constraints:
        if one != common.action and not (isinstance(one, Addresses) and one.key == SOURCE_IP):
            yield constraint_row(one, common)


def source_lines(found: Addresses) -> list[str]:
    """Where requests come from."""
    if found.absent and not found.ranges:
        return ["requests without aws:SourceIp"]
    return [one.replace("or none", "or no aws:SourceIp") for one in spell_addresses(found)]


def constraint_row(constraint: Constraint, common: Common) -> Row:
    """One constraint."""
    match constraint:
        case Actions(names):
            return "action", [" or ".join(names)]
        case Addresses(key):
            name = "from" if key == SOURCE_IP else "VPC source IP"
            return name, source_lines(constraint) if key == SOURCE_IP else spell_addresses(
                constraint
            )
        case Times(periods):
            return "time", [spell_period(*one) for one in periods]
        case Choice(subject, terms):
            label = "only if" if subject is Subject.KEY else subject.value
            return label, _alternatives(terms, common)
    assert_never(constraint)


def _alternatives(terms: Sequence[Term], common: Common) -> list[str]:
    """A lone term in a line for each of its parts, several in a line each."""
    if len(terms) == 1:
        return list(_parts(terms[0], common))
    return [line for term in terms for line in _in_one_line(term, common)]


def _in_one_line(term: Term, common: Common) -> list[str]:
    """The term in one line, or, if it is a list of values and nothing else, one for each."""
    lines = list(_parts(term, common))
    if len(term.literals) == 1 and not any(_EXCEPT in line for line in lines):
        return lines
    first = next(
        (len(one.values) for one in term.literals if _is_listed(one) and not one.negated), 0
    )
    return [", ".join([*([" or ".join(lines[:first])] if first else []), *lines[first:]])]


def _parts(term: Term, common: Common) -> Iterator[str]:
    """What a term says, part by part: what holds first, then what does not."""
    listed = [one for one in term.literals if _is_listed(one)]
    said = [one for one in term.literals if not _is_listed(one)]
    positive = [one for one in listed if not one.negated]
    for number, one in enumerate(positive):
        values = [_value(one, value, common) for value in one.values]
        yield from values if number == 0 else [f"and {' or '.join(values)}"]
    for number, one in enumerate(said):
        absent = one.or_absent and not any(_needs(other, one.subject) for other in said)
        yield ("and " if number or positive else "") + _condition(replace(one, or_absent=absent))
    excepted = [
        _EXCEPT + _value(one, v, common) for one in listed if one.negated for v in one.values
    ]
    if excepted and not positive:
        excepted[0] = f"any, {excepted[0]}"
    yield from excepted


def _is_listed(one: Literal) -> bool:
    """Whether the literal is a list of routes or callers, which need no verb."""
    return one.subject in {"route", "caller"}


def _value(one: Literal, value: str, common: Common) -> str:
    return common.route(value) if one.subject == "route" else printable(value)


def _needs(one: Literal, key: str) -> bool:
    """Whether the literal holds of no request without the key."""
    may_lack = one.or_absent or one.relation.startswith(("is absent", _MEETS))
    return one.subject == key and not may_lack


def _condition(one: Literal) -> str:
    values = [printable(value) or '""' for value in one.values]
    verb = _denied(one.relation) if one.negated else one.relation
    text = f"{printable(one.subject)} {verb}"
    if values:
        between = " and not " if one.negated else " or "
        text += " " + (", " if one.relation.startswith(_MEETS) else between).join(values)
    return f"{text}, or is absent" if one.or_absent else text


def _denied(relation: str) -> str:
    if relation.startswith("is"):
        return f"is not{relation.removeprefix('is')}"
    verb, space, rest = relation.partition(" ")
    return f"does not {verb.removesuffix('s')}{space}{rest}"


def spell_period(first: int | None, end: int | None) -> str:
    """A period in UTC."""
    if end is None:
        return f"from {_instant(first)} on" if first is not None else "any time"
    return f"before {_instant(end)}" if first is None else f"{_instant(first)} to {_instant(end)}"


def _instant(seconds: int) -> str:
    """The instant, in seconds where the calendar has no year for it."""
    text = instant_text(seconds)
    return text if text.endswith("Z") else f"{text} seconds after 1970-01-01"


def amounts(found: Addresses) -> list[str]:
    """Exact counts of addresses, and their share of the public ones."""
    return [_amount(found, family) for family in Family if found.count(family)]


def _amount(found: Addresses, family: Family) -> str:
    noun = f"IPv{family.value} address"
    count = counted(found.count(family), noun, f"{noun}es")
    return f"{count} ({share(found, family)} of the public ones)"


def example(found: Example) -> str:
    """A request in one line."""
    return f"{headline(found.request)} ({origin(found.request)})"


def statements(given: Iterable[Statement]) -> str:
    """The statements with their lines."""
    return ", ".join(
        printable(spell_statement(one)) + (f", line {one.span.line}" if one.span else "")
        for one in given
    )


def refusal(region: Region) -> str:
    """Why the other policy does not allow the region's witness."""
    if not region.formerly:
        return "has no statement that allows it"
    return f"denies it by {statements(region.formerly)}"


def disputes(readings: Iterable[Reading]) -> Iterator[str]:
    """What AWS's pages do not agree on, in a sentence each."""
    for one in readings:
        dispute = DISPUTES[one]
        yield f"{one.value}: if {dispute.alternative} ({dispute.source})"
