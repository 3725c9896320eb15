"""Predicates of a spec as statements of a policy can say them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product
from typing import assert_never

from netaddr import IPSet

from policycheck.analyse.repair.edits import Entry
from policycheck.analyse.repair.opposites import UnsayableError, opposite, written
from policycheck.analyse.repair.targets import EVERYTHING, Target, both, target_of, without
from policycheck.dataclass import dataclass
from policycheck.model.condition import ConditionEntry
from policycheck.model.environment import ACTIONS, Environment
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
)
from policycheck.model.request import INVOKE

MOST_CLAUSES = 24
"""The most statements that one predicate may need."""


@dataclass(frozen=True)
class Clause:
    """Requests that one statement can name.

    They are of ``target`` and of none of ``excluded`` (only one of the two says something), have
    one of the ``actions`` (any, if there are none) and meet all the ``entries``.
    """

    target: Target = EVERYTHING
    excluded: tuple[Target, ...] = ()
    actions: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()

    @property
    def conditional(self) -> bool:
        """Whether conditions alone say it all."""
        return self.target.everything and not self.excluded and not self.actions


def clauses(predicate: Predicate, known: Environment, *, holds: bool = True) -> tuple[Clause, ...]:
    """Clauses that together hold where the predicate does, or (not ``holds``) where it does not.

    Raises UnsayableError if statements cannot say it.
    """
    found = tuple(_Lowering(known).clauses(predicate, holds=holds))
    if not found:
        raise UnsayableError("no request at all")
    return found


def without_action(predicate: Predicate) -> Predicate:
    """The predicate without the demand for ``execute-api:Invoke`` that every assertion has."""
    if isinstance(predicate, ActionLike) and str(predicate.wanted) == INVOKE.lower():
        return AllOf(())
    if not isinstance(predicate, AllOf):
        return predicate
    kept = tuple(p for p in map(without_action, predicate.parts) if p != AllOf(()))
    return kept[0] if len(kept) == 1 else AllOf(kept)


@dataclass(frozen=True)
class _Lowering:
    known: Environment

    def clauses(self, predicate: Predicate, *, holds: bool) -> Iterable[Clause]:
        match predicate:
            case Not(part):
                return self.clauses(part, holds=not holds)
            case AllOf(parts):
                return self._every(parts, holds) if holds else self._some(parts, holds)
            case AnyOf(parts):
                return self._some(parts, holds) if holds else self._every(parts, holds)
            case Conditions(entries):
                return list(self._conditions(entries, holds))
            case PartLike() | ResourceLike() | ActionLike():
                return self._leaves((predicate,), holds)
            case CallerAnonymous() | CallerAccount() | CallerArn() | CallerService():
                return [Clause(entries=(_caller(predicate, holds=holds),))]
            case InPrincipal() | InResource():
                raise UnsayableError("an element of another policy's statement")
        assert_never(predicate)

    def _every(self, parts: tuple[Predicate, ...], holds: bool) -> list[Clause]:
        """All of the parts hold (or none does, of an alternative that does not hold)."""
        options = [list(self.clauses(part, holds=holds)) for part in parts]
        size = 1
        for one in options:
            size *= len(one)
        if size > MOST_CLAUSES:
            raise UnsayableError(f"more than {MOST_CLAUSES} statements")
        joined = (_all(chosen) for chosen in product(*options))
        return list(dict.fromkeys(joined))

    def _some(self, parts: tuple[Predicate, ...], holds: bool) -> list[Clause]:
        """One of the parts holds (or one does not); leaves of one kind make one clause."""
        if holds and (together := _alike(parts)):
            return self._leaves(together, holds)
        found = [one for part in parts for one in self.clauses(part, holds=holds)]
        if len(found) > MOST_CLAUSES:
            raise UnsayableError(f"more than {MOST_CLAUSES} statements")
        return list(dict.fromkeys(found))

    def _leaves(
        self, leaves: tuple[PartLike | ResourceLike | ActionLike, ...], holds: bool
    ) -> list[Clause]:
        actions = [one for one in leaves if isinstance(one, ActionLike)]
        if actions:
            return [Clause(actions=tuple(_actions(actions, holds)))]
        target = target_of(one for one in leaves if not isinstance(one, ActionLike))
        if holds:
            return [Clause(target)]
        try:
            return [Clause(one) for one in without(target, self.known)]
        except UnsayableError:
            return [Clause(excluded=(target,))]

    def _conditions(self, entries: tuple[ConditionEntry, ...], holds: bool) -> Iterator[Clause]:
        if holds:
            yield _all(Clause(entries=(written(one),)) for one in entries)
            return
        for entry in entries:
            for alternative in opposite(entry, self.known.keys):
                yield Clause(entries=alternative)


def _alike(parts: tuple[Predicate, ...]) -> tuple[PartLike | ResourceLike | ActionLike, ...]:
    """The parts, if one target or one list of actions can hold them all."""
    for kind in (PartLike, ResourceLike, ActionLike):
        found = [one for one in parts if isinstance(one, kind)]
        if len(found) == len(parts) and len({getattr(one, "part", None) for one in found}) == 1:
            return tuple(found)
    return ()


def _actions(leaves: Iterable[ActionLike], holds: bool) -> Iterator[str]:
    wanted = [str(one.wanted) for one in leaves]
    if holds:
        names = {action.lower(): action for action in ACTIONS}
        yield from (names.get(one, one) for one in wanted)
        return
    others = [action for action in ACTIONS if action.lower() not in wanted]
    if any("*" in one or "?" in one for one in wanted) or not others:
        raise UnsayableError("every action but some")
    yield from others


def _caller(
    leaf: CallerAnonymous | CallerAccount | CallerArn | CallerService, *, holds: bool
) -> Entry:
    """The condition that tells the caller; anonymous callers have no principal key."""
    match leaf:
        case CallerAnonymous():
            return Entry("Null", "aws:PrincipalArn", (str(holds).lower(),))
        case CallerAccount(account):
            operator = "StringEquals" if holds else "StringNotEquals"
            return Entry(operator, "aws:PrincipalAccount", (account,))
        case CallerArn(wanted):
            return Entry("ArnLike" if holds else "ArnNotLike", "aws:PrincipalArn", (str(wanted),))
        case CallerService():
            raise UnsayableError("a service that calls, by a condition")
    assert_never(leaf)


def _all(parts: Iterable[Clause]) -> Clause:
    """The requests of every one of the clauses. Raises UnsayableError."""
    whole = Clause()
    for one in parts:
        whole = Clause(
            both(whole.target, one.target),
            (*whole.excluded, *one.excluded),
            _common(whole.actions, one.actions),
            (*whole.entries, *one.entries),
        )
    if whole.excluded and not whole.target.everything:
        raise UnsayableError("some resources, but not all that a pattern names")
    return replace(whole, entries=tuple(_merged(whole.entries)))


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    if not one or not other:
        return one or other
    kept = tuple(action for action in one if action in other)
    if not kept:
        raise UnsayableError("an intersection of actions")
    return kept


def _merged(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The entries, one for each operator and key, as JSON has them. Raises UnsayableError."""
    by_place: dict[tuple[str, str], list[Entry]] = {}
    for one in dict.fromkeys(entries):
        by_place.setdefault((one.operator, one.key.lower()), []).append(one)
    for (operator, _), alike in by_place.items():
        first, *rest = alike
        for one in rest:
            first = replace(first, values=_combined(operator, first.values, one.values))
        yield first


def _combined(operator: str, one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """The values of one condition that holds where two of the same operator both do."""
    if operator.startswith(("StringNot", "NotIp", "ArnNot")):
        return tuple(dict.fromkeys((*one, *other)))
    values: tuple[str, ...] = ()
    if operator == "IpAddress":
        values = tuple(map(str, (IPSet(one) & IPSet(other)).iter_cidrs()))
    elif operator == "StringEquals":
        values = tuple(value for value in one if value in other)
    if not values:
        raise UnsayableError(f"two conditions of {operator} on one key")
    return values
