"""What can be wrong with a condition block, as diagnostics (semantics B, F)."""

from __future__ import annotations

import re

from policycheck.diagnostics import Diagnostic, Span
from policycheck.model.keys import Key, KeySpace, KeyType
from policycheck.read.document import MapNode, Node, NumberNode, TextNode
from policycheck.read.operators import Operator, OperatorFamily, example, fitting
from policycheck.read.shape import kind_of, mismatch

SHAPE = 'write "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}'

_KEY = r"[A-Za-z0-9._/-]+:[!-~]+"
_TAGS = ("aws:principaltag", "aws:requesttag", "aws:resourcetag")
_HOLDS = {
    KeyType.STRING: "a text",
    KeyType.IP: "an address",
    KeyType.DATE: "a date",
    KeyType.NUMERIC: "a number",
    KeyType.BOOL: "a truth value",
    KeyType.ARN: "an ARN",
}


def no_key(operator: TextNode, block: Node) -> Diagnostic:
    """The operator maps straight to values; the condition key is missing."""
    name = operator.value
    value = block.span.text if isinstance(block, TextNode | NumberNode) else "[...]"
    advice = f'write "{name}": {{"aws:...": {value}}} with the key that is meant'
    return mismatch(block, f"{name}, an object from condition keys to values", advice)


def key_first(name: TextNode, block: Node) -> Diagnostic:
    """A condition key stands where an operator belongs."""
    advice = f'write {{"Operator": {{"{name.value}": ...}}}}'
    if isinstance(block, MapNode) and block.entries:
        advice = f'write {{"{block.entries[0][0].value}": {{"{name.value}": ...}}}}'
    message = f"{name.value} is a condition key; an operator comes first"
    return Diagnostic("INVALID_CONDITION_OPERATOR", message, name.span, "not an operator", advice)


def empty_operator(name: TextNode, block: MapNode) -> Diagnostic:
    """An operator without a key."""
    message = f"{name.value} has no condition key"
    return Diagnostic("EMPTY_OBJECT_CONDITION", message, block.span, "empty", SHAPE)


def malformed_key(key: TextNode, keys: KeySpace) -> Diagnostic | None:
    """A key that is not ``prefix:name``, or the error that a tag key names no tag."""
    prefix, _, name = key.value.partition("/")
    is_tag = prefix.lower() in _TAGS
    if is_tag and not name:
        message = f"{key.value} names no tag"
        advice = f"write {key.value.rstrip('/')}/ and the tag's key"
        return Diagnostic("MISSING_TAG_KEY_IN_CONDITION", message, key.span, "", advice)
    good = name == name.strip() if is_tag else re.fullmatch(_KEY, key.value) is not None
    if good or key.value.lower() in keys.declared:
        return None
    meant = keys.find(f"aws:{key.value.strip()}") or keys.find(key.value.strip())
    advice = f'write "{meant.name}"' if meant else "write prefix:name, like aws:SourceIp"
    message = f'"{key.value}" is not a condition key'
    return Diagnostic("INVALID_CONDITION_KEY_FORMAT", message, key.span, "", advice)


def repeated_key(key: TextNode, first: TextNode) -> Diagnostic:
    """Two spellings of one key under one operator; names ignore case."""
    message = f"{key.value} and {first.value} are one condition key"
    return Diagnostic(
        "DUPLICATE_KEYS_WITH_DIFFERENT_CASE",
        message,
        key.span,
        f"already on line {first.span.line}, column {first.span.column}",
        "put the values into one list",
    )


def misfit(operator: Operator, key: Key, span: Span) -> Diagnostic | None:
    """The error that the operator's family does not take the key (semantics B3 to B5)."""
    if operator.base.family is OperatorFamily.NULL:
        return None
    families = fitting(key)
    if operator.base.family not in families:
        compares = f"{operator.base.name} compares {operator.base.family.value}"
        return Diagnostic(
            "TYPE_MISMATCH",
            f"{compares}, but {key.name} holds {_HOLDS[key.type]}",
            span,
            f"holds {_HOLDS[key.type]}",
            f"use {example(families[0])} or another operator for {families[0].value}",
        )
    if key.multivalued and operator.quantifier is None:
        return Diagnostic(
            "MISSING_QUALIFIER",
            f"{key.name} has several values, so its operator needs ForAllValues: or ForAnyValue:",
            span,
            "has several values",
            f'write "ForAnyValue:{operator.text}" or "ForAllValues:{operator.text}"',
        )
    return None


def no_values(node: Node) -> Diagnostic:
    """An empty list of values (semantics X-3)."""
    message = "a condition key with an empty list of values"
    return Diagnostic("EMPTY_ARRAY_CONDITION", message, node.span, "empty", "write a value")


def mixed_types(node: Node) -> Diagnostic:
    """A list of values of different JSON types."""
    message = "the values of one condition key are of different types"
    return Diagnostic("INVALID_CONDITION_DATA_TYPE", message, node.span, "", "quote all of them")


def not_a_value(item: Node) -> Diagnostic:
    """A null, list or object as a value."""
    message = f"{kind_of(item)} cannot be a value of a condition key"
    return Diagnostic("INVALID_CONDITION_DATA_TYPE", message, item.span, "", "write a string")


def unquoted_number(item: Node) -> Diagnostic:
    """A number without quotes that can be written as text in several ways."""
    message = f"{item.span.text} may be written in several ways as a text"
    return Diagnostic("TYPE_MISMATCH", message, item.span, "", f'write "{item.span.text}"')


def not_a_null_flag(value: TextNode) -> Diagnostic:
    """A value of Null other than true and false."""
    message = f'Null takes "true" (the key is absent) or "false", not "{value.value}"'
    advice = 'write "true" or "false"'
    return Diagnostic("TYPE_MISMATCH_BOOLEAN", message, value.span, "", advice)


def both_flags(values: tuple[TextNode, ...]) -> Diagnostic:
    """Bool with true and false listed: it would only ask whether the key is there."""
    message = "Bool with both values restricts nothing where the key is there"
    advice = 'keep one value, or ask {"Null": {key: "false"}}'
    return Diagnostic("INVALID_CONDITION_MULTIPLE_BOOLEAN", message, values[-1].span, "", advice)
