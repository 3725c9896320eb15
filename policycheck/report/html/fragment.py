"""A part of a page, for notebooks: no script, nothing from elsewhere, every text escaped."""

from __future__ import annotations

from collections.abc import Sequence

from policycheck.dataclass import dataclass
from policycheck.report.characters import printable
from policycheck.report.html.templating import template

Fact = tuple[str, Sequence[str]]
"""A name, and the lines of its value."""


@dataclass(frozen=True)
class Table:
    """Rows of cells under a head; a cell is a list of lines."""

    head: Sequence[str]
    rows: Sequence[Sequence[Sequence[str]]]


@dataclass(frozen=True)
class Part:
    """Something with a title, and what stands under it, in the order of the fields.

    ``badge`` is a word before the title and ``mark`` how it is set off (``good``, ``bad``,
    ``doubt``); ``text`` is preformatted. ``folded``: all but the title is shown when asked for.
    """

    title: str = ""
    badge: str = ""
    mark: str = ""
    lines: Sequence[str] = ()
    facts: Sequence[Fact] = ()
    table: Table | None = None
    text: str = ""
    inner: Sequence[Part] = ()
    folded: bool = False


def render(part: Part) -> str:
    """The part as an element that can stand in any page."""
    return template("fragment.html", shown=_shown).render(part=part)


def _shown(text: str) -> str:
    """The text, printable line by line."""
    return "\n".join(map(printable, text.split("\n")))
