"""The events of SAM's functions and state machines: methods of APIs.

Source: SAM/sam-property-function-api, SAM/sam-property-statemachine-statemachineapi.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic, InputError
from policycheck.read.document import MapNode, Node
from policycheck.read.sources.found import at, text_of
from policycheck.read.sources.nodes import is_otherwise

IMPLICIT = "ServerlessRestApi"
"""The API that events without a RestApiId belong to."""

_API_EVENT = re.compile(r"\bType[\"']?\s*:\s*[\"']?Api\b")
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
    for kind, event in written_events(root):
        said = at(event, "Properties")
        if text_of(at(event, "Type")) != "Api" or not isinstance(said, MapNode):
            continue
        path, method = text_of(said.get("Path")), text_of(said.get("Method"))
        if path is None or method is None:
            continue
        is_machine = kind == _SOURCES[1]
        yield ApiEvent(api_of(said), path, method.lower(), said.get("Auth"), said, is_machine)


def check_events(name: str, root: Node) -> None:
    """Raises InputError for an event that may belong to an API and has a policy, and whose API,
    path or method is no text: SAM refuses it, and its statements would be missing."""
    _check_sources(root)
    for _, event in written_events(root):
        said = at(event, "Properties")
        if at(said, "Auth") is None or api_of(said) not in {name, ""}:
            continue
        path, method = text_of(at(said, "Path")), text_of(at(said, "Method"))
        if not (api_of(said) and path and method) and text_of(at(event, "Type")) == "Api":
            message = "SAM needs the API, the path and the method of an event as texts"
            advice = "write RestApiId: !Ref Name, and Path and Method without functions"
            raise InputError([Diagnostic("EVENT_NOT_PLAIN", message, event.span, "", advice)])


def _check_sources(root: Node) -> None:
    """Raises InputError if a function makes events: the loops of AWS::LanguageExtensions are run
    before SAM is (CFN/intrinsic-function-reference-foreach)."""
    resources = at(root, "Resources")
    for key, resource in resources.entries if isinstance(resources, MapNode) else ():
        is_loop = key.value.startswith("Fn::") and has_events(resource)
        parts = [resource, at(resource, "Properties"), at(resource, "Properties", "Events")]
        is_source = text_of(at(resource, "Type")) in _SOURCES
        if is_loop or (is_source and any(map(is_otherwise, parts))):
            message = "a function makes events here, and it is not worked out"
            advice = "check the template that it makes"
            raise InputError([Diagnostic("UNSUPPORTED_FUNCTION", message, key.span, "", advice)])


def has_events(node: Node) -> bool:
    """Whether the text of a part of a template has events of type Api."""
    return _API_EVENT.search(node.span.text) is not None


def written_events(root: Node) -> Iterator[tuple[str, Node]]:
    """The events of functions, then those of state machines, with the type of the resource."""
    resources = at(root, "Resources")
    entries = resources.entries if isinstance(resources, MapNode) else ()
    for kind in _SOURCES:
        for _, resource in entries:
            if text_of(at(resource, "Type")) == kind:
                found = at(resource, "Properties", "Events")
                for _, event in found.entries if isinstance(found, MapNode) else ():
                    yield kind, event


def api_of(said: Node | None) -> str:
    """The API that an event belongs to; empty if that is not known."""
    api = at(said, "RestApiId")
    return text_of(api) or text_of(at(api, "Ref")) or (IMPLICIT if api is None else "")
