"""A parsed text with the position of every element: what JSON and YAML have in common."""

from __future__ import annotations

from dataclasses import field
from typing import assert_never

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Span

MAX_DEPTH = 64
"""How deep lists and mappings of a text may be nested; a policy needs seven levels."""


@dataclass(frozen=True)
class TextNode:
    """A string. ``span`` covers the quotes, if the text has any."""

    value: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class NumberNode:
    """A number, as it was written."""

    text: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class BooleanNode:
    """``true`` or ``false``."""

    value: bool
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class NullNode:
    """``null``."""

    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class ListNode:
    """A list."""

    items: tuple[Node, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class MapNode:
    """A mapping, in the author's order; a key that occurs twice has been reported by the parser."""

    entries: tuple[tuple[TextNode, Node], ...]
    span: Span = field(compare=False, repr=False)

    def get(self, name: str) -> Node | None:
        """The value of ``name``, or None if there is no such key."""
        return next((value for key, value in self.entries if key.value == name), None)


Scalar = TextNode | NumberNode | BooleanNode | NullNode
Node = Scalar | ListNode | MapNode


def scalar_text(node: Node) -> str | None:
    """What a string, a number or a Boolean is as a text; None for anything else."""
    match node:
        case TextNode(value):
            return value
        case NumberNode(text):
            return text
        case BooleanNode(value):
            return str(value).lower()
        case NullNode() | ListNode() | MapNode():
            return None
        case _:
            assert_never(node)
