"""Predicates of specs and environments as formulas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

import z3

from policycheck.model.condition import ConditionEntry
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
from policycheck.model.request import CallerKind
from policycheck.model.text import Pattern
from policycheck.symbolic import condition, policy, principal
from policycheck.symbolic.boolean import both, either, every, negation, true
from policycheck.symbolic.request import Request
from policycheck.symbolic.symbols import Text
from policycheck.symbolic.text import glob_of, pattern_matches, symbol_matches


def holds(predicate: Predicate, request: Request) -> z3.BoolRef:
    """The predicate holds of the request (S1-combine, S1-conditions)."""
    match predicate:
        case AllOf(parts):
            return every(holds(part, request) for part in parts)
        case AnyOf(parts):
            return either(holds(part, request) for part in parts)
        case Not(part):
            return negation(holds(part, request))
        case Conditions(entries):
            return every(condition.entry_holds(entry, request) for entry in entries)
        case PartLike() | ResourceLike() | ActionLike():
            return target_matches(predicate, request)
        case CallerAnonymous() | CallerAccount() | CallerArn() | CallerService():
            return caller_matches(predicate, request)
        case InPrincipal(element):
            return principal.element_matches(element, request)
        case InResource(element):
            return policy.resource_matches(element, request)
    assert_never(predicate)


def target_matches(wanted: PartLike | ResourceLike | ActionLike, request: Request) -> z3.BoolRef:
    """What the request asks for is as wanted (S1-part, S1-resource, S1-action)."""
    match wanted:
        case PartLike(part, pattern):
            return _like(request.parts[part], pattern, request)
        case ResourceLike(pattern):
            return _like(request.resource_text, pattern, request)
        case ActionLike(pattern):
            return symbol_matches(request.action, glob_of(pattern), request.atoms)
    assert_never(wanted)


def _like(actual: Text, wanted: Pattern, request: Request) -> z3.BoolRef:
    return pattern_matches(((true(), actual),), wanted, request)


def caller_matches(
    wanted: CallerAnonymous | CallerAccount | CallerArn | CallerService, request: Request
) -> z3.BoolRef:
    """The caller is as wanted.

    Rules: S1-caller, S1-caller-account, S1-caller-arn, S1-caller-service.
    """
    kinds = request.caller.kinds
    match wanted:
        case CallerAnonymous():
            return kinds[CallerKind.ANONYMOUS]
        case CallerAccount(account):
            return both(principal.has_account(request), principal.account_is(account, request))
        case CallerArn(pattern):
            return principal.arn_matches(pattern, request)
        case CallerService(pattern):
            like = _like((request.caller.service,), pattern, request)
            return both(kinds[CallerKind.SERVICE], like)
    assert_never(wanted)


def entries(predicate: Predicate) -> Iterator[ConditionEntry]:
    """The condition entries that occur in the predicate."""
    for part in walk(predicate):
        if isinstance(part, Conditions):
            yield from part.entries
