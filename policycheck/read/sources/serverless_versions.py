"""Where the versions of the Serverless Framework look for the statements of a policy
(lib/plugins/aws/package/compile/events/api-gateway/lib/rest-api.js): version 1 below ``provider``,
version 2 there and, first, below ``provider.apiGateway``, and version 3 only there.
"""

from __future__ import annotations

import re

from policycheck.diagnostics import Diagnostic, InputError, Span
from policycheck.read.document import Node, scalar_text
from policycheck.read.sources.serverless_variables import Variables

_ONE = re.compile(r"[\^~=v]?\s*(?P<major>[12])(?:\.[0-9xX*]+){0,2}")
_BELOW = re.compile(r"(?:>=?\s*(?P<low>[12])(?:\.[0-9]+){0,2}\s+)?<\s*(?P<high>[23])(?:\.0){0,2}")


def statements_of(variables: Variables) -> Node | None:
    """The statements that the framework makes a policy of; None if it makes none.

    Raises InputError for statements that the version in use does not read: the newest one, unless
    ``frameworkVersion`` names others.
    """
    new = variables.at("provider", "apiGateway", "resourcePolicy")
    old = variables.at("provider", "resourcePolicy")
    majors = _majors(variables)
    if new is not None and majors != {1}:
        return new
    if old is not None and not majors:
        raise _unread("provider.resourcePolicy", "provider.apiGateway", 3, old.span)
    if old is None and new is not None:
        raise _unread("provider.apiGateway.resourcePolicy", "provider", 1, new.span)
    return old


def _majors(variables: Variables) -> set[int]:
    """The old versions to which ``frameworkVersion`` restricts a service; empty if it does not."""
    said = variables.at("frameworkVersion")
    written = ((scalar_text(said) if said else None) or "").strip()
    if found := _ONE.fullmatch(written):
        return {int(found["major"])}
    if found := _BELOW.fullmatch(written):
        return set(range(int(found["low"] or 1), int(found["high"])))
    return set()


def _unread(place: str, other: str, version: int, span: Span) -> InputError:
    message = f"version {version} of the framework does not read {place}, so that no policy is made"
    advice = f"move it below {other}, or name the version in use: frameworkVersion: '2'"
    return InputError([Diagnostic("NOT_DEPLOYED", message, span, "", advice)])
