"""A part of a page, for notebooks: no script, nothing from elsewhere, every text escaped."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined

from policycheck.dataclass import dataclass
from policycheck.report.characters import printable

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
    environment = Environment(
        loader=PackageLoader("policycheck.report.html", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["shown"] = _shown
    return environment.get_template("fragment.html").render(part=part)


def _shown(text: str) -> str:
    """The text, printable line by line."""
    return "\n".join(map(printable, text.split("\n")))
