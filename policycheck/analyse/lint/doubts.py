"""The doubts of the policy's reader as findings."""

from __future__ import annotations

from collections.abc import Iterator

from policycheck.analyse.lint.inspection import Inspection
from policycheck.diagnostics import Diagnostic
from policycheck.model.environment import Authorization
from policycheck.model.finding import Finding, FindingType
from policycheck.model.rule import finding_type

_NEEDS_IAM = "KEY_NEEDS_IAM_AUTHORIZATION"


def doubts(inspection: Inspection) -> Iterator[Finding]:
    """What the reader warned of; nothing of it is looked for a second time."""
    for one in inspection.doubts:
        if one.code == _NEEDS_IAM and inspection.setting.authorization is Authorization.IAM:
            continue
        yield Finding(
            one.code,
            _type(one, inspection),
            one.message,
            one.span,
            one.label,
            help=one.help,
            statement=_statement(one, inspection),
        )


def _type(found: Diagnostic, inspection: Inspection) -> FindingType:
    """AWS's type; a key that needs an identity is in order if there may be one."""
    if found.code == _NEEDS_IAM and inspection.setting.authorization is None:
        return FindingType.SUGGESTION
    return finding_type(found.code)


def _statement(found: Diagnostic, inspection: Inspection) -> int | None:
    for statement in inspection.policy.statements:
        inner, outer = found.span, statement.span
        if inner and outer and outer.start <= inner.start and inner.end <= outer.end:
            return statement.index
    return None
