"""CloudFormation's intrinsic functions, worked out as far as that is possible before a deployment.

Source: CFN/intrinsic-function-reference. What depends on the deployment becomes a reference
(``unresolved``); nothing is run or fetched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import assert_never

from policycheck.diagnostics import Diagnostic, InputError, Span
from policycheck.model.text import Pattern, glob
from policycheck.read.document import (
    BooleanNode,
    ListNode,
    MapNode,
    Node,
    NullNode,
    NumberNode,
    TextNode,
    scalar_text,
)
from policycheck.read.shape import kind_of
from policycheck.read.sources.found import at, policy_node, text_of
from policycheck.read.sources.mapped import MappedText, Place
from policycheck.read.sources.parameters import Parameters
from policycheck.read.sources.settle import Deployment
from policycheck.read.sources.unresolved import Own, Reference, References
from policycheck.read.sources.yaml_versions import check_scalars

NO_VALUE = "AWS::NoValue"
_TOPICS = "AWS::NotificationARNs"  # the only pseudo parameter that is a list
MAX_DEPTH = 64
"""How deep functions may be nested, parameters and conditions filled in."""

_VARIABLE = re.compile(r"\$\{(?P<literal>!)?(?P<name>[^}]*)\}")
_DYNAMIC = re.compile(r"\{\{resolve:(?:(?!\{\{resolve:)[^}])*\}\}")
_INDEX = re.compile("[0-9]{1,6}")
_LIST = re.compile(r"(?:AWS::SSM::Parameter::Value<)?(?:CommaDelimitedList|List<[^<>]*>)>?")
"""The types of parameters that are lists. Source: CFN/parameters-section-structure."""
_SUFFIXES = {"aws": "amazonaws.com", "aws-cn": "amazonaws.com.cn", "aws-us-gov": "amazonaws.com"}
_OWN = {"AWS::Region": Own.REGION, "AWS::AccountId": Own.ACCOUNT}


class Intrinsics:
    """Works out the functions of one template.

    ``apis`` names the resources that are the API at hand, so that a reference to one is a
    reference to the API's own id. ``texts`` has what ``Fn::Sub`` made, by where its text begins.
    Not ``is_complete``: the deployment adds resources that the template does not name.
    """

    def __init__(self, root: Node, parameters: Parameters, references: References) -> None:
        self.root, self.parameters, self.references = root, parameters, references
        self.apis: frozenset[str] = frozenset()
        self.assumed_partition = False
        self.is_complete = True
        self.texts: dict[int, MappedText] = {}
        self._depth = 0

    @property
    def deployment(self) -> Deployment:
        """Where the template is deployed, as far as the parameters say."""
        values = self.parameters.values
        partition = values.get("AWS::Partition", "aws")
        return Deployment(partition, values.get("AWS::Region"), values.get("AWS::AccountId"))

    def resolve(self, node: Node) -> Node | None:
        """The node without functions; None for what is left out (``AWS::NoValue``).

        Raises InputError for a function that is wrong or cannot be worked out.
        """
        self._depth += 1
        try:
            self.references.budget.value(node.span)
            if self._depth > MAX_DEPTH:
                message = f"more than {MAX_DEPTH} functions inside each other"
                raise _failure("TEMPLATE_TOO_DEEP", message, node.span, "nest less deeply")
            return self._resolved(node)
        finally:
            self._depth -= 1

    def _resolved(self, node: Node) -> Node | None:
        match node:
            case TextNode(value):
                return TextNode(self.dynamic(value, node.span), node.span)
            case ListNode(items):
                found = tuple(one for item in items if (one := self.resolve(item)) is not None)
                return ListNode(found, node.span)
            case MapNode(((TextNode(name), argument),)) if name in _FUNCTIONS:
                return self._made(_FUNCTIONS[name](self, argument, node.span))
            case MapNode(entries):
                for key, _ in entries:
                    _check_key(key)
                kept = ((key, self.resolve(value)) for key, value in entries)
                return MapNode(tuple((k, v) for k, v in kept if v is not None), node.span)
            case NumberNode() | BooleanNode() | NullNode():
                return node
            case _:
                assert_never(node)

    def _made(self, found: Node | None) -> Node | None:
        """What a function gives, with references for dynamic references that it put together
        (CFN/dynamic-references)."""
        if isinstance(found, TextNode):
            return TextNode(self.dynamic(found.value, found.span), found.span)
        return found

    def condition(self, name: str, span: Span) -> bool | None:
        """Whether a condition of the template holds; None if that is not known."""
        found = at(self.root, "Conditions", name)
        if found is None:
            message = f"there is no condition {name}"
            raise _failure("UNKNOWN_CONDITION", message, span, "declare it below Conditions")
        return self._holds(found)

    def _holds(self, node: Node) -> bool | None:
        self._depth += 1
        try:
            self.references.budget.value(node.span)
            if self._depth > MAX_DEPTH:
                raise _failure("TEMPLATE_TOO_DEEP", "conditions in a circle", node.span, "")
            return self._truth(node)
        finally:
            self._depth -= 1

    def _truth(self, node: Node) -> bool | None:
        match node:
            case MapNode(((TextNode("Condition"), TextNode(name)),)):
                return self.condition(name, node.span)
            case MapNode(((TextNode("Fn::Equals"), ListNode((left, right))),)):
                return self._equal(left, right)
            case MapNode(((TextNode("Fn::Not"), ListNode((one,))),)):
                known = self._holds(one)
                return None if known is None else not known
            case MapNode(((TextNode("Fn::And"), ListNode(items)),)):
                found = {self._holds(one) for one in items}
                return False if False in found else None if None in found else True
            case MapNode(((TextNode("Fn::Or"), ListNode(items)),)):
                found = {self._holds(one) for one in items}
                return True if True in found else None if None in found else False
            case BooleanNode(value):
                return value
            case TextNode(("true" | "false") as word):
                return word == "true"
            case _:
                advice = "write Fn::Equals, Fn::Not, Fn::And, Fn::Or or Condition"
                raise _failure("INVALID_CONDITION", "this is no condition", node.span, advice)

    def _equal(self, left: Node, right: Node) -> bool | None:
        one, other = self.text(left), self.text(right)
        if self.references.within(one + other):
            return None
        return one == other

    def text(self, node: Node) -> str:
        """The text of a node; references in it are private characters. Raises InputError."""
        if not isinstance(node, ListNode | MapNode):
            check_scalars(node)
        found = self.resolve(node)
        text = scalar_text(found) if found else None
        if text is None:
            kind = kind_of(found) if found else "nothing"
            raise _failure("DATA_TYPE_MISMATCH", f"a text is needed, not {kind}", node.span, "")
        return text

    def unknown(
        self, name: str, span: Span, own: Own | None = None, why: str = "", *, is_text: bool = False
    ) -> str:
        """The value of a reference: given by the user, or the character that stands for it."""
        given = self.parameters.get(name)
        if given is not None:
            return given
        return self.references.mark(Reference(name, span, own, why, is_text))

    def dynamic(self, value: str, span: Span) -> str:
        """A text with a reference for each ``{{resolve:...}}``."""
        why = "it is read from another service when the template is deployed"
        shown = self.references.shown
        return _DYNAMIC.sub(lambda found: self.unknown(shown(found.group()), span, why=why), value)

    def ref(self, name: str, span: Span) -> Node | None:
        """What ``Ref`` gives."""
        if name == NO_VALUE:
            return None
        declared = at(self.root, "Parameters", name)
        if declared is not None:
            return self._parameter(name, declared, span)
        return TextNode(self.named(name, span), span)

    def named(self, name: str, span: Span) -> str:
        """The value of a pseudo parameter or of a resource."""
        if name == "AWS::Partition":
            self.assumed_partition = True
            return self.parameters.get(name) or "aws"
        if name == "AWS::URLSuffix":
            self.assumed_partition = True
            return self.parameters.get(name) or _SUFFIXES.get(self.deployment.partition, "aws")
        if name in self.apis:
            return self.unknown(name, span, Own.API)
        if not name.startswith("AWS::") and at(self.root, "Resources", name) is None:
            known = self.parameters.values
            if self.is_complete and name not in known and not self.implied(name):
                message = f"the template has no parameter and no resource {name}"
                raise _failure("UNKNOWN_REFERENCE", message, span, "check its spelling")
        return self.unknown(name, span, _OWN.get(name), is_text=name != _TOPICS)

    def policy(self, node: Node) -> Node | None:
        """The policy that a value is, or that it holds as JSON in a string. Raises InputError."""
        match node:
            case MapNode(((TextNode("Fn::ToJsonString"), whole),)):
                return self.resolve(whole)
            case _:
                found = self.resolve(node)
        if not isinstance(found, TextNode):
            return found
        made = self.texts.get(found.span.start)
        if made is not None and made.text == found.value:
            return made.parse()
        return policy_node(found)

    def arn(self) -> tuple[Pattern, ...] | None:
        """The ARN of the API, as far as the reading relied on it."""
        known = self.deployment
        asked = self.parameters.asked
        region = known.region if "AWS::Region" in asked else None
        account = known.account if "AWS::AccountId" in asked else None
        if not (self.assumed_partition or region or account or self.references.has_own):
            return None
        texts = ("arn", known.partition, "execute-api", region or "*", account or "*", "*")
        return tuple(map(glob, texts))

    def implied(self, name: str) -> bool:
        """Whether SAM makes a resource of this name (``MyApiProdStage``, ``MyFunctionRole``)."""
        resources = at(self.root, "Resources")
        names = (
            [key.value for key, _ in resources.entries] if isinstance(resources, MapNode) else []
        )
        made = ("ServerlessRestApi", "ServerlessHttpApi", "ServerlessDeploymentApplication")
        return name in made or any(name.startswith((one, *made)) for one in names)

    def _parameter(self, name: str, declared: Node, span: Span) -> Node:
        kind = text_of(at(declared, "Type")) or "String"
        value = self.parameters.get(name)
        default = at(declared, "Default")
        if value is None and default is not None and not kind.startswith("AWS::SSM::"):
            value = self.text(default)
        if value is None:
            why = "it is a parameter without a default"
            if kind.startswith("AWS::SSM::"):
                why = "it is read from Systems Manager when the template is deployed"
            is_text = kind in {"String", "AWS::SSM::Parameter::Value<String>"}
            is_text = is_text or (kind.startswith("AWS::EC2::") and kind.endswith("::Id"))
            return TextNode(self.unknown(name, span, why=why, is_text=is_text), span)
        if _LIST.fullmatch(kind):
            return ListNode(tuple(TextNode(one.strip(), span) for one in value.split(",")), span)
        return TextNode(value, span)


def _check_key(key: TextNode) -> None:
    """Raises InputError for a function that is not worked out, also beside other keys: such are
    ``Fn::Transform`` and the loops of ``Fn::ForEach``, which become keys themselves."""
    if key.value.startswith("Fn::"):
        message = f"{key.value} is not worked out here"
        advice = "write the value itself, or check the template that it makes"
        raise _failure("UNSUPPORTED_FUNCTION", message, key.span, advice)


def _failure(code: str, message: str, span: Span, advice: str) -> InputError:
    return InputError([Diagnostic(code, message, span, "", advice)])


def _wrong(name: str, span: Span, form: str) -> InputError:
    return _failure(
        "INVALID_FUNCTION", f"{name} does not have its form here", span, f"write {form}"
    )


def _ref(self: Intrinsics, argument: Node, span: Span) -> Node | None:
    if not isinstance(argument, TextNode):
        raise _wrong("Ref", span, "Ref: Name")
    return self.ref(argument.value, span)


def _get_att(self: Intrinsics, argument: Node, span: Span) -> Node | None:
    match argument:
        case TextNode(value):
            name = value
        case ListNode((TextNode(resource), attribute)):
            name = f"{resource}.{self.text(attribute)}"
        case _:
            raise _wrong("Fn::GetAtt", span, "Fn::GetAtt: [Resource, Attribute]")
    return TextNode(_attribute(self, name, span), span)


def _attribute(self: Intrinsics, name: str, span: Span) -> str:
    resource, _, attribute = name.partition(".")
    is_there = at(self.root, "Resources", resource) is not None or self.implied(resource)
    if self.is_complete and not is_there:
        message = f"the template has no resource {resource}"
        raise _failure("UNKNOWN_REFERENCE", message, span, "check its spelling")
    own = Own.API if resource in self.apis and attribute == "RestApiId" else None
    return self.unknown(name, span, own)


def _sub(self: Intrinsics, argument: Node, span: Span) -> Node | None:
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
    self: Intrinsics, match: re.Match[str], values: Mapping[str, Node], span: Span
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


def _join(self: Intrinsics, argument: Node, span: Span) -> Node | None:
    match argument:
        case ListNode((TextNode(delimiter), items)):
            joined = delimiter.join(map(self.text, _items(self, items)))
            return TextNode(self.references.budget.text(joined, span), span)
        case _:
            raise _wrong("Fn::Join", span, "Fn::Join: [delimiter, [value, ...]]")


def _items(self: Intrinsics, node: Node) -> tuple[Node, ...]:
    """The elements of a list. Raises InputError if they are not known."""
    found = self.resolve(node)
    if isinstance(found, ListNode):
        return found.items
    if isinstance(found, TextNode) and (open_ones := self.references.within(found.value)):
        name = open_ones[0].name
        message = f"the list {name} is not known before the deployment"
        advice = f"give it: --parameter '{name}=VALUE,VALUE'"
        raise _failure("UNRESOLVED_REFERENCE", message, node.span, advice)
    raise _failure("DATA_TYPE_MISMATCH", "a list is needed here", node.span, "write a list")


def _if(self: Intrinsics, argument: Node, span: Span) -> Node | None:
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
        raise _failure("UNRESOLVED_CONDITION", message, span, advice)
    return self.resolve(yes if holds else no)


def _asked(self: Intrinsics, condition: str, span: Span) -> Iterator[str]:
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


def _select(self: Intrinsics, argument: Node, span: Span) -> Node | None:
    match argument:
        case ListNode((index, items)):
            _check_present(self, items)
            found, text = _items(self, items), self.text(index)
        case _:
            raise _wrong("Fn::Select", span, "Fn::Select: [index, [value, ...]]")
    if not _INDEX.fullmatch(text) or int(text) >= len(found):
        message = f"Fn::Select asks for element {text} of {len(found)}"
        raise _failure("INVALID_FUNCTION", message, span, "count from 0")
    return found[int(text)]


def _check_present(self: Intrinsics, items: Node) -> None:
    """Raises InputError if an element of a list is left out: whether the others move up is not
    documented (CFN/intrinsic-function-reference-select)."""
    for one in items.items if isinstance(items, ListNode) else ():
        if self.resolve(one) is None:
            message = "an element that is left out stands in a list that Fn::Select takes one of"
            raise _failure("INVALID_FUNCTION", message, one.span, "write the elements that remain")


def _split(self: Intrinsics, argument: Node, span: Span) -> Node | None:
    match argument:
        case ListNode((TextNode(delimiter), value)) if delimiter:
            text = self.text(value)
        case _:
            raise _wrong("Fn::Split", span, "Fn::Split: [delimiter, text]")
    if unknown := self.references.within(text):
        name = unknown[0].name
        message = f"{name} is split, and its value is not known before the deployment"
        advice = f"give it: --parameter '{name}=VALUE'"
        raise _failure("UNRESOLVED_REFERENCE", message, span, advice)
    return ListNode(tuple(TextNode(one, span) for one in text.split(delimiter)), span)


def _find_in_map(self: Intrinsics, argument: Node, span: Span) -> Node | None:
    if not isinstance(argument, ListNode) or len(argument.items) < 3:
        raise _wrong("Fn::FindInMap", span, "Fn::FindInMap: [Map, key, key]")
    names = [self.text(one) for one in argument.items[:3]]
    for name in names:
        for one in self.references.within(name):
            message = f"the key {one.name} of a map is not known before the deployment"
            advice = f"give it: --parameter '{one.name}=VALUE'"
            raise _failure("UNRESOLVED_REFERENCE", message, span, advice)
    found = at(self.root, "Mappings", *names)
    if found is None:
        message = f"there is nothing at {'.'.join(names)} in Mappings"
        raise _failure("UNKNOWN_REFERENCE", message, span, "check the keys")
    match found:
        case ListNode(items):
            return ListNode(tuple(TextNode(self.text(one), span) for one in items), span)
        case _:
            return TextNode(self.text(found), span)


def _import_value(self: Intrinsics, argument: Node, span: Span) -> Node | None:
    name = self.references.shown(self.text(argument))
    why = "another stack exports it"
    return TextNode(self.unknown(f"ImportValue.{name}", span, why=why), span)


_FUNCTIONS: Mapping[str, Callable[[Intrinsics, Node, Span], Node | None]] = {
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
