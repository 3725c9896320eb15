"""Requests as JSON (contract section 3)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import NoReturn

from policycheck.diagnostics import Diagnostic, InputError, Source, nearest
from policycheck.model.policy import PrincipalKind
from policycheck.model.request import ANONYMOUS, INVOKE, Caller, CallerKind, Request
from policycheck.read.json_text import parse_json
from policycheck.read.literal_error import LiteralError
from policycheck.read.principal_ids import PARSERS
from policycheck.read.request_values import Number, Value, check_of, value_of

FIELDS = ("action", "resource", "principal", "context")
CACHED = 4096
"""How many different callers are remembered."""

_SURROGATE = re.compile(r"[\ud800-\udfff]|\\u[dD][89A-Fa-f]")

_CALLERS = {
    PrincipalKind.ACCOUNT: CallerKind.ROOT,
    PrincipalKind.USER: CallerKind.USER,
    PrincipalKind.ROLE: CallerKind.ROLE,
    PrincipalKind.SESSION: CallerKind.ROLE,
    PrincipalKind.FEDERATED_USER: CallerKind.FEDERATED_USER,
    PrincipalKind.SERVICE: CallerKind.SERVICE,
    PrincipalKind.FEDERATED: CallerKind.FEDERATED,
    PrincipalKind.CANONICAL_USER: CallerKind.CANONICAL_USER,
}


def parse_request(text: str | bytes) -> Request:
    """The request that a JSON text is.

    Raises InputError for a text that is no JSON, and as ``request_from`` does.
    """
    try:
        decoded = text.decode() if isinstance(text, bytes) else text
        data = _decoder().decode(decoded)
    except UnicodeDecodeError:
        _fail("a request that is not UTF-8", "write it in UTF-8")
    except (ValueError, RecursionError):
        parse_json(Source("<request>", decoded))
        _fail("a request that is not JSON")
    if ("\\u" in decoded or not decoded.isascii()) and _SURROGATE.search(decoded):
        parse_json(Source("<request>", decoded))
    return request_from(data)


@cache
def _decoder() -> json.JSONDecoder:
    return json.JSONDecoder(
        object_pairs_hook=_object,
        parse_int=Number,
        parse_float=Number,
        parse_constant=_refuse,
    )


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key occurs twice")
    return found


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)


def request_from(data: object) -> Request:
    """The request that a decoded JSON value is (contract section 3).

    Raises InputError for fields that a request has not, for values of the wrong type, and for
    values of AWS's condition keys that the type of the key does not allow.
    """
    if not isinstance(data, dict):
        _fail("a request is an object", 'write {"resource": "arn:aws:execute-api:..."}')
    for field in data:
        if field not in FIELDS:
            _fail_field(field)
    context = data.get("context")
    try:
        return Request(
            _resource(data.get("resource")),
            _action(data.get("action", INVOKE)),
            _principal(data.get("principal", "*")),
            _context(context) if "context" in data else {},
        )
    except LiteralError as error:
        _fail(error.message, error.help)


def _resource(value: object) -> str:
    if type(value) is not str:
        _fail("a request needs a resource, a string", 'write "resource": "arn:aws:execute-api:..."')
    if value.count(":") < 5 or not value.startswith("arn:"):
        _fail(
            f'the resource of a request is an ARN, not "{value}"',
            "write arn:aws:execute-api:region:account:api-id/stage/METHOD/path",
        )
    return value


def _action(value: object) -> str:
    if type(value) is not str or not all(value.partition(":")):
        _fail("the action of a request is service:Name", f'write "{INVOKE}"')
    return value


def _principal(value: object) -> Caller:
    if value == "*":
        return ANONYMOUS
    if not isinstance(value, dict) or len(value) != 1:
        _fail(
            'the principal of a request is "*" or an object with one entry',
            'write "*" or {"AWS": "arn:aws:iam::123456789012:role/name"}',
        )
    [(kind, name)] = value.items()
    if type(name) is not str:
        _fail(f"the {kind} of a principal is a string", 'write "123456789012" in quotes')
    return _caller(kind, name)


@lru_cache(CACHED)
def _caller(kind: str, name: str) -> Caller:
    if kind not in PARSERS:
        meant = nearest(kind, PARSERS)
        advice = f'write "{meant}"' if meant else f"write one of {', '.join(PARSERS)}"
        _fail(f'there is no kind of principal "{kind}"', advice)
    found = PARSERS[kind](name)
    if found.kind is PrincipalKind.EVERYONE:
        return ANONYMOUS
    if found.kind is PrincipalKind.UNIQUE_ID:
        _fail(f"{name} is the id of an identity, not its ARN", "write its ARN")
    return Caller(_CALLERS[found.kind], found.value)


def _context(context: object) -> Mapping[str, Value]:
    if not isinstance(context, dict):
        _fail("the context of a request is an object", 'write {"aws:SourceIp": "203.0.113.9"}')
    if len({key.lower() for key in context}) != len(context):
        _fail_repeated(context)
    found: dict[str, Value] = {}
    for key, value in context.items():
        check = check_of(key)
        if type(value) is str:
            if check.text:
                check.text(value)
            found[key] = value
        else:
            found[key] = value_of(check, value)
    return found


def _fail_repeated(context: Mapping[str, object]) -> NoReturn:
    seen: dict[str, str] = {}
    for key in context:
        if key.lower() in seen:
            message = f"{seen[key.lower()]} and {key} are one condition key"
            _fail(message, "keep one of them")
        seen[key.lower()] = key
    raise AssertionError


def _fail_field(field: object) -> NoReturn:
    meant = nearest(str(field), FIELDS)
    advice = f'write "{meant}"' if meant else f"a request has {', '.join(FIELDS)}"
    _fail(f'a request has no field "{field}"', advice)


def _fail(message: str, advice: str = "") -> NoReturn:
    raise InputError([Diagnostic("INVALID_REQUEST", message, help=advice)])
