"""The predicates over what a request asks for: the parts of its ARN, the ARN, the action."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from policycheck.diagnostics import nearest
from policycheck.model.arn import ACCOUNT, PARTITION, REGION
from policycheck.model.environment import ACTIONS
from policycheck.model.predicate import (
    ActionLike,
    Part,
    PartLike,
    Predicate,
    ResourceLike,
)
from policycheck.model.route import METHODS
from policycheck.model.text import Pattern, Wildcard, glob
from policycheck.read.combine import any_of
from policycheck.read.document import Node, TextNode
from policycheck.read.scope import Scope

_API_ID = r"[A-Za-z0-9]+"
_STAGE = r"[A-Za-z0-9_-]{1,128}"
_SERVICE = "execute-api"
_ACTION_NAMES = tuple(action.rpartition(":")[2] for action in ACTIONS)
_TEMPLATE = r"\{[^{}]*\}"
_QUERY = r"\?[A-Za-z0-9_.\[\]-]+="


def matches(wanted: Pattern, text: str) -> bool:
    """Whether a name is one of those that a pattern of a spec speaks of; to check spellings."""
    return re.fullmatch("".join(map(_expression, wanted.pieces)), text, re.DOTALL) is not None


def _expression(piece: object) -> str:
    match piece:
        case Wildcard.RUN:
            return ".*"
        case Wildcard.ONE:
            return "."
        case _:
            return re.escape(str(piece))


Check = Callable[[TextNode, Scope], None]


def _parts(
    node: Node, scope: Scope, *, part: Part, check: Check, numbers: bool = False
) -> Predicate:
    values = list(scope.texts(node, part.value, numbers=numbers))
    for value in values:
        check(value, scope)
    return any_of(PartLike(part, glob(value.value), value.span) for value in values)


def _stage(value: TextNode, scope: Scope) -> None:
    text = value.value
    if not re.fullmatch(_STAGE, re.sub(r"[*?]+", "x", text)):
        advice = "write letters, digits, - and _; * and ? are wildcards"
        if text == "$default":
            advice = "HTTP APIs have a stage $default; REST APIs do not"
        scope.error("INVALID_STAGE", f'"{text}" is no name of a stage', value.span, "", advice)
    elif scope.stages is not None:
        _known_stage(value, scope.stages, scope)


def _known_stage(value: TextNode, stages: tuple[str, ...], scope: Scope) -> None:
    wanted = glob(value.value)
    if any(matches(wanted, stage) for stage in stages):
        return
    meant = nearest(value.value, stages)
    listed = ", ".join(stages)
    advice = f"write {meant}" if meant else f"the stages of the API are {listed}"
    message = f'the API has no stage "{value.value}": api.stages has {listed}'
    scope.error("UNKNOWN_STAGE", message, value.span, "unknown stage", advice)


def _method(value: TextNode, scope: Scope) -> None:
    text = value.value
    if any(matches(glob(text), verb) for verb in METHODS):
        return
    upper = text.upper()
    if upper == "ANY":
        message = "ANY is no method of a request; it stands for every method in a configuration"
        advice = "take method out: without it every method is meant"
    elif any(matches(glob(upper), verb) for verb in METHODS):
        message, advice = f'methods are written in capitals, not "{text}"', f"write {upper}"
    else:
        meant = nearest(text, METHODS)
        message = f'"{text}" is no method of a request'
        advice = f"write {meant}" if meant else f"write one of {', '.join(METHODS)}"
    scope.error("INVALID_METHOD", message, value.span, "", advice)


def _path(value: TextNode, scope: Scope) -> None:
    text = value.value
    if not text.startswith("/"):
        message = f'a path begins with /, not with "{text[:1]}"'
        scope.error("INVALID_PATH", message, value.span, "", f'write "/{text}"')
    elif re.search(_TEMPLATE, text):
        message = f"a request has the path itself, so {text} matches only braces"
        advice = f'write "{re.sub(_TEMPLATE, "*", text)}"'
        scope.warn("PATH_TEMPLATE", message, value.span, "a template", advice)
    elif re.search(_QUERY, text):
        message = "the query string is no part of the path; this ? is a wildcard"
        advice = f'write "{text.partition("?")[0]}"'
        scope.warn("QUERY_IN_PATH", message, value.span, "a query string", advice)


def _formed(pattern: str, characters: str, kind: str, example: str) -> Check:
    wild = f"[{characters}]*[*?][{characters}*?]*"

    def check(value: TextNode, scope: Scope) -> None:
        if re.fullmatch(pattern, value.value) or re.fullmatch(wild, value.value):
            return
        message = f'"{value.value}" is not {kind}'
        advice = f"write {kind} like {example}; * and ? are wildcards"
        scope.error("INVALID_VALUE", message, value.span, "", advice)

    return check


def account_id(value: TextNode, scope: Scope) -> bool:
    """Whether a text is an account id; otherwise an error is noted."""
    if re.fullmatch(ACCOUNT, value.value):
        return True
    message = f'"{value.value}" is not an account id, which has 12 digits'
    scope.error("INVALID_ACCOUNT", message, value.span, "", "write the 12 digits")
    return False


def _account(value: TextNode, scope: Scope) -> None:
    if not re.fullmatch(r"[0-9*?]*[*?][0-9*?]*", value.value):
        account_id(value, scope)


def _resource(node: Node, scope: Scope) -> Predicate:
    values = list(scope.texts(node, "resource"))
    for value in values:
        _check_resource(value, scope)
    return any_of(ResourceLike(glob(value.value), value.span) for value in values)


def _check_resource(value: TextNode, scope: Scope) -> None:
    text = value.value
    form = "write arn:aws:execute-api:region:account:api-id/stage/METHOD/path, with wildcards"
    if not text.startswith(("arn:", "*", "?")):
        advice = "name the stage, method and path" if text.startswith("execute-api:") else form
        scope.error("INVALID_RESOURCE", f'"{text}" is not an ARN', value.span, "", advice)
    elif "*" not in text and (text.count(":") < 5 or text.count("/") < 3):
        message = f"no request has the ARN {text}: a stage, method or path is missing"
        scope.error("INVALID_RESOURCE", message, value.span, "", form)


def _action(node: Node, scope: Scope) -> Predicate:
    values = list(scope.texts(node, "action"))
    for value in values:
        _check_action(value, scope)
    return any_of(ActionLike(glob(value.value.lower()), value.span) for value in values)


def _check_action(value: TextNode, scope: Scope) -> None:
    wanted = glob(value.value.lower())
    if any(matches(wanted, action.lower()) for action in ACTIONS):
        return
    prefix, _, name = value.value.rpartition(":")
    meant = nearest(name, _ACTION_NAMES) if prefix.lower() in {"", _SERVICE} else None
    advice = f"write {_SERVICE}:{meant}" if meant else f"write one of {', '.join(ACTIONS)}"
    message = f'no request has the action "{value.value}"'
    scope.error("INVALID_ACTION", message, value.span, "", advice)


TARGETS: dict[str, Callable[[Node, Scope], Predicate]] = {
    "stage": partial(_parts, part=Part.STAGE, check=_stage),
    "method": partial(_parts, part=Part.METHOD, check=_method),
    "path": partial(_parts, part=Part.PATH, check=_path),
    "api_id": partial(
        _parts, part=Part.API_ID, check=_formed(_API_ID, "A-Za-z0-9", "an API id", "abcdef1234")
    ),
    "account": partial(_parts, part=Part.ACCOUNT, check=_account, numbers=True),
    "region": partial(
        _parts, part=Part.REGION, check=_formed(REGION, "a-z0-9-", "a region", "us-east-1")
    ),
    "partition": partial(
        _parts, part=Part.PARTITION, check=_formed(PARTITION, "a-z0-9-", "a partition", "aws")
    ),
    "resource": _resource,
    "action": _action,
}
"""The keys of a predicate that speak of the target, each with the function that reads it."""
