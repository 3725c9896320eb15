"""The variables of a Serverless Framework file, filled in as far as the file itself says
(the framework's guide, variables).

Variables that read the file are worked out; those that read options, environments, other files or
AWS are references.
"""

from __future__ import annotations

import re

from policycheck.diagnostics import Diagnostic, InputError, Span
from policycheck.read.document import ListNode, MapNode, Node, NullNode, TextNode, scalar_text
from policycheck.read.sources.found import at
from policycheck.read.sources.parameters import Parameters
from policycheck.read.sources.unresolved import Own, Reference, References
from policycheck.read.sources.yaml_versions import check_scalars

MAX_DEPTH = 32
DEFAULT_STAGE = "dev"

_VARIABLE = re.compile(r"\$\{(?P<body>[^${}]*)\}")
_QUOTED = re.compile(r"""(["'])(?P<text>(?:(?!\1)[^\\])*)\1\s*(?:,.*)?""", re.DOTALL)
"""A default that is a text, which counts whatever others stand behind it."""
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
            case ListNode(items):
                return ListNode(tuple(self.filled(one, depth) for one in items), node.span)
            case MapNode(entries):
                pairs = tuple((key, self._entry(key, value, depth)) for key, value in entries)
                return MapNode(pairs, node.span)
            case _:
                return node

    def _entry(self, key: TextNode, value: Node, depth: int) -> Node:
        """The value of a key; what ``Fn::Sub`` takes has CloudFormation's variables."""
        if key.value == "Fn::Sub":
            return value
        return self.filled(value, depth)

    def _text(self, node: TextNode, depth: int) -> Node:
        value = node.value
        whole = _VARIABLE.fullmatch(value)
        if whole:
            return self._variable(whole["body"], node.span, depth)
        for _ in range(MAX_DEPTH):
            match = _VARIABLE.search(value)
            if match is None:
                break
            found = self._variable(match["body"], node.span, depth)
            value = value[: match.start()] + _written(found) + value[match.end() :]
            self.references.budget.text(value, node.span)
        return TextNode(value, node.span) if value != node.value else node

    def _variable(self, body: str, span: Span, depth: int) -> Node:
        """What a variable stands for: its default only if the file says that it has no value, or
        for an option, which is not given."""
        name, comma, default = (part.strip() for part in body.partition(","))
        given = self.parameters.get(name)
        if given is not None:
            return TextNode(given, span)
        source, _, address = name.partition(":")
        found: Node | None = None
        if source == "self":
            found = self.at(*address.split("."), depth=depth + 1)
        elif name == "sls:stage":
            found = self.stage(span, depth)
        if found is not None:
            return found
        if comma and source in {"self", "opt"}:
            if quoted := _QUOTED.fullmatch(default):
                return TextNode(quoted["text"], span)
            return self._variable(default, span, depth + 1)
        shown = self.references.shown(name)
        return TextNode(self.references.mark(Reference(shown, span, _OWN.get(name))), span)

    def stage(self, span: Span, depth: int = 0) -> Node:
        """The stage: what is given for the option, what the provider has, or ``dev``."""
        given = self.parameters.get("opt:stage")
        if given is not None:
            return TextNode(given, span)
        return self.at("provider", "stage", depth=depth + 1) or TextNode(DEFAULT_STAGE, span)


def _below(node: Node | None, name: str) -> Node | None:
    """The entry of a mapping or the element of a list."""
    if isinstance(node, ListNode):
        is_there = _INDEX.fullmatch(name) is not None and int(name) < len(node.items)
        return node.items[int(name)] if is_there else None
    return at(node, name)


def _written(node: Node) -> str:
    check_scalars(node)
    text = scalar_text(node)
    if text is None:
        message = "a list or mapping stands inside a text"
        raise InputError([Diagnostic("DATA_TYPE_MISMATCH", message, node.span)])
    return text
