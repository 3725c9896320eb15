"""Values of Terraform's language, worked out as far as that is possible without a plan.

tree-sitter gives the syntax; what depends on providers, on other files or on functions that are
not known here becomes a reference (``unresolved``). Nothing is run.
Source: Terraform's language documentation (expressions, functions).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from policycheck.diagnostics import Diagnostic, InputError, Source, Span
from policycheck.read.byte_offsets import offsets
from policycheck.read.document import (
    BooleanNode,
    ListNode,
    MapNode,
    Node,
    NullNode,
    NumberNode,
    TextNode,
)
from policycheck.read.sources.hcl_functions import Names, called, expressions
from policycheck.read.sources.hcl_heredocs import indentation, lines_between
from policycheck.read.sources.hcl_literals import literal
from policycheck.read.sources.hcl_numbers import number_text
from policycheck.read.sources.mapped import MappedText, Place
from policycheck.read.sources.unresolved import Reference, References, unknown_values

if TYPE_CHECKING:
    import tree_sitter

MAX_DEPTH = 64
_TEXT = re.compile(r"(?:data\.)?aws_\w+\.\w+(?:\[\w+\])?\.(?:id|arn|owner_id|vpc_id)")


class HclValues:
    """Works out expressions; ``lookup`` gives what a name stands for (``var.x``), or None."""

    def __init__(
        self, source: Source, references: References, lookup: Callable[[str, Span], Node | None]
    ) -> None:
        self.source, self.references, self.lookup = source, references, lookup
        self.offset = offsets(source.text)
        self.texts: dict[tuple[int, str], MappedText] = {}
        self.documents: dict[str, Node] = {}
        self._depth = 0

    def span(self, node: tree_sitter.Node) -> Span:
        """Where a syntax node stands."""
        return Span(self.source, self.offset(node.start_byte), self.offset(node.end_byte))

    def value(self, node: tree_sitter.Node, names: Names) -> Node:
        """The value of an expression; ``names`` are those that ``for`` binds. Raises InputError."""
        self._depth += 1
        try:
            self.references.budget.value(self.span(node))
            if self._depth > MAX_DEPTH:
                raise self.refused(node, f"more than {MAX_DEPTH} expressions inside each other")
            return self._value(node, names)
        finally:
            self._depth -= 1

    def _value(self, node: tree_sitter.Node, names: Names) -> Node:  # noqa: C901 -- a table
        span = self.span(node)
        match node.type:
            case "expression" | "literal_value" | "collection_value" | "template_expr" | "for_expr":
                return self._inner(node, names)
            case "string_lit" | "quoted_template":
                return self._template(node, names, quoted=True)
            case "heredoc_template":
                return self._template(node, names, quoted=False)
            case "numeric_lit":
                return self._number(node)
            case "bool_lit":
                return BooleanNode(span.text == "true", span)
            case "null_lit":
                return NullNode(span)
            case "tuple":
                return ListNode(tuple(self.value(one, names) for one in expressions(node)), span)
            case "object":
                return self._object(node, names)
            case "function_call":
                return called(self, node, names)
            case "conditional":
                return self._conditional(node, names)
            case "for_tuple_expr":
                return self._for(node, names)
            case _:
                return self.unknown(node)

    def _inner(self, node: tree_sitter.Node, names: Names) -> Node:
        children = node.named_children
        if children and children[0].type == "variable_expr":
            return self._named(node, names)
        if len(children) == 1 and children[0].type != "splat":
            return self.value(children[0], names)
        return self.unknown(node)

    def _named(self, node: tree_sitter.Node, names: Names) -> Node:
        """What a name with attributes and indexes stands for (``var.a.b[0]``)."""
        span = self.span(node)
        text = "".join(span.text.split())
        if any(
            one.type not in {"variable_expr", "get_attr", "index"} for one in node.named_children
        ):
            return self.unknown(node)
        head, _, rest = text.partition(".")
        found = names.get(head) if head in names else None
        if found is not None:
            return self._attribute(found, rest, node) if rest else found
        known = self.lookup(text, span)
        if known is not None:
            return known
        return self.unknown(node)

    def _attribute(self, node: Node, path: str, at: tree_sitter.Node) -> Node:
        for name in path.split("."):
            below = node.get(name) if isinstance(node, MapNode) else None
            if below is None:
                raise self.refused(at, f"there is no attribute {name}")
            node = below
        return node

    def unknown(self, node: tree_sitter.Node) -> Node:
        """What an expression that is not worked out stands for: what ``lookup`` gives for it as it
        is written, or else a reference."""
        span = self.span(node)
        name = " ".join(span.text.split())
        known = self.lookup(name, span)
        if known is not None:
            return known
        return TextNode(self.references.mark(Reference(name, span, is_text=_is_text(name))), span)

    def refused(self, node: tree_sitter.Node, message: str, advice: str = "") -> InputError:
        """The error that an expression is not worked out."""
        found = Diagnostic("UNSUPPORTED_EXPRESSION", message, self.span(node), "", advice)
        return InputError([found])

    def _number(self, node: tree_sitter.Node) -> Node:
        span = self.span(node)
        text = number_text(span.text)
        if text is None:
            raise self.refused(node, "a number of so many digits is not worked out", "write a text")
        return NumberNode(text, span)

    def _object(self, node: tree_sitter.Node, names: Names) -> Node:
        """An object, each of whose keys is known and stands in it once. Raises InputError.

        Terraform takes the last value of a key without a word (hclsyntax.ObjectConsExpr), and a key
        that is not known could be any.
        """
        first: dict[str, TextNode] = {}
        entries = []
        for key, value in self._entries(node, names):
            if found := self.references.within(key.value):
                raise InputError(unknown_values(found))
            if first.setdefault(key.value, key) is not key:
                raise InputError([_duplicate(key, first[key.value])])
            entries.append((key, value))
        return MapNode(tuple(entries), self.span(node))

    def _entries(self, node: tree_sitter.Node, names: Names) -> Iterator[tuple[TextNode, Node]]:
        for element in node.named_children:
            if element.type != "object_elem":
                continue
            key, value = (one for one in element.named_children if one.type == "expression")
            yield self._key(key, names), self.value(value, names)

    def _key(self, node: tree_sitter.Node, names: Names) -> TextNode:
        """A bare word is itself; in parentheses it is an expression."""
        span = self.span(node)
        if len(node.named_children) == 1 and node.named_children[0].type == "variable_expr":
            return TextNode(span.text, span)
        return TextNode(self.text(self.value(node, names), node), span)

    def text(self, value: Node, node: tree_sitter.Node) -> str:
        """The text that a value is in a template. Raises InputError."""
        match value:
            case TextNode(text):
                return text
            case NumberNode(text) if (plain := number_text(text)) is not None:
                return plain
            case BooleanNode(flag):
                return str(flag).lower()
            case _:
                raise self.refused(node, "a text is needed here")

    def _template(self, node: tree_sitter.Node, names: Names, *, quoted: bool) -> TextNode:
        made = self._pieces(node, names, quoted=quoted)
        found = self.made(made.text, node)
        self.texts[found.span.start, made.text] = made
        return found

    def made(self, text: str, node: tree_sitter.Node) -> TextNode:
        """A text that was put together. Raises InputError if it is not in Normalization Form C, as
        Terraform's are (go-cty, cty/value_init.go)."""
        if not unicodedata.is_normalized("NFC", text):
            message = "Terraform composes characters of this text with the marks behind them"
            raise self.refused(node, message, "write it in Normalization Form C")
        return TextNode(text, self.span(node))

    def _pieces(self, node: tree_sitter.Node, names: Names, *, quoted: bool) -> MappedText:
        text: list[str] = []
        places: list[Place] = []
        at, end = self._body(node, quoted=quoted)
        dropped = frozenset() if quoted else self._indentation(node, Span(self.source, at, end))
        for child in node.named_children:
            if child.type == "template_directive":
                raise self.refused(child, "%{...} is not worked out here", "write jsonencode(...)")
            if child.type != "template_interpolation":
                continue
            span = self.span(child)
            self._check_interpolation(child)
            for piece, place in literal(Span(self.source, at, span.start), dropped, quoted=quoted):
                text.append(piece)
                places.extend([place] * len(piece))
            found = next(one for one in child.named_children if one.type == "expression")
            value = self.text(self.value(found, names), found)
            text.append(self.references.budget.text(value, span))
            places.extend([(span.start, span.end)] * len(value))
            at = span.end
        for piece, place in literal(Span(self.source, at, end), dropped, quoted=quoted):
            text.append(piece)
            places.extend([place] * len(piece))
        return MappedText("".join(text), places, self.source)

    def _check_interpolation(self, node: tree_sitter.Node) -> None:
        span = self.span(node)
        if "~" in {span.text[2:3], span.text[-2:-1]}:
            raise self.refused(node, "${~ ~} is not worked out here", "leave out the ~")
        if self.source.text[span.start - 1] == "$":
            message = "Terraform takes ${ behind a $ for text, whatever stands before"
            raise self.refused(node, message, 'write "${"$"}${...}", or $${...} for text')

    def _body(self, node: tree_sitter.Node, *, quoted: bool) -> tuple[int, int]:
        """Where the text of a template begins and ends: inside the quotes, or on the lines between
        the two marks of a heredoc."""
        span = self.span(node)
        if quoted:
            return span.start + 1, span.end - 1
        marks = [one for one in node.named_children if one.type == "heredoc_identifier"]
        ends = self.offset(marks[0].end_byte), self.offset(marks[-1].start_byte)
        return lines_between(span, ends)

    def _indentation(self, node: tree_sitter.Node, body: Span) -> frozenset[int]:
        if not self.span(node).text.startswith("<<-"):
            return frozenset()
        inside = [one for one in node.named_children if one.type == "template_interpolation"]
        return indentation(body, [self.span(one) for one in inside])

    def encoded(self, value: Node, name: str, span: Span) -> TextNode:
        """The text that a value is as JSON: not known as a text, as ``documents`` it is."""
        why = "JSON is read where it is the whole of a text, not within other values"
        mark = self.references.mark(Reference(name, span, why=why))
        self.documents[mark] = value
        return TextNode(mark, span)

    def _conditional(self, node: tree_sitter.Node, names: Names) -> Node:
        test, yes, no = (one for one in node.named_children if one.type == "expression")
        found = self.value(test, names)
        if isinstance(found, BooleanNode):
            return self.value(yes if found.value else no, names)
        return self.unknown(node)

    def _for(self, node: tree_sitter.Node, names: Names) -> Node:
        intro = next(one for one in node.named_children if one.type == "for_intro")
        bound = [self.span(one).text for one in intro.named_children if one.type == "identifier"]
        items = self.value(expressions(intro)[0], names)
        is_filtered = any(one.type == "for_cond" for one in node.named_children)
        if len(bound) != 1 or is_filtered or not isinstance(items, ListNode):
            return self.unknown(node)
        body = expressions(node)[0]
        made = tuple(self.value(body, {**names, bound[0]: one}) for one in items.items)
        return ListNode(made, self.span(node))


def _duplicate(key: TextNode, first: TextNode) -> Diagnostic:
    return Diagnostic(
        "DUPLICATE_KEY",
        f'the key "{key.value}" occurs twice in one object',
        key.span,
        f"already on line {first.span.line}, column {first.span.column}",
        "keep one of the two; Terraform takes the last without a word",
    )


def _is_text(name: str) -> bool:
    """Whether an expression is an attribute of one resource that the provider has as a text."""
    return _TEXT.fullmatch(name) is not None
