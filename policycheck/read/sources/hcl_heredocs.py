"""The text of Terraform's heredocs: the lines between the marks, without their indentation if the
first mark is ``<<-``.

Sources: https://developer.hashicorp.com/terraform/language/expressions/strings#heredoc-strings,
and hcl's hclsyntax/parser_template.go (flushHeredocTemplateParts).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from policycheck.diagnostics import Span

_LINE = re.compile(r"(?P<indent>[ \t]*)(?P<rest>[^\n]*)\n?")


def lines_between(span: Span, marks: tuple[int, int]) -> tuple[int, int]:
    """Where the lines of a heredoc begin and end; ``marks`` is where the first mark ends, and where
    the last one begins."""
    text, (first, last) = span.source.text, marks
    return text.index("\n", first) + 1, text.rindex("\n", 0, last) + 1


def indentation(span: Span, inside: Sequence[Span]) -> frozenset[int]:
    """The places of the characters that ``<<-`` takes from the beginnings of lines.

    Each line loses as many as the one that is indented least has; one that is blank neither counts
    nor loses any, and what interpolations (``inside``) make does not count.
    """
    text = span.source.text
    indented = [
        (start, len(found["indent"]))
        for start in _starts(span, inside)
        if (found := _LINE.match(text, start, span.end)) and not _is_blank(found)
    ]
    least = min((width for _, width in indented), default=0)
    return frozenset(start + index for start, _ in indented for index in range(least))


def _is_blank(line: re.Match[str]) -> bool:
    return not line["rest"].strip() and line.group().endswith("\n")


def _starts(span: Span, inside: Sequence[Span]) -> Iterator[int]:
    """Where the lines begin that do not begin within an interpolation."""
    at = span.start
    while at < span.end:
        if not any(one.start < at < one.end for one in inside):
            yield at
        at = span.source.text.find("\n", at, span.end) + 1 or span.end
