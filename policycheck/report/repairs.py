"""Repairs, or why there are none, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator

from policycheck.model.policy import Policy
from policycheck.model.repair import Change, Contradiction, Repair, RepairOutcome, Repairs
from policycheck.model.verdict import Example, Verdict
from policycheck.report import json_results, json_rows
from policycheck.report.characters import printable
from policycheck.report.page import Page, Style
from policycheck.report.region_json import difference_data
from policycheck.report.region_text import render_edit
from policycheck.report.requests import block, headline, origin
from policycheck.report.unified import painted, unified
from policycheck.version import __version__

_MARGIN = "  "


def render_text(found: Repairs, page: Page) -> str:
    """The repairs with their diffs, or why there are none."""
    return "".join(f"{line}\n" for line in _lines(found, page))


def render_diff(found: Repairs, page: Page) -> str:
    """The diff of the first repair alone, as it is unless it is for a person in colours."""
    diffs = (unified(found.policy.source, one.policy.source) for one in found.repairs[:1])
    return "".join(painted(diff, page) if page.colour else diff for diff in diffs)


def render_json(found: Repairs) -> str:
    """The repairs as a JSON text."""
    data = {
        "version": json_rows.VERSION,
        "tool": f"policycheck {__version__}",
        "policy": found.policy.name,
        "outcome": found.outcome.value.replace(" ", "-"),
        "before": json_results.results(found.report)["results"],
        "repairs": [_repair_data(found.policy, one) for one in found.repairs],
        "contradictions": [_contradiction_data(one) for one in found.contradictions],
        "reasons": list(found.reasons),
    }
    return json.dumps(data, indent=2) + "\n"


def _repair_data(policy: Policy, one: Repair) -> dict[str, object]:
    return {
        "edits": list(one.edits),
        "diff": unified(policy.source, one.policy.source),
        "policy": one.policy.source.text,
        "proved": [verdict.assertion.id for verdict in one.report.verdicts],
        "takes_away_besides": one.change.taken and json_results.example(one.change.taken),
        "opens_besides": one.change.opened and json_results.example(one.change.opened),
        "shuts_everybody_out": one.change.shuts_out,
        "undecided": list(one.change.undecided),
        "difference": difference_data(one.difference),
    }


def _contradiction_data(one: Contradiction) -> dict[str, object]:
    return {
        "assertions": [assertion.id for assertion in one.assertions],
        "reason": one.reason,
        "example": one.example and json_results.example(one.example),
    }


def _diff(policy: Policy, one: Repair, page: Page) -> str:
    return painted(unified(policy.source, one.policy.source), page)


def _lines(found: Repairs, page: Page) -> Iterator[str]:
    yield from _heading(found, page)
    for number, one in enumerate(found.repairs, 1):
        yield ""
        yield from _repair(found, one, number, page)
    for contradiction in found.contradictions:
        yield ""
        yield from _contradiction(contradiction, page)
    if found.outcome in {RepairOutcome.NOT_FOUND, RepairOutcome.UNDECIDED}:
        yield ""
        found_nothing = "NO REPAIR  "
        if found.outcome is RepairOutcome.UNDECIDED:
            found_nothing = "UNDECIDED  "
        yield from page.paragraph("no repair is proposed", found_nothing, Style.DOUBT)
        for reason in found.reasons:
            yield from page.paragraph(reason, f"{_MARGIN}- ")


def _heading(found: Repairs, page: Page) -> Iterator[str]:
    yield page.paint(Style.STRONG, printable(found.policy.name))
    if found.outcome is RepairOutcome.NOTHING_TO_DO:
        yield from page.paragraph("every assertion is proved already", _MARGIN)
        return
    for verdict in found.report.verdicts:
        if not verdict.holds:
            yield from page.paragraph(_status(verdict), _MARGIN)


def _status(verdict: Verdict) -> str:
    return f"{verdict.assertion.id} is {verdict.status.value}"


def _repair(found: Repairs, one: Repair, number: int, page: Page) -> Iterator[str]:
    count = len(one.edits)
    title = "1 edit" if count == 1 else f"{count} edits"
    name = f"REPAIR {number}  " if len(found.repairs) > 1 else "REPAIR  "
    proved = ", ".join(verdict.assertion.id for verdict in one.report.verdicts)
    yield from page.paragraph(f"{title}; proved after it: {proved}", name, Style.GOOD, len(_MARGIN))
    for sentence in one.edits:
        yield from page.paragraph(sentence, f"{_MARGIN}- ")
    yield from _changes(one.change, page)
    yield ""
    yield from render_edit(one.difference, page).splitlines()
    yield from _diff(found.policy, one, page).rstrip("\n").split("\n")


def _changes(change: Change, page: Page) -> Iterator[str]:
    if not (change.taken or change.opened or change.undecided or change.shuts_out):
        yield from page.paragraph("nothing else changes (proved)", _MARGIN)
    if change.shuts_out:
        yield from page.paragraph("after it nobody gets in at all", _MARGIN, Style.BAD)
    yield from _change("takes away", "taken", change.taken, change, page)
    yield from _change("opens", "opened", change.opened, change, page)


def _change(
    verb: str, name: str, example: Example | None, change: Change, page: Page
) -> Iterator[str]:
    if name in change.undecided:
        message = f"whether it {verb} more than the assertions demand could not be decided"
        yield from page.paragraph(message, _MARGIN)
    if example is not None:
        message = (
            f"it {verb} more than the assertions demand, for example {headline(example.request)}"
        )
        yield from page.paragraph(f"{message} ({origin(example.request)})", _MARGIN, Style.DOUBT)


def _contradiction(one: Contradiction, page: Page) -> Iterator[str]:
    names = " and ".join(assertion.id for assertion in one.assertions)
    several = len(one.assertions) > 1
    head = "CONTRADICTION  " if several else "IMPOSSIBLE  "
    yield from page.paragraph(names, head, Style.BAD)
    yield from page.paragraph(f"no edit can help: {one.reason}", _MARGIN)
    if one.example is not None:
        yield from page.paragraph("they all speak of this request:", _MARGIN)
        yield from block(one.example.request, page, 2 * len(_MARGIN))
