"""Condition keys that say too little on their own (semantics D2, F)."""

from __future__ import annotations

from collections.abc import Iterator

from policycheck.analyse.lint.inspection import Inspection, finding, widens
from policycheck.model.finding import Finding
from policycheck.model.policy import Effect

_VPC = frozenset({"aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn"})
_OWN = frozenset({"aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths"})


def unpaired_vpc_addresses(inspection: Inspection) -> Iterator[Finding]:
    """aws:VpcSourceIp that lets addresses in, with no condition on the VPC they belong to."""
    guarded = any(
        entry.key in _VPC
        for statement in inspection.policy.statements
        if statement.effect is Effect.DENY
        for entry in statement.conditions
    )
    for statement, entry in inspection.comparisons():
        paired = guarded or any(other.key in _VPC for other in statement.conditions)
        if entry.key == "aws:vpcsourceip" and widens(statement, entry) and not paired:
            yield finding(
                "MISSING_PAIRED_CONDITION_KEYS",
                "anybody can give their own VPC these addresses, and a private API takes calls "
                "from every VPC",
                entry.span,
                statement=statement,
                label="addresses of any VPC",
                advice='add a condition on "aws:SourceVpc" or "aws:SourceVpce"',
            )


def irrelevant_keys(inspection: Inspection) -> Iterator[Finding]:
    """Keys about the account of the resource: in its own policy that is always the same one."""
    for statement in inspection.policy.statements:
        for entry in statement.conditions:
            if entry.key in _OWN:
                yield finding(
                    "IRRELEVANT_CONDITION_KEY_IN_POLICY",
                    f"{entry.spelled or entry.key} is about the API, and this is the API's own "
                    "policy",
                    entry.span,
                    statement=statement,
                    label="the same in every request",
                    advice="take it out, or use a key about the caller",
                )
