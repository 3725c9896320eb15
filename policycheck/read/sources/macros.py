"""The macros that a template goes through, which may make anything of what they are given
(CFN/template-macros, CFN/transform-reference)."""

from __future__ import annotations

from collections.abc import Iterator

from policycheck.diagnostics import Diagnostic, InputError, Span
from policycheck.read.document import ListNode, Node
from policycheck.read.sources.found import at, text_of

EXPANDED = frozenset(("AWS::Serverless-2016-10-31", "AWS::LanguageExtensions"))
"""The macros that are read as AWS expands them."""

_HARMLESS = EXPANDED | {
    "AWS::CodeDeployBlueGreen",
    "AWS::CodeStar",
    "AWS::Include",
    "AWS::SecretsManager-2020-07-23",
    "AWS::SecretsManager-2024-09-16",
    "AWS::ServiceCatalog",
}
"""AWS's own macros, none of which changes a REST API that stands in a template."""


def transforms(root: Node) -> Iterator[tuple[str | None, Span]]:
    """The names of the macros that a whole template goes through, each with its place; None for a
    name that is not known."""
    said = at(root, "Transform")
    items = said.items if isinstance(said, ListNode) else (said,) if said else ()
    for one in items:
        yield text_of(one) or text_of(at(one, "Name")), one.span


def check_macros(root: Node) -> None:
    """Raises InputError if a macro of somebody else may change every resource of a template."""
    inner = at(root, "Fn::Transform"), at(root, "Resources", "Fn::Transform")
    found = [*transforms(root), *((text_of(at(one, "Name")), one.span) for one in inner if one)]
    for name, span in found:
        if name not in _HARMLESS:
            message = f"the template goes through the macro {name or 'that stands here'}"
            advice = (
                "check what it makes: aws cloudformation get-template --template-stage Processed"
            )
            raise InputError([Diagnostic("MACRO", message, span, "may change policies", advice)])
