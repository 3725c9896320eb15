"""OpenAPI and Swagger documents with ``x-amazon-apigateway-policy``
(APIGW/openapi-extensions-policy)."""

from __future__ import annotations

from collections.abc import Iterator

from policycheck.diagnostics import InputError, Source
from policycheck.model.environment import Authorization
from policycheck.model.facts import ApiFacts
from policycheck.read.document import ListNode, MapNode, Node
from policycheck.read.sources import api_facts
from policycheck.read.sources.found import (
    Found,
    FoundPolicy,
    RefusedPolicy,
    at,
    no_policy,
    policy_node,
    text_of,
)

POLICY = "x-amazon-apigateway-policy"

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_ANY = "x-amazon-apigateway-any-method"
_TYPES = {"awssigv4": "AWS_IAM", "custom": "CUSTOM", "cognito_user_pools": "COGNITO_USER_POOLS"}


def find(source: Source, root: Node) -> Found:
    """The policy of an OpenAPI document."""
    value = at(root, POLICY)
    if value is None:
        raise no_policy(source, "OpenAPI document")
    try:
        return (FoundPolicy("", policy_node(value), ApiFacts(None, authorizations(root))),)
    except InputError as error:
        return (RefusedPolicy("", error),)


def authorizations(root: Node) -> frozenset[Authorization]:
    """The authorization of the methods that an OpenAPI document has."""
    return api_facts.authorizations(_types(root))


def _types(root: Node) -> Iterator[str | None]:
    paths = at(root, "paths")
    for _, path in paths.entries if isinstance(paths, MapNode) else ():
        for name, method in path.entries if isinstance(path, MapNode) else ():
            if name.value.lower() in {*_METHODS, _ANY}:
                yield _type(root, method)


def _type(root: Node, method: Node) -> str | None:
    """The authorization type of a method as AWS calls it; None if it is not clear."""
    said = text_of(at(method, "x-amazon-apigateway-auth", "type"))
    if said:
        return said
    security = at(method, "security") or at(root, "security")
    if security is None:
        return "NONE"
    names = [
        key.value
        for one in (security.items if isinstance(security, ListNode) else ())
        for key, _ in (one.entries if isinstance(one, MapNode) else ())
    ]
    found = {_scheme_type(root, name) for name in names} - {"NONE"}
    return found.pop() if len(found) == 1 else None if found else "NONE"


def _scheme_type(root: Node, name: str) -> str:
    scheme = at(root, "components", "securitySchemes", name) or at(
        root, "securityDefinitions", name
    )
    said = text_of(at(scheme, "x-amazon-apigateway-authtype")) or ""
    return _TYPES.get(said.lower(), said or "NONE")
