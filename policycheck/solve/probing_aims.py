"""What a request must be to meet a statement, or to make a predicate true or false."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from functools import cached_property
from random import Random

from policycheck.dataclass import dataclass
from policycheck.model.arn import (
    AnyResource,
    ApiResource,
    ArnLike,
    ArnResource,
    ResourcePattern,
    fields_of,
)
from policycheck.model.condition import Comparing, ConditionEntry, Existing, Relation
from policycheck.model.policy import PrincipalElement, Statement
from policycheck.model.predicate import (
    ActionLike,
    AllOf,
    AnyOf,
    CallerAccount,
    CallerAnonymous,
    CallerArn,
    CallerService,
    Conditions,
    InPrincipal,
    InResource,
    Not,
    PartLike,
    Predicate,
    ResourceLike,
    walk,
)
from policycheck.model.text import (
    Pattern,
    TextEquals,
    TextEqualsIgnoreCase,
    TextLike,
    Variable,
    Wildcard,
)
from policycheck.solve.probing_text import pick

CallerPredicate = CallerAnonymous | CallerAccount | CallerArn | CallerService
Leaf = ConditionEntry | PartLike | ResourceLike | ActionLike | CallerPredicate
Wish = tuple[ConditionEntry, bool]
"""A condition entry, and whether it is to hold."""


@dataclass(frozen=True)
class Aim:
    """A conjunction of wishes about one request.

    ``resources`` and ``actions`` are alternatives; a negated element of a statement and a leaf that
    is to be false are left to chance, as most requests meet them.
    """

    entries: tuple[Wish, ...] = ()
    principal: PrincipalElement | None = None
    resources: tuple[ResourcePattern, ...] = ()
    actions: tuple[Pattern, ...] = ()
    parts: tuple[PartLike, ...] = ()
    callers: tuple[CallerPredicate, ...] = field(default=())

    @cached_property
    def wishes(self) -> Mapping[str, tuple[Wish, ...]]:
        """The entries by their key; a key that stands in a variable is to be there."""
        found: dict[str, tuple[Wish, ...]] = {}
        for entry, holds in self.entries:
            found[entry.key] = (*found.get(entry.key, ()), (entry, holds))
        for variable in self._variables():
            present = Existing("Null", variable.key, (False,))
            found.setdefault(variable.key, ((present, True),))
        return found

    def _variables(self) -> Iterator[Variable]:
        for wanted in (*self.resources, *_relations(self.entries)):
            for one in patterns_of(wanted):
                yield from one.variables


def _relations(entries: Iterable[Wish]) -> Iterator[Relation]:
    for entry, _ in entries:
        if isinstance(entry, Comparing):
            yield from entry.relations


def patterns_of(wanted: Relation | ResourcePattern | Leaf) -> tuple[Pattern, ...]:
    """The patterns of a relation, of a resource or of a leaf; none if it has none."""
    match wanted:
        case ArnResource(fields) | ArnLike(fields):
            return fields
        case TextEquals(one) | TextEqualsIgnoreCase(one) | TextLike(one):
            return (one,)
        case ApiResource(one) | ResourceLike(one) | ActionLike(one):
            return (one,)
        case CallerArn(one) | CallerService(one) | PartLike(_, one):
            return (one,)
        case _:
            return ()


def of_statement(statement: Statement) -> Aim:
    """The aim that the statement applies."""
    return Aim(
        tuple((entry, True) for entry in statement.conditions),
        statement.principal,
        () if statement.resource.negated else statement.resource.patterns,
        () if statement.action.negated else tuple(a.wanted for a in statement.action.patterns),
    )


def of_predicate(predicate: Predicate, random: Random, *, holds: bool = True) -> Aim:
    """One way, chosen at random, to make the predicate true (false, unless ``holds``)."""
    leaves = tuple(_leaves(predicate, random, holds=holds))
    kept = [leaf for leaf, wanted in leaves if wanted]
    return Aim(
        tuple((leaf, wanted) for leaf, wanted in leaves if isinstance(leaf, ConditionEntry)),
        None,
        tuple(_resource(leaf.wanted) for leaf in kept if isinstance(leaf, ResourceLike)),
        tuple(leaf.wanted for leaf in kept if isinstance(leaf, ActionLike)),
        tuple(leaf for leaf in kept if isinstance(leaf, PartLike)),
        tuple(leaf for leaf in kept if isinstance(leaf, CallerPredicate)),
    )


def _leaves(predicate: Predicate, random: Random, *, holds: bool) -> Iterator[tuple[Leaf, bool]]:
    match predicate:
        case Not(part):
            yield from _leaves(part, random, holds=not holds)
        case AllOf(parts) | AnyOf(parts) if isinstance(predicate, AllOf) is holds:
            for part in parts:
                yield from _leaves(part, random, holds=holds)
        case AllOf(parts) | AnyOf(parts):
            if parts:
                yield from _leaves(pick(random, parts), random, holds=holds)
        case Conditions(entries):
            chosen = entries if holds or not entries else (pick(random, entries),)
            yield from ((entry, holds) for entry in chosen)
        case (
            PartLike()
            | ResourceLike()
            | ActionLike()
            | CallerAnonymous()
            | CallerAccount()
            | CallerArn()
            | CallerService()
        ):
            yield predicate, holds
        case InPrincipal() | InResource():
            pass  # an element of a statement, whose own aim is met


def _resource(wanted: Pattern) -> ResourcePattern:
    """The pattern over a whole ARN, field by field if its literals have all the colons."""
    if fields := fields_of(wanted):
        return ArnResource(fields, wanted)
    if wanted.pieces[:1] == (Wildcard.RUN,) and str(wanted)[1:2] == "/":
        return ApiResource(Pattern(wanted.pieces[1:]))
    return AnyResource()


def leaves(predicate: Predicate) -> Iterator[Leaf]:
    """Every leaf of the predicate."""
    for part in walk(predicate):
        match part:
            case AllOf() | AnyOf() | Not() | InPrincipal() | InResource():
                pass
            case Conditions(entries):
                yield from entries
            case _:
                yield part
