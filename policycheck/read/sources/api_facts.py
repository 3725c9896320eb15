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


def authorizations(types: Iterable[str | None]) -> frozenset[Authorization]:
    """The authorization types of the methods; empty if none is known.

    A type that is not known counts as none at all beside one that is: its callers may be anonymous.
    """
    found = [_AUTHORIZATIONS.get(one.lower()) if one else None for one in types]
    if not any(found):
        return frozenset()
    return frozenset(one or Authorization.NONE for one in found)
