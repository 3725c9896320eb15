"""What the concrete evaluator says in words of the cited cases: how it comes to a decision, and why
a request cannot exist. Both are compared with files as they are."""

from __future__ import annotations

from collections.abc import Iterator

from cited import load_admissions, load_cases

from policycheck.concrete.environment import objection
from policycheck.concrete.trace import trace
from policycheck.model.trace import Compared, ElementTrace, StatementTrace


def _told(found: StatementTrace) -> Iterator[str]:
    voided = f", voided by {found.voided}" if found.voided else ""
    yield f"applies: {found.applies}{voided}"
    for one in (found.principal, found.action, found.resource, *found.conditions):
        yield "\n".join(_element(one))


def _element(found: ElementTrace) -> Iterator[str]:
    key = f" {found.key}" if found.key else ""
    yield f"  {found.name}{key} {found.holds}: {found.reason} @ {_place(found)}"
    yield f"    {list(found.actual)} to {list(found.wanted)}"
    for one in found.compared:
        yield f"    {one.actual!r} to {one.wanted!r}: {one.matched} @ {_place(one)}"


def _place(found: ElementTrace | Compared) -> str:
    return " ".join(found.span.text.split()) if found.span else "nowhere"


def test_how_a_decision_comes_about(golden):
    """What was told of an earlier case is not told again."""
    lines: dict[str, None] = {}
    for case in load_cases():
        found = trace(case.policy, case.request, case.readings)
        assert (found.policy, found.request) == (case.policy, case.request)
        assert (found.readings, found.decision.outcome) == (case.readings, case.outcome)
        applying = {one.statement.index for one in found.statements if one.applies}
        assert set(found.decision.statements) <= applying
        for one, statement in zip(found.statements, case.policy.statements, strict=True):
            assert one.statement is statement
            lines.update(dict.fromkeys(_told(one)))
    golden("traces.txt", "\n".join(lines) + "\n")


def test_why_a_request_cannot_exist(golden):
    lines = []
    for case in load_admissions():
        found = objection(case.environment, case.request, case.readings)
        assert (found is None) is case.admitted
        lines.extend([] if found is None else [f"{case.rule}: {found}"])
    golden("objections.txt", "\n".join(lines) + "\n")
