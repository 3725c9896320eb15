"""Texts that stand inside other texts, with the place of every character in the user's file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import assert_never

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic, InputError, Source, Span
from policycheck.read.document import (
    BooleanNode,
    ListNode,
    MapNode,
    Node,
    NullNode,
    NumberNode,
    TextNode,
)
from policycheck.read.json_strings import decode, flaws
from policycheck.read.json_text import parse_on
from policycheck.read.sources.private import escaped, is_private, private

_ESCAPED = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.",
    re.DOTALL,
)

_INSIDE = re.compile(r'(?:[^"\\]|\\.)*', re.DOTALL)

Place = tuple[int, int]


@dataclass(frozen=True)
class MappedText:
    """A text; ``places[i]`` is the stretch of the source that wrote its character ``i``."""

    text: str
    places: Sequence[Place]
    source: Source

    @classmethod
    def of(cls, node: TextNode) -> MappedText:
        """The text of a string of JSON, YAML or HCL."""
        places = _places(node)
        return cls(node.value, places, node.span.source)

    def unescaped(self) -> MappedText | None:
        """What the text means as the inside of a JSON string; None if it cannot be that.

        Raises InputError for an escape of a character that stands for a value.
        """
        if not _INSIDE.fullmatch(self.text) or any(flaws(f'"{self.text}"')):
            return None
        pieces, places = [], []
        for match in _ESCAPED.finditer(self.text):
            piece = decode(f'"{match.group()}"')
            if piece != match.group() and is_private(piece):
                raise private(piece, self.span(*match.span()))
            pieces.append(piece)
            places.append((self.places[match.start()][0], self.places[match.end() - 1][1]))
        return MappedText("".join(pieces), places, self.source)

    def span(self, start: int, end: int) -> Span:
        """The stretch of the source that wrote ``text[start:end]``."""
        if not self.places:
            return Span(self.source, 0, 0)
        first = self.places[min(start, len(self.places) - 1)]
        last = self.places[max(min(end, len(self.places)) - 1, 0)]
        if end <= start:
            return Span(self.source, first[0], first[0])
        return Span(self.source, first[0], max(first[1], last[1]))

    def parse(self) -> Node:
        """The JSON value that the text holds, with positions in the source. Raises InputError."""
        diagnostics: list[Diagnostic] = []
        try:
            node = parse_on(Source(self.source.name, self.text), diagnostics)
        except InputError as error:
            raise InputError(self._moved(error.diagnostics)) from None
        if diagnostics:
            raise InputError(self._moved(diagnostics))
        for char, span in escaped(node):
            raise private(char, self.span(span.start, span.end))
        return self.node(node)

    def _moved(self, found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        for one in found:
            span = self.span(one.span.start, one.span.end) if one.span else None
            yield replace(one, span=span)

    def node(self, node: Node) -> Node:
        """A node of the text with its positions in the source."""
        span = self.span(node.span.start, node.span.end)
        match node:
            case TextNode() | NumberNode() | BooleanNode() | NullNode():
                return replace(node, span=span)
            case ListNode(items):
                return ListNode(tuple(map(self.node, items)), span)
            case MapNode(entries):
                return MapNode(tuple((self._key(k), self.node(v)) for k, v in entries), span)
            case _:
                assert_never(node)

    def _key(self, key: TextNode) -> TextNode:
        return TextNode(key.value, self.span(key.span.start, key.span.end))


def _places(node: TextNode) -> Sequence[Place]:
    start, written = node.span.start, node.span.text
    if len(written) >= 2 and written[0] == written[-1] == '"' and not any(flaws(written)):
        body = [match.span() for match in _ESCAPED.finditer(written[1:-1])]
        if len(body) == len(node.value):
            return [(start + 1 + a, start + 1 + b) for a, b in body]
    found = _aligned(node.value, written)
    if found is None:
        return [(node.span.start, node.span.end)] * len(node.value)
    return [(start + at, start + at + 1) for at in found]


def _aligned(value: str, written: str) -> list[int] | None:
    """Where each character of a value is written, if nothing but white space is passed over.

    So it is in the block scalars of YAML, whose lines are indented.
    """
    at = 1 if written[:1] in {"'", '"'} else 0
    if written[:1] in {"|", ">"}:
        at = written.find("\n") + 1
    found: list[int] = []
    for char in value:
        while at < len(written) and written[at] != char and written[at].isspace():
            if char.isspace():
                break
            at += 1
        if at >= len(written):
            if not char.isspace():
                return None
            at = len(written) - 1
        elif written[at] != char and not char.isspace():
            return None
        found.append(at)
        at += 1
    return found
