"""Where the requests of a stream stand in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic, Excerpt, Span


@dataclass(frozen=True)
class Place:
    """A place in a stream: line and column, both from 1, in characters."""

    line: int = 1
    column: int = 1

    def after(self, text: bytes) -> Place:
        """The place where ``text`` ends that begins here."""
        breaks = text.count(b"\n")
        if not breaks:
            return Place(self.line, self.column + _characters(text))
        return Place(self.line + breaks, 1 + _characters(text[text.rindex(b"\n") + 1 :]))


@dataclass(frozen=True)
class RequestText:
    """The text of a request of the stream ``name``, and the place where it begins.

    The text is None if it is longer than is read.
    """

    name: str
    text: bytes | None
    place: Place

    @property
    def start(self) -> Span:
        """The first character that is no blank."""
        blanks = len(self._shown) - len(self._shown.lstrip())
        return Span(self._excerpt, blanks, blanks + 1)

    @property
    def end(self) -> Span:
        """What follows the last character that is no blank."""
        length = len(self._shown.rstrip())
        return Span(self._excerpt, length, length + 1)

    def placed(self, found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """What is wrong with the request, with places in the stream instead of the text."""
        return tuple(
            replace(one, span=replace(one.span, source=self._excerpt) if one.span else self.start)
            for one in found
        )

    @property
    def _excerpt(self) -> Excerpt:
        return Excerpt(self.name, self._shown, self.place.line, self.place.column)

    @property
    def _shown(self) -> str:
        return (self.text or b"").decode("utf-8", "replace")


def _characters(text: bytes) -> int:
    return len(text if text.isascii() else text.decode("utf-8", "replace"))
