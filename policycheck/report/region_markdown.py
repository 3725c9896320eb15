"""Regions as Markdown: for a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policycheck.model.reading import Reading
from policycheck.model.region import BroadFinding, Difference, Reach, Region
from policycheck.report.amounts import counted
from policycheck.report.escaping import markdown as escaped
from policycheck.report.region_rows import (
    Common,
    amounts,
    disputes,
    example,
    refusal,
    rows,
    statements,
)

_MOST_REGIONS = 50
"""How many regions a table shows; further ones are counted."""

_MOST_LINES = 10


def render_reach(found: Reach) -> str:
    """The answer of ``reach``."""
    return _joined(_reach(found))


def render_difference(found: Difference) -> str:
    """The answer of ``diff``."""
    return _joined(_difference(found))


def _joined(lines: Iterator[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _reach(found: Reach) -> Iterator[str]:
    name = escaped(found.policy.name)
    if found.unknown:
        yield f"**{name}: unknown.** {escaped(found.unknown)}"
        return
    if found.nobody:
        yield f"**{name} allows no request that can exist.** This is proved."
    else:
        yield f"**Who can reach what: {name}**"
        common = Common.of((*found.regions, *found.findings))
        yield ""
        yield from (f"{escaped(line)}\n" for line in common.lines())
        yield from _table(found.findings, common)
        yield ""
        yield f"In all: {escaped('; '.join(amounts(found.source_ip)) or 'no address')}."
        yield ""
        yield f"<details><summary>{counted(len(found.regions), 'region')}</summary>"
        yield ""
        yield from _table(found.regions, common)
        yield ""
        yield "</details>"
    yield from _points(found.readings, "AWS's pages do not agree; other requests are allowed")


def _difference(found: Difference) -> Iterator[str]:
    names = f"{escaped(found.old.name)} → {escaped(found.new.name)}"
    if found.unknown:
        yield f"**{names}: unknown.** {escaped(found.unknown)}"
        return
    if found.same:
        yield f"**{names}: no difference.** Both allow the same requests; this is proved."
        return
    yield f"**{names}**"
    yield ""
    common = Common.of((*found.opened, *found.closed))
    yield from (f"{escaped(line)}\n" for line in common.lines())
    sides = (("Opens", found.opened, found.new), ("Closes", found.closed, found.old))
    for verb, regions, policy in sides:
        about = f"{counted(len(regions), 'region')} that only {escaped(policy.name)} allows"
        yield f"**{verb}:** {about if regions else 'nothing'}"
        yield ""
        if regions:
            yield from _table(regions, common, compared=True)
            yield ""
    yield from _points(found.under, "There is a difference only")
    yield from _points(found.readings, "AWS's pages do not agree; the difference is another one")


def _table(
    regions: Sequence[Region | BroadFinding], common: Common, *, compared: bool = False
) -> Iterator[str]:
    yield "| # | allowed | for example | because |" if compared else "| # | allowed | for example |"
    yield "|--:|---|---|---|" if compared else "|--:|---|---|"
    for number, one in enumerate(regions[:_MOST_REGIONS], 1):
        cells = [str(number), _allowed(one, common), escaped(example(one.witness))]
        if compared and isinstance(one, Region):
            reasons = f"allowed by {statements(one.because)}; the other one {refusal(one)}"
            cells.append(escaped(reasons))
        yield f"| {' | '.join(cells)} |"
    if len(regions) > _MOST_REGIONS:
        yield ""
        yield f"and {len(regions) - _MOST_REGIONS} more"


def _allowed(one: Region | BroadFinding, common: Common) -> str:
    """What the region says, a line for each row."""
    lines = [
        f"**{escaped(label)}** {', '.join(map(escaped, _shortened(given)))}"
        for label, given in rows(one, common)
    ]
    if counts := amounts(one.source_ip):
        lines.append(f"**addresses** {escaped('; '.join(counts))}")
    return "<br>".join(lines)


def _shortened(lines: Sequence[str]) -> list[str]:
    rest = len(lines) - _MOST_LINES
    return [*lines[:_MOST_LINES], f"and {rest} more"] if rest > 1 else list(lines)


def _points(readings: Sequence[Reading], lead: str) -> Iterator[str]:
    if readings:
        yield ""
        yield f"{lead}:"
        yield ""
        for line in disputes(readings):
            yield f"- {escaped(line)}"
