"""Parts of a template that stand elsewhere, or that a function makes: each may hold a policy."""

from __future__ import annotations

from policycheck.diagnostics import Diagnostic, InputError
from policycheck.read.document import MapNode, Node, NullNode
from policycheck.read.sources.found import at
from policycheck.read.sources.nodes import is_otherwise


def check_plain(name: str, resource: Node | None) -> None:
    """Raises InputError if a function makes properties of an API, or adds to them.

    ``Fn::Transform`` and ``Fn::ForEach`` stand beside other keys
    (CFN/intrinsic-function-reference-transform, -foreach).
    """
    for part in (resource, at(resource, "Properties")):
        if is_otherwise(part):
            message = f"a function makes properties of {name}"
            advice = "write them out, or check the template that it makes"
            raise InputError([Diagnostic("UNSUPPORTED_FUNCTION", message, part.span, "", advice)])


def check_definition(name: str, said: MapNode | None, body: str, place: str) -> None:
    """Raises InputError if a policy may stand in a definition that is not here.

    ``body`` and ``place`` are the properties that have a definition and where one is. Nothing says
    which of two policies counts, so that a policy beside such a definition is not enough
    (CFN/aws-resource-apigateway-restapi).
    """
    written, found = at(said, body), at(said, place)
    if is_otherwise(written):
        found = written
    if found is None or isinstance(found, NullNode):
        return
    message = f"the definition of {name} is in another file, which may hold a resource policy"
    if found is written and at(written, "Fn::Transform") is None:
        message = f"the definition of {name} is no mapping, and may hold a resource policy"
    advice = "check that file, and name the policies that are wanted here: FILE#NAME"
    raise InputError([Diagnostic("DEFINITION_ELSEWHERE", message, found.span, "", advice)])
