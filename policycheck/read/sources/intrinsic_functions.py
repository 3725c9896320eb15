"""What each intrinsic function of CloudFormation gives.

Source: CFN/intrinsic-function-reference. A function takes the evaluation that it is part of, its
argument and its place, and gives a value, or None for one that is left out. It raises InputError
if it is wrong, or cannot be worked out before a deployment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from policycheck.diagnostics import Diagnostic, InputError, Span
from policycheck.read.document import ListNode, MapNode, Node, TextNode
from policycheck.read.sources.found import at
from policycheck.read.sources.mapped import MappedText, Place
from policycheck.read.sources.unresolved import Own, References

_VARIABLE = re.compile(r"\$\{(?P<literal>!)?(?P<name>[^}]*)\}")
_INDEX = re.compile("[0-9]{1,6}")


class Evaluation(Protocol):
    """What the functions need of the evaluation of a template (``Intrinsics``)."""

    root: Node
    references: References
    apis: frozenset[str]
    is_complete: bool
    texts: dict[int, MappedText]

    def resolve(self, node: Node) -> Node | None:
        """The node without functions; None for what is left out."""

    def text(self, node: Node) -> str:
        """The text of a node."""

    def condition(self, name: str, span: Span) -> bool | None:
        """Whether a condition of the template holds; None if that is not known."""

    def ref(self, name: str, span: Span) -> Node | None:
        """What ``Ref`` gives."""

    def unknown(self, name: str, span: Span, own: Own | None = None, why: str = "") -> str:
        """The value of a reference, or the character that stands for it."""

    def dynamic(self, value: str, span: Span) -> str:
        """A text with a reference for each ``{{resolve:...}}``."""

    def implied(self, name: str) -> bool:
        """Whether SAM makes a resource of this name."""


def failure(code: str, message: str, span: Span, advice: str) -> InputError:
    """The error of one mistake."""
    return InputError([Diagnostic(code, message, span, "", advice)])


def _wrong(name: str, span: Span, form: str) -> InputError:
    return failure("INVALID_FUNCTION", f"{name} does not have its form here", span, f"write {form}")


def _ref(self: Evaluation, argument: Node, span: Span) -> Node | None:
    if not isinstance(argument, TextNode):
        raise _wrong("Ref", span, "Ref: Name")
    return self.ref(argument.value, span)


def _get_att(self: Evaluation, argument: Node, span: Span) -> Node | None:
    match argument:
        case TextNode(value):
            name = value
        case ListNode((TextNode(resource), attribute)):
            name = f"{resource}.{self.text(attribute)}"
        case _:
            raise _wrong("Fn::GetAtt", span, "Fn::GetAtt: [Resource, Attribute]")
    return TextNode(_attribute(self, name, span), span)


def _attribute(self: Evaluation, name: str, span: Span) -> str:
    resource, _, attribute = name.partition(".")
    is_there = at(self.root, "Resources", resource) is not None or self.implied(resource)
    if self.is_complete and not is_there:
        message = f"the template has no resource {resource}"
        raise failure("UNKNOWN_REFERENCE", message, span, "check its spelling")
    own = Own.API if resource in self.apis and attribute == "RestApiId" else None
    return self.unknown(name, span, own)


def _sub(self: Evaluation, argument: Node, span: Span) -> Node | None:
    match argument:
        case TextNode():
            template, variables = argument, MapNode((), span)
        case ListNode((TextNode() as template, MapNode() as variables)):
            pass
        case _:
            raise _wrong("Fn::Sub", span, "Fn::Sub: text, or [text, {name: value}]")
    values = {key.value: value for key, value in variables.entries}
    written = MappedText.of(template)
    pieces: list[str] = []
    places: list[Place] = []
    end = 0
    last = template.value.rfind("}") + 1  # a search for it from each ${ would take too long
    for match in _VARIABLE.finditer(template.value, 0, last):
        pieces.append(template.value[end : match.start()])
        places.extend(written.places[end : match.start()])
        where = written.span(*match.span())
        value = _substituted(self, match, values, where)
        pieces.append(value)
        places.extend([(where.start, where.end)] * len(value))
        end = match.end()
    pieces.append(template.value[end:])
    places.extend(written.places[end:])
    made = MappedText(self.references.budget.text("".join(pieces), span), places, written.source)
    self.texts[template.span.start] = made
    return TextNode(self.dynamic(made.text, span), template.span)


def _substituted(
    self: Evaluation, match: re.Match[str], values: Mapping[str, Node], span: Span
) -> str:
    name = match["name"].strip()
    if match["literal"]:
        return "${" + match["name"] + "}"
    if name in values:
        return self.text(values[name])
    if "." in name and at(self.root, "Parameters", name) is None:
        return _attribute(self, name, span)
    found = self.ref(name, span)
    return self.text(found) if found is not None else ""


def _join(self: Evaluation, argument: Node, span: Span) -> Node | None:
    match argument:
        case ListNode((TextNode(delimiter), items)):
            joined = delimiter.join(map(self.text, _items(self, items)))
            return TextNode(self.references.budget.text(joined, span), span)
        case _:
            raise _wrong("Fn::Join", span, "Fn::Join: [delimiter, [value, ...]]")


def _items(self: Evaluation, node: Node) -> tuple[Node, ...]:
    """The elements of a list. Raises InputError if they are not known."""
    found = self.resolve(node)
    if isinstance(found, ListNode):
        return found.items
    if isinstance(found, TextNode) and (open_ones := self.references.within(found.value)):
        name = open_ones[0].name
        message = f"the list {name} is not known before the deployment"
        advice = f"give it: --parameter '{name}=VALUE,VALUE'"
        raise failure("UNRESOLVED_REFERENCE", message, node.span, advice)
    raise failure("DATA_TYPE_MISMATCH", "a list is needed here", node.span, "write a list")


def _if(self: Evaluation, argument: Node, span: Span) -> Node | None:
    match argument:
        case ListNode((TextNode(name), yes, no)):
            pass
        case _:
            raise _wrong("Fn::If", span, "Fn::If: [Condition, value, value]")
    holds = self.condition(name, span)
    if holds is None:
        unknown = ", ".join(sorted(set(_asked(self, name, span))))
        message = f"whether {name} holds is not known before the deployment"
        advice = f"give what it depends on: --parameter '{unknown}=VALUE'"
        raise failure("UNRESOLVED_CONDITION", message, span, advice)
    return self.resolve(yes if holds else no)


def _asked(self: Evaluation, condition: str, span: Span) -> Iterator[str]:
    """What a condition asks for that is not known."""
    node = at(self.root, "Conditions", condition)
    stack = [node] if node else []
    while stack:
        one = stack.pop()
        match one:
            case MapNode(((TextNode("Ref"), TextNode(name)),)):
                found = self.ref(name, span)
                if isinstance(found, TextNode) and self.references.within(found.value):
                    yield name
            case MapNode(((TextNode("Condition"), TextNode(name)),)) if name != condition:
                yield from _asked(self, name, span)
            case MapNode(entries):
                stack.extend(value for _, value in entries)
            case ListNode(items):
                stack.extend(items)
            case _:
                pass


def _select(self: Evaluation, argument: Node, span: Span) -> Node | None:
    match argument:
        case ListNode((index, items)):
            _check_present(self, items)
            found, text = _items(self, items), self.text(index)
        case _:
            raise _wrong("Fn::Select", span, "Fn::Select: [index, [value, ...]]")
    if not _INDEX.fullmatch(text) or int(text) >= len(found):
        message = f"Fn::Select asks for element {text} of {len(found)}"
        raise failure("INVALID_FUNCTION", message, span, "count from 0")
    return found[int(text)]


def _check_present(self: Evaluation, items: Node) -> None:
    """Raises InputError if an element of a list is left out: whether the others move up is not
    documented (CFN/intrinsic-function-reference-select)."""
    for one in items.items if isinstance(items, ListNode) else ():
        if self.resolve(one) is None:
            message = "an element that is left out stands in a list that Fn::Select takes one of"
            raise failure("INVALID_FUNCTION", message, one.span, "write the elements that remain")


def _split(self: Evaluation, argument: Node, span: Span) -> Node | None:
    match argument:
        case ListNode((TextNode(delimiter), value)) if delimiter:
            text = self.text(value)
        case _:
            raise _wrong("Fn::Split", span, "Fn::Split: [delimiter, text]")
    if unknown := self.references.within(text):
        name = unknown[0].name
        message = f"{name} is split, and its value is not known before the deployment"
        advice = f"give it: --parameter '{name}=VALUE'"
        raise failure("UNRESOLVED_REFERENCE", message, span, advice)
    return ListNode(tuple(TextNode(one, span) for one in text.split(delimiter)), span)


def _find_in_map(self: Evaluation, argument: Node, span: Span) -> Node | None:
    if not isinstance(argument, ListNode) or len(argument.items) < 3:
        raise _wrong("Fn::FindInMap", span, "Fn::FindInMap: [Map, key, key]")
    names = [self.text(one) for one in argument.items[:3]]
    for name in names:
        for one in self.references.within(name):
            message = f"the key {one.name} of a map is not known before the deployment"
            advice = f"give it: --parameter '{one.name}=VALUE'"
            raise failure("UNRESOLVED_REFERENCE", message, span, advice)
    found = at(self.root, "Mappings", *names)
    if found is None:
        message = f"there is nothing at {'.'.join(names)} in Mappings"
        raise failure("UNKNOWN_REFERENCE", message, span, "check the keys")
    match found:
        case ListNode(items):
            return ListNode(tuple(TextNode(self.text(one), span) for one in items), span)
        case _:
            return TextNode(self.text(found), span)


def _import_value(self: Evaluation, argument: Node, span: Span) -> Node | None:
    name = self.references.shown(self.text(argument))
    why = "another stack exports it"
    return TextNode(self.unknown(f"ImportValue.{name}", span, why=why), span)


FUNCTIONS: Mapping[str, Callable[[Evaluation, Node, Span], Node | None]] = {
    "Ref": _ref,
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::If": _if,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::FindInMap": _find_in_map,
    "Fn::ImportValue": _import_value,
}
