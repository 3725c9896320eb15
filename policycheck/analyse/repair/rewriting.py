"""What each edit does to the text of a policy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import assert_never

from policycheck.analyse.repair.document import Document, Replacement
from policycheck.analyse.repair.edits import (
    AddConditions,
    AddResources,
    AddStatement,
    Edit,
    Entry,
    ExtendValues,
    RemoveCondition,
    RemoveStatement,
    ReplaceKey,
    ReplaceOperator,
    ReplaceResource,
    ReplaceValues,
)
from policycheck.analyse.repair.layout import Json, margin_at
from policycheck.dataclass import dataclass
from policycheck.read.document import ListNode, MapNode, Node, TextNode


class ImpossibleEditError(Exception):
    """An edit that has no place in a text."""


def applied(edit: Edit, document: Document) -> Document:
    """The document after the edit, read anew.

    Raises ImpossibleEditError if the edit has no place there, InputError if the reader refuses
    the edited text.
    """
    return document.edited(replacements(edit, document))


def replacements(edit: Edit, document: Document) -> tuple[Replacement, ...]:
    """What the edit changes in the text. Raises ImpossibleEditError."""
    match edit:
        case RemoveStatement(index):
            return (_without_statement(document, index),)
        case ReplaceResource() | AddResources():
            return (_resources(document, edit),)
        case AddConditions(index, entries):
            return tuple(_with_conditions(document, index, entries))
        case RemoveCondition(index, operator, key):
            return (_without_condition(document, index, operator, key),)
        case ReplaceOperator() | ReplaceKey():
            return (_renamed(document, edit),)
        case ReplaceValues() | ExtendValues():
            return (_values(document, edit),)
        case AddStatement():
            return tuple(_with_statement(document, edit.elements))
    assert_never(edit)


def _without_statement(document: Document, index: int) -> Replacement:
    node = document.statements
    if not isinstance(node, ListNode) or len(node.items) < 2:
        raise ImpossibleEditError
    return document.without_item(node, index)


def _with_statement(document: Document, body: dict[str, Json]) -> Iterator[Replacement]:
    node = document.statements
    if isinstance(node, ListNode):
        yield document.with_items(node, [body])
        return
    margin = margin_at(node)
    written = document.layout.render(body, margin, len(margin))
    yield Replacement(node.span.start, node.span.start, "[")
    yield Replacement(node.span.end, node.span.end, f"{document.layout.comma}{written}]")


def _resources(document: Document, edit: ReplaceResource | AddResources) -> Replacement:
    statement = document.statement(edit.statement)
    node = statement.get("Resource") or document.element(statement, "NotResource")
    if isinstance(edit, AddResources):
        return _further(document, node, edit.resources)
    if not isinstance(node, ListNode):
        if not edit.resources:
            raise ImpossibleEditError
        return _instead(document, node, edit.resources)
    if not edit.resources:
        if len(node.items) < 2:
            raise ImpossibleEditError
        return document.without_item(node, edit.index)
    item = node.items[edit.index]
    margin = margin_at(item)
    several = "\n" in node.span.text
    between = f",{document.layout.newline}{margin}" if several else document.layout.comma
    written = between.join(json.dumps(one, ensure_ascii=False) for one in edit.resources)
    return Replacement(item.span.start, item.span.end, written)


def _instead(document: Document, node: Node, values: tuple[str, ...]) -> Replacement:
    """Values where one or several stood; one alone stands without brackets, unless it had them."""
    bare = len(values) == 1 and not isinstance(node, ListNode)
    value: Json = values[0] if bare else list(values)
    start = node.span.source.position(node.span.start)[1] - 1
    written = document.layout.render(value, margin_at(node), start)
    return Replacement(node.span.start, node.span.end, written)


def _further(document: Document, node: Node, values: tuple[str, ...]) -> Replacement:
    if isinstance(node, ListNode):
        return document.with_items(node, values)
    if not isinstance(node, TextNode):
        raise ImpossibleEditError
    return _instead(document, node, (node.value, *values))


def _conditions(document: Document, index: int) -> MapNode | None:
    found = document.statement(index).get("Condition")
    return found if isinstance(found, MapNode) else None


def _with_conditions(
    document: Document, index: int, entries: tuple[Entry, ...]
) -> Iterator[Replacement]:
    condition = _conditions(document, index)
    blocks: dict[str, dict[str, Json]] = {}
    for one in entries:
        value = one.values[0] if len(one.values) == 1 else list(one.values)
        block = condition.get(one.operator) if condition else None
        if isinstance(block, MapNode):
            if any(key.value.lower() == one.key.lower() for key, _ in block.entries):
                raise ImpossibleEditError
            yield document.with_entry(block, one.key, value)
        else:
            blocks.setdefault(one.operator, {})[one.key] = value
    if not blocks:
        return
    if condition is None:
        yield document.with_entry(document.statement(index), "Condition", blocks)
    elif not condition.entries:
        margin = margin_at(condition)
        written = document.layout.render(blocks, margin)
        yield Replacement(condition.span.start, condition.span.end, written)
    else:
        together = [document.with_entry(condition, name, one) for name, one in blocks.items()]
        place = together[0].start
        yield Replacement(place, place, "".join(one.text for one in together))


@dataclass(frozen=True)
class _Place:
    """Where a condition stands: the whole element, the operator's block, the key, the values."""

    condition: MapNode
    operator: TextNode
    block: MapNode
    key: TextNode
    values: Node


def _place(document: Document, index: int, operator: str, key: str) -> _Place:
    condition = _conditions(document, index)
    for name, block in condition.entries if condition else ():
        if name.value == operator and isinstance(block, MapNode):
            for one, values in block.entries:
                if one.value.lower() == key.lower() and condition:
                    return _Place(condition, name, block, one, values)
    raise ImpossibleEditError


def _index(node: MapNode, key: TextNode) -> int:
    return next(i for i, (one, _) in enumerate(node.entries) if one.span.start == key.span.start)


def _without_condition(document: Document, index: int, operator: str, key: str) -> Replacement:
    place = _place(document, index, operator, key)
    if len(place.block.entries) > 1:
        return document.without_entry(place.block, _index(place.block, place.key))
    if len(place.condition.entries) > 1:
        return document.without_entry(place.condition, _index(place.condition, place.operator))
    statement = document.statement(index)
    name = next(one for one, value in statement.entries if value is place.condition)
    return document.without_entry(statement, _index(statement, name))


def _renamed(document: Document, edit: ReplaceOperator | ReplaceKey) -> Replacement:
    place = _place(document, edit.statement, edit.operator, edit.key)
    if isinstance(edit, ReplaceKey):
        return _text(place.key, edit.wanted)
    if len(place.block.entries) > 1 or place.condition.get(edit.wanted) is not None:
        raise ImpossibleEditError
    return _text(place.operator, edit.wanted)


def _text(node: TextNode, wanted: str) -> Replacement:
    return Replacement(node.span.start, node.span.end, json.dumps(wanted, ensure_ascii=False))


def _values(document: Document, edit: ReplaceValues | ExtendValues) -> Replacement:
    place = _place(document, edit.statement, edit.operator, edit.key)
    if isinstance(edit, ExtendValues):
        return _further(document, place.values, edit.values)
    return _instead(document, place.values, edit.values)
