"""The predicate over who calls."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policycheck.diagnostics import nearest
from policycheck.model.arn import FIELDS, is_wild
from policycheck.model.predicate import (
    CallerAccount,
    CallerAnonymous,
    CallerArn,
    CallerService,
    Not,
    Predicate,
)
from policycheck.model.text import glob
from policycheck.read.combine import any_of
from policycheck.read.document import MapNode, Node, NumberNode, TextNode
from policycheck.read.predicate_target import account_id
from policycheck.read.principal_ids import is_service
from policycheck.read.scope import Scope, named

NAMES = ("anonymous", "authenticated")
"""The callers that have a name: those without and those with an AWS identity."""

_DIGITS = r"[0-9]+"
_WILD = r"[^:]*[*?][^:]*"
_NUMBER = rf"(?:[0-9]{{12}}|{_WILD})"
_IDENTITY = rf"arn:[^:]*:(?P<service>iam|sts|{_WILD}):(?:{_WILD})?:{_NUMBER}:(?P<name>.+)"
_KINDS = {
    "iam": ("root", "user/", "role/"),
    "sts": ("assumed-role/", "federated-user/"),
}
"""How the last field of an identity's ARN begins, by the service (semantics A3)."""

_ROOT = r"arn:[^:]*:iam::[0-9]{12}:root"
_FORMS = (
    "write anonymous, authenticated, an account id, an ARN like arn:aws:iam::123456789012:role/*, "
    "or {service: name}"
)


def principal(node: Node, scope: Scope) -> Predicate:
    """The predicate of a ``principal`` entry."""
    return any_of(one for item in scope.items(node, "principal") for one in _callers(item, scope))


def _callers(item: Node, scope: Scope) -> Iterator[Predicate]:
    if isinstance(item, MapNode):
        yield from _services(item, scope)
    elif isinstance(item, NumberNode):
        yield from _caller(TextNode(item.text, item.span), scope)
    elif text := scope.text(item, "principal", _FORMS):
        yield from _caller(text, scope)


def _caller(value: TextNode, scope: Scope) -> Iterator[Predicate]:
    text = value.value
    if text == "anonymous":
        yield CallerAnonymous()
    elif text == "authenticated":
        yield Not(CallerAnonymous())
    elif re.fullmatch(_DIGITS, text):
        if account_id(value, scope):
            yield CallerAccount(text)
    elif text.startswith("arn:"):
        _check_arn(value, scope)
        yield CallerArn(glob(text))
    else:
        _report(value, scope)


def _report(value: TextNode, scope: Scope) -> None:
    text = value.value
    message = f'"{text}" is no caller'
    meant = nearest(text, NAMES)
    advice = f"write {meant}" if meant else _FORMS
    if text == "*":
        message, advice = "* names everybody", "take principal out: without it everybody is meant"
    elif is_service(text):
        message, advice = f"{text} is a service", f"write {{service: {text}}}"
    scope.error("INVALID_PRINCIPAL", message, value.span, "", advice)


def _check_arn(value: TextNode, scope: Scope) -> None:
    text = value.value
    short = text.count(":") < FIELDS - 1
    match = re.fullmatch(_IDENTITY, text)
    if short and "*" not in text:
        message = f"{text} has {text.count(':') + 1} of the six fields of an ARN"
        scope.error("INVALID_PRINCIPAL", message, value.span, "", _FORMS)
    elif not short and not (match and _names_an_identity(match)):
        message = f"{text} is not the ARN of a user, role or session in an account of 12 digits"
        scope.error("INVALID_PRINCIPAL", message, value.span, "", _FORMS)
    elif re.fullmatch(_ROOT, text):
        message = "this is the root user alone, not every identity of the account"
        account = text.split(":")[4]
        scope.warn("ROOT_USER", message, value.span, "", f'write "{account}" for the account')


def _names_an_identity(match: re.Match[str]) -> bool:
    kinds = _KINDS.get(match["service"]) or tuple(k for one in _KINDS.values() for k in one)
    head = re.split(r"[*?]", match["name"])[0]
    whole = head == match["name"]
    return any(head.startswith(k) or (k.startswith(head) and not whole) for k in kinds)


def _services(item: MapNode, scope: Scope) -> Iterator[Predicate]:
    found = scope.fields(item, ("service",), "a principal")
    if not item.entries:
        scope.missing(item, "service", "this principal", _FORMS)
    node = named(found, "service")
    for value in scope.texts(node, "service") if node else ():
        if not is_wild(value.value) and not is_service(value.value):
            message = f'"{value.value}" is not the name of a service'
            advice = "write a name like lambda.amazonaws.com"
            scope.error("INVALID_PRINCIPAL", message, value.span, "", advice)
        yield CallerService(glob(value.value))
