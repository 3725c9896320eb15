"""The APIs of a SAM template: their paths, their policies, what is said of them."""

from __future__ import annotations

from collections.abc import Iterator

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic, InputError
from policycheck.model.environment import Authorization
from policycheck.read.document import ListNode, MapNode, Node, NullNode
from policycheck.read.sources import api_facts, openapi
from policycheck.read.sources.found import at, text_of
from policycheck.read.sources.intrinsics import Intrinsics
from policycheck.read.sources.nodes import merged
from policycheck.read.sources.openapi import POLICY
from policycheck.read.sources.routes import OPEN, Pair, with_preflight
from policycheck.read.sources.sam_policy import ANY, PolicyExpansion, checked

IMPLICIT = "ServerlessRestApi"
"""The API that events without a RestApiId belong to."""

IMPLICIT_STAGE = "Prod"
DEFAULT_STAGE = "Stage"
"""The stage that SAM makes besides the one that is wanted, unless OpenApiVersion is given."""

_SOURCES = ("AWS::Serverless::Function", "AWS::Serverless::StateMachine")


@dataclass(frozen=True)
class ApiEvent:
    """An event of a function or of a state machine that is a method of an API."""

    api: str
    path: str
    method: str
    auth: Node | None
    properties: MapNode
    of_state_machine: bool


def events(root: Node) -> Iterator[ApiEvent]:
    """The events of type Api in a template: those of functions, then those of state machines."""
    for kind, event in _events(root):
        said = at(event, "Properties")
        if text_of(at(event, "Type")) != "Api" or not isinstance(said, MapNode):
            continue
        path, method = text_of(said.get("Path")), text_of(said.get("Method"))
        if path is None or method is None:
            continue
        is_machine = kind == _SOURCES[1]
        yield ApiEvent(_api_of(said), path, method.lower(), said.get("Auth"), said, is_machine)


def _events(root: Node) -> Iterator[tuple[str, Node]]:
    """The events of functions, then those of state machines, with the type of the resource."""
    resources = at(root, "Resources")
    entries = resources.entries if isinstance(resources, MapNode) else ()
    for kind in _SOURCES:
        for _, resource in entries:
            if text_of(at(resource, "Type")) == kind:
                found = at(resource, "Properties", "Events")
                for _, event in found.entries if isinstance(found, MapNode) else ():
                    yield kind, event


def _api_of(said: Node | None) -> str:
    """The API that an event belongs to; empty if that is not known."""
    api = at(said, "RestApiId")
    return text_of(api) or text_of(at(api, "Ref")) or (IMPLICIT if api is None else "")


def properties(root: Node, written: Node | None, ignored: Node | None) -> MapNode | None:
    """The properties of an API with those of Globals that it does not ignore; None if it has none.

    ``ignored`` is the attribute IgnoreGlobals: ``*``, or the names of properties.
    """
    outer = at(root, "Globals", "Api")
    names = ignored.items if isinstance(ignored, ListNode) else (ignored,)
    left_out = {text_of(one) for one in names}
    if isinstance(outer, MapNode) and left_out != {None}:
        kept = (one for one in outer.entries if not {"*", one[0].value} & left_out)
        outer = MapNode(tuple(kept), outer.span)
    found = merged(outer, written)
    return found if isinstance(found, MapNode) else None


def policy(name: str, said: MapNode | None, intrinsics: Intrinsics) -> Node | None:
    """The policy that SAM gives an API; None if it gives none. Raises InputError."""
    own = [one for one in events(intrinsics.root) if one.api == name]
    definition = said.get("DefinitionBody") if said else None
    written = at(definition, POLICY)
    expansion = PolicyExpansion(intrinsics.policy(written) if written else None)
    paths = _paths(definition)
    manages = definition is None and not (said and said.get("DefinitionUri"))
    merges = bool(said and said.get("MergeDefinitions"))
    if manages:
        for event in own:
            _add(paths, event)
    for event in own:
        if merges:
            _add(paths, event)
        if manages or merges or at(event.auth, "OverrideApiAuth"):
            _event(event, name, said, paths, expansion, intrinsics)
    _api(said, paths, expansion, intrinsics)
    return expansion.policy


def _paths(definition: Node | None) -> dict[str, list[str]]:
    found = at(definition, "paths")
    return {
        path.value: [key.value for key, _ in item.entries] if isinstance(item, MapNode) else []
        for path, item in (found.entries if isinstance(found, MapNode) else ())
    }


def _add(paths: dict[str, list[str]], event: ApiEvent) -> None:
    method = ANY if event.method == "any" else event.method
    methods = paths.setdefault(event.path, [])
    if method not in methods:
        methods.append(method)


def _event(  # noqa: PLR0913, PLR0917 -- what an event needs of its API
    event: ApiEvent,
    name: str,
    said: MapNode | None,
    paths: dict[str, list[str]],
    expansion: PolicyExpansion,
    intrinsics: Intrinsics,
) -> None:
    given = at(event.auth, "ResourcePolicy")
    found = intrinsics.resolve(given) if given else None
    if found is None or isinstance(found, NullNode):
        return
    if event.of_state_machine and name != IMPLICIT and len(checked(found).entries):
        message = "SAM names no stage in the policy of this event, so that it cannot be deployed"
        advice = "write the policy at the API"
        raise InputError([Diagnostic("EVENT_WITHOUT_STAGE", message, found.span, "", advice)])
    stage = IMPLICIT_STAGE
    if name != IMPLICIT:
        stage = text_of(said.get("StageName") if said else None) or DEFAULT_STAGE
    expansion.shorthand(found, event.path, paths.get(event.path, ()), stage)
    expansion.custom(found)


def _api(
    said: MapNode | None,
    paths: dict[str, list[str]],
    expansion: PolicyExpansion,
    intrinsics: Intrinsics,
) -> None:
    given = at(said, "Auth", "ResourcePolicy")
    found = intrinsics.resolve(given) if given else None
    if found is None or isinstance(found, NullNode):
        return
    checked(found)
    cors = at(said, "Cors")
    stage = _stage(said, intrinsics)
    for path, methods in paths.items():
        if cors is not None and "options" not in methods:
            methods.append("options")
        expansion.shorthand(found, path, methods, stage)
    expansion.custom(found)


def _stage(said: MapNode | None, intrinsics: Intrinsics) -> str:
    name = said.get("StageName") if said else None
    return intrinsics.text(name) if name else IMPLICIT_STAGE


def stages(said: MapNode | None, intrinsics: Intrinsics) -> tuple[str, ...] | None:
    """The stages of an API; None if one of them is not known."""
    found = _stage(said, intrinsics)
    written = said.get("StageName") if said else None
    if intrinsics.references.within(found):
        return None
    known = api_facts.stages([(found, written.span)]) if written else (found,)
    more = () if said and said.get("OpenApiVersion") else (DEFAULT_STAGE,)
    return tuple(dict.fromkeys((*known, *more)))


def route_pairs(name: str, said: MapNode | None, root: Node) -> Iterator[Pair]:
    """The methods and paths of an API that SAM makes."""
    found = tuple(_route_pairs(name, said, root))
    yield from with_preflight(found) if at(said, "Cors") is not None else found


def _route_pairs(name: str, said: MapNode | None, root: Node) -> Iterator[Pair]:
    definition = at(said, "DefinitionBody")
    if at(said, "DefinitionUri") is not None:
        yield OPEN
    if definition is not None:
        yield from openapi.route_pairs(definition)
    for _, event in _events(root):
        kind, said_there = text_of(at(event, "Type")), at(event, "Properties")
        api = _api_of(said_there)
        if kind is None or (kind == "Api" and not api):
            yield OPEN
        elif kind == "Api" and api == name:
            yield text_of(at(said_there, "Method")), text_of(at(said_there, "Path"))


def authorizations(name: str, said: MapNode | None, root: Node) -> frozenset[Authorization]:
    """The authorization of the methods of an API."""
    default = text_of(at(said, "Auth", "DefaultAuthorizer"))
    found = [
        _type(text_of(at(one.auth, "Authorizer")) or default, said)
        for one in events(root)
        if one.api == name
    ]
    has_others = any(at(said, one) is not None for one in ("DefinitionBody", "DefinitionUri"))
    if has_others or not found:
        found.append(_type(default, said))
    return api_facts.authorizations(found)


def _type(authorizer: str | None, said: MapNode | None) -> str | None:
    """The authorization type of an authorizer as API Gateway calls it."""
    if authorizer in {None, "NONE"}:
        return "NONE"
    if authorizer == "AWS_IAM":
        return authorizer
    declared = at(said, "Auth", "Authorizers", str(authorizer))
    if at(declared, "UserPoolArn"):
        return "COGNITO_USER_POOLS"
    return "CUSTOM" if at(declared, "FunctionArn") else None


def is_explicit(resource: Node) -> bool:
    """Whether a resource is an API that SAM makes."""
    return text_of(at(resource, "Type")) == "AWS::Serverless::Api"


def has_implicit(root: Node) -> bool:
    """Whether there is an API that no resource of the template declares."""
    return any(one.api == IMPLICIT for one in events(root))
