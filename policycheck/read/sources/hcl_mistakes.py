"""Where a Terraform file leaves the syntax.

tree-sitter takes whatever stands around a mistake for the mistake, up to the whole file. A bracket
that nothing closes, or that closes nothing, says more.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

import tree_sitter

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic, Source, Span
from policycheck.read.byte_offsets import offsets

_CLOSING = {
    "(": ")",
    "[": "]",
    "{": "}",
    "template_interpolation_start": "}",
    "template_directive_start": "}",
}
_CLOSED_BY = {
    ")": ")",
    "]": "]",
    "}": "}",
    "template_interpolation_end": "}",
    "template_directive_end": "}",
}
_ENDS = {
    "quoted_template_end": "this text has no quote at its end",
    "heredoc_identifier": "this text has no line that ends it",
}
_MARKS = {"=", ")", "]", "}"}
_ADVICE = "terraform validate says more"


@dataclass(frozen=True)
class _Mistake:
    """A mistake and the bytes that it is about."""

    message: str
    start: int
    end: int


def mistake(source: Source, root: tree_sitter.Node) -> Diagnostic:
    """The first mistake of a text in Terraform's syntax; ``root`` is what was read of it."""
    nul = source.text.find("\0")
    if nul >= 0:
        return _diagnostic("the character U+0000 is not allowed", Span(source, nul, nul + 1))
    first = _first(tuple(_nodes(root)), len(source.text.rstrip().encode()))
    offset = offsets(source.text)
    return _diagnostic(first.message, Span(source, offset(first.start), offset(first.end)))


def _diagnostic(message: str, span: Span) -> Diagnostic:
    return Diagnostic("HCL_SYNTAX_ERROR", message, span, "", _ADVICE)


def _nodes(root: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    """Every node of a tree, each before those inside."""
    stack = [root]
    while stack:
        one = stack.pop()
        yield one
        stack.extend(reversed(one.children))


def _first(nodes: Sequence[tree_sitter.Node], end: int) -> _Mistake:
    """The first mistake of a text that ends at ``end``.

    A bracket that is open at the end counts only if nothing before the end is wrong.
    """
    found = [_of(one) for one in nodes if one.is_error or one.is_missing]
    wrong, open_one = _brackets(nodes)
    brackets = [one for one in (wrong, open_one, _broken_text(nodes)) if one]
    inner = [one for one in _innermost([*brackets, *found]) if one.start < end]
    inside = [one for one in inner if one is not open_one]
    return min(inside or brackets or found, key=lambda one: one.start)


def _of(node: tree_sitter.Node) -> _Mistake:
    parent, message = node.parent, "this is not Terraform's syntax"
    if node.is_missing and parent is not None and node.type in _ENDS:
        return _Mistake(_ENDS[node.type], parent.start_byte, parent.end_byte)
    if node.is_missing and node.type in _MARKS:
        message = f"{node.type} is missing here"
    return _Mistake(message, node.start_byte, node.end_byte)


def _innermost(found: Sequence[_Mistake]) -> Iterator[_Mistake]:
    """The mistakes that have no other one in them."""
    starts = sorted({one.start for one in found})
    for one in found:
        after = bisect_right(starts, one.start)
        if after == len(starts) or starts[after] >= one.end:
            yield one


def _broken_text(nodes: Sequence[tree_sitter.Node]) -> _Mistake | None:
    """The first text in quotes that does not end on its line."""
    quote: tree_sitter.Node | None = None
    for one in nodes:
        if one.type in {"quoted_template_start", "quoted_template_end", "heredoc_start"}:
            quote = one if one.type == "quoted_template_start" else None
        elif one.type == "template_literal" and quote and b"\n" in (one.text or b""):
            return _Mistake(_ENDS["quoted_template_end"], quote.start_byte, quote.end_byte)
    return None


def _brackets(nodes: Sequence[tree_sitter.Node]) -> tuple[_Mistake | None, _Mistake | None]:
    """The first bracket that is closed by another one or closes nothing, and if there is none, the
    last that is open at the end."""
    opened: list[tree_sitter.Node] = []
    for one in nodes:
        closed = _CLOSED_BY.get(one.type)
        if one.child_count or one.is_missing:
            continue
        if one.type in _CLOSING:
            opened.append(one)
        elif closed and opened and _CLOSING[opened[-1].type] == closed:
            opened.pop()
        elif closed and any(_CLOSING[each.type] == closed for each in opened):
            return _bracket(opened[-1], "is not closed"), None
        elif closed:
            return _bracket(one, "closes nothing"), None
    return None, _bracket(opened[-1], "is not closed") if opened else None


def _bracket(node: tree_sitter.Node, what: str) -> _Mistake:
    return _Mistake(f"this {(node.text or b'').decode()} {what}", node.start_byte, node.end_byte)
