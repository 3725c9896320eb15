"""Ids that stand in documentation, where those of one's own should be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from policycheck.analyse.lint.inspection import Inspection, finding
from policycheck.diagnostics import Span
from policycheck.model.finding import Finding
from policycheck.model.policy import Statement

_ACCOUNTS = frozenset(
    {
        *("123456789012", "111122223333", "444455556666", "777788889999", "123412341234"),
        *("012345678901", "123456789123", "999999999999", "000000000000", "111111111111"),
        *("222222222222", "333333333333", "444444444444", "555555555555", "987654321098"),
    }
)
_APIS = frozenset(
    {
        *("abcdef123", "abcdef1234", "abc123", "abcd1234", "abcde12345", "abc123def4"),
        *("a1b2c3d4e5", "a123456789", "0123456789", "1234567890", "1a2b3c4d5e", "xxxxxxxxxx"),
        *("apiid", "restapiid", "myapiid", "yourapiid", "exampleapi"),
    }
)
_ENDPOINTS = frozenset(
    {
        *("1a2b3c4d", "1111bbbb", "0a1b2c3d", "12345678", "abcdef12", "abcd1234", "01234567"),
        *("1234567890abcdef0", "0123456789abcdef0", "0abcdef1234567890", "11111111", "22222222"),
        *("1a2b3c4d5e6f7g8h9", "1234", "xxxxxxxx", "xxxxxxxxxxxxxxxxx"),
    }
)
_ACCOUNT = re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])")
_API = re.compile(r":execute-api:[^:]*:[^:]*:([A-Za-z0-9-]+)")
_ENDPOINT = re.compile(r"\bvpce?-([0-9a-z]+)")


def placeholders(inspection: Inspection) -> Iterator[Finding]:
    """Ids that AWS's pages use as examples, each once a policy."""
    seen: set[str] = set()
    for statement, span in _texts(inspection):
        found = [one for one in dict.fromkeys(_found(span.text)) if one not in seen]
        seen.update(found)
        if found:
            listed = " and ".join(found)
            yield finding(
                "PLACEHOLDER_VALUE",
                f"{listed} {'stands' if len(found) == 1 else 'stand'} in documentation as an "
                "example",
                span,
                statement=statement,
                label="a placeholder",
                advice="write the id that is meant; for the API at hand execute-api:/* will do",
            )


def _texts(inspection: Inspection) -> Iterator[tuple[Statement, Span]]:
    """The texts of a policy that may hold an id, with their statements."""
    for statement in inspection.policy.statements:
        elements = chain(statement.principal.ids, statement.resource.patterns)
        values = (
            relation
            for entry in statement.conditions
            for relation in getattr(entry, "relations", ())
        )
        for one in chain(elements, values):
            if one.span:
                yield statement, one.span


def _found(text: str) -> Iterator[str]:
    """The placeholders in a text, each with what it is an id of."""
    for match in _ACCOUNT.finditer(text):
        if match.group() in _ACCOUNTS:
            yield f"account {match.group()}"
    for match in _API.finditer(text):
        if match.group(1).replace("-", "").lower() in _APIS:
            yield f"API {match.group(1)}"
    for match in _ENDPOINT.finditer(text):
        if match.group(1) in _ENDPOINTS:
            yield match.group()
