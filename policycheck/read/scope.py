"""What a spec's reader knows while it reads, and where it notes what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import field, replace

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic, Level, Span, nearest
from policycheck.model.keys import KeySpace
from policycheck.read.document import (
    BooleanNode,
    ListNode,
    MapNode,
    Node,
    NullNode,
    NumberNode,
    TextNode,
)
from policycheck.read.shape import SURE, mismatch

Fields = dict[str, tuple[TextNode, Node]]
"""The entries of a mapping by their names: where the name stands, and the value."""

Hints = Callable[[str], str]
"""From a name that a mapping cannot have to the help for it; empty if there is none."""


def _no_hint(_name: str) -> str:
    return ""


@dataclass(frozen=True)
class Scope:
    """The condition keys and the stages that a spec may name, and its diagnostics.

    ``stages`` is None where the spec does not say which stages exist.
    """

    diagnostics: list[Diagnostic] = field(default_factory=list)
    keys: KeySpace = field(default_factory=KeySpace)
    stages: tuple[str, ...] | None = None

    def knowing(self, keys: KeySpace, stages: tuple[str, ...] | None) -> Scope:
        """The same scope with other keys and stages; it notes to the same place."""
        return replace(self, keys=keys, stages=stages)

    def error(self, code: str, message: str, span: Span, label: str = "", advice: str = "") -> None:
        """Notes an error."""
        self.diagnostics.append(Diagnostic(code, message, span, label, advice))

    @property
    def has_errors(self) -> bool:
        """Whether an error is noted."""
        return any(one.level is Level.ERROR for one in self.diagnostics)

    def warn(self, code: str, message: str, span: Span, label: str = "", advice: str = "") -> None:
        """Notes a warning."""
        found = Diagnostic(code, message, span, label, advice, Level.WARNING)
        self.diagnostics.append(found)

    def mismatch(self, node: Node, wanted: str, advice: str = "") -> None:
        """Notes that ``node`` is not ``wanted`` (``severity, a string``)."""
        found = mismatch(node, wanted, advice)
        label = "this is a mapping" if isinstance(node, MapNode) else found.label
        self.diagnostics.append(replace(found, label=label))

    def mapping(self, node: Node, wanted: str, advice: str) -> MapNode | None:
        """``node`` if it is a mapping; otherwise an error is noted."""
        if isinstance(node, MapNode):
            return node
        self.mismatch(node, wanted, advice)
        return None

    def fields(
        self, node: MapNode, known: Collection[str], where: str, hints: Hints = _no_hint
    ) -> Fields:
        """The entries of a mapping by their names; names other than ``known`` are reported.

        A name that is nearly a known one is read in its place, so that one slip gives one error.
        ``hints`` gives the help for a name that is at home elsewhere, or nothing.
        """
        found = {key.value: (key, value) for key, value in node.entries if key.value in known}
        for key, value in node.entries:
            if key.value in known:
                continue
            meant = nearest(key.value, known)
            hint = hints(key.value) or unspaced(key.value, known)
            self.unknown_field(key, where, hint or _instead(meant, known, where))
            if meant and not hint and _alike(key.value, meant):
                found.setdefault(meant, (key, value))
        return found

    def unknown_field(self, key: TextNode, where: str, advice: str) -> None:
        """Notes that a mapping has a key that it cannot have."""
        message = f'{where} has no field "{key.value}"'
        self.error("UNKNOWN_FIELD", message, key.span, "unknown field", advice)

    def missing(self, node: MapNode, name: str, where: str, advice: str) -> None:
        """Notes that a mapping lacks a key that it needs."""
        span = node.entries[0][0].span if node.entries else node.span
        self.error("MISSING_FIELD", f"{where} has no {name}", span, f"no {name}", advice)

    def text(self, node: Node, name: str, advice: str = "") -> TextNode | None:
        """``node`` if it is a string that is not empty; otherwise an error is noted."""
        if not isinstance(node, TextNode):
            self.mismatch(node, f"{name}, a string", advice or _quoted(node))
            return None
        if not node.value:
            advice = advice or "write a value"
            self.error("EMPTY_VALUE", f"{name} is empty", node.span, "empty", advice)
            return None
        return node

    def flag(self, node: Node, name: str) -> bool:
        """The value of true or false; otherwise an error is noted, and it is false."""
        if isinstance(node, BooleanNode):
            return node.value
        self.mismatch(node, f"{name}, true or false", "write true or false, without quotes")
        return False

    def choice(self, node: Node, name: str, options: Collection[str]) -> str | None:
        """The one of ``options`` that ``node`` is; otherwise an error is noted."""
        listed = " | ".join(options)
        text = self.text(node, name, f"write one of {listed}")
        if text is None or text.value in options:
            return text.value if text else None
        meant = nearest(text.value, options)
        advice = f"write {meant}" if meant else f"write one of {listed}"
        message = f'{name} cannot be "{text.value}": it is one of {listed}'
        self.error("INVALID_VALUE", message, text.span, "", advice)
        return None

    def items(self, node: Node, name: str) -> tuple[Node, ...]:
        """The entries of a list, or the one value that stands in its place."""
        if not isinstance(node, ListNode):
            return (node,)
        if not node.items:
            message = f"{name} is an empty list, which nothing can match"
            self.error("EMPTY_LIST", message, node.span, "empty", "write a value, or take it out")
        return node.items

    def texts(self, node: Node, name: str, *, numbers: bool = False) -> Iterator[TextNode]:
        """The strings of a value or list of values; with ``numbers`` also numbers, as written."""
        for item in self.items(node, name):
            if numbers and isinstance(item, NumberNode):
                yield TextNode(item.text, item.span)
            elif isinstance(item, ListNode):
                advice = "take the inner brackets out"
                self.mismatch(item, f"{name}, a string or one list of strings", advice)
            elif found := self.text(item, name):
                yield found


def _quoted(node: Node) -> str:
    if isinstance(node, NumberNode | BooleanNode):
        return f'write "{node.span.text}" in quotes'
    return "write a value" if isinstance(node, NullNode) else "write a string"


def _instead(meant: str | None, known: Collection[str], where: str) -> str:
    return f'write "{meant}"' if meant else f"{where} has {', '.join(known)}"


def unspaced(word: str, known: Collection[str]) -> str:
    """What to write for a field and its value without a blank between them, if ``word`` is that."""
    name, _, value = word.partition(":")
    return f"write a blank after the colon: {name}: {value}" if value and name in known else ""


def _alike(word: str, meant: str) -> bool:
    from difflib import SequenceMatcher  # noqa: PLC0415 -- for mistakes alone

    return SequenceMatcher(None, word.casefold(), meant.casefold()).ratio() >= SURE


def named(entries: Mapping[str, tuple[TextNode, Node]], name: str) -> Node | None:
    """The value of a field, or None if it is not there."""
    return entries[name][1] if name in entries else None
