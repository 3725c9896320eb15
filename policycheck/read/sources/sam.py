"""The APIs of a SAM template: their paths, their policies, what is said of them."""

from __future__ import annotations

from collections.abc import Iterator

from policycheck.diagnostics import Diagnostic, InputError
from policycheck.read.document import ListNode, MapNode, Node
from policycheck.read.sources import api_facts, openapi
from policycheck.read.sources.found import at, text_of
from policycheck.read.sources.intrinsics import Intrinsics
from policycheck.read.sources.nodes import is_given, is_plain, merged
from policycheck.read.sources.openapi import POLICY
from policycheck.read.sources.routes import OPEN, Pair, with_preflight
from policycheck.read.sources.sam_events import (
    IMPLICIT,
    ApiEvent,
    api_of,
    check_events,
    events,
    written_events,
)
from policycheck.read.sources.sam_policy import ANY, PolicyExpansion, resolved

IMPLICIT_STAGE = "Prod"
DEFAULT_STAGE = "Stage"
"""The stage that SAM makes besides the one that is wanted, unless OpenApiVersion is given."""


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
    """The policy that SAM gives an API; None if it gives none. Raises InputError.

    A definition passes over the policies of events, and so does the merging of the methods of
    functions, also with no definition at all (push.py, Api._add_swagger_integration), unless they
    override what the API says. Events of state machines are neither merged nor do they override
    (stepfunctions/events.py). What is merged into a definition without paths is lost.
    """
    check_events(name, intrinsics.root)
    own = [one for one in events(intrinsics.root) if one.api == name]
    definition = said.get("DefinitionBody") if said else None
    written = at(definition, POLICY)
    expansion = PolicyExpansion(intrinsics.policy(written) if written else None)
    paths = _paths(definition)
    manages, merges = not is_given(definition), is_given(at(said, "MergeDefinitions"))
    if manages:
        for event in own:
            _add(paths, event)
    for event in own:
        of_function = not event.of_state_machine
        if merges and of_function and paths:
            _add(paths, event)
        is_kept = manages and not (merges and of_function)
        overrides = of_function and is_given(at(event.auth, "OverrideApiAuth"))
        if overrides and merges and not manages:
            _check_alone(event, own)
        if is_kept or overrides:
            _event(event, name, said, paths, expansion, intrinsics)
    _api(said, paths, expansion, intrinsics)
    return expansion.policy


def _paths(definition: Node | None) -> dict[str, list[str]]:
    found = at(definition, "paths")
    return {
        path.value: _keys(item) if isinstance(item, MapNode) else []
        for path, item in (found.entries if isinstance(found, MapNode) else ())
    }


def _keys(item: MapNode) -> list[str]:
    """The keys of a path, all of which SAM takes for methods. Raises InputError for a function."""
    if not is_plain(item):
        message = "SAM makes statements about methods that a function makes here"
        advice = "write the methods of the path out"
        raise InputError([Diagnostic("UNSUPPORTED_FUNCTION", message, item.span, "", advice)])
    return [key.value for key, _ in item.entries]


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
    found = resolved(at(event.auth, "ResourcePolicy"), intrinsics)
    if found is None:
        return
    if event.of_state_machine and name != IMPLICIT and found.entries:
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
    found = resolved(at(said, "Auth", "ResourcePolicy"), intrinsics)
    if found is None:
        return
    stage = _stage(said, intrinsics)
    if is_given(at(said, "Cors")):
        _add_preflight(said, paths)
    for path, methods in paths.items():
        expansion.shorthand(found, path, methods, stage)
    expansion.custom(found)


def _check_alone(event: ApiEvent, own: list[ApiEvent]) -> None:
    """Raises InputError if another event is merged into the path of one that overrides: SAM names
    the methods of those that came before, in an order of its own (py27hash_fix.py)."""
    if any(one is not event and one.path == event.path for one in own):
        message = "which methods of its path SAM names for this event depends on SAM's own order"
        advice = "write the policy at the API, or one event for each path"
        raise InputError(
            [Diagnostic("UNSUPPORTED_DOCUMENT", message, event.properties.span, "", advice)]
        )


def _add_preflight(said: MapNode | None, paths: dict[str, list[str]]) -> None:
    """Adds OPTIONS to each path. Raises InputError if only a slash at the end tells one from
    another: SAM adds it to the first alone, in an order of its own (api_generator.py,
    ApiGenerator._add_cors), and API Gateway takes both for one."""
    trimmed = [path if path == "/" else path.rstrip("/") for path in paths]
    if said is not None and len(set(trimmed)) < len(trimmed):
        message = "paths that only a slash at the end tells apart are one to SAM and API Gateway"
        advice = "write one of the two"
        raise InputError([Diagnostic("UNSUPPORTED_DOCUMENT", message, said.span, "", advice)])
    for methods in paths.values():
        if "options" not in methods:
            methods.append("options")


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
    more = () if is_given(at(said, "OpenApiVersion")) else (DEFAULT_STAGE,)
    return tuple(dict.fromkeys((*known, *more)))


def route_pairs(name: str, said: MapNode | None, root: Node) -> Iterator[Pair]:
    """The methods and paths of an API that SAM makes."""
    found = tuple(_route_pairs(name, said, root))
    if not is_given(at(said, "Cors")):
        yield from found
        return
    yield from with_preflight(found)
    paths = at(said, "DefinitionBody", "paths")
    for path, _ in paths.entries if isinstance(paths, MapNode) else ():
        yield "OPTIONS", path.value


def _route_pairs(name: str, said: MapNode | None, root: Node) -> Iterator[Pair]:
    definition = at(said, "DefinitionBody")
    if at(said, "DefinitionUri") is not None:
        yield OPEN
    if definition is not None:
        yield from openapi.route_pairs(definition)
    for _, event in written_events(root):
        kind, said_there = text_of(at(event, "Type")), at(event, "Properties")
        api = api_of(said_there)
        if kind is None or (kind == "Api" and not api):
            yield OPEN
        elif kind == "Api" and api == name:
            yield text_of(at(said_there, "Method")), text_of(at(said_there, "Path"))


def is_explicit(resource: Node) -> bool:
    """Whether a resource is an API that SAM makes."""
    return text_of(at(resource, "Type")) == "AWS::Serverless::Api"


def has_implicit(root: Node) -> bool:
    """Whether there is an API that no resource of the template declares."""
    return any(one.api == IMPLICIT for one in events(root))
