"""Where things are, as the forms of other programs name it."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Span
from policycheck.report.characters import printable


@dataclass(frozen=True)
class Area:
    """Lines and columns from 1, in characters; ``last_column`` is the one after the last."""

    line: int
    column: int
    last_line: int
    last_column: int


def area(span: Span) -> Area:
    """The lines and columns of a stretch, at least one character of it."""
    end = max(span.end, span.start + 1)
    return Area(*span.source.position(span.start), *span.source.position(end))


def relative(name: str) -> str:
    """The path of a file below the working directory, with slashes and without ``./``.

    A path that is not below it stays as it is, and so does what is no path (``<stdin>``).
    """
    path = os.path.normpath(name)
    inside = os.path.relpath(path) if Path(path).is_absolute() else path
    chosen = name if inside.startswith("..") else inside
    return chosen.replace(os.sep, "/")


def uri(name: str) -> str:
    """The path as a URI reference (RFC 3986), relative where it is below the working directory."""
    path = relative(name)
    quoted = quote(path.encode("utf-8", "surrogateescape"), safe="/~")
    return f"file://{quoted}" if path.startswith("/") else quoted


def shown_path(name: str) -> str:
    """The path for programs that take text, with nothing in it that ends a line."""
    return printable(relative(name))
