"""What ``terraform show -json`` prints of a plan or a state, and state files.

Source: Terraform's JSON output format, and version 4 of its state format.
"""

from __future__ import annotations

from collections.abc import Iterator

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic, InputError, Source
from policycheck.model.environment import Authorization, Endpoint
from policycheck.model.facts import ApiFacts
from policycheck.read.document import BooleanNode, ListNode, MapNode, Node, TextNode
from policycheck.read.sources.api_facts import authorization, endpoint
from policycheck.read.sources.found import (
    Found,
    FoundPolicy,
    RefusedPolicy,
    at,
    no_policy,
    policy_node,
    text_of,
)

API = "aws_api_gateway_rest_api"
POLICY = "aws_api_gateway_rest_api_policy"


@dataclass(frozen=True)
class _Resource:
    """A resource of the output; ``unknown`` has what is known only after it was applied."""

    address: str
    type: str
    values: Node
    unknown: Node | None = None


def find(source: Source, root: Node) -> Found:
    """The policies of the REST APIs, by the addresses of their resources.

    Raises InputError if there is none.
    """
    resources = tuple(_resources(root))
    found = tuple(one for each in resources if (one := _policy(each, resources)) is not None)
    if not found:
        apis = [one.address for one in resources if one.type == API]
        raise no_policy(source, "output of terraform show", apis)
    return found


def _resources(root: Node) -> Iterator[_Resource]:
    """The managed resources: as they will be if it is a plan, as they are otherwise."""
    unknown = {
        text_of(at(one, "address")) or "": at(one, "change", "after_unknown")
        for one in _list(at(root, "resource_changes"))
    }
    module = at(root, "planned_values", "root_module") or at(root, "values", "root_module")
    if module is not None:
        yield from _below(module, unknown)
        return
    for one in _list(at(root, "resources")):
        yield from _of_state(one)


def _below(module: Node, unknown: dict[str, Node | None]) -> Iterator[_Resource]:
    for one in _list(at(module, "resources")):
        address, values = text_of(at(one, "address")), at(one, "values")
        if text_of(at(one, "mode")) != "data" and address and values:
            yield _Resource(address, text_of(at(one, "type")) or "", values, unknown.get(address))
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
    if _is_unknown(at(resource.unknown, "policy")) and not _has_own(resource, resources):
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


def _is_unknown(node: Node | None) -> bool:
    return isinstance(node, BooleanNode) and node.value


def _has_own(resource: _Resource, resources: tuple[_Resource, ...]) -> bool:
    """Whether an API leaves its policy to a resource of its own, or has none.

    A plan calls the policy of every new API unknown that does not give one itself; with an API
    that is given one that refers to new resources it looks the same.
    """
    return resource.type == API and any(one.type == POLICY for one in resources)


def _facts(resource: _Resource, resources: tuple[_Resource, ...]) -> ApiFacts:
    """What the output says of the API that a resource is, or belongs to."""
    api = _api(resource, resources)
    if api is None:
        return ApiFacts()
    identity = text_of(at(api.values, "id"))
    stages, methods = [], []
    for one in resources:
        if identity is None or text_of(at(one.values, "rest_api_id")) != identity:
            continue
        if one.type == "aws_api_gateway_stage":
            stages.append(text_of(at(one.values, "stage_name")))
        if one.type == "aws_api_gateway_method":
            methods.append(text_of(at(one.values, "authorization")))
    known = tuple(dict.fromkeys(one for one in stages if one))
    callers: Authorization | None = authorization(methods) if methods else None
    return ApiFacts(_endpoint(api), callers, known if known and None not in stages else None)


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
