"""CloudFormation's intrinsic functions, worked out as far as that is possible before a deployment.

Source: CFN/intrinsic-function-reference. What depends on the deployment becomes a reference
(``unresolved``); nothing is run or fetched.
"""

from __future__ import annotations

import re
from typing import assert_never

from policycheck.diagnostics import Span
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
from policycheck.read.sources.intrinsic_functions import FUNCTIONS, failure
from policycheck.read.sources.mapped import MappedText
from policycheck.read.sources.parameters import Parameters
from policycheck.read.sources.settle import Deployment
from policycheck.read.sources.unresolved import Own, Reference, References
from policycheck.read.sources.yaml_versions import check_scalars

NO_VALUE = "AWS::NoValue"
_TOPICS = "AWS::NotificationARNs"  # the only pseudo parameter that is a list
MAX_DEPTH = 64
"""How deep functions may be nested, parameters and conditions filled in."""

_DYNAMIC = re.compile(r"\{\{resolve:(?:(?!\{\{resolve:)[^}])*\}\}")
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
                raise failure("TEMPLATE_TOO_DEEP", message, node.span, "nest less deeply")
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
            case MapNode(((TextNode(name), argument),)) if name in FUNCTIONS:
                return self._made(FUNCTIONS[name](self, argument, node.span))
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
        """Whether a condition of the template holds; None if that is not known.

        Raises InputError if there is no such condition, or it is wrong.
        """
        found = at(self.root, "Conditions", name)
        if found is None:
            message = f"there is no condition {name}"
            raise failure("UNKNOWN_CONDITION", message, span, "declare it below Conditions")
        return self._holds(found)

    def _holds(self, node: Node) -> bool | None:
        self._depth += 1
        try:
            self.references.budget.value(node.span)
            if self._depth > MAX_DEPTH:
                raise failure("TEMPLATE_TOO_DEEP", "conditions in a circle", node.span, "")
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
                raise failure("INVALID_CONDITION", "this is no condition", node.span, advice)

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
            raise failure("DATA_TYPE_MISMATCH", f"a text is needed, not {kind}", node.span, "")
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
        """The value of a pseudo parameter or of a resource. Raises InputError if there is none."""
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
                raise failure("UNKNOWN_REFERENCE", message, span, "check its spelling")
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
        raise failure("UNSUPPORTED_FUNCTION", message, key.span, advice)
