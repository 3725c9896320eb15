"""How a JSON text is laid out, and new parts of it in the same manner."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from policycheck.dataclass import dataclass
from policycheck.read.document import ListNode, MapNode, Node

WIDEST = 100
"""The longest line that a list or object on one line may make."""

Json = str | bool | int | float | Sequence["Json"] | Mapping[str, "Json"] | None
"""A JSON value."""


@dataclass(frozen=True)
class Layout:
    """The manner of a text.

    ``indent`` is one level of indentation, None if the whole text is on one line. ``short``: a
    list or object without lists or objects inside stands on one line. ``colon``, ``comma`` and
    ``padding`` are what stands between key and value, between values on one line, and inside the
    braces of an object on one line.
    """

    indent: str | None = "  "
    newline: str = "\n"
    colon: str = ": "
    comma: str = ", "
    padding: str = ""
    short: bool = False

    def render(self, value: Json, margin: str, column: int = 0) -> str:
        """The value; its lines after the first one are indented by ``margin`` at least.

        ``column`` is where its first character will stand.
        """
        if not isinstance(value, dict | list | tuple) or not value:
            return json.dumps(value, ensure_ascii=False)
        flat = self._flat(value)
        if self.indent is None or (
            self.short and not _nested(value) and column + len(flat) <= WIDEST
        ):
            return flat
        return self._tall(value, margin, self.indent)

    def _flat(self, value: Json) -> str:
        if isinstance(value, dict):
            entries = (f"{json.dumps(k)}{self.colon}{self._flat(v)}" for k, v in value.items())
            return f"{{{self.padding}{self.comma.join(entries)}{self.padding}}}"
        if isinstance(value, list | tuple):
            return f"[{self.comma.join(map(self._flat, value))}]"
        return json.dumps(value, ensure_ascii=False)

    def _tall(self, value: Json, margin: str, indent: str) -> str:
        inner = margin + indent
        if isinstance(value, dict):
            lines = [self.entry(key, one, inner) for key, one in value.items()]
            opening, closing = "{", "}"
        else:
            items = value if isinstance(value, list | tuple) else []
            lines = [self.render(one, inner, len(inner)) for one in items]
            opening, closing = "[", "]"
        body = f",{self.newline}{inner}".join(lines)
        return f"{opening}{self.newline}{inner}{body}{self.newline}{margin}{closing}"

    def entry(self, key: str, value: Json, margin: str) -> str:
        """A key with its value, for an object whose entries are indented by ``margin``."""
        head = json.dumps(key) + self.colon
        return head + self.render(value, margin, len(margin) + len(head))


def _nested(value: Json) -> bool:
    parts = value.values() if isinstance(value, dict) else value
    return isinstance(parts, Sequence | type({}.values())) and any(
        isinstance(one, dict | list | tuple) for one in parts
    )


def layout_of(root: Node) -> Layout:
    """The manner in which a text is written, as its own parts show it."""
    text = root.span.text
    if "\n" not in text:
        colon, comma, padding = _spacing(root, text)
        return Layout(None, "\n", colon, comma, padding)
    newline = "\r\n" if "\r\n" in text else "\n"
    colon, comma, padding = _spacing(root, text)
    return Layout(_indent(root), newline, colon, comma, padding, _short(root))


def margin_at(node: Node) -> str:
    """The blanks at the start of the line on which a node begins."""
    text = node.span.source.text
    start = text.rfind("\n", 0, node.span.start) + 1
    found = re.compile(r"[ \t]*").match(text, start)
    return found.group() if found else ""


def _walk(node: Node) -> Iterator[MapNode | ListNode]:
    if isinstance(node, MapNode):
        yield node
        for _, value in node.entries:
            yield from _walk(value)
    elif isinstance(node, ListNode):
        yield node
        for item in node.items:
            yield from _walk(item)


def _indent(root: Node) -> str:
    for node in _walk(root):
        if isinstance(node, MapNode) and node.entries and "\n" in node.span.text:
            outer, inner = margin_at(node), margin_at(node.entries[0][0])
            if len(inner) > len(outer) and inner.startswith(outer):
                return inner[len(outer) :]
    return "  "


def _leaf(node: MapNode | ListNode) -> bool:
    parts = [value for _, value in node.entries] if isinstance(node, MapNode) else node.items
    return bool(parts) and not any(isinstance(one, MapNode | ListNode) for one in parts)


def _short(root: Node) -> bool:
    """Whether lists and objects without inner ones stand on one line; not where none shows it."""
    leaves = [node for node in _walk(root) if _leaf(node)]
    return any("\n" not in node.span.text for node in leaves)


def _spacing(root: Node, text: str) -> tuple[str, str, str]:
    """What mostly stands around colons, commas on one line, and inside braces on one line."""
    colons, commas, paddings = Counter[str](), Counter[str](), Counter[str]()
    whole = root.span.source.text
    for node in _walk(root):
        commas.update(_between(node, whole))
        if isinstance(node, MapNode):
            colons.update(whole[k.span.end : v.span.start] for k, v in node.entries)
            if node.entries and "\n" not in node.span.text:
                first, _ = node.entries[0]
                paddings.update([whole[node.span.start + 1 : first.span.start]])
    colon = _most(colons, ": ")
    tight = "\n" not in text and colon == ":"
    return colon, _most(commas, "," if tight else ", "), _most(paddings, "")


def _most(found: Counter[str], otherwise: str) -> str:
    return found.most_common(1)[0][0] if found else otherwise


def _between(node: MapNode | ListNode, whole: str) -> Iterator[str]:
    """What stands between neighbours that are on one line."""
    if isinstance(node, MapNode):
        spans = [(key.span.start, value.span.end) for key, value in node.entries]
    else:
        spans = [(item.span.start, item.span.end) for item in node.items]
    found = (whole[end:start] for (_, end), (start, _) in pairwise(spans))
    return (one for one in found if "\n" not in one)
