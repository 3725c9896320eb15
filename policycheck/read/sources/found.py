"""What a reader of a format hands on: the policies of a document, not read yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic, InputError, Source, Span
from policycheck.model.facts import ApiFacts
from policycheck.model.symbol import Symbol
from policycheck.read.document import MapNode, Node, TextNode
from policycheck.read.sources.mapped import MappedText


@dataclass(frozen=True)
class FoundPolicy:
    """A policy of a document: the resource that has it, what is said of the API, and what it
    leaves open."""

    resource: str
    node: Node
    facts: ApiFacts = ApiFacts()
    symbols: tuple[Symbol, ...] = ()


@dataclass(frozen=True)
class RefusedPolicy:
    """A policy of a document that cannot be read, and why."""

    resource: str
    error: InputError


Found = Sequence[FoundPolicy | RefusedPolicy]
"""The policies of a document."""


def policy_node(value: Node) -> Node:
    """The policy that a value is, or that it holds as JSON in a string. Raises InputError.

    ``aws apigateway get-rest-api`` escapes the quotes in the string once more than JSON does.
    """
    if not isinstance(value, TextNode):
        return value
    if not value.value:
        message = "there is no JSON in this text"
        advice = 'write {"Version": "2012-10-17", "Statement": [...]}'
        raise InputError([Diagnostic("JSON_SYNTAX_ERROR", message, value.span, "", advice)])
    text = MappedText.of(value)
    if value.value.lstrip()[:2] == "{\\":
        text = text.unescaped() or text
    return text.parse()


def at(node: Node | None, *names: str) -> Node | None:
    """The value below mappings, or None if there is none."""
    for name in names:
        node = node.get(name) if isinstance(node, MapNode) else None
    return node


def text_of(node: Node | None) -> str | None:
    """The text that a node is."""
    return node.value if isinstance(node, TextNode) else None


def no_policy(source: Source, what: str, apis: Iterable[str] = ()) -> InputError:
    """The error that a document has no resource policy."""
    listed = ", ".join(apis)
    message = f"there is no resource policy in this {what}"
    advice = f"without one, these APIs are open to every caller: {listed}"
    advice = advice if listed else "give the file that holds the policy"
    return InputError(
        [Diagnostic("NO_POLICY_IN_DOCUMENT", message, Span(source, 0, 1), "", advice)]
    )
