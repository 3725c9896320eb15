"""Nodes that no file has, made of those that one has: each at the place that it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeGuard

from policycheck.diagnostics import Span
from policycheck.read.document import (
    BooleanNode,
    ListNode,
    MapNode,
    Node,
    NullNode,
    NumberNode,
    TextNode,
)


def text(value: str, span: Span) -> TextNode:
    """A string."""
    return TextNode(value, span)


def listed(items: Iterable[Node], span: Span) -> ListNode:
    """A list."""
    return ListNode(tuple(items), span)


def mapping(span: Span, **entries: Node) -> MapNode:
    """A mapping."""
    return MapNode(tuple((TextNode(name, span), value) for name, value in entries.items()), span)


def merged(outer: Node | None, inner: Node | None) -> Node | None:
    """What SAM makes of a value in Globals and the one at the resource: mappings are merged, lists
    put together, and anything else of the resource replaces that of Globals."""
    match outer, inner:
        case (None, _):
            return inner
        case (_, None):
            return outer
        case (MapNode() as above, MapNode() as below) if not (_function(above) or _function(below)):
            names = dict.fromkeys(key.value for key, _ in (*above.entries, *below.entries))
            keys = {key.value: key for key, _ in (*above.entries, *below.entries)}
            pairs = ((keys[name], merged(above.get(name), below.get(name))) for name in names)
            return MapNode(tuple((k, v) for k, v in pairs if v is not None), below.span)
        case (ListNode(above_items), ListNode(below_items)):
            return ListNode((*above_items, *below_items), inner.span)
        case _:
            return inner


def is_given(node: Node | None) -> bool:
    """Whether SAM takes a property for given: for any value that Python takes for true."""
    match node:
        case None | NullNode() | TextNode("") | ListNode(()) | MapNode(()) | BooleanNode(False):
            return False
        case NumberNode(written):
            return float(written) != 0
        case _:
            return True


def is_function(key: TextNode) -> bool:
    """Whether a key names a function of CloudFormation."""
    return key.value == "Ref" or key.value.startswith("Fn::")


def is_plain(node: Node) -> bool:
    """Whether a value is a mapping that is no function, and has none among its keys."""
    return isinstance(node, MapNode) and not any(is_function(key) for key, _ in node.entries)


def is_otherwise(node: Node | None) -> TypeGuard[Node]:
    """Whether something else than a plain mapping stands where one may; null is as nothing."""
    return node is not None and not isinstance(node, NullNode) and not is_plain(node)


def _function(node: MapNode) -> bool:
    return len(node.entries) == 1 and is_function(node.entries[0][0])
