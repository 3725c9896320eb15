"""The difference of two versions as the page shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policycheck.model.region import Difference, Region
from policycheck.model.review import Review
from policycheck.report.characters import printable
from policycheck.report.html import maps, weeks
from policycheck.report.html.listing import MOST_LINES, cut
from policycheck.report.html.sizes import sizes
from policycheck.report.html.view import DifferenceView, RegionView
from policycheck.report.places import shown_path
from policycheck.report.region_rows import Common, disputes, example, refusal, statements
from policycheck.report.region_rows import rows as region_rows
from policycheck.report.unified import unified

MOST_REGIONS = 200
"""How many regions of a side are shown; further ones are counted."""


def difference(found: Difference, review: Review) -> DifferenceView:
    """What the page shows of a difference."""
    after = next((one.reach for one in review.policies if one.policy is found.new), None)
    common = Common.of((*found.opened, *found.closed))
    cut = tuple(max(len(side) - MOST_REGIONS, 0) for side in (found.opened, found.closed))
    return DifferenceView(
        old=shown_path(found.old.name),
        new=shown_path(found.new.name),
        unknown=printable(found.unknown),
        same=found.same,
        notes=tuple(common.lines()),
        opened=_side(found.opened, common),
        closed=_side(found.closed, common),
        more=(cut[0], cut[1]),
        views=tuple(maps.difference_views(found, after)),
        hours=(
            *weeks.of_regions(found.opened, "Opens at these times (UTC)"),
            *weeks.of_regions(found.closed, "Closes at these times (UTC)"),
        ),
        text=tuple(_changed(found)),
        under=tuple(disputes(found.under)),
        disputes=tuple(disputes(found.readings)),
    )


_KINDS = {"+": "added", "-": "removed", "@": "place"}


def _changed(found: Difference) -> Iterator[tuple[str, str]]:
    """The lines of the unified diff of both texts, each with its kind."""
    for line in unified(found.old.source, found.new.source).split("\n")[2 : MOST_LINES + 2]:
        if line:
            yield _KINDS.get(line[0], ""), cut(line).rstrip()


def _side(regions: Sequence[Region], common: Common) -> tuple[RegionView, ...]:
    return tuple(
        RegionView(
            rows=tuple((label, tuple(lines)) for label, lines in region_rows(one, common)),
            size="; ".join(sizes(one.source_ip)),
            example=example(one.witness),
            because=f"allowed by {statements(one.because)}; the other version {refusal(one)}",
        )
        for one in regions[:MOST_REGIONS]
    )
