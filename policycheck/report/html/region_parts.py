"""Regions as parts of a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policycheck.model.region import BroadFinding, Difference, Reach, Region
from policycheck.report.amounts import counted
from policycheck.report.html.fragment import Fact, Part, Table
from policycheck.report.places import shown_path
from policycheck.report.region_rows import (
    Common,
    amounts,
    disputes,
    example,
    refusal,
    rows,
    statements,
)

MOST_REGIONS = 100
"""How many regions are shown; further ones are counted."""


def reach(found: Reach) -> Part:
    """Who can reach what: the broad findings, then the regions, folded."""
    name = shown_path(found.policy.name)
    disputed = [f"AWS's pages do not agree: {one}" for one in disputes(found.readings)]
    if found.unknown:
        return Part(name, "unknown", "doubt", [found.unknown])
    if found.nobody:
        return Part(name, "nobody", "", ["no request is allowed; this is proved", *disputed])
    common = Common.of((*found.regions, *found.findings))
    lines = [*common.lines(), f"in all: {'; '.join(amounts(found.source_ip)) or 'no address'}"]
    inner = [_table("in short", found.findings, common)]
    title = counted(len(found.regions), "region")
    inner.append(_table(title, found.regions, common, folded=True))
    return Part(name, lines=[*lines, *disputed], inner=inner)


def difference(found: Difference) -> Part:
    """What opens and what closes."""
    name = f"{shown_path(found.old.name)} → {shown_path(found.new.name)}"
    if found.unknown:
        return Part(name, "unknown", "doubt", [found.unknown])
    if found.same:
        return Part(name, "no difference", "good", ["both allow the same requests; this is proved"])
    common = Common.of((*found.opened, *found.closed))
    lines = [*common.lines(), *(f"only so: {one}" for one in disputes(found.under))]
    lines += [f"another difference, {one}" for one in disputes(found.readings)]
    sides = (("opens", found.opened, "bad"), ("closes", found.closed, "good"))
    return Part(name, lines=lines, inner=[_side(*side, common) for side in sides])


def _side(verb: str, regions: Sequence[Region], mark: str, common: Common) -> Part:
    if not regions:
        return Part(badge=verb, lines=["nothing"])
    return Part(
        counted(len(regions), "region"),
        verb,
        mark,
        inner=[_table("", regions, common, compared=True)],
    )


def region(found: Region) -> Part:
    """One region by itself."""
    return Part("region", facts=list(_facts(found, Common())))


def _facts(found: Region | BroadFinding, common: Common) -> Iterator[Fact]:
    yield from rows(found, common)
    if counts := amounts(found.source_ip):
        yield "addresses", counts
    yield "for example", [example(found.witness)]


def _table(
    title: str,
    regions: Sequence[Region | BroadFinding],
    common: Common,
    *,
    compared: bool = False,
    folded: bool = False,
) -> Part:
    cells = [_cells(one, common, compared=compared) for one in regions[:MOST_REGIONS]]
    more = len(regions) - MOST_REGIONS
    head = ("allowed", "addresses", "for example", "because")
    table = Table(head if compared else head[:3], cells)
    return Part(title, lines=[f"and {more} more"] if more > 0 else [], table=table, folded=folded)


def _cells(
    found: Region | BroadFinding, common: Common, *, compared: bool
) -> Sequence[Sequence[str]]:
    said = [f"{label}: {', '.join(lines)}" for label, lines in rows(found, common)]
    cells = [said, amounts(found.source_ip), [example(found.witness)]]
    if compared and isinstance(found, Region):
        cells.append([f"allowed by {statements(found.because)}", f"the other one {refusal(found)}"])
    return cells
