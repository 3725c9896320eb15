"""Action and NotAction (semantics A5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from policycheck.diagnostics import Diagnostic, nearest
from policycheck.model.environment import ACTIONS
from policycheck.model.policy import ActionElement, ActionPattern
from policycheck.model.text import Pattern, glob
from policycheck.read.document import Node, TextNode
from policycheck.read.literal_error import LiteralError
from policycheck.read.shape import literal_error, texts, warning

SERVICE = "execute-api"

_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_USUAL = frozenset({"*", "execute-api:*", *(action.lower() for action in ACTIONS)})
_SERVICE = re.compile(r"[A-Za-z0-9-]+")
_FORM = 'write "execute-api:Invoke", "execute-api:*" or "*"'


def parse_action_pattern(text: str) -> Pattern:
    """The pattern of ``service:Name`` or ``*``, in lower case as actions ignore case.

    Raises LiteralError under AWS's code.
    """
    service, colon, name = text.partition(":")
    if text == "*":
        return glob(text)
    if not colon or not name:
        raise LiteralError(f'"{text}" is not service:Name', help=_FORM, code="INVALID_ACTION")
    if not _SERVICE.fullmatch(service):
        raise LiteralError(
            f'"{service}" is not the prefix of a service',
            help=_FORM,
            code="INVALID_SERVICE_IN_ACTION",
            part=(0, len(service)),
        )
    return glob(text.translate(_LOWER))


def parse_actions(
    node: Node, diagnostics: list[Diagnostic], *, negated: bool, variables: bool
) -> ActionElement | None:
    """An Action element, or NotAction if ``negated``; None if nothing of it can be read."""
    element = "NotAction" if negated else "Action"
    entries = texts(node, element, diagnostics, empty="EMPTY_ARRAY_ACTION")
    found = tuple(
        one for value in entries for one in _entry(value, diagnostics, variables=variables)
    )
    return ActionElement(found, negated, node.span) if found else None


def _entry(
    value: TextNode, diagnostics: list[Diagnostic], *, variables: bool
) -> Iterator[ActionPattern]:
    try:
        wanted = parse_action_pattern(value.value)
        if variables:
            _refuse_variables(value.value)
    except LiteralError as error:
        diagnostics.append(literal_error(value, error))
        return
    if not _matches_some(value.value):
        diagnostics.append(_dead(value))
    yield ActionPattern(wanted, value.value, value.span)


def _refuse_variables(text: str) -> None:
    if "${" in text:
        raise LiteralError(
            "an action holds no variables",
            help="write the action itself",
            code="VARIABLE_UNSUPPORTED_IN_ELEMENT",
        )


def _matches_some(text: str) -> bool:
    wanted = text.translate(_LOWER)
    if wanted in _USUAL:  # to make a regular expression of it takes longer than all other elements
        return True
    return any(fnmatchcase(one.lower(), wanted.replace("[", "[[]")) for one in ACTIONS)


def _dead(value: TextNode) -> Diagnostic:
    service = value.value.partition(":")[0]
    if service.translate(_LOWER) != SERVICE:
        message = f"{value.value} is no action of API Gateway's, so it matches no request"
        return warning(
            "UNSUPPORTED_ACTION_IN_POLICY", message, value.span, "matches nothing", _FORM
        )
    meant = nearest(value.value, ACTIONS)
    advice = f'write "{meant}"' if meant else _FORM
    if "," in value.value:
        advice = f"write a list: {_split(value.value)}"
    message = f"there is no action {value.value}, so it matches no request"
    return warning("INVALID_ACTION", message, value.span, "matches nothing", advice)


def _split(text: str) -> str:
    names = [one.strip().rpartition(":")[2] for one in text.split(",")]
    return "[" + ", ".join(f'"{SERVICE}:{name}"' for name in names if name) + "]"
