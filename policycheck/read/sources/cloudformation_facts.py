"""What a CloudFormation template says of an API besides its policy."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from policycheck.diagnostics import InputError
from policycheck.model.environment import Endpoint
from policycheck.model.facts import ApiFacts
from policycheck.read.document import ListNode, MapNode, Node, TextNode
from policycheck.read.sources import openapi, sam
from policycheck.read.sources.api_facts import authorizations, endpoint, stages
from policycheck.read.sources.budget import Budget
from policycheck.read.sources.found import at, text_of
from policycheck.read.sources.intrinsics import Intrinsics
from policycheck.read.sources.macros import EXPANDED, transforms
from policycheck.read.sources.nodes import is_plain
from policycheck.read.sources.parameters import Parameters
from policycheck.read.sources.routes import OPEN, ROOT, Pair, ResourceTree, routes
from policycheck.read.sources.sam_authorizers import types
from policycheck.read.sources.unresolved import References

_MACRO = re.compile(r"Fn::Transform|!Transform")
_STACKS = frozenset(
    (
        "AWS::CloudFormation::CustomResource",
        "AWS::CloudFormation::Stack",
        "AWS::Serverless::Application",
    )
)
_MAKING_STAGES = ("AWS::ApiGateway::Stage", "AWS::ApiGateway::Deployment")


class Parts:
    """The parts of APIs that stand in a template."""

    def __init__(self, root: Node, parameters: Parameters, budget: Budget) -> None:
        self.root, self.parameters, self.budget = root, parameters, budget
        resources = at(root, "Resources")
        self.resources = resources.entries if isinstance(resources, MapNode) else ()

    def facts(
        self, name: str, resource: Node | None, said: MapNode | None, intrinsics: Intrinsics
    ) -> ApiFacts:
        """The facts about an API: ``said`` is its properties, those of Globals among them, and
        ``resource`` is None for the API of SAM that no resource declares. Raises InputError for a
        name of a stage that API Gateway refuses, or a function that is wrong."""
        kind = _endpoint(at(said, "EndpointConfiguration"), intrinsics)
        if _imports_endpoint(at(said, "Parameters")) not in {kind, None}:
            kind = None
        is_sam = resource is None or sam.is_explicit(resource)
        made = sam.stages(said, intrinsics) if is_sam else ()
        found = self._stages(name, made, intrinsics)
        callers = authorizations(self._types(name, said, intrinsics, is_sam=is_sam))
        known = routes((*self._route_pairs(name, resource, said), *self._open_routes(name)))
        return ApiFacts(kind, callers, found, intrinsics.arn(), known)

    def _of(self, name: str, kind: str) -> Iterator[Node | None]:
        """The properties of the resources of a type that belong to an API, or that may."""
        for _, said in self._typed(kind):
            if _api_of(said) in {name, None}:
                yield said

    def _types(
        self, name: str, said: MapNode | None, intrinsics: Intrinsics, *, is_sam: bool
    ) -> Iterator[str | None]:
        """The authorization types of the methods of an API; ``NONE`` for those that something else
        may make."""
        body = at(said, "Body")
        own = types(name, said, self.root) if is_sam else openapi.types(body) if body else ()
        methods = self._of(name, "AWS::ApiGateway::Method")
        found = (*own, *(_type(one, intrinsics) for one in methods))
        yield from found
        if found and self._is_open(name):
            yield "NONE"

    def _route_pairs(
        self, name: str, resource: Node | None, said: MapNode | None
    ) -> Iterator[Pair]:
        """The methods and paths of an API: of its definition, of events, of resources."""
        if resource is None or sam.is_explicit(resource):
            yield from sam.route_pairs(name, said, self.root)
        elif (body := at(said, "Body")) is not None:
            yield from openapi.route_pairs(body)
        tree = self._resource_tree()
        for _, method in self._typed("AWS::ApiGateway::Method"):
            api = _api_of(method)
            if api == name:
                place = _place(at(method, "ResourceId"), name)
                yield text_of(at(method, "HttpMethod")), tree.path(place)
            elif api is None:
                yield OPEN

    def _open_routes(self, name: str) -> Iterator[Pair]:
        """A route of which nothing is known for each thing that may make some: a definition
        elsewhere, and whatever may make other parts of the API."""
        own = at(self.root, "Resources", name, "Properties")
        if at(own, "BodyS3Location") or at(own, "CloneFrom") or self.has_open_parts(name):
            yield OPEN

    def has_open_parts(self, name: str) -> bool:
        """Whether parts of the API may be made elsewhere: by a macro, a loop, or another template
        that gets the API's id or its root."""
        return (
            self._is_made_elsewhere
            or any(_mentions(one, name) for one in self._stacks)
            or any(name in referred(one) for one in self._exported)
        )

    @cached_property
    def _exported(self) -> tuple[Node | None, ...]:
        """The values that other templates may import."""
        outputs = at(self.root, "Outputs")
        named = outputs.entries if isinstance(outputs, MapNode) else ()
        imported = [at(one, "Value") for _, one in named if at(one, "Export") is not None]
        shared = (at(one, "Value") for _, one in self._typed("AWS::SSM::Parameter"))
        return (*imported, *shared)

    @cached_property
    def _is_made_elsewhere(self) -> bool:
        """Whether a macro or a loop may make any resource."""
        return (
            _MACRO.search(self.root.span.text) is not None
            or not EXPANDED.issuperset(one for one, _ in transforms(self.root))
            or any(key.value.startswith("Fn::") for key, _ in self.resources)
        )

    @cached_property
    def _stacks(self) -> tuple[Node, ...]:
        """The resources that are other templates, or programs that may do anything."""
        return tuple(one for _, one in self.resources if _is_stack(text_of(at(one, "Type")) or ""))

    def _resource_tree(self) -> ResourceTree:
        found = {}
        for key, said in self._typed("AWS::ApiGateway::Resource"):
            parent = _place(at(said, "ParentId"), _api_of(said) or "")
            found[key.value] = parent, text_of(at(said, "PathPart"))
        return ResourceTree(found)

    def _typed(self, kind: str) -> Iterator[tuple[TextNode, Node | None]]:
        """The resources of a type that may be made, with their properties."""
        return iter(self._by_type.get(kind, ()))

    @cached_property
    def _by_type(self) -> Mapping[str | None, list[tuple[TextNode, Node | None]]]:
        found = defaultdict(list)
        for key, resource in self.resources:
            if self._may_be(resource):
                found[text_of(at(resource, "Type"))].append((key, at(resource, "Properties")))
        return found

    def _may_be(self, resource: Node) -> bool:
        """Whether a resource is made, or may be: its condition holds or is not known."""
        condition = at(resource, "Condition")
        intrinsics = Intrinsics(self.root, self.parameters, References(self.budget))
        try:
            name = text_of(condition) or ""
            return condition is None or intrinsics.condition(name, condition.span) is not False
        except InputError:
            return True

    def _is_open(self, name: str) -> bool:
        """Whether something else than this template may add to an API."""
        return any(True for _ in self._open_routes(name))

    def _stages(
        self, name: str, own: tuple[str, ...] | None, intrinsics: Intrinsics
    ) -> tuple[str, ...] | None:
        """The stages of an API: its own and those of resources; None if one is not known."""
        made = [said for kind in _MAKING_STAGES for said in self._of(name, kind)]
        nodes = [at(said, "StageName") for said in made if _api_of(said) == name]
        found = [(intrinsics.text(one), one.span) for one in nodes if one is not None]
        names = [one for one in found if not intrinsics.references.within(one[0])]
        is_open = own is None or len(names) < len(found)
        is_open = is_open or not all(_api_of(said) == name for said in made)
        known = tuple(dict.fromkeys((*(own or ()), *stages(names))))
        return None if is_open or self.has_open_parts(name) else known or None


def _is_stack(kind: str) -> bool:
    return kind in _STACKS or kind.startswith("Custom::")


def _named(node: Node | None) -> str | None:
    """The resource that a node refers to by its name."""
    return text_of(at(node, "Ref"))


def _api_of(said: Node | None) -> str | None:
    """The API that the properties of a resource name; None if it is not known."""
    api = at(said, "RestApiId")
    match at(api, "Fn::GetAtt"):
        case ListNode((TextNode(owner), TextNode("RestApiId"))):
            return owner
        case TextNode(written) if written.endswith(".RestApiId"):
            return written.partition(".")[0]
        case _:
            return _named(api) or text_of(api)


def _type(method: Node | None, intrinsics: Intrinsics) -> str | None:
    """The authorization type of a method; None if it is not known."""
    node = at(method, "AuthorizationType")
    if node is None:
        return "NONE" if method is not None and is_plain(method) else None
    value = intrinsics.text(node)
    return None if intrinsics.references.within(value) else value


def referred(node: Node | None) -> frozenset[str | None]:
    """The resource that a value is the name or an attribute of, among others that it is not."""
    return frozenset((_named(node), _owner(node), _only(node)))


def _owner(node: Node | None) -> str | None:
    """The resource whose attribute a node is."""
    match at(node, "Fn::GetAtt"):
        case ListNode((TextNode(owner), *_)):
            return owner
        case TextNode(name):
            return name.partition(".")[0]
        case _:
            return None


def _only(node: Node | None) -> str | None:
    """The resource whose name is all that a text is made of."""
    written = text_of(at(node, "Fn::Sub")) or ""
    return written[2:-1] if written.startswith("${") and written.endswith("}") else None


def _place(node: Node | None, api: str) -> str | None:
    """The resource of an API that a node refers to: the root, or one by its logical id."""
    match at(node, "Fn::GetAtt"):
        case ListNode((TextNode(owner), TextNode("RootResourceId"))) if owner == api:
            return ROOT
        case TextNode(name) if name == f"{api}.RootResourceId":
            return ROOT
        case ListNode((TextNode(owner), TextNode("ResourceId"))):
            return owner
        case _:
            return _named(node)


def _mentions(node: Node, name: str) -> bool:
    """Whether the text of a node has the name of a resource in it."""
    return re.search(rf"\b{re.escape(name)}\b", node.span.text) is not None


def _imports_endpoint(parameters: Node | None) -> Endpoint | str | None:
    """The endpoint type that the import of the definition gives the API, None if it gives none, and
    a word for what is not known (APIGW/API_ImportRestApi, endpointConfigurationTypes)."""
    if parameters is None:
        return None
    if not is_plain(parameters):
        return "unknown"
    written = at(parameters, "endpointConfigurationTypes")
    return None if written is None else endpoint((text_of(written),)) or "unknown"


def _endpoint(said: Node | None, intrinsics: Intrinsics) -> Endpoint | None:
    """The endpoint type; None if it is not known. The ids of VPC endpoints do not matter here."""
    types = at(said, "Types")
    nodes = types.items if isinstance(types, ListNode) else (at(said, "Type"),)
    if isinstance(said, TextNode):
        nodes = (said,)
    return endpoint(intrinsics.text(one) if one else None for one in nodes)
