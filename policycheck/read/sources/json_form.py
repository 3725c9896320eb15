"""Nodes written as JSON."""

from __future__ import annotations

import json
from typing import Any, assert_never

from policycheck.read.document import (
    BooleanNode,
    ListNode,
    MapNode,
    Node,
    NullNode,
    NumberNode,
    TextNode,
)


def json_text(node: Node) -> str:
    """The JSON text of a node, indented by two, with a line break at its end."""
    return json.dumps(plain(node), indent=2, ensure_ascii=False) + "\n"


def plain(node: Node) -> Any:
    """The node as the values that the standard library takes for JSON.

    Numbers that JSON cannot write become strings.
    """
    match node:
        case TextNode(value) | BooleanNode(value):
            return value
        case NumberNode(text):
            return int(text) if text.removeprefix("-").isdigit() and len(text) < 20 else text
        case NullNode():
            return None
        case ListNode(items):
            return [plain(one) for one in items]
        case MapNode(entries):
            return {key.value: plain(value) for key, value in entries}
        case _:
            assert_never(node)
