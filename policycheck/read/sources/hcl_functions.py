"""What functions of Terraform's language give.

Source: https://developer.hashicorp.com/terraform/language/functions
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from policycheck.diagnostics import Span
from policycheck.read.document import ListNode, Node, TextNode
from policycheck.read.sources.hcl_types import as_set
from policycheck.read.sources.unresolved import References

if TYPE_CHECKING:
    import tree_sitter

Names = Mapping[str, Node]
"""The values of the names that ``for`` binds."""


class Evaluation(Protocol):
    """What the functions need of the evaluation of a file (``HclValues``)."""

    references: References
    lookup: Callable[[str, Span], Node | None]

    def span(self, node: tree_sitter.Node) -> Span:
        """Where a syntax node stands."""

    def value(self, node: tree_sitter.Node, names: Names) -> Node:
        """The value of an expression."""

    def text(self, value: Node, node: tree_sitter.Node) -> str:
        """The text that a value is in a template."""

    def made(self, text: str, node: tree_sitter.Node) -> TextNode:
        """A text that was put together."""

    def encoded(self, value: Node, name: str, span: Span) -> TextNode:
        """The text that a value is as JSON."""

    def unknown(self, node: tree_sitter.Node) -> Node:
        """A reference to an expression that is not worked out."""


def called(self: Evaluation, node: tree_sitter.Node, names: Names) -> Node:
    """The value of a function call; a reference if the function is not known here, or what it gives
    is not. Raises InputError for an argument that is not worked out."""
    name = self.span(node.named_children[0]).text
    given = next((one for one in node.named_children if one.type == "function_arguments"), None)
    arguments = expressions(given) if given else []
    if name == "jsonencode" and len(arguments) == 1:
        return _encoded(self, node, self.value(arguments[0], names))
    if name == "toset" and len(arguments) == 1:
        return _set(self, node, self.value(arguments[0], names))
    if name in {"tolist", "tostring"} and len(arguments) == 1:
        return self.value(arguments[0], names)
    if name in {"concat", "flatten"}:
        return _concat(self, node, arguments, names)
    if name in {"join", "format"} and arguments:
        return _joined(self, name, node, arguments, names)
    return self.unknown(node)


def _encoded(self: Evaluation, node: tree_sitter.Node, value: Node) -> Node:
    span = self.span(node)
    known = self.lookup(name := " ".join(span.text.split()), span)
    return known if known is not None else self.encoded(value, name, span)


def _set(self: Evaluation, node: tree_sitter.Node, value: Node) -> Node:
    if not isinstance(value, ListNode):
        return value
    texts = [one.value for one in value.items if isinstance(one, TextNode)]
    if len(value.items) > 1 and any(map(self.references.within, texts)):
        return self.unknown(node)
    found = as_set(value)
    return found if found is not None else self.unknown(node)


def _concat(
    self: Evaluation, node: tree_sitter.Node, arguments: list[tree_sitter.Node], names: Names
) -> Node:
    items: list[Node] = []
    for one in arguments:
        found = self.value(one, names)
        if not isinstance(found, ListNode):
            return self.unknown(node)
        self.references.budget.value(self.span(one), len(found.items))
        items.extend(found.items)
    if self.span(node).text.startswith("concat"):
        return ListNode(tuple(items), self.span(node))
    flat = _flat(items)
    if any(_may_be_list(self, one) for one in flat):
        return self.unknown(node)
    return ListNode(flat, self.span(node))


def _may_be_list(self: Evaluation, node: Node) -> bool:
    """Whether a value is not known, and may be a list."""
    found = self.references.within(node.value) if isinstance(node, TextNode) else ()
    return any(not one.is_text for one in found)


def _joined(
    self: Evaluation,
    name: str,
    node: tree_sitter.Node,
    arguments: list[tree_sitter.Node],
    names: Names,
) -> Node:
    values = [self.value(one, names) for one in arguments]
    first = self.text(values[0], arguments[0])
    if name == "join" and len(values) == 2 and isinstance(values[1], ListNode):
        text = first.join(self.text(one, node) for one in values[1].items)
        return self.made(self.references.budget.text(text, self.span(node)), node)
    is_known = not self.references.within(first)
    directives = first.count("%")
    if name == "format" and is_known and directives == first.count("%s") == len(values) - 1:
        pieces = first.split("%s")
        filled = [self.text(one, node) for one in values[1:]]
        text = "".join(a + b for a, b in zip(pieces, [*filled, ""], strict=True))
        return self.made(self.references.budget.text(text, self.span(node)), node)
    return self.unknown(node)


def expressions(node: tree_sitter.Node) -> list[tree_sitter.Node]:
    """The expressions that a syntax node is made of."""
    return [one for one in node.named_children if one.type == "expression"]


def _flat(items: Sequence[Node]) -> tuple[Node, ...]:
    """The items of lists inside each other, however deep, in order."""
    found: list[Node] = []
    stack = list(reversed(items))
    while stack:
        one = stack.pop()
        if isinstance(one, ListNode):
            stack.extend(reversed(one.items))
        else:
            found.append(one)
    return tuple(found)
