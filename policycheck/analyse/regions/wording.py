"""What the elements of statements say of a request, as data for people."""

from __future__ import annotations

from typing import assert_never

from policycheck.concrete.spelling import spell_principal, spell_relation, spell_resource, verb
from policycheck.model.arn import ArnLike
from policycheck.model.condition import Comparing, ConditionEntry, Existing, Relation
from policycheck.model.keys import aws_key
from policycheck.model.order import InstantCompares, NumberCompares
from policycheck.model.policy import PrincipalId, PrincipalKind
from policycheck.model.predicate import Conditions, InPrincipal, InResource
from policycheck.model.region import Literal
from policycheck.model.text import TextEqualsIgnoreCase, TextLike

Atom = Conditions | InPrincipal | InResource
ROUTE, CALLER = "route", "caller"


def literal(atom: Atom, holds: bool, *, always: bool) -> Literal:
    """What it says of a request that the atom holds or does not.

    ``always``: every request has the key of the atom. Raises ValueError for several conditions,
    which are no atom.
    """
    match atom:
        case InResource(resource):
            spelled = tuple(map(spell_resource, resource.patterns))
            return Literal(ROUTE, "matches", spelled, holds is resource.negated)
        case InPrincipal(principal):
            callers = tuple(map(_spell_id, principal.ids))
            return Literal(CALLER, "is", callers, holds is principal.negated)
        case Conditions((entry,)):
            return _entry(entry, holds, always=always)
        case Conditions(entries):
            raise ValueError(f"{len(entries)} entries are not one atom")
    assert_never(atom)


def _spell_id(entry: PrincipalId) -> str:
    match entry.kind:
        case PrincipalKind.EVERYONE:
            return "anyone"
        case PrincipalKind.ACCOUNT:
            return f"account {entry.value}"
        case _:
            return spell_principal(entry)


def _entry(entry: ConditionEntry, holds: bool, *, always: bool) -> Literal:
    key = aws_key(entry.key)
    name = key.name if key else entry.spelled or entry.key
    match entry:
        case Existing(quantifier=None, absent=(absent,)):
            return Literal(name, "is absent" if absent is holds else "is there")
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
        case TextLike() | ArnLike():
            return "is like"
        case TextEqualsIgnoreCase():
            return "is, in any case,"
        case NumberCompares() | InstantCompares():
            return verb(relations[0])[0]
        case _:
            return "is"
