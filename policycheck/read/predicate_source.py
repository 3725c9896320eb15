"""The predicates over where a request comes from, and over its condition keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from policycheck.diagnostics import nearest
from policycheck.model.address import AddressBetween, AddressRelation
from policycheck.model.arn import ArnLike
from policycheck.model.condition import Comparing, ConditionEntry, Existing, Relation
from policycheck.model.keys import aws_keys
from policycheck.model.predicate import Conditions, Predicate
from policycheck.model.special_purpose import everything, private_use, public
from policycheck.model.text import (
    Pattern,
    TextEquals,
    TextEqualsIgnoreCase,
    TextLike,
    glob,
)
from policycheck.read.combine import any_of
from policycheck.read.condition import parse_conditions
from policycheck.read.document import Node, TextNode
from policycheck.read.literal_error import LiteralError
from policycheck.read.literals import check_not_mapped, parse_address, parse_cidr
from policycheck.read.scope import Scope
from policycheck.read.shape import literal_error

NAMES: dict[str, Callable[[], tuple[AddressBetween, ...]]] = {
    "public": public,
    "private": private_use,
    "any": everything,
}
"""The sets of addresses that have a name (contract section 4)."""

PRESENCE = ("present", "absent")

_NAME = r"[A-Za-z_ -]+"
_FORWARDED = {"aws:xfwdip", "aws:x-forwarded-for", "aws:forwardedfor", "x-forwarded-for"}


def _addresses(node: Node, scope: Scope, *, name: str, key: str) -> Predicate:
    found: list[AddressRelation] = []
    for value in scope.texts(node, name, numbers=True):
        try:
            found.extend(_relations(value, scope))
        except LiteralError as error:
            scope.diagnostics.append(literal_error(value, error))
    entry = Comparing("IpAddress", key.lower(), tuple(found), spelled=key, span=node.span)
    return Conditions((entry,))


def _relations(value: TextNode, scope: Scope) -> Iterator[AddressRelation]:
    text = value.value
    if text in NAMES:
        yield from (replace(one, span=value.span) for one in NAMES[text]())
    elif text in PRESENCE:
        raise LiteralError(
            f"{text} is no set of addresses",
            help=f"write {text}: the condition key, beside source_ip",
            code="INVALID_VALUE",
        )
    elif re.fullmatch(_NAME, text):
        raise _unknown_name(text)
    elif "-" in text:
        yield replace(_range(text), span=value.span)
    else:
        block = parse_cidr(text)
        _check_host_bits(value, scope, block.network)
        yield replace(block, bare=False, span=value.span)


def _unknown_name(text: str) -> LiteralError:
    meant = nearest(text, NAMES)
    return LiteralError(
        f'there is no set of addresses "{text}"',
        help=f"write {meant}" if meant else f"write {', '.join(NAMES)}, or a block or address",
        code="INVALID_VALUE",
    )


def _range(text: str) -> AddressBetween:
    first, _, last = (one.strip() for one in text.partition("-"))
    start, end = parse_address(first), parse_address(last)
    check_not_mapped(start, start.family.width)
    check_not_mapped(end, end.family.width)
    if start.family is not end.family:
        raise LiteralError(
            f"{first} and {last} are addresses of different families",
            help="write one range for IPv4 and one for IPv6",
            code="INVALID_RANGE",
        )
    if start.value > end.value:
        raise LiteralError(
            f"{last} is before {first}", help=f"write {last} - {first}", code="INVALID_RANGE"
        )
    return AddressBetween(start.family, start.value, end.value)


def _check_host_bits(value: TextNode, scope: Scope, network: int) -> None:
    head, slash, _ = value.value.partition("/")
    if slash and parse_address(head).value != network:
        message = f"{value.value} has bits behind its prefix; they are ignored"
        scope.warn("IMPROVE_IP_RANGE", message, value.span, "", "write the first address")


def _ids(node: Node, scope: Scope, *, name: str, key: str, prefix: str) -> Predicate:
    ids: list[TextLike] = []
    existing: list[Predicate] = []
    for value in scope.texts(node, name):
        if value.value in PRESENCE:
            existing.append(_existing(key, value, absent=value.value == "absent"))
            continue
        _check_id(value, scope, name, prefix)
        ids.append(TextLike(glob(value.value), value.span))
    if ids:
        entry = Comparing("StringLike", key.lower(), tuple(ids), spelled=key, span=node.span)
        existing.append(Conditions((entry,)))
    return any_of(existing)


def _check_id(value: TextNode, scope: Scope, name: str, prefix: str) -> None:
    text = value.value
    head = re.split(r"[*?]", text)[0]
    if head != text and (head.startswith(f"{prefix}-") or f"{prefix}-".startswith(head)):
        return
    if re.fullmatch(rf"{prefix}-[A-Za-z0-9]+", text):
        return
    meant = nearest(text, PRESENCE)
    advice = f"write {meant}" if meant else f"write an id like {prefix}-0123456789abcdef0"
    message = f'{name} takes ids that begin with {prefix}-, not "{text}"'
    scope.error(f"INVALID_{prefix.upper()}_FORMAT", message, value.span, "", advice)


def _existing(key: str, value: TextNode, *, absent: bool) -> Predicate:
    entry = Existing("Null", key.lower(), (absent,), None, key, value.span, undisputed=True)
    return Conditions((entry,))


def _presence(node: Node, scope: Scope, *, absent: bool) -> Predicate:
    keys = list(scope.texts(node, "absent" if absent else "present"))
    for key in keys:
        _check_key(key, scope)
    return any_of(_existing(key.value, key, absent=absent) for key in keys)


def _check_key(key: TextNode, scope: Scope) -> None:
    if scope.keys.find(key.value) is None:
        message = f"no request has a condition key {key.value}"
        advice = _key_advice(key.value, scope)
        scope.error("UNKNOWN_CONDITION_KEY", message, key.span, "unknown key", advice)


def _key_advice(word: str, scope: Scope) -> str:
    if word.lower() in _FORWARDED:
        return "no key holds X-Forwarded-For; aws:SourceIp is the address of the caller"
    if scope.keys.find(f"{word.rstrip('/')}/x"):
        return f"write {word.rstrip('/')}/ and the key of the tag"
    known = [key.name for key in (*aws_keys().values(), *scope.keys.declared.values())]
    by_name = {name.rpartition(":")[2]: name for name in known}
    meant = nearest(word.rpartition(":")[2], by_name)
    declare = "declare the key under keys:"
    return f"write {by_name[meant]}, or {declare}" if meant else declare


def _condition(node: Node, scope: Scope) -> Predicate:
    entries = parse_conditions(node, scope.diagnostics, variables=True, keys=scope.keys)
    for entry in entries:
        if entry.span:
            _check_key(TextNode(entry.spelled, entry.span), scope)
        _check_variables(entry, scope)
    return Conditions(entries)


def _check_variables(entry: ConditionEntry, scope: Scope) -> None:
    if isinstance(entry, Existing):
        return
    for relation in entry.relations:
        for variable in (v for one in _patterns(relation) for v in one.variables):
            if relation.span:
                _check_key(TextNode(variable.key, relation.span), scope)


def _patterns(relation: Relation) -> tuple[Pattern, ...]:
    match relation:
        case TextEquals(wanted) | TextEqualsIgnoreCase(wanted) | TextLike(wanted):
            return (wanted,)
        case ArnLike(fields):
            return fields
        case _:
            return ()


SOURCES: dict[str, Callable[[Node, Scope], Predicate]] = {
    "source_ip": partial(_addresses, name="source_ip", key="aws:SourceIp"),
    "vpc_source_ip": partial(_addresses, name="vpc_source_ip", key="aws:VpcSourceIp"),
    "source_vpc": partial(_ids, name="source_vpc", key="aws:SourceVpc", prefix="vpc"),
    "source_vpce": partial(_ids, name="source_vpce", key="aws:SourceVpce", prefix="vpce"),
    "condition": _condition,
    "present": partial(_presence, absent=False),
    "absent": partial(_presence, absent=True),
}
"""The keys of a predicate that speak of the context, each with the function that reads it."""
