"""What ``terraform show -json`` prints of a plan or a state, and state files.

Source: Terraform's JSON output format, and version 4 of its state format.
"""

from __future__ import annotations

from collections.abc import Iterator

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic, InputError, Source
from policycheck.model.environment import Endpoint
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
    """A resource of the output; ``is_open`` if its policy is known only after it was applied."""

    address: str
    type: str
    values: Node
    is_open: bool = False


def find(source: Source, root: Node) -> Found:
    """The policies of the REST APIs, by the addresses of their resources.

    Raises InputError if there is none.
    """
    resources = tuple(_resources(root))
    check_count([one for one in resources if one.type in {API, POLICY}], root.span)
    found = tuple(one for each in resources if (one := _policy(each, resources)) is not None)
    if not found:
        apis = [one.address for one in resources if one.type == API]
        raise no_policy(source, "output of terraform show", apis)
    return found


def _resources(root: Node) -> Iterator[_Resource]:
    """The managed resources: as they will be if it is a plan, as they are otherwise."""
    unknown = frozenset(_open(root))
    module = at(root, "planned_values", "root_module") or at(root, "values", "root_module")
    if module is not None:
        yield from _below(module, unknown)
        return
    for one in _list(at(root, "resources")):
        yield from _of_state(one)


def _open(root: Node) -> Iterator[str]:
    """The addresses of resources whose policy a plan cannot tell.

    It calls the policy of every new API unknown; if the configuration gives none there is none.
    """
    configuration = at(root, "configuration", "root_module")
    configured = set(_configured(configuration))
    for one in _list(at(root, "resource_changes")):
        name = f"{text_of(at(one, 'type'))}.{text_of(at(one, 'name'))}"
        unknown = at(one, "change", "after_unknown", "policy")
        is_unknown = isinstance(unknown, BooleanNode) and unknown.value
        if is_unknown and (configuration is None or name in configured):
            yield text_of(at(one, "address")) or ""


def _below(module: Node, unknown: frozenset[str]) -> Iterator[_Resource]:
    for one in _list(at(module, "resources")):
        address, values = text_of(at(one, "address")), at(one, "values")
        if text_of(at(one, "mode")) != "data" and address and values:
            yield _Resource(address, text_of(at(one, "type")) or "", values, address in unknown)
    for child in _list(at(module, "child_modules")):
        yield from _below(child, unknown)


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
    value = at(resource.values, "policy")
    if resource.is_open:
        message = f"the policy of {resource.address} is known only after the plan was applied"
        advice = "check the state after that (terraform show -json), or the .tf file"
        span = resource.values.span
        error = InputError([Diagnostic("UNRESOLVED_POLICY", message, span, "", advice)])
        return RefusedPolicy(resource.address, error)
    if not isinstance(value, TextNode) or not value.value.strip():
        return None
    try:
        return FoundPolicy(resource.address, policy_node(value), _facts(resource, resources))
    except InputError as error:
        return RefusedPolicy(resource.address, error)


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
        if identity is None or text_of(at(one.values, "rest_api_id")) != identity:
            continue
        if one.type == "aws_api_gateway_stage":
            made.append(at(one.values, "stage_name"))
        if one.type == "aws_api_gateway_deployment" and text_of(at(one.values, "stage_name")):
            made.append(at(one.values, "stage_name"))
        if one.type == "aws_api_gateway_method":
            methods.append(text_of(at(one.values, "authorization")))
    known = [(one.value, one.span) for one in made if isinstance(one, TextNode)]
    callers = authorizations(methods)
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
    if isinstance(body, TextNode) and body.value.strip():
        yield from _in_body(body)


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
    if resource.type == API:
        return resource
    wanted = text_of(at(resource.values, "rest_api_id"))
    apis = [one for one in resources if one.type == API]
    if wanted is not None:
        return next((one for one in apis if text_of(at(one.values, "id")) == wanted), None)
    return apis[0] if len(apis) == 1 else None
