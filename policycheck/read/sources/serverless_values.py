"""What values of a Serverless Framework file are: the framework reads them with js-yaml, and writes
them into texts as JavaScript does."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from policycheck.diagnostics import Diagnostic, InputError, Span
from policycheck.read.document import BooleanNode, Node, NullNode, NumberNode, TextNode, scalar_text
from policycheck.read.sources.serverless_syntax import Literal
from policycheck.read.sources.yaml_versions import check_scalars

_DATE = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"
    r"(?:(?:[Tt]|[ \t]+)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"
    r"(?:\.(?P<fraction>[0-9]*))?"
    r"(?:[ \t]*(?:Z|(?P<sign>[-+])(?P<hours>[0-9]{1,2})(?::(?P<minutes>[0-9]{2}))?))?)?"
)
_DIGIT = re.compile("[0-9]")
MAX_DIGITS = 15
_SAFE = re.compile(r"(?=[-.0-9]{1,15}$)(?:0|-?[1-9][0-9]*(?:\.[0-9]*[1-9])?|-?0\.[1-9][0-9]*)")
"""Numbers that JavaScript writes as they stand here."""


def dated(node: TextNode) -> TextNode:
    """A text; a time stamp without quotes in the form that the framework gives it.

    Source: js-yaml, lib/type/timestamp.js; ``JSON.stringify`` writes a date in ISO 8601. Raises
    InputError for one that no calendar has.
    """
    found = _DATE.fullmatch(node.value) if node.value == node.span.text else None
    if found is None or (found["hour"] is None and len(node.value) < len("2026-11-29")):
        return node
    try:
        return replace(node, value=_iso(found))
    except (ValueError, OverflowError):
        message = f"{node.value} without quotes is a date that no calendar has"
        advice = "write it in quotes, or the date that is meant"
        raise InputError([Diagnostic("YAML_AMBIGUOUS", message, node.span, "", advice)]) from None


def _iso(found: re.Match[str]) -> str:
    year, month, day = (int(found[name]) for name in ("year", "month", "day"))
    clock = timedelta(
        **{f"{name}s": int(found[name] or 0) for name in ("hour", "minute", "second")}
    )
    fraction = timedelta(milliseconds=int(((found["fraction"] or "") + "000")[:3]))
    moment = datetime(year, month, day, tzinfo=UTC) + clock + fraction
    east = timedelta(hours=int(found["hours"] or 0), minutes=int(found["minutes"] or 0))
    moment += east if found["sign"] == "-" else -east
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def exact(node: NumberNode) -> NumberNode:
    """A number. Raises InputError for one with more digits than JavaScript keeps."""
    if len(_DIGIT.findall(node.text)) > MAX_DIGITS:
        message = f"the framework reads {node.text} as another number, with fewer digits"
        advice = f'write "{node.text}" in quotes'
        raise InputError([Diagnostic("YAML_AMBIGUOUS", message, node.span, "", advice)])
    return node


def literal_node(source: Literal, span: Span) -> Node | None:
    """The value of a literal (variables/parse.js, parseLiteralSource); None for other words."""
    match source:
        case Literal(text, True):
            return TextNode(text, span)
        case Literal("true" | "false" as word):
            return BooleanNode(word == "true", span)
        case Literal("null"):
            return NullNode(span)
        case Literal(text) if _SAFE.fullmatch(text):
            return NumberNode(text, span)
        case _:
            return None


def written(node: Node) -> str:
    """What a value is as a part of a text. Raises InputError for a list or a mapping, and for a
    number that JavaScript may write otherwise."""
    check_scalars(node)
    text = scalar_text(node)
    if text is None:
        message = "a list or mapping stands inside a text"
        raise InputError([Diagnostic("DATA_TYPE_MISMATCH", message, node.span)])
    if isinstance(node, NumberNode) and not _SAFE.fullmatch(text):
        message = f"the number {text} may be written otherwise as a part of a text"
        advice = f'write "{text}" in quotes, or the value that is meant'
        raise InputError([Diagnostic("YAML_AMBIGUOUS", message, node.span, "", advice)])
    return text
