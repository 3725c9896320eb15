"""Repairs as parts of a page."""

from __future__ import annotations

from collections.abc import Iterator

from policycheck.model.repair import Contradiction, Repair, RepairOutcome, Repairs
from policycheck.report.html import region_parts, verdict_parts
from policycheck.report.html.fragment import Part
from policycheck.report.places import shown_path
from policycheck.report.region_rows import example
from policycheck.report.unified import unified

_MARKS = {
    RepairOutcome.NOTHING_TO_DO: "good",
    RepairOutcome.REPAIRED: "good",
    RepairOutcome.CONTRADICTION: "bad",
    RepairOutcome.NOT_FOUND: "bad",
    RepairOutcome.UNDECIDED: "doubt",
}


def repairs(found: Repairs) -> Part:
    """All repairs with their diffs, or why there are none."""
    before = [
        f"{one.assertion.id} is {one.status.value}"
        for one in found.report.verdicts
        if not one.holds
    ]
    diffs = [unified(found.policy.source, one.policy.source) for one in found.repairs]
    inner = [_repair(one, diff) for one, diff in zip(found.repairs, diffs, strict=True)]
    return Part(
        shown_path(found.policy.name),
        found.outcome.value,
        _MARKS[found.outcome],
        [*before, *found.reasons],
        inner=[*inner, *map(_contradiction, found.contradictions)],
    )


def repair(found: Repair) -> Part:
    """One repair with the edited text."""
    return _repair(found, found.policy.source.text)


def _repair(found: Repair, text: str) -> Part:
    proof, change = verdict_parts.report(found.report), region_parts.difference(found.difference)
    title = "; ".join(found.edits)
    return Part(title, "repair", "good", list(_changes(found)), text=text, inner=[change, proof])


def _changes(found: Repair) -> Iterator[str]:
    change = found.change
    if change.shuts_out:
        yield "after it nobody gets in at all"
    if change.taken:
        yield f"it takes away more than is demanded, for example {example(change.taken)}"
    if change.opened:
        yield f"it opens more than is demanded, for example {example(change.opened)}"
    for one in change.undecided:
        yield f"whether more is {one} than is demanded could not be decided"
    if not (change.taken or change.opened or change.undecided or change.shuts_out):
        yield "nothing else changes (proved)"


def _contradiction(found: Contradiction) -> Part:
    names = " and ".join(one.id for one in found.assertions)
    inner = [verdict_parts.example(found.example)] if found.example else []
    return Part(names, "contradiction", "bad", [found.reason], inner=inner)
