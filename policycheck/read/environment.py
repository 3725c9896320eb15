"""What a spec says of its API and of further condition keys (contract section 4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import TypeVar

from policycheck.model.arn import ACCOUNT, FIELDS, PARTITION, REGION, is_wild
from policycheck.model.environment import (
    Authorization,
    Endpoint,
    Environment,
    IpAddressType,
)
from policycheck.model.keys import Key, KeySpace, KeyType, Presence, aws_key
from policycheck.model.route import Route, Routes
from policycheck.model.text import Pattern, glob
from policycheck.read.document import MapNode, Node, TextNode
from policycheck.read.scope import Fields, Scope, named
from policycheck.read.shape import part

API_FIELDS = ("endpoint", "authorization", "arn", "stages", "ip_address_type", "routes")
KEY_FIELDS = ("type", "multivalued", "presence", "client_controlled")
PRESENCES = (Presence.ALWAYS.value, Presence.OPTIONAL.value)

_STAGE = r"[A-Za-z0-9_-]{1,128}"
_KEY = r"[!-~]+"
_ARN = "arn:aws:execute-api:us-east-1:123456789012:abcdef1234"
_FIELDS = (
    ("the prefix arn", r"arn"),
    ("a partition", PARTITION),
    ("the service execute-api", r"execute-api"),
    ("a region", REGION),
    ("an account id of 12 digits", ACCOUNT),
    ("an API id", r"[A-Za-z0-9*?]+"),
)

_Choice = TypeVar("_Choice", bound=Enum)


def environment(node: Node | None, keys: KeySpace, scope: Scope) -> Environment:
    """The environment that a spec's ``api`` section describes; ``node`` is None without one."""
    advice = "write api: {endpoint: regional}, or take it out"
    mapping = scope.mapping(node, "api, a mapping", advice) if node else None
    if mapping is None:
        return Environment(keys=keys)
    fields = scope.fields(mapping, API_FIELDS, "api")
    return Environment(
        _member(fields, "endpoint", Endpoint, scope),
        _member(fields, "authorization", Authorization, scope) or Authorization.NONE,
        _arn(named(fields, "arn"), scope),
        _stages(named(fields, "stages"), scope),
        _member(fields, "ip_address_type", IpAddressType, scope) or IpAddressType.DUALSTACK,
        keys,
        routes=_routes(named(fields, "routes"), scope),
        said=frozenset(fields),
    )


def _member(fields: Fields, name: str, kind: type[_Choice], scope: Scope) -> _Choice | None:
    node = named(fields, name)
    if node is None:
        return None
    found = scope.choice(node, name, [str(one.value) for one in kind])
    return kind(found) if found else None


def _arn(node: Node | None, scope: Scope) -> tuple[Pattern, ...] | None:
    advice = f"write {_ARN}; * and ? are wildcards"
    text = scope.text(node, "arn", advice) if node else None
    if text is None:
        return None
    fields = text.value.split(":", FIELDS - 1)
    if len(fields) < FIELDS:
        message = f'"{text.value}" has {len(fields)} of the six fields of an ARN'
        scope.error("MISSING_ARN_FIELD", message, text.span, "", advice)
    elif "/" in fields[-1]:
        message = "the ARN of an API ends with its id"
        short = text.value.partition("/")[0]
        scope.error("INVALID_ARN", message, text.span, "", f"write {short}, and name the stages")
    else:
        _check_arn(text, fields, advice, scope)
    return tuple(map(glob, fields))


def _check_arn(text: TextNode, fields: list[str], advice: str, scope: Scope) -> None:
    start = 0
    for value, (wanted, form) in zip(fields, _FIELDS, strict=True):
        end = start + len(value)
        if not _has_form(value, form):
            message = f'"{value}" is not {wanted}'
            span = part(text, start, end) if value else text.span
            scope.error("INVALID_ARN", message, span, "", advice)
        start = end + 1


def _has_form(value: str, form: str) -> bool:
    """Whether a field has its form; partition, region and account may have wildcards instead."""
    if form in {PARTITION, REGION, ACCOUNT} and is_wild(value):
        return "\n" not in value
    return re.fullmatch(form, value) is not None


def _stages(node: Node | None, scope: Scope) -> tuple[str, ...] | None:
    if node is None:
        return None
    found = dict.fromkeys(
        value.value for value in scope.texts(node, "stages") if _is_stage(value, scope)
    )
    return tuple(found) or None


def is_stage(name: str) -> bool:
    """Whether a stage can have this name."""
    return re.fullmatch(_STAGE, name) is not None


def _is_stage(value: TextNode, scope: Scope) -> bool:
    if is_stage(value.value):
        return True
    message = f'"{value.value}" is no name of a stage'
    advice = "write the names of the stages themselves: letters, digits, - and _, no wildcards"
    scope.error("INVALID_STAGE", message, value.span, "", advice)
    return False


def _routes(node: Node | None, scope: Scope) -> Routes | None:
    """The routes of an API; None where they are left open, which ``any`` says."""
    if node is None or (isinstance(node, TextNode) and node.value == "any"):
        return None
    found = [_route(one, scope) for one in scope.texts(node, "routes")]
    return tuple(dict.fromkeys(one for one in found if one)) or None


def _route(text: TextNode, scope: Scope) -> Route | None:
    found = Route.parse(text.value)
    if found is None:
        message = f'"{text.value}" is no route'
        advice = "write a verb or ANY and a resource path: GET /pets/{petId}, or any for all routes"
        scope.error("INVALID_ROUTE", message, text.span, "", advice)
    return found


def declared_keys(node: Node | None, scope: Scope) -> KeySpace:
    """The condition keys that a spec's ``keys`` section declares, with AWS's own."""
    advice = "write keys: {name: {type: string}}, or take it out"
    mapping = scope.mapping(node, "keys, a mapping", advice) if node else None
    return KeySpace.of(_declared(mapping, scope)) if mapping else KeySpace()


def _declared(mapping: MapNode, scope: Scope) -> Iterator[Key]:
    seen: dict[str, TextNode] = {}
    for name, node in mapping.entries:
        folded = name.value.lower()
        if folded in seen:
            message = f"{name.value} and {seen[folded].value} are one condition key"
            scope.error("DUPLICATE_KEY", message, name.span, "", "keep one of the two")
        seen.setdefault(folded, name)
        if found := _key(name, node, scope):
            yield found


def _key(name: TextNode, node: Node, scope: Scope) -> Key | None:
    if not re.fullmatch(_KEY, name.value):
        message = f'"{name.value}" is no name of a condition key'
        advice = "write a name without blanks, like custom:Tenant"
        scope.error("INVALID_CONDITION_KEY_FORMAT", message, name.span, "", advice)
    mapping = scope.mapping(node, f"{name.value}, a mapping", "write {type: string}")
    if mapping is None:
        return None
    fields = scope.fields(mapping, KEY_FIELDS, "a condition key")
    found = _described(name, fields, scope)
    if found is None:
        if "type" not in fields:
            types = " | ".join(one.value for one in KeyType)
            where = f"the key {name.value}"
            scope.error(
                "MISSING_FIELD",
                f"{where} has no type",
                name.span,
                "no type",
                f"write type: {types}",
            )
        return None
    _check_new(name, found, scope)
    return found


def _described(name: TextNode, fields: Fields, scope: Scope) -> Key | None:
    kind = _member(fields, "type", KeyType, scope)
    presence = named(fields, "presence")
    chosen = scope.choice(presence, "presence", PRESENCES) if presence else None
    multivalued = named(fields, "multivalued")
    client = named(fields, "client_controlled")
    found = Key(
        name.value,
        kind or KeyType.STRING,
        Presence(chosen or Presence.OPTIONAL.value),
        scope.flag(multivalued, "multivalued") if multivalued else False,
        scope.flag(client, "client_controlled") if client else True,
        declared=True,
    )
    return found if kind else None


def _check_new(name: TextNode, found: Key, scope: Scope) -> None:
    """AWS's promised keys cannot be declared again, and the others only as AWS types them."""
    known = aws_key(name.value)
    if known is None:
        return
    if known.promised and known.presence is not Presence.NEVER:
        message = f"{known.name} is a key of AWS's, which every spec has"
        scope.error("KEY_OF_AWS", message, name.span, "", "take it out")
    elif (known.type, known.multivalued) != (found.type, found.multivalued):
        message = f"{known.name} is a key of AWS's with another type"
        multivalued = str(known.multivalued).lower()
        advice = f"write type: {known.type.value}, multivalued: {multivalued}"
        scope.error("KEY_OF_AWS", message, name.span, "", advice)
