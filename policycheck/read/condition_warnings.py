"""What is doubtful about a condition, though it can be read (semantics B, F)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_interface
from typing import assert_never

from policycheck.diagnostics import Diagnostic
from policycheck.model.condition import Quantifier
from policycheck.model.keys import Key
from policycheck.read.document import TextNode
from policycheck.read.operators import Operator, OperatorFamily
from policycheck.read.shape import warning

_EPOCH = r"-?[0-9]+"
_ESCAPES_AND_VARIABLES = r"\$\{[^{}]*\}"
_IDS = {
    "aws:sourcevpc": ("INVALID_VPC_FORMAT", r"vpc-(?:[0-9a-z]{8}|[0-9a-z]{17})"),
    "aws:sourcevpce": ("INVALID_VPCE_FORMAT", r"vpce-(?:[0-9a-z]{8}|[0-9a-z]{17})"),
}


def value_warnings(operator: Operator, key: str, value: TextNode) -> Iterator[Diagnostic]:
    """The warnings about one value of a key; the operator can read the value."""
    match operator.base.family:
        case OperatorFamily.STRING:
            yield from _text_warnings(operator, key, value)
        case OperatorFamily.DATE:
            yield from _date_warnings(value)
        case OperatorFamily.IP:
            yield from _address_warnings(value)
        case OperatorFamily.BOOL | OperatorFamily.NULL:
            yield from _flag_warnings(value)
        case OperatorFamily.NUMERIC | OperatorFamily.BINARY | OperatorFamily.ARN:
            pass
        case _:
            assert_never(operator.base.family)


def qualifier_warnings(
    operator: Operator, known: Key | None, key: TextNode
) -> Iterator[Diagnostic]:
    """The warnings about ForAllValues and ForAnyValue (semantics B2, B5)."""
    if operator.base.family is OperatorFamily.NULL:
        if operator.quantifier:
            always = operator.quantifier is Quantifier.FOR_ALL
            message = f"{operator.text} is always {str(always).lower()}, whatever the request"
            yield warning("NULL_WITH_QUALIFIER", message, key.span, "", 'write "Null"')
    elif operator.quantifier is Quantifier.FOR_ALL and known and not known.multivalued:
        message = f"ForAllValues is true of a request without {known.name}"
        advice = f'write "{operator.text.partition(":")[2]}"'
        yield warning("FORALLVALUES_WITH_SINGLE_VALUED_KEY", message, key.span, "", advice)


def _text_warnings(operator: Operator, key: str, value: TextNode) -> Iterator[Diagnostic]:
    plain = re.sub(_ESCAPES_AND_VARIABLES, "", value.value)
    wild = "*" in plain or "?" in plain
    like = operator.base.name.endswith("Like")
    if wild and not like:
        message = f"* and ? are ordinary characters for {operator.base.name}"
        meant = "StringNotLike" if operator.base.negated else "StringLike"
        advice = f"use {meant} if they are wildcards"
        yield warning("WILDCARD_WITHOUT_LIKE_OPERATOR", message, value.span, "", advice)
    folded = operator.base.name.endswith("IgnoreCase")
    if folded and any(not char.isascii() and char.swapcase() != char for char in plain):
        message = "which letters beyond ASCII are the same but for case is not documented"
        yield warning("CASE_BEYOND_ASCII", message, value.span, "", "list the spellings")
    code, form = _IDS.get(key, ("", ""))
    if form and not (like and wild) and plain == value.value and not re.fullmatch(form, plain):
        message = f'"{plain}" is not an id as AWS makes them'
        advice = f"write {form.partition('(')[0]} and 8 or 17 letters or digits"
        yield warning(code, message, value.span, "", advice)


def _date_warnings(value: TextNode) -> Iterator[Diagnostic]:
    text = value.value
    if re.fullmatch(_EPOCH, text):
        message = f"{text} is a date in seconds since 1970"
        yield warning("INVALID_DATE_VALUE", message, value.span, "", "write 2026-11-24T09:30:00Z")
    elif "T" not in text:
        message = f"{text} is read as the start of its period, in UTC"
        yield warning("INVALID_DATE_VALUE", message, value.span, "", f"write {text}T00:00:00Z")
    elif "." in text:
        message = "requests are timed in whole seconds; whether a fraction counts is not documented"
        yield warning("INVALID_DATE_VALUE", message, value.span, "", "write whole seconds")


def _address_warnings(value: TextNode) -> Iterator[Diagnostic]:
    block = ip_interface(value.value)
    if block.ip != block.network.network_address:
        message = f"{value.value} has bits set after its prefix, which are ignored"
        yield warning("IMPROVE_IP_RANGE", message, value.span, "", f"write {block.network}")


def _flag_warnings(value: TextNode) -> Iterator[Diagnostic]:
    text = value.value
    if text != text.lower() and text.lower() in {"true", "false"}:
        message = f'"{text}" is read as {text.lower()}; AWS documents lower case'
        yield warning("TYPE_MISMATCH_BOOLEAN", message, value.span, "", f'write "{text.lower()}"')


def unused_variable(value: TextNode) -> Diagnostic:
    """``${`` under a Version that has no policy variables (semantics A2)."""
    message = "without Version 2012-10-17 this is not a policy variable but the text itself"
    advice = 'write "Version": "2012-10-17"'
    return warning("VARIABLE_UNSUPPORTED_IN_VERSION", message, value.span, "", advice)
