"""YAML texts, read into nodes that know their positions.

Only the parser of ruamel.yaml is used, which gives events: no Python object is ever made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic, InputError, Source, Span
from policycheck.read.document import (
    MAX_DEPTH,
    BooleanNode,
    ListNode,
    MapNode,
    Node,
    NullNode,
    NumberNode,
    TextNode,
)
from policycheck.read.yaml_events import EventStream
from policycheck.read.yaml_scalars import CODE, is_merge, merged_by, paired, plain_scalar

MAX_CHARACTERS = 1_048_576
"""The longest text that is read, in characters."""

MAX_NODES = 100_000
"""How many values, lists and mappings a text may have, aliases filled in."""


@dataclass(frozen=True)
class YamlDialect:
    """What a text may have beyond plain YAML 1.2.

    ``tag`` gives the node that a tagged node stands for, or None if it does not know the tag;
    ``any_key`` takes numbers and words as keys, as they are written; ``merge`` takes the merge keys
    of YAML 1.1.
    """

    tag: Callable[[str, Node, Span], Node | None] | None = None
    any_key: bool = False
    merge: bool = False


PLAIN = YamlDialect()


def parse_yaml(source: Source, dialect: YamlDialect = PLAIN) -> Node:
    """The value that ``source`` holds (YAML 1.2, core schema); null if it holds none.

    An alias stands for the node that it names, positions included. Raises InputError with
    everything that is wrong: syntax, repeated keys, keys that are not text, merge keys, tags,
    aliases without an anchor, a second document, and texts beyond the limits above.
    """
    if len(source.text) > MAX_CHARACTERS:
        message = f"the text is longer than {MAX_CHARACTERS} characters"
        span = Span(source, 0, 1)
        raise InputError([Diagnostic("YAML_TOO_LARGE", message, span, help="split the text")])
    _check_characters(source)
    stream = EventStream(source)
    node = _document(stream, dialect)
    if stream.diagnostics:
        raise stream.failure()
    return node


def _check_characters(source: Source) -> None:
    """Raises InputError if there are characters that no YAML text may hold."""
    if source.text.replace("\n", "").isprintable():
        return  # none of them is printable, and few texts have others that are not
    from policycheck.read.yaml_mistakes import refused_characters  # noqa: PLC0415

    if found := refused_characters(source):
        raise InputError(found)


def _document(stream: EventStream, dialect: YamlDialect) -> Node:
    """The only document of the text."""
    found: Node | None = None
    while (event := stream.next()) is not None:
        if not isinstance(event, DocumentStartEvent):
            continue
        _check_directives(stream, event)
        if found is not None:
            advice = "keep one document in the file"
            stream.report("YAML_SEVERAL_DOCUMENTS", "a second document", stream.of(event), advice)
            raise stream.failure()
        found = _Builder(stream, dialect).node(stream.take(), 0)
    return found or NullNode(stream.span(0, 0))


def _check_directives(stream: EventStream, event: DocumentStartEvent) -> None:
    if event.tags or event.version not in {None, (1, 2)}:
        start = stream.source.text.rindex("%", 0, event.start_mark.index)
        end = start + len(stream.source.text[start:].splitlines()[0])
        message = "directives are not supported"
        advice = "take the line out; the text is read as YAML 1.2"
        stream.report("YAML_DIRECTIVE", message, stream.span(start, end), advice)


@dataclass(frozen=True)
class _Anchored:
    """A node that has a name, with its size in nodes and its height in levels."""

    node: Node
    size: int
    height: int


class _Builder:
    """Turns events into nodes; recursion is as deep as the nesting."""

    def __init__(self, stream: EventStream, dialect: YamlDialect) -> None:
        self.stream = stream
        self.dialect = dialect
        self.anchors: dict[str, _Anchored | None] = {}
        self.nodes = 0
        self.deepest = 0
        self.end = 0

    def node(self, event: Event, depth: int) -> Node:
        """The node that begins with ``event``, ``depth`` levels down."""
        self._count(event, 1, depth)
        if isinstance(event, AliasEvent):
            return self._alias(event, depth)
        if isinstance(event, NodeEvent) and event.anchor is not None:
            return self._anchored(event, event.anchor, depth)
        return self._tagged(event, depth)

    def _tagged(self, event: Event, depth: int) -> Node:
        """The node that begins with ``event``, or what its tag makes of it."""
        node = self._content(event, depth)
        tag = getattr(event, "tag", None)
        if tag is None:
            return node
        span = self.stream.span(event.start_mark.index, node.span.end)
        found = self.dialect.tag(str(tag), node, span) if self.dialect.tag else None
        if found is None:
            if self.dialect.tag:
                message, advice = f"there is no tag {tag} here", "check its spelling"
            else:
                message = "tags are not supported"
                advice = "take the tag out; write a text in quotes"
            self.stream.report("YAML_TAG", message, self.stream.of(event), advice)
        return found or node

    def _content(self, event: Event, depth: int) -> Node:
        if isinstance(event, MappingStartEvent):
            return self._mapping(event, depth)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(event, depth)
        if isinstance(event, ScalarEvent):
            return self._scalar(event)
        self.stream.report(CODE, "a value is missing", self.stream.of(event), "write a value")
        raise self.stream.failure()

    def _anchored(self, event: Event, anchor: str, depth: int) -> Node:
        self.anchors[anchor] = None
        before, outer, self.deepest = self.nodes, self.deepest, depth
        node = self._tagged(event, depth)
        self.anchors[anchor] = _Anchored(node, self.nodes - before, self.deepest - depth)
        self.deepest = max(outer, self.deepest)
        return node

    def _alias(self, event: AliasEvent, depth: int) -> Node:
        span = self.stream.of(event)
        self.end = span.end
        named = self.anchors.get(event.anchor)
        if named is not None:
            self._count(event, named.size, depth + named.height)
            return named.node
        if event.anchor in self.anchors:
            message, advice = f"{span.text} stands inside what it names", "write the value out"
        else:
            message = f"there is no anchor &{event.anchor}"
            advice = f'write "{span.text}" in quotes if the * is a wildcard'
        self.stream.report("YAML_UNKNOWN_ALIAS", message, span, advice)
        return TextNode(span.text, span)

    def _count(self, event: Event, nodes: int, depth: int) -> None:
        self.nodes += nodes
        self.deepest = max(self.deepest, depth)
        if depth > MAX_DEPTH:
            message = f"more than {MAX_DEPTH} lists and mappings inside each other"
            self.stream.report("YAML_TOO_DEEP", message, self.stream.of(event), "nest less deeply")
            raise self.stream.failure()
        if self.nodes > MAX_NODES:
            message = f"more than {MAX_NODES} values, aliases filled in"
            self.stream.report("YAML_TOO_LARGE", message, self.stream.of(event), "split the text")
            raise self.stream.failure()

    def _mapping(self, event: MappingStartEvent, depth: int) -> MapNode:
        start = self.stream.content(event)
        entries: list[tuple[TextNode, Node]] = []
        first: dict[str, TextNode] = {}
        others: list[Node] = []
        while not isinstance(key_event := self.stream.take(), MappingEndEvent):
            written = self.node(key_event, depth + 1)
            merges = self.dialect.merge and is_merge(written)
            key = None if merges else self._key(written)
            value = self.node(self.stream.take(), depth + 1)
            others.extend(merged_by(value) if merges else ())
            if key is None:
                continue
            if key.value in first:
                self.stream.diagnostics.append(_duplicate(key, first[key.value]))
            first.setdefault(key.value, key)
            entries.append((key, value))
        if event.flow_style:
            self.end = key_event.end_mark.index
        entries.extend(self._merged(others, set(first)))
        return MapNode(tuple(entries), self.stream.span(start, self.end))

    def _merged(self, others: list[Node], known: set[str]) -> Iterator[tuple[TextNode, Node]]:
        """The entries of merge keys: what the mapping itself or an earlier one has stays.

        Source: yaml.org/type/merge.html.
        """
        for one in others:
            if not isinstance(one, MapNode):
                advice = "merge a mapping, or a list of mappings"
                self.stream.report("YAML_MERGE_KEY", "this is no mapping", one.span, advice)
                continue
            for key, value in one.entries:
                if key.value not in known:
                    known.add(key.value)
                    yield key, value

    def _key(self, node: Node) -> TextNode | None:
        """The key as a text: the operator Null is one, though YAML takes the word for null."""
        if isinstance(node, NullNode) and node.span.text == "Null":
            return TextNode("Null", node.span)
        match node:
            case TextNode() if is_merge(node):
                message = "YAML 1.2 has no merge keys"
                advice = "write the entries out, or name a predicate under define:"
                self.stream.report("YAML_MERGE_KEY", message, node.span, advice)
                return None
            case TextNode():
                return node
            case NumberNode() | BooleanNode() | NullNode() if self.dialect.any_key:
                return TextNode(node.span.text, node.span)
            case NumberNode() | BooleanNode() | NullNode():
                advice = f'write "{node.span.text}" in quotes'
            case ListNode() | MapNode():
                advice = "write a name"
        self.stream.report("KEY_NOT_TEXT", "a key must be a text", node.span, advice)
        return None

    def _sequence(self, event: SequenceStartEvent, depth: int) -> ListNode:
        start = self.stream.content(event)
        items: list[Node] = []
        while not isinstance(item_event := self.stream.take(), SequenceEndEvent):
            items.append(self.node(item_event, depth + 1))
        if event.flow_style:
            self.end = item_event.end_mark.index
        return ListNode(tuple(items), self.stream.span(start, self.end))

    def _scalar(self, event: ScalarEvent) -> Node:
        start, end = self.stream.content(event), event.end_mark.index
        if not event.value and event.style is None:
            start = end = self.stream.gap(self.end, start)
        written = self.stream.source.text[start:end].rstrip() if event.style else None
        self.end = end if written is None else start + len(written)
        span = self.stream.span(start, max(start, self.end))
        if event.style is None:
            return plain_scalar(event.value, span)
        text = paired(event.value)
        if text is None:
            advice = "write the character itself"
            self.stream.report(CODE, "half a surrogate pair is no character", span, advice)
        return TextNode(text or "", span)


def _duplicate(key: TextNode, first: TextNode) -> Diagnostic:
    return Diagnostic(
        "DUPLICATE_KEY",
        f'the key "{key.value}" occurs twice in one mapping',
        key.span,
        f"already on line {first.span.line}, column {first.span.column}",
        "keep one of the two",
    )
