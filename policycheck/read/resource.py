"""Resource and NotResource (semantics A6)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from policycheck.diagnostics import Diagnostic
from policycheck.model.arn import (
    ACCOUNT,
    FIELDS,
    PARTITION,
    REGION,
    AnyResource,
    ApiResource,
    ArnResource,
    ResourcePattern,
    is_wild,
)
from policycheck.model.keys import KeySpace
from policycheck.model.policy import ResourceElement
from policycheck.model.text import Pattern, Wildcard, glob, pattern
from policycheck.read.condition_warnings import unused_variable
from policycheck.read.document import Node, TextNode
from policycheck.read.literal_error import LiteralError
from policycheck.read.patterns import parse_pattern, split_arn
from policycheck.read.shape import literal_error, texts, warning
from policycheck.read.variables_used import multivalued, variables_of

SERVICE = "execute-api"
SHORTHAND = "execute-api:/"

_FORM = "write arn:aws:execute-api:region:account:api-id/stage/METHOD/path, or execute-api:/*"
_WRITE = "write the value itself or a wildcard; variables stand after the fifth colon"


def parse_resource_pattern(text: str, *, variables: bool) -> ResourcePattern:
    """An entry of a Resource element: ``*``, ``execute-api:/...`` or an ARN with wildcards.

    ``variables``: whether ``${...}`` is a policy variable. Raises LiteralError.
    """
    if text == "*":
        return AnyResource()
    if text.startswith(SHORTHAND):
        start = len(SHORTHAND) - 1
        return ApiResource(_shifted(text[start:], start, variables=variables))
    fields = split_arn(text, variables=True)
    _check_fields(text, fields)
    _check_service(fields)
    if fields[2] == SERVICE:
        _check_place(fields)
    start = len(text) - len(fields[5])
    last = _shifted(fields[5], start, variables=variables)
    patterns = (*map(glob, fields[:5]), last)
    return ArnResource(patterns, _joined(patterns))


def _shifted(text: str, start: int, *, variables: bool) -> Pattern:
    try:
        return parse_pattern(text, variables=variables)
    except LiteralError as error:
        raise error.moved(start) from None


def _joined(patterns: Sequence[Pattern]) -> Pattern:
    pieces = [piece for one in patterns for piece in (*one.pieces, ":")]
    return pattern(pieces[:-1])


def _check_fields(text: str, fields: Sequence[str]) -> None:
    if fields[0] != "arn":
        shorthand = text.partition(":")[0] == SERVICE
        raise LiteralError(
            f'"{text}" is not an ARN',
            help=f"write execute-api:/{text.partition(':')[2] or '*'}" if shorthand else _FORM,
            code="MISSING_ARN_FIELD" if shorthand else "INVALID_ARN_PREFIX",
        )
    if len(fields) < FIELDS:
        raise LiteralError(
            f'"{text}" has {len(fields)} of the six fields of an ARN',
            help=_FORM,
            code="MISSING_ARN_FIELD",
        )
    for index, field in enumerate(fields[:5]):
        if "${" in field:
            raise _field_error(
                fields,
                index,
                "VARIABLE_UNSUPPORTED_IN_ELEMENT",
                f"{field} stands before the fifth colon, where variables are not allowed",
                _WRITE,
            )


def _check_service(fields: Sequence[str]) -> None:
    partition, service = fields[1:3]
    if not is_wild(partition) and not re.fullmatch(PARTITION, partition):
        message = f'"{partition}" is no partition'
        raise _field_error(fields, 1, "INVALID_PARTITION", message, "write aws, or *")
    if is_wild(service):
        message = "the service of an ARN takes no wildcard"
        raise _field_error(fields, 2, "WILDCARD_IN_SERVICE_NAME", message, f"write {SERVICE}")
    if service != SERVICE and service.lower() == SERVICE:
        message = "the service of an ARN is written in lower case"
        raise _field_error(fields, 2, "INVALID_ARN_SERVICE_CASE", message, f"write {SERVICE}")
    if not service:
        raise _field_error(fields, 2, "INVALID_SERVICE", "the ARN has no service", _FORM)


def _check_place(fields: Sequence[str]) -> None:
    region, account = fields[3:5]
    if not region:
        raise _field_error(fields, 3, "MISSING_ARN_REGION", "the ARN has no region", "write *")
    if not is_wild(region) and not re.fullmatch(REGION, region):
        message, advice = f'"{region}" is no region', "write a region like us-east-1, or *"
        raise _field_error(fields, 3, "INVALID_ARN_REGION", message, advice)
    if not account:
        raise _field_error(fields, 4, "MISSING_ARN_ACCOUNT", "the ARN has no account", "write *")
    if not is_wild(account) and not re.fullmatch(ACCOUNT, account):
        message = f'"{account}" is not an account id, which has 12 digits'
        raise _field_error(fields, 4, "INVALID_ARN_ACCOUNT", message, "write the 12 digits, or *")


def _field_error(
    fields: Sequence[str], index: int, code: str, message: str, advice: str
) -> LiteralError:
    start = sum(map(len, fields[:index])) + index
    part = (start, start + len(fields[index])) if fields[index] else (start - 1, start + 1)
    return LiteralError(message, help=advice, code=code, part=part)


def parse_resources(
    node: Node, diagnostics: list[Diagnostic], *, negated: bool, variables: bool
) -> ResourceElement | None:
    """A Resource element, or NotResource if ``negated``; None if nothing of it can be read."""
    element = "NotResource" if negated else "Resource"
    entries = texts(node, element, diagnostics, empty="EMPTY_ARRAY_RESOURCE")
    found = tuple(
        one for value in entries for one in _entry(value, diagnostics, variables=variables)
    )
    return ResourceElement(found, negated, node.span) if found else None


def shorthands(element: ResourceElement, noun: str) -> Iterator[Diagnostic]:
    """The errors that a policy other than an API's or a domain's uses ``execute-api:/X``, which
    API Gateway alone rewrites. Source: APIGW/apigateway-resource-policies-examples."""
    for entry in element.patterns:
        if isinstance(entry, ApiResource) and entry.span:
            message = f"{SHORTHAND} stands for the API in its own resource policy, not in a {noun}"
            advice = "write arn:aws:execute-api:region:account:api-id/stage/METHOD/path"
            yield Diagnostic("INVALID_ARN_PREFIX", message, entry.span, "no ARN", advice)


def of_domain(element: ResourceElement) -> ResourceElement:
    """The element with the shorthand ``execute-api:/X`` read as the policy of a private custom
    domain name has it: the domain's own ARN ends in ``/domainnames/...`` (C6-resource)."""
    return replace(element, patterns=tuple(map(_of_domain, element.patterns)))


def _of_domain(entry: ResourcePattern) -> ResourcePattern:
    match entry:
        case ApiResource(tail, span):
            run = glob("*")
            fields = (glob("arn"), run, glob(SERVICE), run, run, tail)
            return ArnResource(fields, _joined(fields), span)
        case _:
            return entry


def _entry(
    value: TextNode, diagnostics: list[Diagnostic], *, variables: bool
) -> Iterator[ResourcePattern]:
    try:
        found = parse_resource_pattern(value.value, variables=variables)
    except LiteralError as error:
        diagnostics.append(literal_error(value, error))
        return
    if doubt := _doubt(found, value):
        diagnostics.append(doubt)
    if "${" in value.value and not variables:
        diagnostics.append(unused_variable(value))
    diagnostics.extend(multivalued(variables_of(found), value.span, KeySpace()))
    yield replace(found, span=value.span)


def _doubt(found: ResourcePattern, value: TextNode) -> Diagnostic | None:
    """The warning that an entry matches no request ARN of an API."""
    match found:
        case AnyResource():
            return None
        case ApiResource(tail):
            return None if _may_match(tail) else _dead(value)
        case ArnResource(fields):
            if fields[2].literal != SERVICE:
                message = f"an ARN of {fields[2]}, so it matches no request to an API"
                code = "UNSUPPORTED_RESOURCE_ARN_IN_POLICY"
                return warning(code, message, value.span, "matches nothing", _FORM)
            return None if _may_match(fields[5]) else _dead(value)


def _may_match(last: Pattern) -> bool:
    """Whether ``api-id/stage/METHOD/path`` can match: it has three slashes at least."""
    open_ended = any(
        piece is not Wildcard.ONE for piece in last.pieces if not isinstance(piece, str)
    )
    text = str(last)
    return open_ended or text.count("/") + text.count("?") >= 3 or text.startswith("/domainnames/")


def _dead(value: TextNode) -> Diagnostic:
    message = "this matches no request: a request names a stage, a method and a path"
    advice = f'write "{value.value.rstrip("/")}/*"'
    return warning("INVALID_ARN_RESOURCE", message, value.span, "matches nothing", advice)
