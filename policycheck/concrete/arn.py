"""ARNs against patterns, read directly: cut at the colons and match field by field."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import assert_never

from policycheck.concrete.text import Context, glob_matches, resolve
from policycheck.model.arn import (
    FIELDS,
    AnyResource,
    ApiResource,
    ArnLike,
    ArnResource,
    ResourcePattern,
    fields_of,
)
from policycheck.model.predicate import Part
from policycheck.model.reading import DEFAULT_READINGS, Reading, Readings
from policycheck.model.text import Pattern, Variable

_API_PARTS = 4


def matches(actual: str, wanted: ArnLike, context: Context, readings: Readings) -> bool | None:
    """Whether the request's ARN matches field by field; None: the text is no ARN.

    Rules: B3-arn, B3-arn-colon, B6-variable-absent.
    """
    fields = parse_arn(actual)
    return None if fields is None else _fields_match(fields, wanted.fields, context, readings)


def is_like(actual: str, wanted: Pattern) -> bool:
    """Whether an ARN matches a glob of a spec (S1-caller-arn)."""
    fields = fields_of(wanted)
    if fields is None:
        return glob_matches(actual, wanted)
    return matches(actual, ArnLike(fields), {}, DEFAULT_READINGS) is True


def resource_matches(
    actual: str, wanted: ResourcePattern, context: Context, readings: Readings
) -> bool:
    """Whether the request's ARN matches one entry of a Resource element.

    Rules: A6-any, A6-shorthand, A6-fields, A6-star-slash, A6-star-colon, A6-resource-case,
    B6-variable-resource.
    """
    match wanted:
        case AnyResource():
            return True
        case ApiResource(tail):
            rest = after_api_id(actual)
            return rest is not None and _glob(rest, tail, context, readings)
        case ArnResource(fields, whole):
            if Reading.ARN_STAR_CROSSES_COLON in readings:
                return _glob(actual, whole, context, readings)
            arn = parse_arn(actual)
            return arn is not None and _fields_match(arn, fields, context, readings)
    assert_never(wanted)


def variables(wanted: ResourcePattern) -> tuple[Variable, ...]:
    """The variables of one entry of a Resource element (B6-variable-resource)."""
    match wanted:
        case AnyResource():
            return ()
        case ApiResource(tail):
            return tail.variables
        case ArnResource(_, whole):
            return whole.variables
    assert_never(wanted)


def _fields_match(
    actual: tuple[str, ...], wanted: tuple[Pattern, ...], context: Context, readings: Readings
) -> bool:
    for field, wanted_field in zip(actual, wanted, strict=True):
        if not _glob(field, wanted_field, context, readings):
            return False
    return True


def _glob(actual: str, wanted: Pattern, context: Context, readings: Readings) -> bool:
    resolved = resolve(wanted, context, readings)
    return resolved is not None and glob_matches(actual, resolved)


@lru_cache(maxsize=16384)
def parse_arn(text: str) -> tuple[str, ...] | None:
    """The six fields of an ARN, the last with its further colons; None: no ARN (B3-arn)."""
    fields = tuple(text.split(":", FIELDS - 1))
    return fields if len(fields) == FIELDS and fields[0] == "arn" else None


@lru_cache(maxsize=16384)
def after_api_id(resource: str) -> str | None:
    """What follows the API's id in a request's ARN, from the slash on; None: no API's ARN.

    Rule: A6-shorthand.
    """
    fields = parse_arn(resource)
    if fields is None or fields[2] != "execute-api":
        return None
    api_id, slash, rest = fields[5].partition("/")
    return slash + rest if api_id and slash else None


@lru_cache(maxsize=16384)
def parts(resource: str) -> Mapping[Part, str] | None:
    """The parts of a request's ARN, or None if it is none (A6-request-arn, A6-root-path)."""
    fields = parse_arn(resource)
    if fields is None or fields[2] != "execute-api":
        return None
    names = fields[5].split("/", _API_PARTS - 1)
    if len(names) != _API_PARTS:
        return None
    return {
        Part.PARTITION: fields[1],
        Part.REGION: fields[3],
        Part.ACCOUNT: fields[4],
        Part.API_ID: names[0],
        Part.STAGE: names[1],
        Part.METHOD: names[2],
        Part.PATH: "/" + names[3],
    }
