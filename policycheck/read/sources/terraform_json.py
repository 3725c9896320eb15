"""What ``terraform show -json`` prints of a plan or a state, and state files.

Source: Terraform's JSON output format, and version 4 of its state format.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic, InputError, Source
from policycheck.model.environment import Authorization, Endpoint
from policycheck.model.facts import ApiFacts
from policycheck.read.document import BooleanNode, ListNode, MapNode, Node, TextNode
from policycheck.read.sources import openapi
from policycheck.read.sources.api_facts import authorizations, endpoint, stages
from policycheck.read.sources.budget import check_count
from policycheck.read.sources.found import (
    Found,
    FoundPolicy,
    RefusedPolicy,
    at,
    no_policy,
    policy_node,
    text_of,
)
from policycheck.read.sources.routes import OPEN, Pair, routes

API = "aws_api_gateway_rest_api"
POLICY = "aws_api_gateway_rest_api_policy"


@dataclass(frozen=True)
class _Resource:
    """A resource of the output.

    ``open`` is why its policy is not known before the plan was applied (empty: it is).
    ``is_defined`` if it has the policy of its definition, being new and without one of its own;
    ``has_open_body`` if that definition is not known.
    """

    address: str
    type: str
    values: Node
    open: str = ""
    is_defined: bool = False
    has_open_body: bool = False


@dataclass(frozen=True)
class _Changes:
    """What a plan says of resources, by their addresses: why a policy is open, and which are those
    of a definition, known or not; and the ids of the APIs whose policy another resource changes."""

    open: Mapping[str, str]
    defined: frozenset[str]
    undefined: frozenset[str]
    stale: frozenset[str]

    def resource(self, address: str, kind: str, values: Node) -> _Resource:
        """A resource as it will be."""
        why = self.open.get(address, "")
        if kind == API and text_of(at(values, "id")) in self.stale:
            why = why or "a resource with the policy of this API changes or is destroyed"
        is_defined, has_open_body = address in self.defined, address in self.undefined
        return _Resource(address, kind, values, why, is_defined, has_open_body)


def find(source: Source, root: Node) -> Found:
    """The policies of the REST APIs, by the addresses of their resources.

    Raises InputError if there is none, or if the plan could not be made.
    """
    if _is_true(at(root, "errored")):
        message = "this plan has failed, and may lack resources"
        raise InputError([Diagnostic("FAILED_PLAN", message, root.span, "", "plan again")])
    resources = tuple(_resources(root))
    check_count([one for one in resources if one.type in {API, POLICY}], root.span)
    found = tuple(one for each in resources if (one := _policy(each, resources)) is not None)
    if not found:
        apis = [one.address for one in resources if one.type == API]
        raise no_policy(source, "output of terraform show", apis)
    return found


def _resources(root: Node) -> Iterator[_Resource]:
    """The managed resources: as they will be if it is a plan, as they are otherwise."""
    module = at(root, "planned_values", "root_module") or at(root, "values", "root_module")
    if module is not None:
        yield from _below(module, _changes(root))
        return
    for one in _list(at(root, "resources")):
        yield from _of_state(one)


def _changes(root: Node) -> _Changes:
    """What a plan changes of policies.

    It calls the policy of every new API unknown; if the configuration gives none, that of the
    definition counts (the provider's internal/service/apigateway/rest_api.go).
    """
    configuration = at(root, "configuration", "root_module")
    configured = set(_configured(configuration))
    unknown, defined, undefined = {}, set(), set()
    stale: set[str] = set()
    for one in _list(at(root, "resource_changes")):
        kind, address = text_of(at(one, "type")), text_of(at(one, "address")) or ""
        change = at(one, "change")
        is_configured = configuration is None or f"{kind}.{text_of(at(one, 'name'))}" in configured
        is_unknown = _is_true(at(change, "after_unknown", "policy"))
        if is_unknown and is_configured:
            unknown[address] = "it is not known yet"
        elif kind == API and not is_configured and _redefines(change):
            unknown[address] = "the definition that may hold it is not known yet, or changes"
        elif is_unknown:
            defined.add(address)
        if _is_true(at(change, "after_unknown", "body")):
            undefined.add(address)
        if kind == POLICY:
            stale.update(_apis_of(change))
    return _Changes(unknown, frozenset(defined), frozenset(undefined), frozenset(stale))


def _apis_of(change: Node | None) -> Iterator[str]:
    """The ids of the APIs that a change of an ``aws_api_gateway_rest_api_policy`` gives another
    policy: a plan shows that of an API as it was read before."""
    states = at(change, "before"), at(change, "after")
    said = [(text_of(at(one, "rest_api_id")), text_of(at(one, "policy"))) for one in states]
    if None in said[1] or said[0] != said[1]:
        yield from (api for api, _ in said if api)


def _redefines(change: Node | None) -> bool:
    """Whether a change of an API brings a definition that may change its policy."""
    if _is_true(at(change, "after_unknown", "body")):
        return True
    before, after = text_of(at(change, "before", "body")), text_of(at(change, "after", "body"))
    is_new = not isinstance(at(change, "before"), MapNode)
    return not is_new and before != after and openapi.POLICY in (after or "")


def _is_true(node: Node | None) -> bool:
    return isinstance(node, BooleanNode) and node.value


def _below(module: Node, changes: _Changes) -> Iterator[_Resource]:
    for one in _list(at(module, "resources")):
        address, values = text_of(at(one, "address")), at(one, "values")
        if text_of(at(one, "mode")) != "data" and address and values:
            yield changes.resource(address, text_of(at(one, "type")) or "", values)
    for child in _list(at(module, "child_modules")):
        yield from _below(child, changes)


def _of_state(resource: Node) -> Iterator[_Resource]:
    """The instances of a resource in a state file."""
    kind, name = text_of(at(resource, "type")) or "", text_of(at(resource, "name")) or ""
    if text_of(at(resource, "mode")) == "data":
        return
    module = text_of(at(resource, "module"))
    for instance in _list(at(resource, "instances")):
        key = at(instance, "index_key")
        index = f"[{key.span.text}]" if key is not None else ""
        values = at(instance, "attributes")
        if values is not None:
            address = ".".join((*([module] if module else []), kind, f"{name}{index}"))
            yield _Resource(address, kind, values)


def _list(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, ListNode) else ()


def _policy(
    resource: _Resource, resources: tuple[_Resource, ...]
) -> FoundPolicy | RefusedPolicy | None:
    if resource.type not in {API, POLICY}:
        return None
    if resource.open:
        message = f"the policy of {resource.address} is known only after the plan was applied"
        advice = "check the state after that (terraform show -json), or the .tf file"
        span = resource.values.span
        message = f"{message}: {resource.open}"
        error = InputError([Diagnostic("UNRESOLVED_POLICY", message, span, "", advice)])
        return RefusedPolicy(resource.address, error)
    try:
        node = _node(resource)
        return FoundPolicy(resource.address, node, _facts(resource, resources)) if node else None
    except InputError as error:
        return RefusedPolicy(resource.address, error)


def _node(resource: _Resource) -> Node | None:
    """The policy that a resource has; None if it has none. Raises InputError."""
    value = at(resource.values, "body" if resource.is_defined else "policy")
    if not isinstance(value, TextNode) or not value.value.strip():
        return None
    node = policy_node(value)
    return at(node, openapi.POLICY) if resource.is_defined else node


def _configured(module: Node | None) -> Iterator[str]:
    """The types and names of the resources whose configuration gives a policy."""
    for one in _list(at(module, "resources")):
        if at(one, "expressions", "policy") is not None:
            yield f"{text_of(at(one, 'type'))}.{text_of(at(one, 'name'))}"
    calls = at(module, "module_calls")
    for _, call in calls.entries if isinstance(calls, MapNode) else ():
        yield from _configured(at(call, "module"))


def _facts(resource: _Resource, resources: tuple[_Resource, ...]) -> ApiFacts:
    """What the output says of the API that a resource is, or belongs to."""
    api = _api(resource, resources)
    if api is None:
        return ApiFacts()
    identity = text_of(at(api.values, "id"))
    made, methods = [], []
    for one in resources:
        owner = text_of(at(one.values, "rest_api_id"))
        if identity is None or owner not in {None, identity}:
            continue
        stage = at(one.values, "stage_name") if owner else None
        if one.type == "aws_api_gateway_stage":
            made.append(stage)
        if one.type == "aws_api_gateway_deployment" and text_of(at(one.values, "stage_name")):
            made.append(stage)
        if one.type == "aws_api_gateway_method":
            methods.append(text_of(at(one.values, "authorization")) if owner else None)
    known = [(one.value, one.span) for one in made if isinstance(one, TextNode)]
    callers = authorizations(methods) | _authorizations_in(api)
    return ApiFacts(
        _endpoint(api),
        callers,
        stages(known) if known and len(known) == len(made) else None,
        routes=routes(_route_pairs(api, resources)),
    )


def _route_pairs(api: _Resource, resources: tuple[_Resource, ...]) -> Iterator[Pair]:
    """The methods and paths of an API: those of its body, and those of its resources."""
    identity, root = text_of(at(api.values, "id")), text_of(at(api.values, "root_resource_id"))
    paths = {root: "/"} if root else {}
    for one in resources:
        if one.type == "aws_api_gateway_resource" and (name := text_of(at(one.values, "id"))):
            paths[name] = text_of(at(one.values, "path")) or ""
    for one in resources:
        if one.type == "aws_api_gateway_method":
            owner = text_of(at(one.values, "rest_api_id"))
            if owner is None or identity is None:
                yield OPEN
            elif owner == identity:
                place = text_of(at(one.values, "resource_id")) or ""
                yield text_of(at(one.values, "http_method")), paths.get(place)
    body = at(api.values, "body")
    if api.has_open_body:
        yield OPEN
    if isinstance(body, TextNode) and body.value.strip():
        yield from _in_body(body)


def _authorizations_in(api: _Resource) -> frozenset[Authorization]:
    """Those of the methods of a definition; of one that cannot be read, none at all."""
    body = at(api.values, "body")
    if api.has_open_body:
        return frozenset({Authorization.NONE})
    if not isinstance(body, TextNode) or not body.value.strip():
        return frozenset()
    try:
        return openapi.authorizations(policy_node(body))
    except InputError:
        return frozenset({Authorization.NONE})


def _in_body(body: TextNode) -> Iterator[Pair]:
    try:
        yield from openapi.route_pairs(policy_node(body))
    except InputError:
        yield OPEN


def _endpoint(api: _Resource) -> Endpoint | None:
    configured = _list(at(api.values, "endpoint_configuration"))
    types = _list(at(configured[0], "types")) if configured else ()
    return endpoint(map(text_of, types)) if types else None


def _api(resource: _Resource, resources: tuple[_Resource, ...]) -> _Resource | None:
    """The API that a resource is, or belongs to; if its id is not known yet, that is a new one."""
    if resource.type == API:
        return resource
    wanted = text_of(at(resource.values, "rest_api_id"))
    apis = [one for one in resources if one.type == API]
    if wanted is not None:
        return next((one for one in apis if text_of(at(one.values, "id")) == wanted), None)
    new = [one for one in apis if text_of(at(one.values, "id")) is None]
    return new[0] if len(new) == 1 else None
