"""Facts about an API from the words of AWS."""

from __future__ import annotations

from collections.abc import Iterable

from policycheck.diagnostics import Diagnostic, InputError, Span
from policycheck.model.environment import Authorization, Endpoint
from policycheck.read.environment import is_stage

_AUTHORIZATIONS = {
    "none": Authorization.NONE,
    "aws_iam": Authorization.IAM,
    "custom": Authorization.LAMBDA,
    "cognito_user_pools": Authorization.COGNITO,
}


def endpoint(types: Iterable[str | None]) -> Endpoint | None:
    """The endpoint type, if there is one alone and it is known (``EDGE``, ``Private``)."""
    found = {one.lower() if one else "" for one in types}
    by_name = {one.value: one for one in Endpoint}
    return by_name.get(found.pop()) if len(found) == 1 else None


def authorizations(types: Iterable[str | None]) -> frozenset[Authorization]:
    """The authorization types of the methods, None where it is not known; empty without any method.

    What is not known may have callers with an identity and may have none; a type that AWS does not
    have counts as none at all.
    """
    found = tuple(types)
    known = {
        _AUTHORIZATIONS.get(one.lower(), Authorization.NONE) for one in found if one is not None
    }
    return frozenset(known | ({Authorization.NONE, Authorization.IAM} if None in found else set()))


def stages(names: Iterable[tuple[str, Span]]) -> tuple[str, ...]:
    """The names of stages, each once. Raises InputError for one that API Gateway refuses.

    Source: APIGW/api-gateway-known-issues: letters, digits, ``-`` and ``_``, at most 128.
    """
    found = {}
    for name, span in names:
        if not is_stage(name):
            message = f'"{name}" is no name of a stage'
            advice = "write letters, digits, - and _, at most 128; API Gateway refuses others"
            raise InputError([Diagnostic("INVALID_STAGE", message, span, "", advice)])
        found[name] = span
    return tuple(found)
