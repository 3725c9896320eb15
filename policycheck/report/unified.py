"""Two texts as a unified diff that patch and git apply take."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator

from policycheck.diagnostics import Source
from policycheck.report.characters import printable
from policycheck.report.page import Page, Style

NO_NEWLINE = "\\ No newline at end of file\n"

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_STYLES = {"@": Style.FRAME, "+": Style.GOOD, "-": Style.BAD}


def unified(before: Source, after: Source) -> str:
    """The diff of two texts of one file; lines end with a line feed alone or after a CR."""
    name = _path(before.name)
    lines = difflib.unified_diff(
        _LINE.findall(before.text),
        _LINE.findall(after.text),
        _quoted(f"a/{name}"),
        _quoted(f"b/{name}"),
    )
    return "".join(_ended(lines))


def painted(diff: str, page: Page) -> str:
    """The diff for readers: in colours, if the page takes any; what is hidden is escaped."""
    return "".join(_painted(line.rstrip("\r\n"), page) + "\n" for line in _LINE.findall(diff))


def _painted(line: str, page: Page) -> str:
    heading = line.startswith(("--- ", "+++ "))
    style = Style.STRONG if heading else _STYLES.get(line[:1])
    return page.paint(style, "\t".join(map(printable, line.split("\t"))))


def _ended(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line
        if not line.endswith("\n"):
            yield "\n" + NO_NEWLINE


def _path(name: str) -> str:
    """The path from here, as the programs that apply a diff take no absolute ones."""
    return os.path.relpath(name) if os.path.isabs(name) else name  # noqa: PTH117 -- a plain text


def _quoted(name: str) -> str:
    """A name as git writes it: with escapes if it has characters that would mislead."""
    plain = all(char.isprintable() and char not in '"\\' for char in name)
    if not plain:
        escaped = "".join(_escape(byte) for byte in name.encode("utf-8", "surrogateescape"))
        return f'"{escaped}"'
    return name + "\t" if " " in name else name


def _escape(byte: int) -> str:
    char = chr(byte)
    if char in '"\\':
        return f"\\{char}"
    return char if " " <= char <= "~" else f"\\{byte:03o}"
