"""Unknown values of keys."""

from __future__ import annotations

from dataclasses import field

import z3

from policycheck.dataclass import dataclass
from policycheck.model.keys import Key
from policycheck.symbolic.boolean import both, false, negation
from policycheck.symbolic.symbols import AddressSymbol, Text, TextSymbol

Alternatives = tuple[tuple[z3.BoolRef, Text], ...]
"""A text that depends on the rest of the request: exactly one guard holds."""


@dataclass(frozen=True)
class TextValue:
    """A text."""

    texts: Alternatives


@dataclass(frozen=True)
class ArnValue:
    """The six fields of an ARN, with the condition under which each row is the value.

    Where it is malformed the value is ``other``, a loose text: nothing keeps it from being an ARN.
    """

    rows: tuple[tuple[z3.BoolRef, tuple[Text, ...]], ...]
    malformed: z3.BoolRef
    other: TextSymbol

    @property
    def texts(self) -> Alternatives:
        """The value as one text; ``other``, where it is malformed."""
        whole = negation(self.malformed)
        arns = tuple((both(whole, guard), joined(fields)) for guard, fields in self.rows)
        return arns if z3.is_false(self.malformed) else (*arns, (self.malformed, (self.other,)))


def joined(fields: tuple[Text, ...]) -> Text:
    """The fields of an ARN as one text."""
    text: Text = fields[0]
    for following in fields[1:]:
        text = (*text, ":", *following)
    return text


@dataclass(frozen=True)
class AddressValue:
    """One address of exactly one family."""

    is_v6: z3.BoolRef
    v4: AddressSymbol
    v6: AddressSymbol


@dataclass(frozen=True)
class InstantValue:
    """Whole seconds since 1970-01-01T00:00:00Z."""

    seconds: z3.ArithRef


@dataclass(frozen=True)
class NumberValue:
    """A rational number."""

    number: z3.ArithRef


@dataclass(frozen=True)
class FlagValue:
    """true or false."""

    flag: z3.BoolRef


Value = TextValue | ArnValue | AddressValue | InstantValue | NumberValue | FlagValue


@dataclass(frozen=True)
class Slot:
    """A place for one value of a key.

    ``malformed``: the value cannot be parsed for its type; ``empty`` says of such a value that it
    is the empty text.
    """

    filled: z3.BoolRef
    value: Value
    malformed: z3.BoolRef = field(default_factory=false)
    empty: z3.BoolRef = field(default_factory=false)


@dataclass(frozen=True)
class KeySymbols:
    """An unknown key: whether it is present, and its values.

    A key with one value has one slot, filled whenever the key is present.
    """

    key: Key
    present: z3.BoolRef
    slots: tuple[Slot, ...]
