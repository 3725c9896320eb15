"""Requests in the form of contract section 3."""

from __future__ import annotations

from collections.abc import Mapping

from policycheck.model.request import Caller, CallerKind, Request

PRINCIPAL_FIELDS: Mapping[CallerKind, str] = {
    CallerKind.SERVICE: "Service",
    CallerKind.FEDERATED: "Federated",
    CallerKind.CANONICAL_USER: "CanonicalUser",
}
"""The field of ``principal`` by the kind of caller; ``AWS`` for the others."""


def request_to_data(request: Request) -> dict[str, object]:
    """The request as JSON has it; ``read.request.request_from`` takes it back."""
    return {
        "action": request.action,
        "resource": request.resource,
        "principal": _principal(request.principal),
        "context": {
            key: value if isinstance(value, str) else list(value)
            for key, value in request.context.items()
        },
    }


def _principal(caller: Caller) -> str | dict[str, str]:
    if caller.kind is CallerKind.ANONYMOUS:
        return "*"
    return {PRINCIPAL_FIELDS.get(caller.kind, "AWS"): caller.name}
