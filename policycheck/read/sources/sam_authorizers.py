"""The authorization types of the methods of a SAM API.

Source: SAM/sam-property-api-apiauth.
"""

from __future__ import annotations

from collections.abc import Iterator

from policycheck.read.document import BooleanNode, ListNode, MapNode, Node, NullNode
from policycheck.read.sources import openapi
from policycheck.read.sources.found import at, text_of
from policycheck.read.sources.nodes import is_given
from policycheck.read.sources.sam_events import events


def types(name: str, said: MapNode | None, root: Node) -> Iterator[str | None]:
    """The authorization types of the methods of an API; None for one that is not known."""
    auth, definition = at(said, "Auth"), at(said, "DefinitionBody")
    default = at(auth, "DefaultAuthorizer")
    for event in events(root):
        if event.api in {name, ""}:
            yield _type(at(event.auth, "Authorizer") or default, auth)
    for _, method, written in openapi.methods(definition) if definition else ():
        is_preflight = (method or "").lower() == "options" and not _guards_preflight(auth)
        yield _written_type(definition, written, auth, None if is_preflight else default)
    if is_given(at(said, "Cors")):
        yield _type(default, auth) if _guards_preflight(auth) else "NONE"


def _guards_preflight(auth: Node | None) -> bool:
    """Whether the default authorizer also holds for OPTIONS."""
    said = at(auth, "AddDefaultAuthorizerToCorsPreflight")
    return said is None or (isinstance(said, BooleanNode) and said.value)


def _written_type(
    definition: Node | None, method: Node | None, auth: Node | None, default: Node | None
) -> str | None:
    """The type of a method of a definition: that of an authorizer which it names, or of the
    default one, unless it names NONE (SAM/sam-property-api-apiauth)."""
    if definition is None or method is None or isinstance(method, NullNode):
        return None if method is None else _type(default, auth)
    security = at(method, "security")
    items = security.items if isinstance(security, ListNode) else ()
    names = {key.value for one in items if isinstance(one, MapNode) for key, _ in one.entries}
    own = {one for one in names if one == "AWS_IAM" or at(auth, "Authorizers", one) is not None}
    found = {_named_type(one, auth) for one in own}
    if not own and default is not None and "NONE" not in names:
        found.add(_type(default, auth))
    rest = openapi.type_of(definition, method, without=own)
    if rest != "NONE":
        found.add(rest)
    return found.pop() if len(found) == 1 else None if found else "NONE"


def _type(authorizer: Node | None, auth: Node | None) -> str | None:
    """The authorization type of an authorizer as API Gateway calls it; None if it is not known."""
    if authorizer is None:
        return "NONE"
    name = text_of(authorizer)
    return _named_type(name, auth) if name else None


def _named_type(name: str, auth: Node | None) -> str | None:
    """The type of an authorizer by its name: what an API declares itself is a user pool or a
    function."""
    if name in {"NONE", "AWS_IAM"}:
        return name
    is_pool = at(auth, "Authorizers", name, "UserPoolArn") is not None
    return "COGNITO_USER_POOLS" if is_pool else "CUSTOM"
