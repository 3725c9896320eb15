"""Condition blocks (semantics B)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic
from policycheck.model.condition import Comparing, ConditionEntry, Existing, Relation
from policycheck.model.keys import KeySpace
from policycheck.read.condition_errors import (
    SHAPE,
    both_flags,
    empty_operator,
    key_first,
    malformed_key,
    misfit,
    mixed_types,
    no_key,
    no_values,
    not_a_null_flag,
    not_a_value,
    repeated_key,
    unquoted_number,
)
from policycheck.read.condition_warnings import qualifier_warnings, unused_variable, value_warnings
from policycheck.read.document import (
    ListNode,
    MapNode,
    Node,
    NumberNode,
    TextNode,
    scalar_text,
)
from policycheck.read.literal_error import LiteralError
from policycheck.read.operators import Operator, OperatorFamily, parse_operator
from policycheck.read.relations import relation
from policycheck.read.shape import literal_error, mismatch, warning
from policycheck.read.variables_used import multivalued, variables_of

AWS_KEYS = KeySpace()
"""The keys of AWS alone; nothing is declared."""

_TEXTUAL = {OperatorFamily.STRING, OperatorFamily.ARN}
_INTEGER = r"0|-?[1-9][0-9]*"


def parse_conditions(
    node: Node, diagnostics: list[Diagnostic], *, variables: bool, keys: KeySpace = AWS_KEYS
) -> tuple[ConditionEntry, ...]:
    """The entries of a Condition element, in the author's order.

    ``variables``: whether ``${...}`` is a policy variable. ``keys``: the keys whose types are
    known; keys that nobody knows take every operator. What is wrong goes to ``diagnostics``.
    """
    if not isinstance(node, MapNode):
        diagnostics.append(mismatch(node, "Condition, an object", SHAPE))
        return ()
    if not node.entries:
        message = "an empty Condition restricts nothing"
        diagnostics.append(warning("EMPTY_OBJECT_CONDITION", message, node.span, "empty", SHAPE))
    reader = _Reader(diagnostics, variables, keys)
    return tuple(
        entry for operator, block in node.entries for entry in reader.block(operator, block)
    )


@dataclass(frozen=True)
class _Reader:
    diagnostics: list[Diagnostic]
    variables: bool
    keys: KeySpace

    def block(self, name: TextNode, block: Node) -> Iterator[ConditionEntry]:
        """The entries of one operator."""
        if self.keys.find(name.value):
            self.diagnostics.append(key_first(name, block))
            return
        operator = self._operator(name)
        if not isinstance(block, MapNode):
            if operator:
                self.diagnostics.append(no_key(name, block))
            return
        if not block.entries:
            self.diagnostics.append(empty_operator(name, block))
        seen: dict[str, TextNode] = {}
        for key, values in block.entries:
            if self._check_key(key, seen) and operator:
                yield from self._entry(operator, key, values)

    def _operator(self, name: TextNode) -> Operator | None:
        try:
            return parse_operator(name.value)
        except LiteralError as error:
            self.diagnostics.append(literal_error(name, error))
            return None

    def _check_key(self, key: TextNode, seen: dict[str, TextNode]) -> bool:
        folded = key.value.lower()
        if found := malformed_key(key, self.keys):
            self.diagnostics.append(found)
            return False
        if folded in seen:
            self.diagnostics.append(repeated_key(key, seen[folded]))
        seen.setdefault(folded, key)
        return True

    def _entry(self, operator: Operator, key: TextNode, node: Node) -> Iterator[ConditionEntry]:
        values = tuple(self._values(operator, node))
        known = self.keys.find(key.value)
        if known and (found := misfit(operator, known, key.span)):
            self.diagnostics.append(found)
            return
        self.diagnostics.extend(qualifier_warnings(operator, known, key))
        if operator.base.family is OperatorFamily.NULL:
            yield self._existing(operator, key, values)
        else:
            yield self._comparing(operator, key, values)

    def _existing(
        self, operator: Operator, key: TextNode, values: tuple[TextNode, ...]
    ) -> Existing:
        absent = []
        for value in values:
            if value.value.lower() in {"true", "false"}:
                absent.append(value.value.lower() == "true")
                self.diagnostics.extend(value_warnings(operator, "", value))
            else:
                self.diagnostics.append(not_a_null_flag(value))
        return Existing(
            operator.text,
            key.value.lower(),
            tuple(absent),
            operator.quantifier,
            key.value,
            key.span,
        )

    def _comparing(
        self, operator: Operator, key: TextNode, values: tuple[TextNode, ...]
    ) -> Comparing:
        relations = tuple(r for value in values if (r := self._relation(operator, key, value)))
        if operator.base.family is OperatorFamily.BOOL and len(set(relations)) > 1:
            self.diagnostics.append(both_flags(values))
        return Comparing(
            operator.text,
            key.value.lower(),
            relations,
            operator.base.negated,
            operator.if_exists,
            operator.quantifier,
            key.value,
            key.span,
        )

    def _relation(self, operator: Operator, key: TextNode, value: TextNode) -> Relation | None:
        try:
            found = relation(operator.base, value.value, value.span, variables=self.variables)
        except LiteralError as error:
            self.diagnostics.append(literal_error(value, error))
            return None
        self.diagnostics.extend(value_warnings(operator, key.value.lower(), value))
        if "${" in value.value and not self.variables:
            self.diagnostics.append(unused_variable(value))
        self.diagnostics.extend(multivalued(variables_of(found), value.span, self.keys))
        return found

    def _values(self, operator: Operator, node: Node) -> Iterator[TextNode]:
        items = node.items if isinstance(node, ListNode) else (node,)
        if not items:
            self.diagnostics.append(no_values(node))
        if len({type(item) for item in items if scalar_text(item) is not None}) > 1:
            self.diagnostics.append(mixed_types(node))
        for item in items:
            text = scalar_text(item)
            if text is None:
                self.diagnostics.append(not_a_value(item))
            elif operator.base.family in _TEXTUAL and not _plain(item):
                self.diagnostics.append(unquoted_number(item))
            else:
                yield TextNode(text, item.span)


def _plain(item: Node) -> bool:
    """Whether there is one way to read a value as text; 1e3 without quotes has two."""
    return not isinstance(item, NumberNode) or re.fullmatch(_INTEGER, item.text) is not None
