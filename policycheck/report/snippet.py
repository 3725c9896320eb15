"""A line of a source with a stretch of it underlined."""

from __future__ import annotations

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Span
from policycheck.report.characters import chunks, line_shown, printable, width, wrap
from policycheck.report.page import Page, Style

_ELLIPSIS = "..."
_CONTEXT = 3
"""A cut line begins this part (a third) of the room before the underlined text."""


@dataclass(frozen=True)
class _Row:
    """A source line as it is shown, and the columns of it that are underlined."""

    text: str
    start: int
    length: int


def snippet(span: Span, label: str, style: Style, page: Page, gutter: int = 0) -> list[str]:
    """The first line of ``span``, underlined with carets, ``label`` beside them.

    ``gutter`` is the least width of the column of line numbers, so that snippets line up.
    """
    number = str(span.line).rjust(gutter)
    row = _row(span, page.columns - len(number) - 3)
    bar = page.paint(Style.FRAME, " " * len(number) + " |")
    lines = [bar, f"{page.paint(Style.FRAME, number + ' |')} {row.text}".rstrip()]
    marks = _marks(row, printable(label), page.columns - len(number) - 3)
    return lines + [f"{bar} {' ' * start}{page.paint(style, text)}" for start, text in marks]


def place(span: Span, page: Page, gutter: int) -> str:
    """The arrow that says where the span is."""
    arrow = page.paint(Style.FRAME, " " * gutter + "-->")
    return f"{arrow} {printable(str(span))}"


def _marks(row: _Row, label: str, room: int) -> list[tuple[int, str]]:
    """The carets and the label, which has lines of its own if it does not fit beside them."""
    carets = "^" * row.length
    if not label or row.start + row.length + 1 + width(label) <= room:
        return [(row.start, f"{carets} {label}".rstrip())]
    start = max(min(row.start, room - width(label)), 0)
    return [
        (row.start, carets),
        *((start, part) for part in wrap(label, room - start, room - start)),
    ]


def _row(span: Span, room: int) -> _Row:
    column, line = span.source.before(span.start), span.source.line(span.line)
    length = max(min(span.end - span.start, len(line.rstrip()) - column), 1)
    before = line_shown(line[max(column - room, 0) : column])
    marked = line_shown(line[column : column + min(length, room)]) or " "
    after = line_shown(line[column + length : column + length + room + 1])
    if max(column, length) <= room and width(before + marked + after) <= room:
        return _Row(before + marked + after, width(before), width(marked))
    return _window(before, marked, after, room)


def _window(before: str, marked: str, after: str, room: int) -> _Row:
    """The part of a wide line around what is underlined."""
    lead = _end(before, max(room // _CONTEXT, room - width(marked + after)))
    text, length = lead + marked, width(marked)
    text += after
    cut = next(chunks(text, room))
    if cut != text:
        cut = next(chunks(text, room - len(_ELLIPSIS))) + _ELLIPSIS
    start = width(lead)
    return _Row(cut, start, max(min(length, width(cut) - start), 1))


def _end(text: str, room: int) -> str:
    """The end of a text, with an ellipsis if that is not all."""
    if width(text) <= room:
        return text
    kept = next(chunks(text[::-1], room - len(_ELLIPSIS)))[::-1]
    return _ELLIPSIS + kept
