"""The texts that policy variables stand for, by the unknown values of their keys."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product

import z3

from policycheck.symbolic.boolean import both, negation, proposition, true
from policycheck.symbolic.domains import NOT_EMPTY
from policycheck.symbolic.symbols import Domain, Text, TextSymbol
from policycheck.symbolic.values import (
    AddressValue,
    Alternatives,
    ArnValue,
    FlagValue,
    InstantValue,
    KeySymbols,
    NumberValue,
    Slot,
    TextValue,
)


def spelling(name: str, slot: Slot) -> Alternatives:
    """The text of a slot's value, which a variable over the key ``name`` stands for (B6-variable).

    A malformed value that is no ARN is any text.
    """
    match slot.value:
        case TextValue(texts):
            return texts
        case ArnValue() as arn:
            return arn.texts
        case FlagValue(flag):
            found = tuple(_flag_spelling(name, flag))
        case AddressValue() | InstantValue() | NumberValue():
            found = ((true(), (TextSymbol(f"spelling {name}", NOT_EMPTY, loose=True),)),)
    if z3.is_false(slot.malformed):
        return found
    well = negation(slot.malformed)
    malformed = TextSymbol(f"malformed spelling {name}", loose=True)
    return (*((both(well, guard), text) for guard, text in found), (slot.malformed, (malformed,)))


def _flag_spelling(name: str, flag: z3.BoolRef) -> Iterator[tuple[z3.BoolRef, Text]]:
    """``true`` or ``false``, in any case (B3-bool)."""
    capitals = with_capitals(name)
    for is_value, word in ((flag, "true"), (negation(flag), "false")):
        yield both(is_value, negation(capitals)), (word,)
        symbol = TextSymbol(f"{word} {name}", _capitals(word), loose=True)
        yield both(is_value, capitals), (symbol,)


def with_capitals(name: str) -> z3.BoolRef:
    """The truth value of the key has a capital letter."""
    return proposition(f"capitals in {name}")


@cache
def _capitals(word: str) -> Domain:
    """The word with some letters in upper case."""
    spelled = product(*((char, char.upper()) for char in word))
    return Domain(choices=tuple(sorted({"".join(chars) for chars in spelled} - {word})))


def alone(key: KeySymbols, slot: Slot) -> z3.BoolRef:
    """The slot holds the key's only value."""
    others = (negation(other.filled) for other in key.slots if other is not slot)
    return both(slot.filled, *others)
