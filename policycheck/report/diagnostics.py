"""Errors and warnings about inputs, for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policycheck.diagnostics import Diagnostic, Level
from policycheck.report.characters import shorten
from policycheck.report.page import Page, Style
from policycheck.report.snippet import place, snippet

MOST = 500
"""How many characters of a message are shown: messages quote what the author wrote."""

_STYLES = {Level.ERROR: Style.BAD, Level.WARNING: Style.DOUBT}


def render(diagnostics: Iterable[Diagnostic], page: Page) -> str:
    """The diagnostics in their order, each with the place in the source that it is about."""
    return "".join("\n".join(_lines(one, page)) + "\n\n" for one in diagnostics)


def wanted(diagnostics: Iterable[Diagnostic], *, quiet: bool) -> list[Diagnostic]:
    """The errors, and the warnings unless ``quiet`` is asked for."""
    return [one for one in diagnostics if one.level is Level.ERROR or not quiet]


def _lines(diagnostic: Diagnostic, page: Page) -> Iterator[str]:
    style = _STYLES[diagnostic.level]
    head = f"{diagnostic.level.value}[{diagnostic.code}]: "
    yield from page.paragraph(shorten(diagnostic.message, MOST), head, style, hanging=4)
    span, gutter = diagnostic.span, 1
    if span:
        gutter = len(str(span.line))
        yield place(span, page, gutter)
        yield from snippet(span, shorten(diagnostic.label, MOST), style, page)
    elif diagnostic.label:
        yield from page.paragraph(shorten(diagnostic.label, MOST), "  ")
    if diagnostic.help:
        yield from page.paragraph(
            shorten(diagnostic.help, MOST), " " * gutter + " = help: ", Style.FRAME
        )
