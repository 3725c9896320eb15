"""What ``aws apigateway get-rest-api`` and ``get-rest-apis`` print (APIGW/API_GetRestApi)."""

from __future__ import annotations

from collections.abc import Iterator

from policycheck.diagnostics import InputError, Source
from policycheck.model.facts import ApiFacts
from policycheck.read.document import ListNode, MapNode, Node, TextNode
from policycheck.read.sources.api_facts import endpoint
from policycheck.read.sources.found import (
    Found,
    FoundPolicy,
    RefusedPolicy,
    at,
    no_policy,
    policy_node,
    text_of,
)


def find(source: Source, root: Node) -> Found:
    """The policies of an answer: of one API, of a list of them, or a bare escaped policy.

    Raises InputError if there is none.
    """
    if isinstance(root, TextNode):
        return (_policy("", root, ApiFacts()),)
    apis = tuple(_apis(root))
    several = len(apis) > 1 or _items(root) is not None
    found = tuple(
        _policy(_name(api) if several else "", policy, _facts(api))
        for api in apis
        if isinstance(policy := api.get("policy"), TextNode | MapNode)
    )
    if not found:
        raise no_policy(source, "answer", [_name(api) for api in apis])
    return found


def _apis(root: Node) -> Iterator[MapNode]:
    items = _items(root)
    for one in items.items if items else (root,):
        if isinstance(one, MapNode):
            yield one


def _items(root: Node) -> ListNode | None:
    """The list of APIs; recorded answers have it below ``data``."""
    for found in (root, at(root, "items"), at(root, "data", "items")):
        if isinstance(found, ListNode):
            return found
    return None


def _name(api: MapNode) -> str:
    return text_of(api.get("id")) or text_of(api.get("name")) or "?"


def _facts(api: MapNode) -> ApiFacts:
    types = at(api, "endpointConfiguration", "types")
    items = types.items if isinstance(types, ListNode) else ()
    return ApiFacts(endpoint(map(text_of, items)))


def _policy(resource: str, value: Node, facts: ApiFacts) -> FoundPolicy | RefusedPolicy:
    try:
        return FoundPolicy(resource, policy_node(value), facts)
    except InputError as error:
        return RefusedPolicy(resource, error)
