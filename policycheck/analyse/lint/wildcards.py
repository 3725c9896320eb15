"""Wildcards and variables that take in more than is meant (semantics F)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from policycheck.analyse.lint.inspection import Inspection, finding
from policycheck.model.arn import AnyResource, ApiResource, ArnLike, ArnResource
from policycheck.model.condition import Comparing, Relation
from policycheck.model.finding import Finding
from policycheck.model.keys import KeyType
from policycheck.model.text import Pattern, TextEquals, TextEqualsIgnoreCase, TextLike, Variable
from policycheck.model.text import Wildcard as Wild

SENSITIVE = frozenset(
    {
        *("aws:principalaccount", "aws:principalorgid", "aws:resourceaccount"),
        *("aws:resourceorgid", "aws:sourceaccount", "aws:sourceorgid", "aws:sourcevpc"),
        *("aws:sourcevpce", "aws:vpceaccount", "aws:vpceorgid"),
    }
)
"""Keys whose values are ids that AWS deals out, so that a part of one says nothing."""

_ENOUGH = 6
"""So many characters must stand before a policy variable."""


def permissive_wildcards(inspection: Inspection) -> Iterator[Finding]:
    """Wildcards in the ids of accounts, organizations, VPCs and endpoints."""
    for statement, entry in inspection.comparisons():
        if entry.key not in SENSITIVE:
            continue
        for relation in entry.relations:
            if isinstance(relation, TextLike) and _wild(relation.wanted) and relation.span:
                shown = str(relation.wanted)
                if shown == "*":
                    continue
                yield finding(
                    "WILDCARD_USAGE_TOO_PERMISSIVE",
                    f"AWS deals out the ids in {_name(entry)}, so whoever has one that begins "
                    "alike matches too",
                    relation.span,
                    statement=statement,
                    label="a wildcard in an id",
                    advice="write the whole id",
                )


def permissive_variables(inspection: Inspection) -> Iterator[Finding]:
    """Variables on those keys, or with fewer than six characters before them."""
    for statement, entry in inspection.comparisons():
        for relation in entry.relations:
            for pattern in _patterns(relation):
                reason = _too_permissive(entry, pattern)
                if reason and relation.span:
                    yield finding(
                        "VARIABLE_USAGE_TOO_PERMISSIVE",
                        reason,
                        relation.span,
                        statement=statement,
                        label="a policy variable",
                        advice="write the value itself, or text before the variable that only "
                        "meant values have",
                    )
                    break


def _too_permissive(entry: Comparing, pattern: Pattern) -> str:
    """Why a pattern with a variable is too permissive; empty if it is not."""
    before = 0
    for piece in pattern.pieces:
        if isinstance(piece, Variable):
            if entry.key in SENSITIVE:
                return f"{_name(entry)} is compared with a variable, whose value callers differ in"
            if before < _ENOUGH:
                return f"${{{piece.key}}} has only {before} characters before it"
        before = before + len(piece) if isinstance(piece, str) else 0
    return ""


def _patterns(relation: Relation) -> tuple[Pattern, ...]:
    match relation:
        case TextEquals(wanted) | TextEqualsIgnoreCase(wanted) | TextLike(wanted):
            return (wanted,)
        case ArnLike(fields):
            return fields[5:]
        case _:
            return ()


def arns_as_texts(inspection: Inspection) -> Iterator[Finding]:
    """StringLike with a wildcard on a key that holds an ARN: a ``*`` runs across the colons."""
    for statement, entry in inspection.comparisons():
        key = inspection.key(entry)
        if key is None or key.type is not KeyType.ARN:
            continue
        wild = [r for r in entry.relations if isinstance(r, TextLike) and _wild(r.wanted)]
        if wild and any(str(one.wanted) != "*" for one in wild):
            better = entry.operator.replace("String", "Arn")
            yield finding(
                "STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS",
                f"{key.name} is an ARN, and the * of {entry.operator} runs across its colons",
                wild[0].span or entry.span,
                statement=statement,
                label="matches ARNs of other accounts and services too",
                advice=f'write "{better}"',
            )


def wildcard_api_ids(inspection: Inspection) -> Iterator[Finding]:
    """Resources that name no one API: they say the same of whichever API the policy gets to."""
    for statement in inspection.policy.statements:
        for resource in statement.resource.patterns:
            match resource:
                case ArnResource(fields):
                    api = str(fields[5]).partition("/")[0]
                    if fields[2].literal == "execute-api" and set(api) & {"*", "?"}:
                        yield finding(
                            "WILDCARD_API_ID",
                            f'"{api}" stands where the id of one API belongs',
                            resource.span,
                            statement=statement,
                            label="any API",
                            advice="write execute-api:/ and what follows the id, which means "
                            "this API alone",
                        )
                        break
                case AnyResource() | ApiResource():
                    pass
                case _:
                    assert_never(resource)


def _wild(pattern: Pattern) -> bool:
    return any(isinstance(piece, Wild) for piece in pattern.pieces)


def _name(entry: Comparing) -> str:
    return entry.spelled or entry.key
