"""The policy variables inside patterns (semantics B6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policycheck.diagnostics import Diagnostic, Span
from policycheck.model.arn import AnyResource, ApiResource, ArnLike, ArnResource, ResourcePattern
from policycheck.model.condition import Relation
from policycheck.model.keys import KeySpace
from policycheck.model.text import Pattern, TextEquals, TextEqualsIgnoreCase, TextLike, Variable


def variables_of(part: Relation | ResourcePattern) -> Iterator[Variable]:
    """The variables of one value of a condition, or of one entry of a Resource element."""
    for pattern in _patterns(part):
        yield from pattern.variables


def _patterns(part: Relation | ResourcePattern) -> Iterable[Pattern]:
    match part:
        case TextEquals(wanted) | TextEqualsIgnoreCase(wanted) | TextLike(wanted):
            return (wanted,)
        case ArnLike(fields) | ArnResource(fields):
            return fields
        case ApiResource(tail):
            return (tail,)
        case AnyResource() | _:
            return ()


def multivalued(variables: Iterable[Variable], span: Span, keys: KeySpace) -> Iterator[Diagnostic]:
    """The errors that a variable stands for a key with several values."""
    for variable in variables:
        known = keys.find(variable.key)
        if known and known.multivalued:
            yield Diagnostic(
                "MULTIVALUED_KEY_IN_VARIABLE",
                f"{known.name} has several values, so it cannot be a variable",
                span,
                "not one value",
                "use a key with one value",
            )
