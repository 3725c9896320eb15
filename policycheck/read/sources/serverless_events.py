"""The methods that the Serverless Framework makes of ``http`` events
(serverless/serverless, lib/plugins/aws/package/compile/events/api-gateway/lib)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from policycheck.model.route import ANY
from policycheck.read.document import BooleanNode, MapNode, Node, NullNode, TextNode
from policycheck.read.sources.found import at, text_of
from policycheck.read.sources.routes import OPEN, Pair, with_preflight

_SHORT = re.compile(r"(?P<method>\S+) (?P<path>\S+)")
_COGNITO = re.compile("arn:[a-zA-Z-]*:cognito-idp")
_ODD = re.compile("[^0-9A-Za-z]")
_PARAMETER = re.compile(r"\{(.*)\}")

IsOpen = Callable[[Node | None], bool]


def route_pairs(http: Node, is_open: IsOpen) -> Iterator[Pair]:
    """The routes of an event: ``GET path``, or a mapping with ``method`` and ``path``
    (validate.js, getHttp), and the one for preflight requests (cors.js)."""
    method, path = at(http, "method"), at(http, "path")
    if isinstance(http, TextNode):
        found = _SHORT.fullmatch(http.value)
        route = (_verb(found["method"]), _path(found["path"])) if found else OPEN
    elif is_open(method) or is_open(path):
        route = OPEN
    else:
        route = _verb(text_of(method)), _path(text_of(path))
    match _has_cors(http):
        case True:
            yield from with_preflight([route])
        case False:
            yield route
        case None:
            yield from (route, OPEN)


def _verb(written: str | None) -> str | None:
    return ANY if written == "*" else written


def _path(written: str | None) -> str | None:
    """The resource path: one slash before it and one behind it do not count (getHttpPath)."""
    return None if written is None else "/" + written.removeprefix("/").removesuffix("/")


def _has_cors(http: Node | None) -> bool | None:
    """Whether an event makes a method for preflight requests; None if that is not known."""
    match at(http, "cors"):
        case None | NullNode():
            return False
        case BooleanNode(value):
            return value
        case MapNode():
            return True
        case _:
            return None


def types(http: Node, is_open: IsOpen) -> Iterator[str | None]:
    """The authorization types of the methods of an event, None for one that is not known;
    preflight requests need none (cors.js)."""
    yield from _authorizations(at(http, "authorizer"), is_open)
    if _has_cors(http) is not False:
        yield "NONE"


def _authorizations(authorizer: Node | None, is_open: IsOpen) -> Iterator[str | None]:
    """What an authorizer may be: ``aws_iam``, an ARN or a function's name, or a mapping
    (validate.js, getAuthorizer; method/authorization.js)."""
    match authorizer:
        case None | NullNode() | TextNode(""):
            yield "NONE"
        case TextNode(written) if not is_open(authorizer):
            yield _named(written)
        case MapNode():
            yield from _of_mapping(authorizer, is_open)
        case _:
            yield None


def _named(written: str) -> str:
    if written.upper() == "AWS_IAM":
        return "AWS_IAM"
    return _of_arn(written)


def _of_arn(written: str) -> str:
    return "COGNITO_USER_POOLS" if _COGNITO.match(written) else "CUSTOM"


def _of_mapping(authorizer: MapNode, is_open: IsOpen) -> Iterator[str | None]:
    kind, arn = at(authorizer, "type"), at(authorizer, "arn")
    if is_open(kind):
        yield None
        return
    match (text_of(kind) or "").upper():
        case "AWS_IAM" if at(authorizer, "authorizerId") and text_of(kind) != "AWS_IAM":
            yield None
        case "AWS_IAM" | "COGNITO_USER_POOLS" as known:
            yield known
        case _ if is_open(arn):
            yield from ("CUSTOM", "COGNITO_USER_POOLS")
        case _:
            yield _of_arn(text_of(arn) or "")


def clash(paths: Iterable[str]) -> bool:
    """Whether two paths, or parts that they begin with, get one and the same logical id, so that
    one of them takes the other's place (lib/naming.js, normalizePath)."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in paths:
        parts = path.strip("/").split("/")
        for count in range(1, len(parts) + 1):
            found["".join(map(_normalized, parts[:count]))].add("/".join(parts[:count]))
    return any(len(same) > 1 for same in found.values())


def _normalized(part: str) -> str:
    written = _PARAMETER.sub(r"\1Var", part.capitalize().replace("-", "Dash"))
    kept = _ODD.sub("", written)
    return kept[:1].upper() + kept[1:]
