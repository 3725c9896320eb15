"""Predicates over requests: what a spec's assertions speak of."""

from __future__ import annotations

from typing import assert_never

from policycheck.concrete import arn, condition, policy, principal, text
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
from policycheck.model.reading import DEFAULT_READINGS, Readings
from policycheck.model.request import CallerKind, Request


def holds(predicate: Predicate, request: Request, readings: Readings = DEFAULT_READINGS) -> bool:
    """Whether the predicate holds of the request.

    Rules: S1-combine, S1-conditions, S1-part, S1-resource, S1-action, S1-caller,
    S1-caller-account, S1-caller-arn, S1-caller-service.
    """
    match predicate:
        case AllOf(parts):
            return all(holds(part, request, readings) for part in parts)
        case AnyOf(parts):
            return any(holds(part, request, readings) for part in parts)
        case Not(part):
            return not holds(part, request, readings)
        case Conditions(entries):
            return all(condition.entry_holds(e, request.values, readings) for e in entries)
        case PartLike() | ResourceLike() | ActionLike():
            return target_matches(request, predicate)
        case CallerAnonymous() | CallerAccount() | CallerArn() | CallerService():
            return caller_matches(request, predicate)
        case InPrincipal(element):
            caller, context = request.principal, request.values
            return principal.element_matches(caller, element, context, readings)
        case InResource(element):
            return policy.resource_matches(request.resource, element, request.values, readings)
    assert_never(predicate)


def target_matches(request: Request, wanted: PartLike | ResourceLike | ActionLike) -> bool:
    """Whether the request asks for what the predicate names (S1-part, S1-resource, S1-action)."""
    match wanted:
        case PartLike(part, pattern):
            parts = arn.parts(request.resource)
            return parts is not None and text.glob_matches(parts[part], pattern)
        case ResourceLike(pattern):
            return text.glob_matches(request.resource, pattern)
        case ActionLike(pattern):
            return text.glob_matches(text.fold(request.action), pattern)
    assert_never(wanted)


def caller_matches(
    request: Request, wanted: CallerAnonymous | CallerAccount | CallerArn | CallerService
) -> bool:
    """Whether the caller is one whom the predicate names.

    Rules: S1-caller, S1-caller-account, S1-caller-arn, S1-caller-service.
    """
    caller = request.principal
    match wanted:
        case CallerAnonymous():
            return caller.kind is CallerKind.ANONYMOUS
        case CallerAccount(account):
            return principal.account(caller) == account
        case CallerArn(pattern):
            held = principal.arns(caller, request.values)
            return any(arn.is_like(name, pattern) for name in held)
        case CallerService(pattern):
            return caller.kind is CallerKind.SERVICE and text.glob_matches(caller.name, pattern)
    assert_never(wanted)
