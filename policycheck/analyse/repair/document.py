"""A policy with the JSON text that it was read from, open to changes at known positions."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from policycheck.analyse.repair.layout import Json, Layout, layout_of, margin_at
from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic, InputError, Source
from policycheck.model.policy import Policy
from policycheck.read.document import ListNode, MapNode, Node, TextNode
from policycheck.read.json_text import parse_json
from policycheck.read.policy import parse_policy


@dataclass(frozen=True)
class Replacement:
    """The characters from ``start`` up to, not including, ``end`` give way to ``text``."""

    start: int
    end: int
    text: str


def replaced(text: str, replacements: Iterable[Replacement]) -> str:
    """The text with all replacements made; none may overlap another."""
    for one in sorted(replacements, key=lambda one: (one.start, one.end), reverse=True):
        text = text[: one.start] + one.text + text[one.end :]
    return text


@dataclass(frozen=True)
class Document:
    """A policy and the nodes of its text."""

    policy: Policy
    root: MapNode

    @classmethod
    def read(cls, source: Source) -> Document:
        """The document that a text is. Raises InputError if it is no bare policy document."""
        policy = parse_policy(source)
        root = parse_json(source)
        if not isinstance(root, MapNode) or root.get("Statement") is None:
            raise InputError([_not_bare(source)])
        return cls(policy, root)

    @classmethod
    def of(cls, policy: Policy) -> Document:
        """The document that a policy was read from. Raises InputError if it is a larger one."""
        if policy.document is not None:
            raise InputError([_not_bare(policy.source)])
        return cls.read(policy.source)

    @property
    def text(self) -> str:
        """The whole text."""
        return self.policy.source.text

    @cached_property
    def layout(self) -> Layout:
        """How the text is laid out."""
        return layout_of(self.root)

    @property
    def statements(self) -> Node:
        """The value of ``Statement``: a list, or one object."""
        return self.element(self.root, "Statement")

    def statement(self, index: int) -> MapNode:
        """The object of a statement. Raises TypeError if it is none."""
        node = self.statements
        found = node.items[index] if isinstance(node, ListNode) else node
        if not isinstance(found, MapNode):
            raise TypeError(found)
        return found

    def element(self, node: MapNode, name: str) -> Node:
        """The value of a key that is there. Raises KeyError if it is not."""
        found = node.get(name)
        if found is None:
            raise KeyError(name)
        return found

    def edited(self, replacements: Iterable[Replacement]) -> Document:
        """The document after the changes, read anew. Raises InputError."""
        text = replaced(self.text, replacements)
        return Document.read(Source(self.policy.source.name, text))

    def without_item(self, node: ListNode, index: int) -> Replacement:
        """A list of several items loses one, with its comma."""
        return _cut([(one.span.start, one.span.end) for one in node.items], index)

    def without_entry(self, node: MapNode, index: int) -> Replacement:
        """An object of several entries loses one, with its comma."""
        spans = [(key.span.start, value.span.end) for key, value in node.entries]
        return _cut(spans, index)

    def with_items(self, node: ListNode, values: Iterable[Json]) -> Replacement:
        """A list that is not empty gets further items at its end."""
        last = node.items[-1]
        between = self._between(node, [(one.span.start, one.span.end) for one in node.items])
        margin = margin_at(last)
        added = (between + self.layout.render(one, margin, len(margin)) for one in values)
        return Replacement(last.span.end, last.span.end, "".join(added))

    def with_entry(self, node: MapNode, key: str, value: Json) -> Replacement:
        """An object gets a further entry at its end."""
        if not node.entries:
            written = self.layout.render({key: value}, margin_at(node))
            return Replacement(node.span.start, node.span.end, written)
        end = node.entries[-1][1].span.end
        spans = [(name.span.start, found.span.end) for name, found in node.entries]
        between = self._between(node, spans)
        margin = margin_at(node.entries[-1][0])
        return Replacement(end, end, between + self.layout.entry(key, value, margin))

    def _between(self, node: MapNode | ListNode, spans: list[tuple[int, int]]) -> str:
        """What stands between two parts of a list or object that is not empty."""
        if len(spans) > 1:
            return self.text[spans[-2][1] : spans[-1][0]]
        before = self.text[node.span.start + 1 : spans[0][0]]
        return f",{before}" if "\n" in before else self.layout.comma

    def texts(self, node: Node) -> list[TextNode]:
        """The texts of a list of texts, or the one text."""
        items = node.items if isinstance(node, ListNode) else (node,)
        return [one for one in items if isinstance(one, TextNode)]


def _cut(spans: list[tuple[int, int]], index: int) -> Replacement:
    if index:
        return Replacement(spans[index - 1][1], spans[index][1], "")
    return Replacement(spans[0][0], spans[1][0], "")


def _not_bare(source: Source) -> Diagnostic:
    return Diagnostic(
        "NOT_A_BARE_POLICY",
        f"{source.name} is no bare policy document, and no other is edited",
        help="give a file that holds the policy alone",
    )
