"""Access to nodes by the type that they must have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from policycheck.diagnostics import Diagnostic, Level, Span, nearest
from policycheck.read.document import (
    BooleanNode,
    ListNode,
    MapNode,
    Node,
    NullNode,
    NumberNode,
    TextNode,
)
from policycheck.read.literal_error import LiteralError

SURE = 0.75
"""How alike two names must be for the one to be read in the other's place."""


def kind_of(node: Node) -> str:
    """What a node is, for messages."""
    match node:
        case TextNode():
            return "a string"
        case NumberNode():
            return "a number"
        case BooleanNode():
            return "true or false"
        case NullNode():
            return "null"
        case ListNode():
            return "a list"
        case MapNode():
            return "an object"
        case _:
            assert_never(node)


def warning(code: str, message: str, span: Span, label: str = "", advice: str = "") -> Diagnostic:
    """A diagnostic that does not stop the reading."""
    return Diagnostic(code, message, span, label, advice, Level.WARNING)


def mismatch(node: Node, wanted: str, advice: str = "") -> Diagnostic:
    """The error that ``node`` is not ``wanted`` (``the Sid, a string``)."""
    name, _, kind = wanted.partition(", ")
    label = f"this is {kind_of(node)}"
    return Diagnostic("DATA_TYPE_MISMATCH", f"{name} must be {kind}", node.span, label, advice)


def literal_error(node: TextNode, error: LiteralError) -> Diagnostic:
    """The diagnostic of a literal that cannot be read, at its wrong part."""
    span = part(node, *error.part) if error.part else node.span
    return Diagnostic(error.code, error.message, span, "", error.help)


def part(node: TextNode, start: int, end: int) -> Span:
    """The stretch of the source that wrote ``node.value[start:end]``.

    All of the node if its text is not written as it is (escapes, folded lines).
    """
    written = node.span.text
    for offset in (0, 1):
        if written[offset : len(written) - offset] == node.value:
            first = node.span.start + offset
            return Span(node.span.source, first + start, first + end)
    return node.span


def texts(
    node: Node, element: str, diagnostics: list[Diagnostic], *, empty: str
) -> Iterator[TextNode]:
    """The strings of an element that takes a string or a list of them (semantics A1).

    What is of another type is reported, and so is an empty list, under the code ``empty``.
    """
    if isinstance(node, ListNode) and not node.items:
        message = f"{element} is an empty list, so the statement would apply to nothing"
        diagnostics.append(Diagnostic(empty, message, node.span, "empty", "write a value"))
    for item in node.items if isinstance(node, ListNode) else (node,):
        if isinstance(item, TextNode):
            yield item
        else:
            quoted = isinstance(item, NumberNode | BooleanNode)
            advice = f'write "{item.span.text}" in quotes' if quoted else "write a string"
            wanted = f"{element}, a string or a list of strings"
            diagnostics.append(mismatch(item, wanted, advice))


def elements(
    node: MapNode, known: tuple[str, ...], where: str, diagnostics: list[Diagnostic]
) -> dict[str, tuple[TextNode, Node]]:
    """The entries of an object by their names; names other than ``known`` are reported.

    An unknown name that is nearly a known one is read in its place, so that one slip gives one
    error. Element names are case-sensitive (semantics A1).
    """
    found = {key.value: (key, value) for key, value in node.entries if key.value in known}
    for key, value in node.entries:
        if key.value in known:
            continue
        instead = meant(key.value, known)
        advice = f'write "{instead}"' if instead else f"{where} has {', '.join(known)}"
        diagnostics.append(
            Diagnostic(
                "INVALID_POLICY_ELEMENT",
                f'{where} has no element "{key.value}"',
                key.span,
                "unknown element",
                advice,
            )
        )
        if instead:
            found.setdefault(instead, (key, value))
    return found


def meant(word: str, known: tuple[str, ...]) -> str | None:
    """The one of ``known`` that ``word`` is, or surely means; None if there is none."""
    if word in known:
        return word
    found = nearest(word, known)
    if found is None:
        return None
    from difflib import SequenceMatcher  # noqa: PLC0415 -- for mistakes alone

    alike = SequenceMatcher(None, word.casefold(), found.casefold()).ratio()
    return found if alike >= SURE else None
