"""What a scalar without quotes is in YAML: the core schema of YAML 1.2, and nothing of YAML 1.1.

``yes``, ``on``, ``12:30`` and ``2026-11-24`` are texts.
"""

from __future__ import annotations

import re

from policycheck.diagnostics import Span
from policycheck.read.document import (
    BooleanNode,
    ListNode,
    Node,
    NullNode,
    NumberNode,
    Scalar,
    TextNode,
)

CODE = "YAML_SYNTAX_ERROR"

_NULL = re.compile(r"null|Null|NULL|~|")
_BOOLEAN = re.compile(r"(?P<true>true|True|TRUE)|false|False|FALSE")
_NUMBER = re.compile(
    r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
    r"|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)


def plain_scalar(text: str, span: Span) -> Scalar:
    """The node of a scalar that was written without quotes; a number keeps its text.

    Source: YAML 1.2.2, section 10.3.2 (tag resolution of the core schema).
    """
    if _NULL.fullmatch(text):
        return NullNode(span)
    if match := _BOOLEAN.fullmatch(text):
        return BooleanNode(match["true"] is not None, span)
    if _NUMBER.fullmatch(text):
        return NumberNode(text, span)
    return TextNode(text, span)


def is_merge(key: Node) -> bool:
    """Whether a key is the merge key of YAML 1.1 (yaml.org/type/merge.html)."""
    return isinstance(key, TextNode) and key.value == "<<" == key.span.text


def merged_by(value: Node) -> tuple[Node, ...]:
    """What a merge key with this value merges: one mapping, or those of a list."""
    return value.items if isinstance(value, ListNode) else (value,)


def paired(text: str) -> str | None:
    """``text`` with its pairs of surrogates joined, as JSON escapes them; None if one is left."""
    if text.isascii():
        return text
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return None
