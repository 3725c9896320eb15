"""CloudFormation and SAM templates, also those that the CDK makes: policies of REST APIs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from policycheck.diagnostics import Diagnostic, InputError, Source
from policycheck.model.environment import Endpoint
from policycheck.model.facts import ApiFacts
from policycheck.read.document import ListNode, MapNode, Node, TextNode
from policycheck.read.sources import openapi, sam
from policycheck.read.sources.api_facts import authorizations, endpoint, stages
from policycheck.read.sources.budget import Budget, check_count
from policycheck.read.sources.elsewhere import check_definition, check_plain
from policycheck.read.sources.found import (
    Found,
    FoundPolicy,
    RefusedPolicy,
    at,
    no_policy,
    text_of,
)
from policycheck.read.sources.intrinsics import Intrinsics
from policycheck.read.sources.macros import EXPANDED, check_macros, transforms
from policycheck.read.sources.nodes import is_plain
from policycheck.read.sources.parameters import Parameters
from policycheck.read.sources.private import check_document
from policycheck.read.sources.routes import OPEN, ROOT, Pair, ResourceTree, routes
from policycheck.read.sources.settle import settled
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

REST_API = "AWS::ApiGateway::RestApi"


def find(source: Source, root: Node, parameters: Parameters) -> Found:
    """The policies of the REST APIs of a template. Raises InputError if there is none."""
    check_document(root)
    template = _Template(root, parameters)
    check_count([one for one in template.resources if _is_api(one[1])], root.span)
    found = tuple(template.found())
    policies = tuple(one for _, one in found if one is not None)
    if not policies:
        raise no_policy(source, "template", [name for name, _ in found])
    return policies


class _Template:
    """One template."""

    def __init__(self, root: Node, parameters: Parameters) -> None:
        self.root, self.parameters, self.budget = root, parameters, Budget()
        resources = at(root, "Resources")
        self.resources = resources.entries if isinstance(resources, MapNode) else ()

    def found(self) -> Iterator[tuple[str, FoundPolicy | RefusedPolicy | None]]:
        """The names of the APIs, with what policy there is."""
        for key, resource in self.resources:
            if key.value.startswith("Fn::ForEach") and _names_api(resource):
                yield key.value, RefusedPolicy(key.value, _loop(key))
            if _is_api(resource):
                yield key.value, self._one(key.value, resource)
        if sam.has_implicit(self.root):
            yield sam.IMPLICIT, self._one(sam.IMPLICIT, None)

    def _one(self, name: str, resource: Node | None) -> FoundPolicy | RefusedPolicy | None:
        references = References(self.budget, leave_open=self.parameters.leave_open)
        intrinsics = Intrinsics(self.root, self.parameters, references)
        intrinsics.apis = frozenset({name})
        try:
            return self._policy(name, resource, intrinsics)
        except InputError as error:
            return RefusedPolicy(name, error)

    def _policy(
        self, name: str, resource: Node | None, intrinsics: Intrinsics
    ) -> FoundPolicy | None:
        condition = at(resource, "Condition")
        is_there = condition and intrinsics.condition(text_of(condition) or "", condition.span)
        if condition is not None and is_there is False:
            return None
        check_macros(self.root)
        check_plain(name, resource)
        written = at(resource, "Properties")
        if resource is None or sam.is_explicit(resource):
            said = sam.properties(self.root, written, at(resource, "IgnoreGlobals"))
            check_definition(name, said, "DefinitionBody", "DefinitionUri")
            node = _either(at(said, "Policy"), sam.policy(name, said, intrinsics), intrinsics)
        else:
            said = written if isinstance(written, MapNode) else None
            check_definition(name, said, "Body", "BodyS3Location")
            body = at(said, "Body", openapi.POLICY)
            own = intrinsics.policy(body) if body else None
            node = _either(at(said, "Policy"), own, intrinsics)
        if node is None:
            return None
        policy = settled(node, intrinsics.references, intrinsics.deployment)
        facts = self._facts(name, resource, said, intrinsics)
        return FoundPolicy(name, policy, facts, tuple(intrinsics.references.symbols.values()))

    def _facts(
        self, name: str, resource: Node | None, said: MapNode | None, intrinsics: Intrinsics
    ) -> ApiFacts:
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
        own = sam.types(name, said, self.root) if is_sam else openapi.types(body) if body else ()
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
        if at(own, "BodyS3Location") or at(own, "CloneFrom") or self._has_open_parts(name):
            yield OPEN

    def _has_open_parts(self, name: str) -> bool:
        """Whether parts of the API may be made elsewhere: by a macro, a loop, or another template
        that gets the API's id or its root."""
        return (
            self._is_made_elsewhere
            or any(_mentions(one, name) for one in self._stacks)
            or any(name in {_named(one), _owner(one), _only(one)} for one in self._exported)
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
        return None if is_open or self._has_open_parts(name) else known or None


def _is_api(resource: Node) -> bool:
    return text_of(at(resource, "Type")) == REST_API or sam.is_explicit(resource)


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


def _names_api(node: Node) -> bool:
    """Whether a loop makes REST APIs."""
    written = node.span.text
    return REST_API in written or "AWS::Serverless::Api" in written or sam.has_events(node)


def _loop(key: TextNode) -> InputError:
    message = "Fn::ForEach makes REST APIs here, and is not worked out"
    advice = "check the template that it makes"
    return InputError([Diagnostic("UNSUPPORTED_FUNCTION", message, key.span, "", advice)])


def _either(written: Node | None, made: Node | None, intrinsics: Intrinsics) -> Node | None:
    """The policy of an API that has it in one place. Raises InputError if it has two."""
    own = intrinsics.policy(written) if written else None
    if own is None or made is None:
        return own or made
    message = "the API has a policy here and another in its definition"
    advice = "keep one of the two"
    raise InputError([Diagnostic("SEVERAL_POLICIES", message, own.span, "", advice)])


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
