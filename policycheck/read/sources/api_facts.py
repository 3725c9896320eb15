"""Facts about an API from the words of AWS."""

from __future__ import annotations

from collections.abc import Iterable

from policycheck.model.environment import Authorization, Endpoint

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


def authorization(types: Iterable[str | None]) -> Authorization | None:
    """The authorization type of all methods.

    One method with IAM authorization is enough for callers with an identity; otherwise each must
    be known.
    """
    found = {_AUTHORIZATIONS.get(one.lower()) if one else None for one in types}
    if Authorization.IAM in found:
        return Authorization.IAM
    return found.pop() if len(found) == 1 else None
