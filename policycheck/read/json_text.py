"""JSON texts, read into nodes that know their positions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import cache

import tree_sitter
import tree_sitter_json

from policycheck.diagnostics import Diagnostic, InputError, Source, Span, by_position
from policycheck.read.byte_offsets import offsets
from policycheck.read.document import (
    MAX_DEPTH,
    BooleanNode,
    ListNode,
    MapNode,
    Node,
    NullNode,
    NumberNode,
    TextNode,
)
from policycheck.read.json_strings import CODE, decode

_BYTE_ORDER_MARK = "\ufeff"
_PLUS = r'"(?:[^"\\]|\\.)*"|[eE]\+'


def parse_json(source: Source) -> Node:
    """The JSON value that ``source`` holds (RFC 8259, strict).

    Raises InputError with every mistake of syntax, or else with every key that an object has
    twice. tree-sitter and the standard library must both accept a text that is returned.
    """
    diagnostics: list[Diagnostic] = []
    node = parse_on(source, diagnostics)
    if diagnostics:
        raise InputError(diagnostics)
    return node


def parse_on(source: Source, diagnostics: list[Diagnostic]) -> Node:
    """The JSON value that ``source`` would hold without what is merely one too many in it.

    A comment, a comma before a closing bracket or a key that occurs twice goes into
    ``diagnostics``, so that what else is wrong can be found too; other mistakes raise InputError.
    """
    if source.text.startswith(_BYTE_ORDER_MARK):
        raise InputError([_marked(source)])
    is_good = _is_good(source.text)
    found = () if is_good else _mistakes(source)
    text = _without(found, source.text)
    if found and (text is None or _mistakes(Source(source.name, text))):
        raise InputError(found)
    node, duplicates = _tree(source, text or source.text)
    if not (is_good or duplicates or _is_json(text or source.text)):
        raise _unexplained(source)
    diagnostics.extend(by_position((*found, *duplicates)))
    return node


def _is_good(text: str) -> bool:
    """Whether there is certainly no mistake in the text, unless it is nested too deep.

    The standard library takes half of a surrogate pair for a character, and says nothing of it.
    """
    return text.isascii() and "\\u" not in text and _is_json(text)


def _mistakes(source: Source) -> tuple[Diagnostic, ...]:
    from policycheck.read.json_mistakes import mistakes  # noqa: PLC0415 -- most texts have none

    return mistakes(source)


def _without(found: Sequence[Diagnostic], text: str) -> str | None:
    """The text with blanks for all that was found; None if something is not to be removed."""
    for one in found:
        if one.span is None or not one.help.startswith("remove"):
            return None
        blanks = " " * (one.span.end - one.span.start)
        text = text[: one.span.start] + blanks + text[one.span.end :]
    return text


def _tree(source: Source, json_text: str) -> tuple[Node, list[Diagnostic]]:
    """The nodes of the text, with spans of ``source``, and the keys that occur twice."""
    text = re.sub(_PLUS, _without_plus, json_text)
    tree = tree_sitter.Parser(_language()).parse(text.encode())
    values = tree.root_node.named_children
    if tree.root_node.has_error or len(values) != 1:
        raise _unexplained(source)
    builder = _Builder(source, json_text)
    return builder.build(values[0], 0), builder.duplicates


@cache
def _language() -> tree_sitter.Language:
    return tree_sitter.Language(tree_sitter_json.language())


def _without_plus(match: re.Match[str]) -> str:
    """``e+`` as ``e0``: the grammar of tree-sitter-json 0.24 lacks the plus sign of an exponent."""
    found = match.group()
    return found if found.startswith('"') else found[0] + "0"


def _marked(source: Source) -> Diagnostic:
    message = "the text begins with a byte order mark"
    advice = "save it as UTF-8 without the mark"
    return Diagnostic(CODE, message, Span(source, 0, 1), "U+FEFF", advice)


def _is_json(text: str) -> bool:
    """Whether the standard library takes the text."""
    try:
        json.loads(text, parse_int=str, parse_float=str, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return False
    return True


def _refuse(name: str) -> None:
    raise ValueError(name)


def _unexplained(source: Source) -> InputError:
    span = Span(source, 0, len(source.text))
    return InputError([Diagnostic(CODE, "the text is not JSON", span)])


class _Builder:
    """Turns a syntax tree without errors into nodes; recursion is as deep as the nesting."""

    def __init__(self, source: Source, text: str) -> None:
        self.source = source
        self.offset = offsets(text)
        self.duplicates: list[Diagnostic] = []

    def span(self, node: tree_sitter.Node) -> Span:
        return Span(self.source, self.offset(node.start_byte), self.offset(node.end_byte))

    def build(self, node: tree_sitter.Node, depth: int) -> Node:
        """The node, which is ``depth`` levels down. Raises InputError if that is too deep."""
        span = self.span(node)
        if depth == MAX_DEPTH and node.type in {"object", "array"}:
            raise InputError(_mistakes(self.source))
        match node.type:
            case "object":
                return MapNode(tuple(self.entries(node, depth)), span)
            case "array":
                items = (self.build(one, depth + 1) for one in node.named_children)
                return ListNode(tuple(items), span)
            case "string":
                return TextNode(decode(span.text), span)
            case "number":
                return NumberNode(span.text, span)
            case "null":
                return NullNode(span)
            case _:
                return BooleanNode(node.type == "true", span)

    def entries(self, node: tree_sitter.Node, depth: int) -> Iterator[tuple[TextNode, Node]]:
        first: dict[str, Span] = {}
        for pair in node.named_children:
            key, value = (self.build(one, depth + 1) for one in pair.named_children)
            if not isinstance(key, TextNode):
                raise _unexplained(self.source)
            if key.value in first:
                self.duplicates.append(_duplicate(key, first[key.value]))
            first.setdefault(key.value, key.span)
            yield key, value


def _duplicate(key: TextNode, first: Span) -> Diagnostic:
    return Diagnostic(
        "DUPLICATE_KEY",
        f'the key "{key.value}" occurs twice in one object',
        key.span,
        f"already on line {first.line}, column {first.column}",
        "keep one of the two, or put their values into one list",
    )
