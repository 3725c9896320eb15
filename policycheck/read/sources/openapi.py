"""OpenAPI and Swagger documents with ``x-amazon-apigateway-policy``
(APIGW/openapi-extensions-policy)."""

from __future__ import annotations

from collections.abc import Iterator

from policycheck.diagnostics import InputError, Source
from policycheck.model.environment import Authorization
from policycheck.model.facts import ApiFacts
from policycheck.model.route import ANY
from policycheck.read.document import ListNode, MapNode, Node, NullNode
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
from policycheck.read.sources.routes import OPEN, Pair, is_method, routes

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
        facts = ApiFacts(None, authorizations(root), routes=routes(route_pairs(root)))
        return (FoundPolicy("", policy_node(value), facts),)
    except InputError as error:
        return (RefusedPolicy("", error),)


def authorizations(root: Node) -> frozenset[Authorization]:
    """The authorization of the methods that an OpenAPI document has."""
    return api_facts.authorizations(_types(root))


def route_pairs(root: Node) -> Iterator[Pair]:
    """The methods and paths of an OpenAPI document, below each base path that an import may give
    them (APIGW/api-gateway-import-api-basePath)."""
    bases = _bases(root)
    paths = at(root, "paths")
    if not isinstance(paths, MapNode | NullNode | None):
        yield OPEN
    for path, item in paths.entries if isinstance(paths, MapNode) else ():
        if path.value.startswith("x-"):
            continue
        for method in _methods(item):
            for base in bases or (None,):
                yield method, None if base is None else _below(base, path.value)


def _methods(item: Node) -> Iterator[str | None]:
    """The methods of a path; None for what stands somewhere else."""
    for name, _ in item.entries if isinstance(item, MapNode) else ():
        if name.value.lower() == _ANY:
            yield ANY
        elif is_method(name.value):
            yield name.value
        elif name.value.startswith(("$", "Fn::")):
            yield None
    if not isinstance(item, (MapNode, NullNode)):
        yield None


def _below(base: str, path: str) -> str:
    return base + path if path != "/" or not base else base


def _bases(root: Node) -> tuple[str, ...]:
    """What may stand before each path: nothing, the base path, or that without its first part.

    Empty if the base path is not known.
    """
    written = at(root, "basePath")
    said = {text_of(written) if written is not None else "", *map(_base, _servers(root))}
    if None in said:
        return ()
    found = {(one or "").rstrip("/") for one in said}
    shorter = {"/" + rest if rest else "" for one in found for rest in [_without_first(one)]}
    return tuple(sorted({"", *found, *shorter}))


def _without_first(base: str) -> str:
    return base.removeprefix("/").partition("/")[2]


def _servers(root: Node) -> tuple[Node, ...]:
    servers = at(root, "servers")
    return servers.items if isinstance(servers, ListNode) else ()


def _base(server: Node) -> str | None:
    """The path in a server's URL, with its variables at their defaults; None if it is not known."""
    url = text_of(at(server, "url"))
    if url is None:
        return None
    _, scheme, rest = url.partition("://")
    path = "/" + rest.partition("/")[2] if scheme else url
    variables = at(server, "variables")
    for name, variable in variables.entries if isinstance(variables, MapNode) else ():
        default = text_of(at(variable, "default"))
        path = path.replace("{" + name.value + "}", (default or "").strip("/"))
    return None if "{" in path or not path.startswith("/") else path


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
