"""The variables of a Serverless Framework file, filled in as far as the file itself says
(the framework's guide, variables).

Variables that read the file are worked out; those that read options, environments, other files or
AWS are references.
"""

from __future__ import annotations

import re

from policycheck.diagnostics import Diagnostic, InputError, Span
from policycheck.read.document import ListNode, MapNode, Node, NullNode, NumberNode, TextNode
from policycheck.read.sources.found import at
from policycheck.read.sources.parameters import Parameters
from policycheck.read.sources.serverless_syntax import (
    Literal,
    Lookup,
    Piece,
    Variable,
    has_variables,
    pieces,
)
from policycheck.read.sources.serverless_values import dated, exact, literal_node, written
from policycheck.read.sources.unresolved import Own, Reference, References

MAX_DEPTH = 32
DEFAULT_STAGE = "dev"

_INDEX = re.compile("[0-9]{1,6}")
_OWN = {"aws:region": Own.REGION, "aws:accountId": Own.ACCOUNT}


class Variables:
    """The variables of one file."""

    def __init__(self, root: Node, parameters: Parameters, references: References) -> None:
        self.root, self.parameters, self.references = root, parameters, references

    def at(self, *names: str, depth: int = 0) -> Node | None:
        """The value below the file, variables on the way filled in; None if there is none, and a
        text with a reference if it is not known."""
        node: Node | None = self.root
        for name in names:
            if isinstance(node, TextNode):
                node = self.filled(node, depth)
            if isinstance(node, TextNode) and self.is_open(node):
                return node
            node = _below(node, name)
        found = None if node is None or isinstance(node, NullNode) else self.filled(node, depth)
        return None if isinstance(found, NullNode) else found

    def is_open(self, node: Node | None) -> bool:
        """Whether a value is a text with references."""
        return isinstance(node, TextNode) and bool(self.references.within(node.value))

    def filled(self, node: Node, depth: int = 0) -> Node:
        """A node with its variables filled in. Raises InputError for those in a circle."""
        self.references.budget.value(node.span)
        if depth > MAX_DEPTH:
            message = "variables that stand for each other"
            raise InputError([Diagnostic("CIRCULAR_REFERENCE", message, node.span)])
        match node:
            case TextNode():
                return self._text(node, depth)
            case NumberNode():
                return exact(node)
            case ListNode(items):
                return ListNode(tuple(self.filled(one, depth) for one in items), node.span)
            case MapNode(entries):
                pairs = tuple((key, self._entry(key, value, depth)) for key, value in entries)
                return MapNode(pairs, node.span)
            case _:
                return node

    def _entry(self, key: TextNode, value: Node, depth: int) -> Node:
        """The value of a key. A Version is no date: AWS takes none of another form."""
        is_plain = isinstance(value, TextNode) and not has_variables(value.value)
        return value if key.value == "Version" and is_plain else self.filled(value, depth)

    def _text(self, node: TextNode, depth: int) -> Node:
        if not has_variables(node.value):
            return dated(node)
        found = tuple(one for one in pieces(node.value) if one)
        match found:
            case (Variable() as whole,):
                return self._value(whole, node.span, depth)
            case _:
                return TextNode(self._joined(found, node.span, depth), node.span)

    def _joined(self, parts: tuple[Piece, ...], span: Span, depth: int) -> str:
        """The text that texts and variables make."""
        made = []
        for one in parts:
            if isinstance(one, Variable):
                value = written(self._value(one, span, depth))
                made.append(self.references.budget.text(value, span))
            else:
                made.append(one)
        return "".join(made)

    def _value(self, variable: Variable, span: Span, depth: int) -> Node:
        """What a variable stands for: another source than the first only if the file says that
        those before have no value, or if they are options, which are not given."""
        self.references.budget.value(span)
        name = variable.written
        for source in variable.sources:
            if isinstance(source, Literal):
                return self._literal(source, span, depth)
            name = self._name(source, span, depth)
            if (found := self._looked_up(name, span, depth)) is not None:
                return found
            if source.kind not in {"self", "opt"}:
                break
        return self._open(name, span)

    def _literal(self, source: Literal, span: Span, depth: int) -> Node:
        found = literal_node(source, span)
        return self._open(source.text, span) if found is None else self._again(found, depth)

    def _again(self, found: Node, depth: int) -> Node:
        """What a source gave; a text may have variables again (variables/resolve.js)."""
        is_text = isinstance(found, TextNode) and has_variables(found.value)
        return self.filled(found, depth + 1) if is_text else found

    def _name(self, source: Lookup, span: Span, depth: int) -> str:
        """What a source is called, the variables in its address filled in."""
        address = self._joined(source.address, span, depth + 1).strip()
        return f"{source.kind}:{address}" if address else source.kind

    def _looked_up(self, name: str, span: Span, depth: int) -> Node | None:
        """What is given for a source, or what the file has there; None if there is nothing."""
        given = self.parameters.get(self.references.shown(name))
        if given is not None:
            return TextNode(given, span)
        if self.references.within(name):
            return self._open(name, span)
        kind, _, address = name.partition(":")
        if kind == "self":
            found = self.at(*(address.split(".") if address else ()), depth=depth + 1)
            return found and self._again(found, depth)
        return self.stage(span, depth) if name == "sls:stage" else None

    def _open(self, name: str, span: Span) -> Node:
        shown = self.references.shown(name)
        return TextNode(self.references.mark(Reference(shown, span, _OWN.get(name))), span)

    def stage(self, span: Span, depth: int = 0) -> Node:
        """The stage: what is given for the option, what the provider has, or ``dev``
        (variables/sources/instance-dependent/get-sls.js)."""
        given = self.parameters.get("opt:stage")
        if given is not None:
            return TextNode(given, span)
        found = self.at("provider", "stage", depth=depth + 1)
        if found is None or found == TextNode("", span):
            return TextNode(DEFAULT_STAGE, span)
        return found


def _below(node: Node | None, name: str) -> Node | None:
    """The entry of a mapping or the element of a list."""
    if isinstance(node, ListNode):
        is_there = _INDEX.fullmatch(name) is not None and int(name) < len(node.items)
        return node.items[int(name)] if is_there else None
    return at(node, name)
