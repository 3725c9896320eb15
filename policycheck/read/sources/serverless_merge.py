"""How the Serverless Framework puts parts of a service together: lists of templates and functions
(lib/classes/service.js, mergeArrays) and ``extensions``
(lib/plugins/aws/package/lib/merge-custom-provider-resources.js).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from policycheck.diagnostics import Diagnostic, InputError
from policycheck.read.document import ListNode, MapNode, Node, TextNode
from policycheck.read.sources.found import at
from policycheck.read.sources.private import is_private

EXTENSIONS = "extensions"


def merged(left: Node, right: Node) -> Node:
    """What lodash's ``merge`` makes of two values: mappings are merged by their keys, lists by the
    places of their elements, and anything else of the second replaces what the first has. What is
    merged into a value that is not known is not known.

    Raises InputError for a mapping over a list or the other way round.
    """
    match left, right:
        case (MapNode() as above, MapNode() as below):
            return _mappings(above, below)
        case (ListNode(first), ListNode(second)):
            both = (merged(a, b) for a, b in zip(first, second, strict=False))
            rest = first[len(second) :] or second[len(first) :]
            return ListNode((*both, *rest), left.span)
        case (TextNode(value), MapNode() | ListNode()) if is_private(value):
            return left
        case (MapNode(), ListNode()) | (ListNode(), MapNode()):
            message = "a list and a mapping are merged here"
            raise InputError([Diagnostic("DATA_TYPE_MISMATCH", message, right.span)])
        case _:
            return right


def all_merged(parts: Iterable[MapNode], whole: Node) -> MapNode:
    """The mapping that several are together."""
    return reduce(_mappings, parts, MapNode((), whole.span))


def _mappings(left: MapNode, right: MapNode) -> MapNode:
    found = {key.value: (key, value) for key, value in left.entries}
    for key, value in right.entries:
        known = found.get(key.value)
        found[key.value] = (key, merged(known[1], value) if known else value)
    return MapNode(tuple(found.values()), left.span)


def extended(template: MapNode) -> MapNode:
    """A template with the extensions of its own resources, which replace whole properties. Those of
    resources that the framework makes stay where they are."""
    extensions, resources = template.get(EXTENSIONS), template.get("Resources")
    if not isinstance(extensions, MapNode) or not isinstance(resources, MapNode):
        return template
    made = tuple((key, _with(one, extensions.get(key.value))) for key, one in resources.entries)
    whole = MapNode(made, resources.span)
    entries = ((key, whole if key.value == "Resources" else one) for key, one in template.entries)
    return MapNode(tuple(entries), template.span)


def _with(resource: Node, extension: Node | None) -> Node:
    """A resource with its extension."""
    if extension is None:
        return resource
    if not isinstance(resource, MapNode) or not isinstance(extension, MapNode):
        return extension
    said = extension.get("Properties")
    kept = (
        resource if said is None else _replaced(resource, "Properties", _properties(resource, said))
    )
    for key, value in extension.entries:
        if key.value != "Properties":
            kept = _replaced(kept, key.value, value, key)
    return kept


def _properties(resource: MapNode, said: Node) -> Node:
    known = at(resource, "Properties")
    if not isinstance(known, MapNode) or not isinstance(said, MapNode):
        return said
    return reduce(
        lambda made, one: _replaced(made, one[0].value, one[1], one[0]), said.entries, known
    )


def _replaced(node: MapNode, name: str, value: Node, key: TextNode | None = None) -> MapNode:
    """A mapping with another value for a key."""
    if node.get(name) is None:
        return MapNode((*node.entries, (key or TextNode(name, value.span), value)), node.span)
    return MapNode(
        tuple((one, value if one.value == name else old) for one, old in node.entries), node.span
    )
