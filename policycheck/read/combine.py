"""Predicates put together from others."""

from __future__ import annotations

from collections.abc import Iterable

from policycheck.model.predicate import (
    ActionLike,
    AllOf,
    AnyOf,
    Predicate,
    walk,
)
from policycheck.model.request import INVOKE
from policycheck.model.text import glob


def any_of(parts: Iterable[Predicate]) -> Predicate:
    """The disjunction; one part stands for itself."""
    found = tuple(parts)
    return found[0] if len(found) == 1 else AnyOf(found)


def all_of(parts: Iterable[Predicate]) -> Predicate:
    """The conjunction; one part stands for itself, none is every request."""
    found = tuple(parts)
    return found[0] if len(found) == 1 else AllOf(found)


def of_invocations(predicate: Predicate) -> Predicate:
    """The predicate, of ``execute-api:Invoke`` alone unless it names an action itself.

    Source: contract section 4.
    """
    if any(isinstance(part, ActionLike) for part in walk(predicate)):
        return predicate
    invoke = ActionLike(glob(INVOKE.lower()))
    return (
        AllOf((*predicate.parts, invoke))
        if isinstance(predicate, AllOf)
        else AllOf((predicate, invoke))
    )
