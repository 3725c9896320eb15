"""The condition keys that a policy uses, judged against the keys that requests have."""

from __future__ import annotations

from collections.abc import Iterator

from policycheck.diagnostics import Diagnostic, InputError, Level, Span, by_position
from policycheck.model.arn import ResourcePattern
from policycheck.model.condition import (
    Comparing,
    ConditionEntry,
    Existing,
    Quantifier,
    Relation,
)
from policycheck.model.environment import Authorization
from policycheck.model.keys import (
    PRINCIPAL_PRESENCES,
    Key,
    KeySpace,
    Presence,
    aws_key,
    aws_keys,
)
from policycheck.model.policy import Policy, Statement
from policycheck.model.text import TextEquals, TextEqualsIgnoreCase
from policycheck.read.condition_errors import misfit
from policycheck.read.open_values import needs_value
from policycheck.read.operators import parse_operator
from policycheck.read.shape import warning
from policycheck.read.variables_used import multivalued, variables_of

NEEDS_IAM = "KEY_NEEDS_IAM_AUTHORIZATION"

_OTHER = "use a key that API Gateway's page on condition keys lists"


def check_keys(
    policy: Policy, keys: KeySpace, authorization: Authorization | None = None
) -> tuple[Diagnostic, ...]:
    """What is wrong or doubtful about the condition keys that ``policy`` uses, by position.

    Errors: an operator that does not take a key which ``keys`` declares; a value that the policy
    leaves open and ``keys`` has no key for, as only a proof can. Warnings: keys that no
    request has, keys with AWS's prefix that AWS does not have although they are declared, keys
    that no page of AWS's promises for API Gateway, unless ``authorization`` is IAM keys that need
    it, and variables whose value callers write. Source: semantics D1, U-3.
    """
    found = [d for statement in policy.statements for d in _statement(statement, keys)]
    found.extend(needs_value(symbol) for symbol in policy.symbols if keys.find(symbol.key) is None)
    if authorization is Authorization.IAM:
        found = [d for d in found if d.code != NEEDS_IAM]
    return tuple(by_position(found))


def require_keys(policy: Policy, keys: KeySpace) -> None:
    """Raise InputError if an operator of ``policy`` does not take a key that ``keys`` declares."""
    wrong = [one for one in check_keys(policy, keys) if one.level is Level.ERROR]
    if wrong:
        raise InputError(wrong)


def _statement(statement: Statement, keys: KeySpace) -> Iterator[Diagnostic]:
    for entry in statement.conditions:
        yield from _entry(entry, keys)
    for resource in statement.resource.patterns:
        yield from _variables(resource, keys)


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
        elif _is_global(entry.key) and aws_key(entry.key) is None:
            yield _declared(entry, entry.span)
    else:
        yield from _doubts(known, entry.span)
    if isinstance(entry, Comparing):
        for relation in entry.relations:
            yield from _variables(relation, keys)


def _variables(part: Relation | ResourcePattern, keys: KeySpace) -> Iterator[Diagnostic]:
    if part.span is None:
        return
    found = tuple(variables_of(part))
    yield from multivalued(found, part.span, keys)
    for variable in found:
        known = keys.find(variable.key)
        if known is None:
            message = f"${{{variable.key}}} never has a value: there is no such key"
            yield warning(_code(variable.key), message, part.span, "", _advice(variable.key))
            continue
        if known.client_controlled and not isinstance(part, TextEquals | TextEqualsIgnoreCase):
            yield _written_by_callers(known, part.span)
        if not known.declared:
            yield from _doubts(known, part.span)


def _written_by_callers(key: Key, span: Span) -> Diagnostic:
    """A variable among wildcards whose value may hold further ones (semantics U-3)."""
    message = (
        f"callers write {key.name} as they like; whether a * in it is a wildcard here is not "
        "documented, and it is read as a character"
    )
    advice = "use a key that callers cannot choose"
    return warning("CALLER_WRITES_VARIABLE", message, span, "chosen by the caller", advice)


def _unknown(entry: ConditionEntry, span: Span) -> Diagnostic:
    name = entry.spelled or entry.key
    message = f"no request has a key {name}, so {entry.operator} {_outcome(entry)}"
    return warning(_code(name), message, span, "unknown key", _advice(name))


def _declared(entry: ConditionEntry, span: Span) -> Diagnostic:
    name = entry.spelled or entry.key
    message = (
        f"AWS has no key {name}, the spec declares it; without it {entry.operator} "
        f"{_outcome(entry)}"
    )
    return warning(_code(name), message, span, "declared key", _advice(name))


def _outcome(entry: ConditionEntry) -> str:
    """What an entry says of every request, its key being absent (semantics B2)."""
    if entry.quantifier is Quantifier.FOR_ANY and isinstance(entry, Comparing) and entry.if_exists:
        return "always holds or never, as AWS's pages disagree"
    if entry.quantifier is not None:
        holds = entry.quantifier is Quantifier.FOR_ALL
    elif isinstance(entry, Existing):
        holds = any(entry.absent)
    else:
        holds = entry.negated or entry.if_exists
    return "always holds" if holds else "never holds"


def _code(name: str) -> str:
    return "INVALID_GLOBAL_CONDITION_KEY" if _is_global(name) else "INVALID_SERVICE_CONDITION_KEY"


def _is_global(name: str) -> bool:
    """Whether the name claims to be one of AWS's global keys."""
    return name.lower().startswith("aws:")


def _advice(name: str) -> str:
    if name.lower() in {"aws:xfwdip", "aws:x-forwarded-for", "aws:forwardedfor"}:
        return "no key holds X-Forwarded-For; AWS WAF can read it, or a Lambda authorizer"
    from difflib import get_close_matches  # noqa: PLC0415 -- for mistakes alone

    meant = get_close_matches(name.lower(), aws_keys(), n=1, cutoff=0.75)
    if meant and (key := aws_key(meant[0])):
        return f'write "{key.name}" if that is meant'
    return "a spec can declare further keys under keys:"


def _doubts(key: Key, span: Span) -> Iterator[Diagnostic]:
    if key.presence is Presence.NEVER:
        message = f"{key.name} is in no request to API Gateway"
        yield warning("USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES", message, span, "", _OTHER)
    elif not key.promised:
        message = f"no page of AWS's promises {key.name} in requests to API Gateway"
        yield warning("USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES", message, span, "", _OTHER)
    elif key.presence in PRINCIPAL_PRESENCES:
        message = f"{key.name} is only there if the method uses AWS_IAM authorization"
        advice = "leave it out of policies for other methods"
        yield warning(NEEDS_IAM, message, span, "", advice)
