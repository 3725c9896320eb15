"""What the elements of statements say of a request, as data for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from policycheck.concrete.spelling import spell_principal, spell_relation, spell_resource, verb
from policycheck.model.arn import ApiResource, ArnLike, ResourcePattern
from policycheck.model.condition import Comparing, ConditionEntry, Existing, Relation
from policycheck.model.keys import aws_key
from policycheck.model.order import InstantCompares, NumberCompares
from policycheck.model.policy import PrincipalId, PrincipalKind, ResourceElement
from policycheck.model.predicate import Conditions, InPrincipal, InResource
from policycheck.model.reading import Reading, Readings
from policycheck.model.region import Literal
from policycheck.model.text import TextEqualsIgnoreCase, TextLike

Atom = Conditions | InPrincipal | InResource
ROUTE, CALLER = "route", "caller"


def literal(atom: Atom, holds: bool, *, always: bool, readings: Readings) -> Literal:
    """What it says of a request that the atom holds or does not, under the readings.

    ``always``: every request has the key of the atom. Raises ValueError for several conditions,
    which are no atom.
    """
    match atom:
        case InResource(resource):
            spelled = tuple(map(spell_resource, _expanded(resource, readings)))
            return Literal(ROUTE, "matches", spelled, holds is resource.negated)
        case InPrincipal(principal):
            callers = tuple(map(_spell_id, principal.ids))
            return Literal(CALLER, "is", callers, holds is principal.negated)
        case Conditions((entry,)):
            return _entry(entry, holds, always=always, readings=readings)
        case Conditions(entries):
            raise ValueError(f"{len(entries)} entries are not one atom")
    assert_never(atom)


def _expanded(resource: ResourceElement, readings: Readings) -> Iterator[ResourcePattern]:
    """The entries that match something (A6-not-resource-shorthand)."""
    literal = resource.negated and Reading.NOT_RESOURCE_SHORTHAND_LITERAL in readings
    for one in resource.patterns:
        if not (literal and isinstance(one, ApiResource)):
            yield one


def _spell_id(entry: PrincipalId) -> str:
    match entry.kind:
        case PrincipalKind.EVERYONE:
            return "anyone"
        case PrincipalKind.ACCOUNT:
            return f"account {entry.value}"
        case _:
            return spell_principal(entry)


def _entry(entry: ConditionEntry, holds: bool, *, always: bool, readings: Readings) -> Literal:
    key = aws_key(entry.key)
    name = key.name if key else entry.spelled or entry.key
    match entry:
        case Existing(quantifier=None, absent=(absent,)):
            disputed = Reading.EMPTY_VALUE_IS_NULL in readings and not entry.undisputed
            return Literal(name, _existence(absent is holds, or_empty=disputed))
        case Comparing(quantifier=None):
            when_absent = (entry.if_exists or entry.negated) is holds
            values = tuple(map(spell_relation, entry.relations))
            negated = holds is entry.negated
            return Literal(
                name, _verb(entry.relations), values, negated, when_absent and not always
            )
        case Existing() | Comparing():
            return Literal(name, f"meets {entry.operator}", _values(entry), not holds)
    assert_never(entry)


def _existence(absent: bool, *, or_empty: bool) -> str:
    """What is said of a key (B2-null, B2-null-empty)."""
    if or_empty:
        return "is absent or empty" if absent else "is there and not empty"
    return "is absent" if absent else "is there"


def _values(entry: ConditionEntry) -> tuple[str, ...]:
    match entry:
        case Comparing():
            return tuple(map(spell_relation, entry.relations))
        case Existing():
            return tuple(str(one).lower() for one in entry.absent)
    assert_never(entry)


def _verb(relations: tuple[Relation, ...]) -> str:
    """What stands between a key and the values that it may match."""
    match relations[0]:
        case TextLike():
            return "is like"
        case ArnLike():
            return "is an ARN like"
        case TextEqualsIgnoreCase():
            return "is, in any case,"
        case NumberCompares() | InstantCompares():
            return verb(relations[0])[0]
        case _:
            return "is"
