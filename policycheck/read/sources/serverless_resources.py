"""The ``resources`` of a Serverless Framework file: templates that it merges into the one that it
makes (serverless/serverless, lib/plugins/aws/package/lib/mergeCustomProviderResources.js)."""

from __future__ import annotations

from collections.abc import Iterator

from policycheck.diagnostics import Diagnostic, InputError, Span
from policycheck.read.document import ListNode, MapNode, Node, NullNode, TextNode
from policycheck.read.sources.found import at, text_of
from policycheck.read.sources.macros import check_macros
from policycheck.read.sources.nodes import is_otherwise
from policycheck.read.sources.private import texts
from policycheck.read.sources.serverless_variables import Variables
from policycheck.read.sources.unresolved import unknown_values

API = "ApiGatewayRestApi"
"""The logical id of the API that the framework makes."""

_REST_API = "AWS::ApiGateway::RestApi"
_DEFINING = ("Policy", "Body", "BodyS3Location", "CloneFrom", "Parameters")


def templates(variables: Variables) -> tuple[MapNode, ...]:
    """The templates, variables filled in: one, or those of a list.

    Raises InputError for one that stands in another file, as it may change every policy.
    """
    said = variables.at("resources")
    items = said.items if isinstance(said, ListNode) else (said,) if said else ()
    return tuple(_template(one) for one in items if not isinstance(one, NullNode))


def _template(node: Node) -> MapNode:
    if not isinstance(node, MapNode):
        raise _elsewhere("the resources are", node.span)
    for part in (node.get("Resources"), node.get("extensions")):
        if isinstance(part, TextNode):
            raise _elsewhere("the resources are", part.span)
    return node


def check_own(template: MapNode) -> None:
    """Raises InputError if a template gives the API of the framework another policy."""
    check_macros(template)
    for own in (at(template, "Resources", API), at(template, "extensions", API)):
        said = at(own, "Properties")
        for part in (own, said):
            if is_otherwise(part):
                raise _elsewhere(f"a part of {API} is", part.span)
        for name in _DEFINING:
            if (other := at(said, name)) is not None:
                message = f"resources give {API} a {name} besides its resourcePolicy"
                advice = "keep the policy in one place"
                raise InputError([Diagnostic("SEVERAL_POLICIES", message, other.span, "", advice)])


def changes_endpoint(template: MapNode) -> bool:
    """Whether a template gives the API of the framework another endpoint type."""
    places = ("Resources", "extensions")
    return any(at(template, one, API, "Properties", "EndpointConfiguration") for one in places)


def adds_to_api(template: MapNode) -> bool:
    """Whether a template may add stages or methods to the API of the framework."""
    return any(
        (text_of(at(one, "Type")) or "").startswith("AWS::ApiGateway::") for one in _made(template)
    )


def _made(template: MapNode) -> Iterator[Node]:
    resources = at(template, "Resources")
    for _, one in resources.entries if isinstance(resources, MapNode) else ():
        yield one


def closed(template: MapNode, variables: Variables) -> MapNode:
    """A template without references, for the reader of templates.

    Raises InputError for those that a policy may depend on; others are written as they were.
    """
    needed = [
        part
        for key, value in template.entries
        for part in (_apis(value) if key.value == "Resources" else (value,))
        if key.value != "Outputs"
    ]
    within = variables.references.within
    found = [one for part in needed for text in texts(part) for one in within(text.value)]
    if found:
        raise InputError(unknown_values(found))
    entries = tuple((key, _shown(value, variables)) for key, value in template.entries)
    return MapNode(entries, template.span)


def _apis(resources: Node) -> Iterator[Node]:
    """The REST APIs among resources, and what may be one."""
    for _, one in resources.entries if isinstance(resources, MapNode) else ():
        if text_of(at(one, "Type")) == _REST_API or not isinstance(one, MapNode):
            yield one


def _shown(node: Node, variables: Variables) -> Node:
    match node:
        case TextNode(value):
            return TextNode(variables.references.shown(value), node.span)
        case ListNode(items):
            return ListNode(tuple(_shown(one, variables) for one in items), node.span)
        case MapNode(entries):
            return MapNode(tuple((k, _shown(v, variables)) for k, v in entries), node.span)
        case _:
            return node


def _elsewhere(what: str, span: Span) -> InputError:
    message = f"{what} in another file, which may hold another resource policy"
    advice = "run serverless package, and check the template that it makes below .serverless"
    return InputError([Diagnostic("DEFINITION_ELSEWHERE", message, span, "", advice)])
