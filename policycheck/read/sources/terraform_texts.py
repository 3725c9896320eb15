"""Documents that stand in texts of a Terraform module: policies, and definitions of APIs."""

from __future__ import annotations

from dataclasses import replace

from policycheck.diagnostics import InputError
from policycheck.read.document import Node, NullNode, TextNode
from policycheck.read.sources.found import policy_node
from policycheck.read.sources.terraform_scope import Scope
from policycheck.read.sources.unresolved import unknown_values

_IN_JSON = "a quote in it would change the JSON that it stands in; jsonencode escapes it"


def document(scope: Scope, node: Node) -> Node:
    """The JSON that a text is, with positions; any other node as it is. Raises InputError."""
    if not isinstance(node, TextNode):
        return node
    if (value := _encoded(scope, node)) is not None:
        return value
    open_ones = scope.references.within(node.value)
    if open_ones and len(node.value.strip()) == len(open_ones):
        raise InputError(unknown_values(open_ones))
    if unquoted := [one for one in open_ones if not (one.own or one.is_text)]:
        raise InputError(unknown_values(replace(one, why=one.why or _IN_JSON) for one in unquoted))
    for values in scope.values.values():
        if (made := values.texts.get((node.span.start, node.value))) is not None:
            return made.parse()
    return policy_node(node)


def definition(scope: Scope, body: Node) -> Node | None:
    """The API's definition; None if it is not known."""
    encoded = _encoded(scope, body)
    found = body if encoded is None else encoded
    if isinstance(found, TextNode) and scope.references.within(found.value):
        return None
    return found if encoded is not None else document(scope, body)


def is_empty(node: Node) -> bool:
    """Whether a value is null, or a text without anything in it."""
    return isinstance(node, NullNode) or (isinstance(node, TextNode) and not node.value.strip())


def _encoded(scope: Scope, node: Node) -> Node | None:
    """The value that a text is the JSON of, if it was made of one."""
    text = node.value.strip() if isinstance(node, TextNode) else ""
    found = (values.documents.get(text) for values in scope.values.values())
    return next((one for one in found if one is not None), None)
