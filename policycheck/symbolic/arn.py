"""ARNs as formulas: six fields, each a text over symbols of its own."""

from __future__ import annotations

from typing import assert_never

import z3

from policycheck.model.arn import AnyResource, ApiResource, ArnLike, ArnResource, ResourcePattern
from policycheck.model.predicate import Part
from policycheck.model.reading import Reading
from policycheck.model.text import Pattern, Variable, Wildcard
from policycheck.symbolic.boolean import both, either, every, negation, true
from policycheck.symbolic.request import Request
from policycheck.symbolic.symbols import Text
from policycheck.symbolic.text import pattern_matches
from policycheck.symbolic.values import ArnValue


def matches(actual: ArnValue, wanted: ArnLike, request: Request) -> z3.BoolRef:
    """Each of the six fields matches its glob (B3-arn, B3-arn-colon)."""
    return either(
        both(guard, fields_match(fields, wanted.fields, request)) for guard, fields in actual.rows
    )


def fields_match(
    actual: tuple[Text, ...], wanted: tuple[Pattern, ...], request: Request
) -> z3.BoolRef:
    """Each text matches the pattern in its place."""
    return every(
        pattern_matches(((true(), text),), pattern, request)
        for text, pattern in zip(actual, wanted, strict=True)
    )


def resource_matches(wanted: ResourcePattern, request: Request, negated: bool) -> z3.BoolRef:
    """The entry of a Resource (NotResource, if ``negated``) covers the request's resource.

    Rules: A6-any, A6-fields, A6-star-slash, A6-star-colon, A6-resource-case, A6-shorthand,
    A6-not-resource-shorthand.
    """
    match wanted:
        case AnyResource():
            return true()
        case ApiResource(tail):
            covered = pattern_matches(((true(), _after_api(request)),), tail, request)
            if not negated:
                return covered
            return both(negation(request.reading(Reading.NOT_RESOURCE_SHORTHAND_LITERAL)), covered)
        case ArnResource(fields, whole):
            return _arn_matches(fields, whole, request)
    assert_never(wanted)


def _arn_matches(fields: tuple[Pattern, ...], whole: Pattern, request: Request) -> z3.BoolRef:
    by_field = fields_match(request.resource, fields, request)
    if not any(isinstance(piece, Wildcard) for field in fields[:5] for piece in field.pieces):
        return by_field
    crosses = request.reading(Reading.ARN_STAR_CROSSES_COLON)
    across = pattern_matches(((true(), request.resource_text),), whole, request)
    return either((both(negation(crosses), by_field), both(crosses, across)))


def _after_api(request: Request) -> Text:
    parts = request.parts
    return ("/", *parts[Part.STAGE], "/", *parts[Part.METHOD], *parts[Part.PATH])


def variables(wanted: ResourcePattern) -> tuple[Variable, ...]:
    """The variables that occur in the entry."""
    match wanted:
        case AnyResource():
            return ()
        case ApiResource(tail):
            return tail.variables
        case ArnResource(_, whole):
            return whole.variables
    assert_never(wanted)
