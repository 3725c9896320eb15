"""A table of a TOML text, read into nodes that know their positions.

The standard library says whether the text is TOML and what it means, tree-sitter where everything
stands.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from typing import Any

import tree_sitter
import tree_sitter_toml

from policycheck.diagnostics import Diagnostic, InputError, Source, Span
from policycheck.read.byte_offsets import offsets
from policycheck.read.document import (
    BooleanNode,
    ListNode,
    MapNode,
    Node,
    NumberNode,
    TextNode,
)

CODE = "TOML_SYNTAX_ERROR"

_PLACE = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)
_COMMENT = "comment"


def parse_toml_table(source: Source, name: Sequence[str]) -> MapNode | None:
    """The table of that dotted name in a TOML text (1.0); None if there is none.

    A key that stands in several parts of the text is there once, at its first place. Numbers and
    dates are numbers. Raises InputError if the text is not TOML.
    """
    data = _data(source)
    found: Node | None = _Builder(source).build()
    for part in name:
        data = data.get(part) if isinstance(data, dict) else None
        found = found.get(part) if isinstance(found, MapNode) else None
    if data is None:
        return None
    if not isinstance(found, MapNode) or _plain(found) != data:
        message = f"the table [{'.'.join(name)}] cannot be read"
        advice = "write it in plain TOML 1.0, under a heading of its own"
        raise InputError([Diagnostic(CODE, message, Span(source, 0, 1), "", advice)])
    return found


def _data(source: Source) -> Any:
    try:
        return tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(source, str(error)) from None
    except (RecursionError, ValueError):
        raise _not_toml(source, "The text is nested too deep, or has a number too long") from None


def _not_toml(source: Source, reason: str) -> InputError:
    match = _PLACE.fullmatch(reason)
    message = f"this is not TOML: {(match[1] if match else reason)[:1].lower()}"
    message += (match[1] if match else reason)[1:]
    start = len(source.text)
    if match and match[2]:
        start = source.line_starts[int(match[2]) - 1] + int(match[3]) - 1
    advice = 'write TOML 1.0: a heading [tool.policycheck], and lines like fail_on = "error"'
    return InputError([Diagnostic(CODE, message, Span(source, start, start), "here", advice)])


@cache
def _language() -> tree_sitter.Language:
    return tree_sitter.Language(tree_sitter_toml.language())


class _Table:
    """A table that may go on in another part of the text."""

    def __init__(self, span: Span) -> None:
        self.span = span
        self.entries: dict[str, tuple[TextNode, Node | _Table | list[_Table]]] = {}

    def below(self, keys: Sequence[TextNode]) -> _Table:
        """The table that the keys lead to, made where it is not there; the last of a list."""
        here = self
        for key in keys:
            found = here.entries.setdefault(key.value, (key, _Table(key.span)))[1]
            found = found[-1] if isinstance(found, list) else found
            here = found if isinstance(found, _Table) else _Table(key.span)
        return here

    def more(self, key: TextNode) -> _Table:
        """A new table in the list of tables under ``key``."""
        tables = self.entries.setdefault(key.value, (key, []))[1]
        added = _Table(key.span)
        if isinstance(tables, list):
            tables.append(added)
        return added

    def node(self) -> MapNode:
        """The table as it is now."""
        return MapNode(tuple((key, _node(one)) for key, one in self.entries.values()), self.span)


def _node(value: Node | _Table | list[_Table]) -> Node:
    if isinstance(value, list):
        return ListNode(tuple(one.node() for one in value), value[0].span)
    return value.node() if isinstance(value, _Table) else value


class _Builder:
    """Turns a syntax tree into nodes; recursion is as deep as the nesting."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.offset = offsets(source.text)

    def build(self) -> MapNode:
        """The whole document."""
        tree = tree_sitter.Parser(_language()).parse(self.source.text.encode())
        root = _Table(Span(self.source, 0, 0))
        for child in tree.root_node.named_children:
            self._part(root, child)
        return root.node()

    def _part(self, root: _Table, node: tree_sitter.Node) -> None:
        match node.type:
            case "pair":
                self._pair(root, node)
            case "table":
                self._pairs(root.below(self._keys(node.named_children[0])), node)
            case "table_array_element":
                *above, last = self._keys(node.named_children[0])
                self._pairs(root.below(above).more(last), node)
            case _:
                pass

    def _pairs(self, table: _Table, node: tree_sitter.Node) -> None:
        for child in node.named_children:
            if child.type == "pair":
                self._pair(table, child)

    def _pair(self, table: _Table, node: tree_sitter.Node) -> None:
        key, value = (one for one in node.named_children if one.type != _COMMENT)
        *above, last = self._keys(key)
        table.below(above).entries.setdefault(last.value, (last, self._value(value)))

    def _keys(self, node: tree_sitter.Node) -> list[TextNode]:
        if node.type == "dotted_key":
            return [key for child in node.named_children for key in self._keys(child)]
        span = self._span(node)
        return [TextNode(_scalar(span.text) if node.type == "quoted_key" else span.text, span)]

    def _value(self, node: tree_sitter.Node) -> Node:
        span = self._span(node)
        children = [one for one in node.named_children if one.type != _COMMENT]
        match node.type:
            case "string":
                return TextNode(_scalar(span.text), span)
            case "boolean":
                return BooleanNode(span.text == "true", span)
            case "array":
                return ListNode(tuple(map(self._value, children)), span)
            case "inline_table":
                table = _Table(span)
                self._pairs(table, node)
                return table.node()
            case _:
                return NumberNode(span.text, span)

    def _span(self, node: tree_sitter.Node) -> Span:
        return Span(self.source, self.offset(node.start_byte), self.offset(node.end_byte))


def _scalar(text: str) -> Any:
    return tomllib.loads(f"value = {text}")["value"]


def _plain(node: Node) -> Any:
    """The value of a node as the standard library gives it."""
    match node:
        case TextNode(value) | BooleanNode(value):
            return value
        case NumberNode(text):
            return _scalar(text)
        case ListNode(items):
            return [_plain(one) for one in items]
        case MapNode(entries):
            return {key.value: _plain(one) for key, one in entries}
        case _:
            return None
