"""Templates in YAML: the short forms of CloudFormation's functions (``!Ref``, ``!Sub``)."""

from __future__ import annotations

import re

from policycheck.diagnostics import Source, Span
from policycheck.read.document import ListNode, MapNode, Node, TextNode
from policycheck.read.sources.detect import Format, format_of
from policycheck.read.yaml_text import YamlDialect, parse_yaml

FUNCTIONS = (
    "And",
    "Base64",
    "Cidr",
    "Equals",
    "FindInMap",
    "ForEach",
    "GetAtt",
    "GetAZs",
    "If",
    "ImportValue",
    "Join",
    "Length",
    "Not",
    "Or",
    "Select",
    "Split",
    "Sub",
    "ToJsonString",
    "Transform",
)
"""The functions with a short form. Source: CFN/intrinsic-function-reference."""


_MERGE = re.compile(r"(?m)^[ \t{,-]*<<[ \t]*:|[{,][ \t]*<<[ \t]*:")


def parse_template(source: Source) -> Node:
    """The document that a YAML text is, with a mapping for each short form. Raises InputError.

    Only the Serverless Framework takes merge keys: it reads YAML with js-yaml, while AWS does not
    support them (CFN/template-formats).
    """
    if _MERGE.search(source.text):
        found = parse_yaml(source, YamlDialect(_function, any_key=True, merge=True))
        if format_of(found) is Format.SERVERLESS:
            return found
    return parse_yaml(source, YamlDialect(_function, any_key=True))


def _function(tag: str, node: Node, span: Span) -> Node | None:
    name = tag.removeprefix("!")
    if name in {"Ref", "Condition"}:
        return _mapping(name, node, span)
    if name not in FUNCTIONS:
        return None
    if name == "GetAtt" and isinstance(node, TextNode):
        resource, _, attribute = node.value.partition(".")
        parts = (TextNode(resource, node.span), TextNode(attribute, node.span))
        node = ListNode(parts, node.span)
    return _mapping(f"Fn::{name}", node, span)


def _mapping(name: str, node: Node, span: Span) -> MapNode:
    return MapNode(((TextNode(name, span), node),), span)
