"""The ``resources`` of a Serverless Framework file: templates that it merges into the one that it
makes (serverless/serverless, lib/plugins/aws/package/lib/mergeCustomProviderResources.js)."""

from __future__ import annotations

from collections.abc import Iterator

from policycheck.diagnostics import Diagnostic, InputError, Span
from policycheck.read.document import ListNode, MapNode, Node, NullNode, TextNode
from policycheck.read.sources.budget import Budget
from policycheck.read.sources.cloudformation_facts import Parts, referred
from policycheck.read.sources.found import at, text_of
from policycheck.read.sources.macros import check_macros
from policycheck.read.sources.nodes import is_otherwise
from policycheck.read.sources.parameters import Parameters
from policycheck.read.sources.private import is_private, texts
from policycheck.read.sources.serverless_merge import EXTENSIONS, all_merged, extended
from policycheck.read.sources.serverless_variables import Variables
from policycheck.read.sources.unresolved import unknown_values

API = "ApiGatewayRestApi"
"""The logical id of the API that the framework makes."""

_REST_API = "AWS::ApiGateway::RestApi"
_DEFINING = ("Policy", "Body", "BodyS3Location", "CloneFrom", "Parameters")


def template_of(variables: Variables) -> MapNode:
    """The template that the resources are, variables filled in: one, or those of a list.

    Raises InputError for one that stands in another file, as it may change every policy.
    """
    said = variables.at("resources")
    items = said.items if isinstance(said, ListNode) else (said,) if said else ()
    parts = [_template(one) for one in items if not isinstance(one, NullNode)]
    return extended(all_merged(parts, said or variables.root))


def _template(node: Node) -> MapNode:
    if not isinstance(node, MapNode):
        raise elsewhere("the resources are", node.span)
    for part in (node.get("Resources"), node.get(EXTENSIONS)):
        if isinstance(part, TextNode):
            raise elsewhere("the resources are", part.span)
    return node


def check_own(template: MapNode) -> None:
    """Raises InputError if a template gives the API of the framework another policy."""
    check_macros(template)
    for own in _said_of(template, API):
        said = at(own, "Properties")
        for part in (own, said):
            if is_otherwise(part):
                raise elsewhere(f"a part of {API} is", part.span)
        for name in _DEFINING:
            if (other := at(said, name)) is not None:
                message = f"resources give {API} a {name} besides its resourcePolicy"
                advice = "keep the policy in one place"
                raise InputError([Diagnostic("SEVERAL_POLICIES", message, other.span, "", advice)])


def _said_of(template: MapNode, name: str) -> tuple[Node | None, ...]:
    """What a template says of a resource of the framework."""
    return tuple(at(template, one, name) for one in ("Resources", EXTENSIONS))


def condition_of_api(template: MapNode) -> Node | None:
    """The condition under which the API of the framework is made; None if it always is."""
    found = (at(one, "Condition") for one in _said_of(template, API))
    return next((one for one in found if one), None)


def changes_endpoint(template: MapNode) -> bool:
    """Whether a template gives the API of the framework another endpoint type."""
    said = _said_of(template, API)
    return any(at(one, "Properties", "EndpointConfiguration") for one in said)


def adds_to_api(template: MapNode, parameters: Parameters) -> bool:
    """Whether a template may add stages or methods to the API of the framework, or change those
    that are there, or whether other templates may, which get the API's id: also by an output
    without a name, which ``${cf:...}`` reads."""
    outputs = at(template, "Outputs")
    shared = (at(one, "Value") for _, one in _entries(outputs))
    return (
        any(_is_part(key.value, one) for key, one in _entries(at(template, "Resources")))
        or any(_is_generated(key.value) for key, _ in _entries(at(template, EXTENSIONS)))
        or Parts(template, parameters, Budget()).has_open_parts(API)
        or any(API in referred(one) for one in shared)
    )


_OTHER_PARTS = tuple(
    f"AWS::ApiGateway::{one}"
    for one in ("Deployment", "GatewayResponse", "Resource", "RestApi", "Stage", "UsagePlan")
)
"""Types of parts that have no authorization."""


def added_types(template: MapNode) -> Iterator[str | None]:
    """The authorization types of methods that a template adds to APIs, or gives those that are
    there; None for one that is not known."""
    changed = [key.value for key, _ in _entries(at(template, EXTENSIONS))]
    for key, one in _entries(at(template, "Resources")):
        kind, said = text_of(at(one, "Type")), at(one, "Properties", "AuthorizationType")
        if kind == "AWS::ApiGateway::Method" and isinstance(said, TextNode):
            yield None if is_private(said.value) else said.value
        elif _is_part(key.value, one) and not (kind or "").startswith(_OTHER_PARTS):
            yield None
    if any(map(_is_generated, changed)):
        yield None


def _is_part(name: str, resource: Node) -> bool:
    """Whether a resource may be a part of an API: by its type, or as one that the framework makes,
    or because it stands elsewhere."""
    kind = at(resource, "Type")
    if not isinstance(resource, MapNode) or not isinstance(kind, TextNode | None):
        return not isinstance(resource, NullNode)
    if kind is None:
        return _is_generated(name)
    return kind.value.startswith("AWS::ApiGateway::") or is_private(kind.value)


def _is_generated(name: str) -> bool:
    """Whether the framework makes a resource of this name that is a part of its API
    (lib/plugins/aws/lib/naming.js)."""
    return name.startswith("ApiGateway") and name != API


def _entries(node: Node | None) -> tuple[tuple[TextNode, Node], ...]:
    return node.entries if isinstance(node, MapNode) else ()


def closed(template: MapNode, variables: Variables) -> MapNode:
    """A template without references, for the reader of templates.

    Raises InputError for those that a policy may depend on; others are values of which nothing is
    known.
    """
    needed = [
        part
        for key, value in template.entries
        for part in (_apis(value) if key.value == "Resources" else (value,))
        if key.value not in {"Outputs", EXTENSIONS}
    ]
    within = variables.references.within
    found = [one for part in needed for text in texts(part) for one in within(text.value)]
    if found:
        raise InputError(unknown_values(found))
    entries = ((key, _shown(value, variables)) for key, value in template.entries)
    return MapNode(tuple(one for one in entries if one[0].value != EXTENSIONS), template.span)


def _apis(resources: Node) -> Iterator[Node]:
    """The REST APIs among resources, and what may be one."""
    for _, one in _entries(resources):
        kind = text_of(at(one, "Type"))
        if kind == _REST_API or (kind and is_private(kind)) or not isinstance(one, MapNode):
            yield one


def _shown(node: Node, variables: Variables) -> Node:
    """A value for the reader of templates: a text with references is one that is not known."""
    match node:
        case TextNode(value) if variables.is_open(node):
            shown = TextNode(variables.references.shown(value), node.span)
            return MapNode(((TextNode("Fn::ImportValue", node.span), shown),), node.span)
        case ListNode(items):
            return ListNode(tuple(_shown(one, variables) for one in items), node.span)
        case MapNode(entries):
            return MapNode(tuple((k, _shown(v, variables)) for k, v in entries), node.span)
        case _:
            return node


def elsewhere(what: str, span: Span) -> InputError:
    """The error that a part of a service is not in its file."""
    message = f"{what} in another file, which may hold another resource policy"
    advice = "run serverless package, and check the template that it makes below .serverless"
    return InputError([Diagnostic("DEFINITION_ELSEWHERE", message, span, "", advice)])
