"""OpenAPI and Swagger documents with ``x-amazon-apigateway-policy``
(APIGW/openapi-extensions-policy)."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from policycheck.diagnostics import InputError, Source
from policycheck.model.environment import Authorization
from policycheck.model.facts import ApiFacts
from policycheck.model.route import ANY
from policycheck.read.document import ListNode, MapNode, Node, NullNode, TextNode
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
from policycheck.read.sources.nodes import is_function
from policycheck.read.sources.routes import Pair, is_method, routes

POLICY = "x-amazon-apigateway-policy"

_ANY = "x-amazon-apigateway-any-method"
_TYPES = {"awssigv4": "AWS_IAM", "custom": "CUSTOM", "cognito_user_pools": "COGNITO_USER_POOLS"}


def find(source: Source, root: Node) -> Found:
    """The policy of an OpenAPI document. Raises InputError if there is none."""
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
    return api_facts.authorizations(types(root))


def route_pairs(root: Node) -> Iterator[Pair]:
    """The methods and paths of an OpenAPI document, below each base path that an import may give
    them (APIGW/api-gateway-import-api-basePath)."""
    bases = _bases(root)
    for path, name, _ in methods(root):
        method = ANY if name and name.lower() == _ANY else name
        for base in bases or (None,):
            yield method, None if base is None or path is None else _below(base, path)


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


def types(root: Node) -> Iterator[str | None]:
    """The authorization type of each method as AWS calls it; None for one that is not known."""
    for _, _, method in methods(root):
        yield None if method is None else type_of(root, method)


def methods(root: Node) -> Iterator[tuple[str | None, str | None, Node | None]]:
    """The paths and methods of a document, each with what it says; None for what is not known."""
    paths = at(root, "paths")
    if not isinstance(paths, MapNode | NullNode | None):
        yield None, None, None
    for path, item in paths.entries if isinstance(paths, MapNode) else ():
        if path.value.startswith("x-"):
            continue
        if not path.value.startswith("/"):
            yield None, None, None
            continue
        for branch in _branches(item):
            for name, method in _methods(branch):
                yield path.value, name, method


def _methods(item: Node) -> Iterator[tuple[str | None, Node | None]]:
    """The methods of a path; None for one that is not known."""
    if not isinstance(item, MapNode):
        yield from () if isinstance(item, NullNode) else ((None, None),)
        return
    for name, written in item.entries:
        if name.value.lower() == _ANY or is_method(name.value):
            for method in _branches(written):
                yield name.value, method
        elif _is_elsewhere(name):
            yield None, None


def _branches(node: Node) -> Iterator[Node]:
    """What a value may be: the values that ``Fn::If`` chooses from, without ``AWS::NoValue``."""
    match node:
        case MapNode(((TextNode("Fn::If"), ListNode((TextNode(), yes, no))),)):
            yield from _branches(yes)
            yield from _branches(no)
        case MapNode(((TextNode("Ref"), TextNode("AWS::NoValue")),)):
            return
        case _:
            yield node


def type_of(root: Node, method: Node, without: Collection[str] = ()) -> str | None:
    """The authorization type of a method as AWS calls it; None if it is not clear.

    ``without``: security schemes that do not count.
    """
    if isinstance(method, NullNode):
        return "NONE"
    if not _is_here(method):
        return None
    extension = at(method, "x-amazon-apigateway-auth")
    found = {text_of(at(extension, "type"))} if extension else set()
    if (security := at(method, "security")) is not None:
        found |= _required(root, security, without)
    return found.pop() if len(found) == 1 else None if found else "NONE"


def _required(root: Node, security: Node, without: Collection[str]) -> set[str | None]:
    """The types of the schemes that a method requires, without those of API keys.

    The ``security`` of the whole document counts for nothing (APIGW/api-gateway-known-issues).
    """
    if not isinstance(security, ListNode):
        return {None}
    found: set[str | None] = set()
    for one in security.items:
        if not isinstance(one, MapNode) or not _is_here(one):
            found.add(None)
            continue
        names = (key.value for key, _ in one.entries)
        found.update(_scheme_type(root, name) for name in names if name not in without)
    return found - {"NONE"}


def _scheme_type(root: Node, name: str) -> str | None:
    """The authorization type that a security scheme stands for; None if it is not known."""
    schemes = at(root, "components", "securitySchemes"), at(root, "securityDefinitions")
    scheme = at(schemes[0], name) or at(schemes[1], name)
    if scheme is None and all(one is None or _is_here(one) for one in schemes):
        return "NONE"
    said = at(scheme, "x-amazon-apigateway-authtype")
    if said is None:
        return "NONE" if scheme is not None and _is_here(scheme) else None
    kind = text_of(said)
    return _TYPES.get(kind.lower(), kind) if kind else None


def _is_here(node: Node) -> bool:
    """Whether a value is a mapping of which nothing stands elsewhere."""
    return isinstance(node, MapNode) and not any(_is_elsewhere(key) for key, _ in node.entries)


def _is_elsewhere(key: TextNode) -> bool:
    """Whether what a key stands for is written elsewhere, or worked out by a deployment."""
    return key.value.startswith("$") or is_function(key)
