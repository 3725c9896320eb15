"""Lines of a policy, with those marked that decide something."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Source, Span
from policycheck.report.characters import line_shown, shorten
from policycheck.report.places import area

MOST_LINES = 1_500
"""A longer text is shown around its statements only, and no more of it than this."""

MOST_SNIPPET = 40
MOST_CHARACTERS = 400
CONTEXT = 3


@dataclass(frozen=True)
class Line:
    """A line: its number from 1, its text, and why it is marked (empty: it is not)."""

    number: int
    text: str
    mark: str = ""


def listing(source: Source, spans: Sequence[Span], marks: Iterable[tuple[Span, str]]) -> list[Line]:
    """The text, or that around ``spans`` if it is long; the lines of each mark are marked."""
    count = len(source.line_starts) - (1 if source.text.endswith("\n") else 0)
    first, last = 1, count
    if count > MOST_LINES and spans:
        first = max(min(area(one).line for one in spans) - CONTEXT, 1)
        last = min(max(area(one).last_line for one in spans) + CONTEXT, count)
    return _lines(source, first, min(last, first + MOST_LINES - 1), marks)


def snippet(span: Span, mark: str, inner: Span | None = None) -> list[Line]:
    """The lines of a stretch; those of ``inner`` (of the stretch, if None) are marked."""
    found = area(span)
    last = min(found.last_line, found.line + MOST_SNIPPET - 1)
    return _lines(span.source, found.line, last, [(inner or span, mark)])


def _lines(source: Source, first: int, last: int, marks: Iterable[tuple[Span, str]]) -> list[Line]:
    marked: dict[int, str] = {}
    for span, mark in marks:
        if span.source.name == source.name:
            found = area(span)
            marked |= dict.fromkeys(range(found.line, found.last_line + 1), mark)
    return [
        Line(number, cut(source.line(number)), marked.get(number, ""))
        for number in range(first, last + 1)
    ]


def cut(line: str) -> str:
    """A line of a file as it is shown, as far as there is room for it."""
    return shorten(line_shown(line), MOST_CHARACTERS)
