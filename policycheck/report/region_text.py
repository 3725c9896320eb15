"""Regions for people: what ``reach`` and ``diff`` print on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import StringIO

from rich.box import SIMPLE_HEAD
from rich.console import Console, RenderableType
from rich.console import Group as Stack
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from policycheck.model.address import Family
from policycheck.model.policy import Policy
from policycheck.model.reading import Reading
from policycheck.model.region import Addresses, BroadFinding, Difference, Group, Reach, Region
from policycheck.report.amounts import counted, share
from policycheck.report.characters import printable
from policycheck.report.page import Page
from policycheck.report.region_rows import (
    Common,
    Row,
    amounts,
    constraint_row,
    disputes,
    example,
    refusal,
    rows,
    statements,
)

_MOST_LINES = 8
"""How many lines of a row are shown; further ones are counted."""

_MOST_REGIONS = 5
"""How many regions of what an edit changes are shown; further ones are counted."""

_MARGIN = 2
_LABELS = 15


def render_reach(found: Reach, page: Page, *, details: bool = False) -> str:
    """Who can reach what: the coarse findings, the totals, and with ``details`` the regions."""
    return _printed(list(_reach(found, details=details)), page)


def render_difference(found: Difference, page: Page) -> str:
    """What opens and what closes."""
    return _printed(list(_difference(found)), page)


def render_edit(found: Difference, page: Page) -> str:
    """What an edit of a policy opens and closes, without a word on what it does not."""
    if found.unknown:
        reason = f"all that changes could not be listed: {printable(found.unknown)}"
        return _printed([Padding(Text(reason), (0, 0, 0, _MARGIN))], page)
    common = Common.of((*found.opened, *found.closed))
    sides = (("OPENS", "red", found.opened), ("CLOSES", "green", found.closed))
    parts: list[RenderableType] = [
        part
        for status, style, regions in sides
        if regions
        for part in _edit(status, style, regions, common)
    ]
    return _printed(parts, page)


def _edit(
    status: str, style: str, regions: Sequence[Region], common: Common
) -> Iterator[RenderableType]:
    yield _title(status, style, f"{counted(len(regions), 'region')} of requests")
    yield ""
    for number, one in enumerate(regions[:_MOST_REGIONS], 1):
        counts = amounts(one.source_ip)
        given = [*rows(one, common), *([("addresses", counts)] if counts else [])]
        yield _block(number, [*given, ("for example", [example(one.witness)])])
    left = len(regions) - _MOST_REGIONS
    if left > 0:
        yield _sentence(f"and {counted(left, 'further region')} (policycheck diff has all)")


def _printed(parts: Sequence[RenderableType], page: Page) -> str:
    buffer = StringIO()
    console = Console(
        file=buffer,
        width=page.columns,
        force_terminal=page.colour,
        color_system="standard" if page.colour else None,
        no_color=not page.colour,
        highlight=False,
        legacy_windows=False,
    )
    console.print(Stack(*parts), soft_wrap=False)
    lines = (line.rstrip() for line in buffer.getvalue().splitlines())
    return "".join(f"{line}\n" for line in lines)


def _reach(found: Reach, *, details: bool) -> Iterator[RenderableType]:
    name = printable(found.policy.name)
    if found.unknown:
        yield _title("UNKNOWN", "yellow", f"{name}: {printable(found.unknown)}")
        return
    if found.nobody:
        yield _title("NOBODY", "green", f"{name} allows no request that can exist; this is proved")
        yield from _disputed(found.readings, "somebody may be let in")
        return
    count = counted(len(found.regions), "region")
    yield Text.assemble((name, "bold"), f" allows {count} of requests")
    yield ""
    common = Common.of((*found.regions, *found.findings))
    yield from map(_sentence, filter(None, [" ".join(common.lines())]))
    yield _heading("In short", "every allowed request is in one of these; proved")
    yield from _findings(found.findings, common)
    yield _heading("Addresses", "aws:SourceIp of all allowed requests, exactly")
    yield _totals([("", found.source_ip)])
    for group in found.groups:
        yield from _group(group, common, details=details)
    if details and not found.groups:
        yield _heading("Regions", "disjoint, complete and exact; proved")
        yield from _regions(found.regions, common, "allowed by")
    elif not details:
        yield _sentence(f"--details shows the {count}.")
    yield from _disputed(found.readings, "other requests are allowed")


def _title(status: str, style: str, text: str) -> Text:
    return Text.assemble((status, f"bold {style}"), f"  {text}")


def _heading(name: str, note: str) -> Text:
    return Text.assemble((name, "bold"), (f"  ({note})", "dim"))


def _sentence(text: str) -> Padding:
    return Padding(Text(text), (0, 0, 1, 0))


def _findings(found: Sequence[BroadFinding], common: Common) -> Iterator[RenderableType]:
    for number, one in enumerate(found, 1):
        exact = "all of it" if one.exact else "part of it"
        given = [*rows(one, common), ("allowed", [exact]), ("for example", [example(one.witness)])]
        yield _block(number, given)


def _regions(found: Sequence[Region], common: Common, verb: str) -> Iterator[RenderableType]:
    for number, one in enumerate(found, 1):
        yield _block(number, [*rows(one, common), *_evidence(one, verb)])


def _evidence(region: Region, verb: str) -> Iterator[Row]:
    if counts := amounts(region.source_ip):
        yield "addresses", counts
    yield "for example", [example(region.witness)]
    yield verb, [statements(region.because)]


def _block(number: int, given: Sequence[Row]) -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=3, justify="right")
    table.add_column(width=_LABELS - 2, no_wrap=True, style="dim")
    table.add_column(overflow="fold", ratio=1)
    for index, (label, lines) in enumerate(given):
        table.add_row("" if index else str(number), label, Text("\n".join(_shortened(lines))))
    return Padding(table, (0, 0, 1, 0))


def _shortened(lines: Sequence[str]) -> list[str]:
    if len(lines) <= _MOST_LINES + 1:
        return list(lines)
    return [*lines[:_MOST_LINES], f"and {len(lines) - _MOST_LINES} more (--format json has all)"]


def _totals(given: Sequence[tuple[str, Addresses]]) -> RenderableType:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="")
    table.add_column("")
    table.add_column("addresses", justify="right", no_wrap=True)
    table.add_column("of the public ones", justify="right")
    for name, found in given:
        for family in Family:
            label = f"{name} IPv{family.value}".strip()
            table.add_row(label, f"{found.count(family):,}", share(found, family))
        if found.absent:
            table.add_row("no address", "", "")
    return Padding(table, (0, 0, 1, _MARGIN))


def _group(group: Group, common: Common, *, details: bool) -> Iterator[RenderableType]:
    """The regions of one group; what they share is the heading."""
    label, lines = ("any", [""])
    if group.constraint is not None:
        label, lines = constraint_row(group.constraint, common)
    shared = group.constraint
    yield Text.assemble((f"{label} ", "bold"), ("\n".join(_shortened(lines)), "bold"))
    yield Padding(Text("; ".join(amounts(group.source_ip)) or "no address"), (0, 0, 0, _MARGIN))
    for number, one in enumerate(group.regions, 1):
        own = [row for row in rows(one, common) if shared is None or row != (label, lines)]
        evidence = (
            _evidence(one, "allowed by") if details else [("for example", [example(one.witness)])]
        )
        yield _block(number, [*own, *evidence])


def _difference(found: Difference) -> Iterator[RenderableType]:
    names = f"{printable(found.old.name)} -> {printable(found.new.name)}"
    if found.unknown:
        yield _title("UNKNOWN", "yellow", f"{names}: {printable(found.unknown)}")
        return
    if found.same:
        yield _title("SAME", "green", f"{names}: both allow the same requests; this is proved")
        return
    yield Text(names, style="bold")
    yield ""
    common = Common.of((*found.opened, *found.closed))
    yield from map(_sentence, filter(None, [" ".join(common.lines())]))
    yield from _side("OPENS", "red", found.opened, found.new, common)
    yield from _side("CLOSES", "green", found.closed, found.old, common)
    if found.under:
        yield _sentence("There is a difference only if AWS reads a disputed rule the other way:")
        yield from _points(found.under)
    yield from _disputed(found.readings, "the difference is another one")


def _side(
    status: str, style: str, regions: Sequence[Region], allowing: Policy, common: Common
) -> Iterator[RenderableType]:
    name = printable(allowing.name)
    if not regions:
        yield _title(status, "dim", f"nothing: all that {name} allows, the other one allows too")
        yield ""
        return
    amount = counted(len(regions), "region")
    yield _title(status, style, f"{amount} of requests that only {name} allows")
    yield ""
    for number, one in enumerate(regions, 1):
        given = [*rows(one, common), *_evidence(one, "allowed by")]
        yield _block(number, [*given, ("the other one", [refusal(one)])])


def _disputed(readings: Sequence[Reading], consequence: str) -> Iterator[RenderableType]:
    if readings:
        yield _sentence(f"AWS's pages do not agree on a rule; {consequence}")
        yield from _points(readings)


def _points(readings: Sequence[Reading]) -> Iterator[RenderableType]:
    for line in disputes(readings):
        yield Padding(Text(f"- {line}"), (0, 0, 0, _MARGIN))
