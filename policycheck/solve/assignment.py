"""A value for every symbol of a request, and the request that it makes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace
from decimal import Decimal, localcontext
from fractions import Fraction

import z3

from policycheck.dataclass import dataclass
from policycheck.model.address import Address, Family, address_text
from policycheck.model.environment import ACTIONS
from policycheck.model.keys import Key, Presence
from policycheck.model.order import instant_text
from policycheck.model.reading import Reading
from policycheck.model.request import ANONYMOUS, Caller, CallerKind
from policycheck.model.request import Request as ConcreteRequest
from policycheck.solve.plain import plain_texts
from policycheck.solve.solver import Sat
from policycheck.symbolic.boolean import holds
from policycheck.symbolic.caller import principal_arns, session_arn
from policycheck.symbolic.request import Request
from policycheck.symbolic.spelling import with_capitals
from policycheck.symbolic.symbols import AddressSymbol, Atoms, Text, TextSymbol
from policycheck.symbolic.values import (
    AddressValue,
    ArnValue,
    FlagValue,
    InstantValue,
    NumberValue,
    Slot,
    TextValue,
    joined,
)

Scalar = Address | int | Fraction | bool | Text
"""The value of a slot; a text may still hold symbols."""


@dataclass(frozen=True)
class SlotAssignment:
    """One value of a key."""

    value: Scalar
    is_clock: bool = False
    malformed: bool = False
    empty: bool = False


@dataclass(frozen=True)
class Assignment:
    """What a model says of a request.

    ``keys`` holds the keys that are present with the values of their filled slots, by the key's
    name in lower case; ``caller`` is the text of the principal; ``clock`` is in seconds.
    """

    kind: CallerKind
    caller: Text
    resource: Text
    action: TextSymbol
    clock: int
    names: Mapping[str, Key]
    keys: Mapping[str, tuple[SlotAssignment, ...]]
    texts: Mapping[TextSymbol, str]
    readings: frozenset[Reading] = field(default_factory=frozenset)

    def symbols(self) -> Iterator[TextSymbol]:
        """The text symbols that the request shows, each once."""
        texts: list[Text] = [(self.action,), self.resource, self.caller]
        for slots in self.keys.values():
            texts.extend(slot.value for slot in slots if isinstance(slot.value, tuple))
        yield from dict.fromkeys(p for text in texts for p in text if isinstance(p, TextSymbol))

    def text(self, text: Text) -> str:
        """The text with its symbols replaced."""
        return "".join(p if isinstance(p, str) else self.texts[p] for p in text)


def extract(request: Request, found: Sat) -> Assignment:
    """The assignment of a model."""
    model, atoms = found.model, request.atoms
    kind = next(k for k, is_kind in request.caller.kinds.items() if holds(is_kind, model))
    keys = {
        name: tuple(
            _as_spelled(name, slot, request, found) or _slot(slot, model, atoms)
            for slot in symbols.slots
            if holds(slot.filled, model)
        )
        for name, symbols in request.keys.items()
        if holds(symbols.present, model)
    }
    assignment = Assignment(
        kind=kind,
        caller=_caller(kind, request, model),
        resource=request.resource_text,
        action=request.action,
        clock=_integer(model, request.clock),
        names={name: symbols.key for name, symbols in request.keys.items()},
        keys=keys,
        texts=found.texts,
        readings=frozenset(r for r, flag in request.readings.items() if holds(flag, model)),
    )
    return _completed(assignment)


def _completed(assignment: Assignment) -> Assignment:
    """With a plain text for every symbol of which nothing was asked."""
    texts = dict(assignment.texts)
    for symbol in assignment.symbols():
        if symbol not in texts:
            texts[symbol] = plain_texts(symbol)[0]
    return replace(assignment, texts=texts)


def _integer(model: z3.ModelRef, term: z3.ArithRef | z3.BitVecRef) -> int:
    value: int = model.eval(term, model_completion=True).as_long()
    return value


def _least(model: z3.ModelRef, symbol: AddressSymbol, atoms: Atoms) -> int:
    """The least possible address that is below the same of the bounds as the model's."""
    bounds = atoms.bounds.get(symbol, {})
    reached = (bound for bound, atom in bounds.items() if not holds(atom, model))
    return symbol.least(max(reached, default=0))


def _slot(slot: Slot, model: z3.ModelRef, atoms: Atoms) -> SlotAssignment:
    malformed = holds(slot.malformed, model)
    if malformed and not isinstance(slot.value, ArnValue):
        return SlotAssignment((), malformed=True, empty=holds(slot.empty, model))
    match slot.value:
        case TextValue(texts) | ArnValue(texts=texts):
            return SlotAssignment(_selected(texts, model))
        case AddressValue(is_v6, v4, v6):
            family = Family.V6 if holds(is_v6, model) else Family.V4
            symbol = v6 if family is Family.V6 else v4
            return SlotAssignment(Address(family, _least(model, symbol, atoms)))
        case InstantValue(seconds):
            is_clock = str(seconds) == "clock"
            return SlotAssignment(_integer(model, seconds), is_clock)
        case NumberValue(number):
            found = model.eval(number, model_completion=True)
            fraction = Fraction(found.numerator_as_long(), found.denominator_as_long())
            return SlotAssignment(fraction)
        case FlagValue(flag):
            return SlotAssignment(holds(flag, model))


def _as_spelled(name: str, slot: Slot, request: Request, found: Sat) -> SlotAssignment | None:
    """A malformed value, or a truth value with capitals, as the text that a variable stands for."""
    model = found.model
    malformed = holds(slot.malformed, model)
    capitals = isinstance(slot.value, FlagValue) and holds(with_capitals(name), model)
    if isinstance(slot.value, ArnValue) or not (malformed or capitals):
        return None
    spelled = (text for guard, text in request.spelling(name) if holds(guard, model))
    text = next(spelled, ("",))
    return SlotAssignment(text) if text[0] in found.texts else None


def _selected(texts: tuple[tuple[z3.BoolRef, Text], ...], model: z3.ModelRef) -> Text:
    return next(text for guard, text in texts if holds(guard, model))


def _caller(kind: CallerKind, request: Request, model: z3.ModelRef) -> Text:
    caller = request.caller
    match kind:
        case CallerKind.ANONYMOUS:
            return ()
        case CallerKind.ROOT:
            return (caller.account,)
        case CallerKind.ROLE:
            return joined(session_arn(caller))
        case CallerKind.USER | CallerKind.FEDERATED_USER:
            arns = tuple((guard, joined(fields)) for guard, fields in principal_arns(caller))
            return _selected(arns, model)
        case CallerKind.SERVICE:
            return (caller.service,)
        case CallerKind.FEDERATED | CallerKind.CANONICAL_USER:
            return (caller.other,)


def request_of(assignment: Assignment) -> ConcreteRequest:
    """The request that the assignment makes."""
    action = assignment.texts[assignment.action]
    context: dict[str, str | tuple[str, ...]] = {}
    for name in sorted(assignment.keys, key=_order(assignment)):
        key = assignment.names[name]
        values = tuple(_spelled(slot, key, assignment) for slot in assignment.keys[name])
        context[key.name] = values if key.multivalued else values[0]
    return ConcreteRequest(
        resource=assignment.text(assignment.resource),
        action=next(known for known in ACTIONS if known.lower() == action),
        principal=_principal(assignment),
        context=context,
    )


def _order(assignment: Assignment) -> Callable[[str], tuple[int, str]]:
    always = [Presence.PUBLIC, Presence.PRIVATE, Presence.ALWAYS]

    def rank(name: str) -> tuple[int, str]:
        presence = assignment.names[name].presence
        return (always.index(presence) if presence in always else len(always), name)

    return rank


def _principal(assignment: Assignment) -> Caller:
    if assignment.kind is CallerKind.ANONYMOUS:
        return ANONYMOUS
    return Caller(assignment.kind, assignment.text(assignment.caller))


def _spelled(slot: SlotAssignment, key: Key, assignment: Assignment) -> str:
    if slot.malformed:
        return "" if slot.empty else "malformed"
    match slot.value:
        case bool(flag):
            return "true" if flag else "false"
        case Address(family, value):
            return address_text(family, value)
        case int(seconds):
            instant = assignment.clock if slot.is_clock else seconds
            return str(instant) if key.epoch else instant_text(instant)
        case Fraction() as number:
            return _spell_number(number)
        case text:
            return assignment.text(text)


def _spell_number(number: Fraction) -> str:
    if number.denominator == 1:
        return str(number.numerator)
    with localcontext() as context:
        context.prec = 60
        return format((Decimal(number.numerator) / number.denominator).normalize(), "f")
