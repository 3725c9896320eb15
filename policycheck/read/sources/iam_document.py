"""The data source ``aws_iam_policy_document`` of Terraform's AWS provider, as the policy that its
attribute ``json`` is.

Source: the provider's internal/service/iam/policy_document_data_source.go and policy_model.go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from policycheck.diagnostics import Diagnostic, InputError
from policycheck.read.document import ListNode, MapNode, Node, NullNode, TextNode
from policycheck.read.sources.hcl_files import Block
from policycheck.read.sources.nodes import listed, mapping, text

Value = Callable[[Block, str], Node | None]
"""Works out an attribute of a block; None if the block does not have it."""

_LISTS = {
    "actions": "Action",
    "not_actions": "NotAction",
    "resources": "Resource",
    "not_resources": "NotResource",
}
_WITH_VARIABLES = {"resources", "not_resources"}
_MERGED = ("source_json", "override_json", "source_policy_documents", "override_policy_documents")
_KNOWN = {"statement", "policy_id", "version", *_MERGED}


def policy_document(block: Block, value: Value) -> MapNode:
    """The policy that the data source writes. Raises InputError for what is not worked out."""
    for name in _MERGED:
        if block.attribute(name) is not None:
            message = f"{name} puts several documents together, which is not done here"
            raise _refused(block, message, "write the statements into one document")
    entries: dict[str, Node] = {
        "Version": value(block, "version") or text("2012-10-17", block.span)
    }
    if (identifier := value(block, "policy_id")) is not None:
        entries["Id"] = identifier
    entries["Statement"] = listed(_statements(block, value), block.span)
    return mapping(block.span, **entries)


def _statements(block: Block, value: Value) -> Iterator[Node]:
    for inner in block.blocks():
        if inner.type == "statement":
            yield _statement(inner, value)
        elif inner.type == "dynamic" or inner.type not in _KNOWN:
            message = f"a block {inner.type} is not worked out here"
            raise _refused(
                inner, message, "write the statements out, or check terraform show -json"
            )


def _statement(block: Block, value: Value) -> MapNode:
    entries: dict[str, Node] = {}
    sid = value(block, "sid")
    if sid is not None and not _is_unset(sid):
        entries["Sid"] = sid
    entries["Effect"] = value(block, "effect") or text("Allow", block.span)
    for name, element in _LISTS.items():
        if (found := value(block, name)) is not None:
            entries[element] = _variables(found) if name in _WITH_VARIABLES else found
    for inner in block.blocks():
        if inner.type not in {"principals", "not_principals", "condition"}:
            message = f"a block {inner.type} is not worked out here"
            raise _refused(inner, message, "write it out")
    for name, element in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        if blocks := [one for one in block.blocks() if one.type == name]:
            entries[element] = _principal(blocks, value)
    if conditions := [one for one in block.blocks() if one.type == "condition"]:
        entries["Condition"] = _condition(conditions, value)
    return mapping(block.span, **entries)


def _is_unset(node: Node) -> bool:
    """Whether the provider takes a text for not given, as it does null and the empty one."""
    return isinstance(node, NullNode) or (isinstance(node, TextNode) and not node.value)


def _principal(blocks: list[Block], value: Value) -> Node:
    span = blocks[0].span
    found: dict[str, list[Node]] = {}
    for block in blocks:
        kind, items = _needed(block, "type", value), _items(block, "identifiers", value)
        found.setdefault(kind.value if isinstance(kind, TextNode) else "", []).extend(items)
    if set(found) == {"*"}:
        if not all(isinstance(one, TextNode) and one.value == "*" for one in found["*"]):
            message = 'principals of type "*" are written as everybody for the identifier "*" alone'
            raise _refused(blocks[0], message, 'write identifiers = ["*"], or type = "AWS"')
        return text("*", span)
    return mapping(
        span, **{kind: listed(map(_variables, items), span) for kind, items in found.items()}
    )


def _condition(blocks: list[Block], value: Value) -> Node:
    span = blocks[0].span
    found: dict[str, dict[str, tuple[Node, list[Node]]]] = {}
    for block in blocks:
        test, key = _needed(block, "test", value), _needed(block, "variable", value)
        if not (isinstance(test, TextNode) and isinstance(key, TextNode)):
            raise _refused(block, "test and variable are texts", "")
        _, given = found.setdefault(test.value, {}).setdefault(key.value, (key, []))
        given.extend(_items(block, "values", value))
    blocks_of = {
        test: MapNode(
            tuple(
                (text(name, key.span), listed(map(_variables, values), _first(values, key).span))
                for name, (key, values) in keys.items()
            ),
            span,
        )
        for test, keys in found.items()
    }
    return mapping(span, **blocks_of)


def _first(values: list[Node], key: Node) -> Node:
    return values[0] if values else key


def _items(block: Block, name: str, value: Value) -> tuple[Node, ...]:
    """The items of a list; what is not known to be one may have any number of them."""
    found = _needed(block, name, value)
    if isinstance(found, ListNode):
        return found.items
    written = found.span.text
    message = f"{name} is a list, and the items of {written} are not known here"
    advice = f"write {name} = [...], or give them: --parameter '{written}=[...]'"
    raise InputError([Diagnostic("UNRESOLVED_REFERENCE", message, found.span, "", advice)])


def _needed(block: Block, name: str, value: Value) -> Node:
    found = value(block, name)
    if found is None:
        raise _refused(block, f"this {block.type} has no {name}", f"write {name} = ...")
    return found


def _variables(node: Node) -> Node:
    """A value with policy variables as policies have them: the data source writes ``&{key}``."""
    match node:
        case TextNode(value):
            return TextNode(value.replace("&{", "${"), node.span)
        case ListNode(items):
            return ListNode(tuple(map(_variables, items)), node.span)
        case _:
            return node


def _refused(block: Block, message: str, advice: str) -> InputError:
    return InputError([Diagnostic("UNSUPPORTED_DOCUMENT", message, block.span, "", advice)])
