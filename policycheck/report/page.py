"""What a report is written on: how wide it is, and whether it takes colour."""

from __future__ import annotations

import enum

from policycheck.dataclass import dataclass
from policycheck.report.characters import printable, width, wrap

COLUMNS = 80


class Style(enum.Enum):
    """How a stretch of text is set off; the value is its ANSI rendition (ECMA-48, SGR)."""

    BAD = "1;31"
    GOOD = "1;32"
    DOUBT = "1;33"
    FRAME = "1;34"
    STRONG = "1"
    FAINT = "2"


@dataclass(frozen=True)
class Page:
    """A page of ``columns`` columns, with or without colour."""

    columns: int = COLUMNS
    colour: bool = False

    def paint(self, style: Style | None, text: str) -> str:
        """The text in a style; every report is complete without."""
        if not (self.colour and style and text):
            return text
        return f"\x1b[{style.value}m{text}\x1b[0m"

    def paragraph(
        self, text: str, head: str = "", style: Style | None = None, hanging: int | None = None
    ) -> list[str]:
        """``head`` in a style, then ``text``, made printable and broken into lines.

        All lines but the first are indented by ``hanging`` columns: the width of the head, if
        that is None.
        """
        margin = width(head) if hanging is None else hanging
        room = max(self.columns - margin, 1)
        first, *rest = wrap(printable(text), room, max(self.columns - width(head), 1))
        return [self.paint(style, head) + first, *(" " * margin + line for line in rest)]
