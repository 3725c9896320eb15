"""Conditions of a spec as a policy writes them, and the conditions that say the opposite."""

from __future__ import annotations

from collections.abc import Iterable

from netaddr import IPAddress, iprange_to_cidrs

from policycheck.analyse.repair.edits import Entry
from policycheck.concrete.spelling import spell_relation
from policycheck.model.address import AddressBetween, AddressIn, address_text
from policycheck.model.condition import Comparing, ConditionEntry, Existing, Quantifier, Relation
from policycheck.model.keys import KeySpace, Presence
from policycheck.model.order import Flag, Recurs
from policycheck.model.special_purpose import not_public, public

MOST_VALUES = 200
"""The most values that one written condition may have."""

_PAIRS = (
    ("StringEquals", "StringNotEquals"),
    ("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"),
    ("StringLike", "StringNotLike"),
    ("NumericEquals", "NumericNotEquals"),
    ("DateEquals", "DateNotEquals"),
    ("IpAddress", "NotIpAddress"),
    ("ArnEquals", "ArnNotEquals"),
    ("ArnLike", "ArnNotLike"),
)
_NEGATIONS = dict(_PAIRS) | {negated: plain for plain, negated in _PAIRS}
_ORDERS = {
    "LessThan": "GreaterThanEquals",
    "LessThanEquals": "GreaterThan",
    "GreaterThan": "LessThanEquals",
    "GreaterThanEquals": "LessThan",
}
_QUANTIFIERS = {Quantifier.FOR_ALL: Quantifier.FOR_ANY, Quantifier.FOR_ANY: Quantifier.FOR_ALL}

Written = tuple[Entry, ...]
"""Conditions that all hold."""


class UnsayableError(Exception):
    """Something that no statement of a policy can say; the text says what."""


def written(entry: ConditionEntry) -> Entry:
    """The entry as a policy has it. Raises UnsayableError."""
    if isinstance(entry, Existing):
        return Entry(entry.operator, entry.spelled, tuple(str(v).lower() for v in entry.absent))
    operator, values = _shortest(entry.operator, entry.relations)
    return Entry(operator, entry.spelled, values)


def opposite(entry: ConditionEntry, keys: KeySpace) -> tuple[Written, ...]:
    """Alternatives that together hold exactly where the entry does not. Raises UnsayableError.

    A condition without IfExists does not hold for a key that is not there, and a negated one
    does (semantics B2); the opposite keeps to that.
    """
    if isinstance(entry, Existing):
        return ((_existing_opposite(entry),),)
    base = entry.operator.rpartition(":")[2].removesuffix("IfExists")
    flipped, values = _flipped(base, entry)
    if entry.quantifier is not None:
        if entry.if_exists:
            raise UnsayableError(f"the opposite of {entry.operator}")
        name = f"{_QUANTIFIERS[entry.quantifier].value}:{flipped}"
        return ((Entry(name, entry.spelled, values),),)
    if base in _NEGATIONS:
        found = Entry(flipped, entry.spelled, values)
        there = Entry("Null", entry.spelled, ("false",))
        return ((found, there),) if entry.if_exists and not entry.negated else ((found,),)
    known = keys.find(entry.key)
    always = known is not None and known.presence is Presence.ALWAYS
    suffix = "" if entry.if_exists or always else "IfExists"
    return ((Entry(flipped + suffix, entry.spelled, values),),)


def _existing_opposite(entry: Existing) -> Entry:
    if entry.quantifier is not None or len(set(entry.absent)) != 1:
        raise UnsayableError(f"the opposite of {entry.operator}")
    return Entry("Null", entry.spelled, (str(not entry.absent[0]).lower(),))


def _flipped(base: str, entry: Comparing) -> tuple[str, tuple[str, ...]]:
    """The operator and the values that hold where ``base`` does not, for a key that is there."""
    if base == "Bool":
        flags = {one.wanted for one in entry.relations if isinstance(one, Flag)}
        if len(flags) != 1:
            raise UnsayableError("the opposite of Bool with both values")
        return base, (str(not flags.pop()).lower(),)
    operator, values = _shortest(entry.operator, entry.relations)
    name = operator.rpartition(":")[2].removesuffix("IfExists")
    if name in _NEGATIONS:
        return _NEGATIONS[name], values
    family = next((one for one in ("Date", "Numeric") if name.startswith(one)), "")
    order = _ORDERS.get(name.removeprefix(family))
    if not family or order is None or len(values) != 1:
        raise UnsayableError(f"the opposite of {entry.operator}")
    return family + order, values


def _shortest(operator: str, relations: tuple[Relation, ...]) -> tuple[str, tuple[str, ...]]:
    """The operator and its values; a glob without a wildcard is a plain text."""
    if any(isinstance(one, Recurs) for one in relations):
        raise UnsayableError("a time of day or a weekday that recurs")
    addresses = [one for one in relations if isinstance(one, AddressIn | AddressBetween)]
    if addresses:
        return _blocks(operator, addresses)
    values = tuple(map(spell_relation, relations))
    wild = any("*" in one or "?" in one for one in values)
    if operator in {"StringLike", "StringNotLike"} and not wild:
        return operator.replace("Like", "Equals"), values
    return operator, values


def _blocks(
    operator: str, addresses: Iterable[AddressIn | AddressBetween]
) -> tuple[str, tuple[str, ...]]:
    """Addresses as blocks; those that are public as what is not one that is not."""
    found = list(addresses)
    if tuple(found) == public() and operator in {"IpAddress", "NotIpAddress"}:
        operator, found = _NEGATIONS[operator], list(not_public())
    values = tuple(text for one in found for text in _cidrs(one))
    if len(values) > MOST_VALUES:
        raise UnsayableError(f"{len(values)} blocks of addresses")
    return operator, values


def _cidrs(one: AddressIn | AddressBetween) -> list[str]:
    if isinstance(one, AddressIn):
        return [spell_relation(one)]
    first, last = (IPAddress(address_text(one.family, at)) for at in (one.first, one.last))
    return [str(block) for block in iprange_to_cidrs(first, last)]
