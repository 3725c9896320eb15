"""Findings about principals that need no solver (semantics A3, C4, F)."""

from __future__ import annotations

from collections.abc import Iterator

from policycheck.analyse.lint.inspection import Inspection, counted, finding
from policycheck.model.finding import Finding
from policycheck.model.keys import PRINCIPAL_PRESENCES
from policycheck.model.policy import Effect, PrincipalId, PrincipalKind, Statement

_SOURCES = frozenset(
    {
        *("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"),
        *("aws:principalservicename", "aws:sourcevpc", "aws:sourcevpce"),
    }
)

_EXEMPTS_NOBODY = "NotPrincipal therefore exempts nobody: the statement is about every caller"


def principals_without_iam(inspection: Inspection) -> Iterator[Finding]:
    """Principals other than ``*`` where every caller is anonymous (C4)."""
    if not inspection.setting.needs_no_identity:
        return
    for statement in inspection.policy.statements:
        others = [one for one in statement.principal.ids if not _is_everyone(one)]
        if not others:
            continue
        yield finding(
            "PRINCIPAL_NEEDS_IAM_AUTHORIZATION",
            "without IAM authorization every caller is anonymous, and no anonymous caller is "
            f"{_shown(others)}",
            others[0].span or statement.principal.span,
            statement=statement,
            label="no caller is this",
            evidence=_EXEMPTS_NOBODY if _exempts(statement, others) else "",
            advice='set AWS_IAM as the method\'s authorization, or write "*" and a condition',
        )


def _exempts(statement: Statement, others: list[PrincipalId]) -> bool:
    """Whether the statement is about all but these."""
    return statement.principal.negated and len(others) == len(statement.principal.ids)


def _shown(ids: list[PrincipalId]) -> str:
    first = ids[0].value
    rest = len(ids) - 1
    return f"{first} or one of {counted(rest, 'other')}" if rest else first


def needless_principals(inspection: Inspection) -> Iterator[Finding]:
    """Principals beside ``*``, which is everybody already."""
    for statement in inspection.policy.statements:
        ids = statement.principal.ids
        others = [one for one in ids if not _is_everyone(one)]
        if others and len(others) < len(ids) and not inspection.setting.needs_no_identity:
            yield finding(
                "REDUNDANT_PRINCIPAL",
                f'"*" is everybody, so {_shown(others)} beside it changes nothing',
                others[0].span,
                statement=statement,
                label="everybody is listed already",
                advice='take it out, or take "*" out if everybody is not meant',
            )


def service_principals(inspection: Inspection) -> Iterator[Finding]:
    """What AWS asks of statements for its services (semantics F)."""
    for statement in inspection.policy.statements:
        services = [one for one in statement.principal.ids if one.kind is PrincipalKind.SERVICE]
        if not services or statement.principal.negated:
            continue
        yield from _confused_deputy(statement, services)
        if len(services) == len(statement.principal.ids):
            yield from _identity_keys(inspection, statement, services)


def _confused_deputy(statement: Statement, services: list[PrincipalId]) -> Iterator[Finding]:
    named = {entry.key for entry in statement.conditions}
    if statement.effect is Effect.ALLOW and not named & _SOURCES:
        yield finding(
            "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL",
            f"{services[0].value} calls for whoever asks it to, in any account",
            services[0].span,
            statement=statement,
            label="no condition on whom it acts for",
            advice='add a condition on "aws:SourceArn" or "aws:SourceAccount"',
        )


def _identity_keys(
    inspection: Inspection, statement: Statement, services: list[PrincipalId]
) -> Iterator[Finding]:
    for entry in statement.conditions:
        key = inspection.key(entry)
        if key is not None and key.presence in PRINCIPAL_PRESENCES:
            yield finding(
                "UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
                f"a service is no identity of an account, so {services[0].value} has no {key.name}",
                entry.span,
                statement=statement,
                label="not there if a service calls",
                advice='use "aws:SourceAccount" or "aws:SourceOrgID"',
            )


def _is_everyone(one: PrincipalId) -> bool:
    return one.kind is PrincipalKind.EVERYONE
