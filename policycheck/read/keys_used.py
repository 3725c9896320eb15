"""The condition keys that a policy uses, judged against the keys that requests have."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from policycheck.diagnostics import Diagnostic, Span
from policycheck.model.arn import AnyResource, ApiResource, ArnLike, ArnResource
from policycheck.model.condition import Comparing, ConditionEntry, Existing, Relation
from policycheck.model.keys import (
    PRINCIPAL_PRESENCES,
    Key,
    KeySpace,
    Presence,
    aws_key,
    aws_keys,
)
from policycheck.model.policy import Policy, Statement
from policycheck.model.text import Pattern, TextEquals, TextEqualsIgnoreCase, TextLike
from policycheck.read.condition_errors import misfit
from policycheck.read.operators import parse_operator
from policycheck.read.shape import warning


def check_keys(policy: Policy, keys: KeySpace) -> tuple[Diagnostic, ...]:
    """What is wrong or doubtful about the condition keys that ``policy`` uses, by position.

    Errors: an operator that does not take a key which ``keys`` declares. Warnings: keys that no
    request has, that no page of AWS's promises for API Gateway, or that need IAM authorization.
    Source: semantics D1.
    """
    found = [d for statement in policy.statements for d in _statement(statement, keys)]
    return tuple(sorted(found, key=lambda one: one.span.start if one.span else 0))


def _statement(statement: Statement, keys: KeySpace) -> Iterator[Diagnostic]:
    for entry in statement.conditions:
        yield from _entry(entry, keys)
    for resource in statement.resource.patterns:
        match resource:
            case AnyResource():
                continue
            case ApiResource(tail, span):
                yield from _variables((tail,), span, keys)
            case ArnResource(fields, _, span):
                yield from _variables(fields, span, keys)


def _entry(entry: ConditionEntry, keys: KeySpace) -> Iterator[Diagnostic]:
    known = keys.find(entry.key)
    if entry.span is None:
        return
    if known is None:
        yield _unknown(entry, entry.span)
    elif known.declared:
        found = misfit(parse_operator(entry.operator), known, entry.span)
        if found:
            yield found
    else:
        yield from _doubts(known, entry.span)
    if isinstance(entry, Comparing):
        for relation in entry.relations:
            yield from _variables(_patterns(relation), relation.span, keys)


def _patterns(relation: Relation) -> tuple[Pattern, ...]:
    match relation:
        case TextEquals(wanted) | TextEqualsIgnoreCase(wanted) | TextLike(wanted):
            return (wanted,)
        case ArnLike(fields):
            return fields
        case _:
            return ()


def _variables(
    patterns: tuple[Pattern, ...], span: Span | None, keys: KeySpace
) -> Iterator[Diagnostic]:
    for variable in (v for one in patterns for v in one.variables):
        if span is None:
            continue
        known = keys.find(variable.key)
        if known is None:
            message = f"${{{variable.key}}} never has a value: there is no such key"
            yield warning(_code(variable.key), message, span, "", _advice(variable.key))
        elif known.multivalued:
            message = f"{known.name} has several values, so ${{{variable.key}}} has none"
            advice = "use a key with one value"
            yield Diagnostic("MULTIVALUED_KEY_IN_VARIABLE", message, span, "", advice)
        else:
            yield from _doubts(known, span)


def _unknown(entry: ConditionEntry, span: Span) -> Diagnostic:
    name = entry.spelled or entry.key
    message = f"no request has a key {name}, so {entry.operator} {_outcome(entry)}"
    return warning(_code(name), message, span, "unknown key", _advice(name))


def _outcome(entry: ConditionEntry) -> str:
    """What an entry says of every request, its key being absent (semantics B2)."""
    if entry.quantifier is not None:
        holds = entry.quantifier.value == "ForAllValues"
    elif isinstance(entry, Existing):
        holds = any(entry.absent)
    else:
        holds = entry.negated or entry.if_exists
    return "always holds" if holds else "never holds"


def _code(name: str) -> str:
    is_global = name.lower().startswith("aws:")
    return "INVALID_GLOBAL_CONDITION_KEY" if is_global else "INVALID_SERVICE_CONDITION_KEY"


def _advice(name: str) -> str:
    if name.lower() in {"aws:xfwdip", "aws:x-forwarded-for", "aws:forwardedfor"}:
        return "no key holds X-Forwarded-For; AWS WAF can read it, or a Lambda authorizer"
    meant = get_close_matches(name.lower(), aws_keys(), n=1, cutoff=0.75)
    if meant and (key := aws_key(meant[0])):
        return f'write "{key.name}" if that is meant'
    return "a spec can declare further keys under keys:"


def _doubts(key: Key, span: Span) -> Iterator[Diagnostic]:
    if key.presence is Presence.NEVER:
        message = f"{key.name} is in no request to API Gateway"
        yield warning("USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES", message, span)
    elif not key.promised:
        message = f"no page of AWS's promises {key.name} in requests to API Gateway"
        yield warning("USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES", message, span)
    elif key.presence in PRINCIPAL_PRESENCES:
        message = f"{key.name} is only there if the method uses AWS_IAM authorization"
        yield warning("KEY_NEEDS_IAM_AUTHORIZATION", message, span)
