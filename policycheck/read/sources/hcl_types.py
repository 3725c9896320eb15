"""What a variable's type makes of its default.

Sources: https://developer.hashicorp.com/terraform/language/expressions/type-constraints
(attributes that an object type does not have are left out), and go-cty's cty/convert.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import tree_sitter

from policycheck.read.document import BooleanNode, ListNode, MapNode, Node, NumberNode, TextNode

Attributes = Mapping[str, tree_sitter.Node]


def converted(value: Node, constraint: tree_sitter.Node) -> Node | None:
    """A value as one of a type; None if that is not worked out here."""
    name, arguments = _applied(constraint)
    match name, arguments:
        case "any", []:
            return value
        case "string" | "number" | "bool", []:
            return value if _is_primitive(value, name) else None
        case "list", []:
            return value if isinstance(value, ListNode) else None
        case "map", []:
            return value if isinstance(value, MapNode) else None
        case "list", [item]:
            return _list(value, item)
        case "set", [item]:
            items = _list(value, item)
            return as_set(items) if items is not None else None
        case "map", [item]:
            return _map(value, item)
        case "object", [attributes]:
            return _object(value, _attributes(attributes))
        case _:
            return None


def as_set(value: ListNode) -> ListNode | None:
    """A list as a set: texts in the order of their bytes, in which Terraform goes through them, and
    each once (go-cty, cty/set_internals.go and cty/set_type.go). None if that is not worked out.
    """
    texts = {one.value: one for one in value.items if isinstance(one, TextNode)}
    if len(value.items) < 2:
        return value
    if not all(isinstance(one, TextNode) for one in value.items):
        return None
    return ListNode(tuple(texts[one] for one in sorted(texts)), value.span)


def _is_primitive(value: Node, name: str) -> bool:
    """Whether a value has the type, or is written alike as a text."""
    match name:
        case "number":
            return isinstance(value, NumberNode)
        case "bool":
            return isinstance(value, BooleanNode)
        case _:
            return isinstance(value, TextNode | NumberNode | BooleanNode)


def _list(value: Node, item: tree_sitter.Node) -> ListNode | None:
    if not isinstance(value, ListNode):
        return None
    items = _all(converted(one, item) for one in value.items)
    return None if items is None else ListNode(items, value.span)


def _map(value: Node, item: tree_sitter.Node) -> MapNode | None:
    if not isinstance(value, MapNode):
        return None
    values = _all(converted(one, item) for _, one in value.entries)
    if values is None:
        return None
    keys = (key for key, _ in value.entries)
    return MapNode(tuple(zip(keys, values, strict=True)), value.span)


def _object(value: Node, attributes: Attributes) -> MapNode | None:
    """The attributes that the type has; one that is missing has a default, or is null."""
    if not isinstance(value, MapNode):
        return None
    given = {key.value: (key, one) for key, one in value.entries}
    if not attributes or not attributes.keys() <= given.keys():
        return None
    values = _all(converted(given[name][1], _required(one)) for name, one in attributes.items())
    if values is None:
        return None
    keys = (given[name][0] for name in attributes)
    return MapNode(tuple(zip(keys, values, strict=True)), value.span)


def _required(constraint: tree_sitter.Node) -> tree_sitter.Node:
    """The type of an attribute, whether or not it is optional."""
    name, arguments = _applied(constraint)
    return arguments[0] if name == "optional" and arguments else constraint


def _all(values: Iterable[Node | None]) -> tuple[Node, ...] | None:
    found = tuple(values)
    known = tuple(one for one in found if one is not None)
    return known if len(known) == len(found) else None


def _applied(constraint: tree_sitter.Node) -> tuple[str, list[tree_sitter.Node]]:
    """The name of a type, and what stands in the parentheses behind it."""
    inner = constraint.named_children
    if constraint.type != "expression" or len(inner) != 1:
        return "", []
    if inner[0].type == "variable_expr":
        return _text(inner[0]), []
    if inner[0].type != "function_call":
        return "", []
    name, *rest = inner[0].named_children
    given = [one for one in rest if one.type == "function_arguments"]
    return _text(name), [
        one for each in given for one in each.named_children if one.type == "expression"
    ]


def _attributes(constraint: tree_sitter.Node) -> Attributes:
    """The attributes of an object type with their types."""
    inner = [constraint]
    for kind in ("collection_value", "object", "object_elem"):
        inner = [child for one in inner for child in one.named_children if child.type == kind]
    pairs = ([one for one in each.named_children if one.type == "expression"] for each in inner)
    return {_text(key).strip('"'): value for key, value in pairs}


def _text(node: tree_sitter.Node) -> str:
    return (node.text or b"").decode()
