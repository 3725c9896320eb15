"""What the symbols of an unknown request are at one known request.

Texts are read here by rules of their own, not by those of the concrete evaluator.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

import z3
from netaddr import AddrFormatError, IPAddress

from policycheck.dataclass import dataclass
from policycheck.model.predicate import Part
from policycheck.model.request import CallerKind
from policycheck.model.request import Request as ConcreteRequest
from policycheck.symbolic.automata import contains
from policycheck.symbolic.fit import check_fit, settled
from policycheck.symbolic.literals import instant, number
from policycheck.symbolic.request import Request
from policycheck.symbolic.spelling import with_capitals
from policycheck.symbolic.symbols import Atoms, SymbolAtoms, Text, TextSymbol
from policycheck.symbolic.text import is_solved
from policycheck.symbolic.values import (
    AddressValue,
    ArnValue,
    FlagValue,
    InstantValue,
    NumberValue,
    Slot,
    TextValue,
)

Pair = tuple[z3.ExprRef, z3.ExprRef]
"""A symbol and its value."""

Texts = dict[TextSymbol, str]

_CLOCKS = ("aws:currenttime", "aws:epochtime")

_PARTS = re.compile(
    r"arn:aws(?P<partition>[^:]*):execute-api:(?P<region>[^:]*):(?P<account>[^:]*)"
    r":(?P<api_id>[^/:]*)/(?P<stage>[^/]*)/(?P<method>[^/]*)/(?P<path>.*)",
    re.DOTALL,
)
_IDENTITY = re.compile(
    r"arn:aws(?P<partition>[^:]*):iam::(?P<account>\d*):(?:user|role)/((?P<path>.*)/)?(?P<name>[^/]+)",
    re.DOTALL,
)
_ROOT = re.compile(r"arn:aws(?P<partition>[^:]*):iam::\d*:root")
_SESSION = re.compile(
    r"arn:aws(?P<partition>[^:]*):sts::(?P<account>\d*)"
    r":assumed-role/(?P<name>[^/]+)/(?P<session>[^/]+)",
    re.DOTALL,
)
_FEDERATED = re.compile(
    r"arn:aws(?P<partition>[^:]*):sts::(?P<account>\d*):federated-user/(?P<federated>.+)", re.DOTALL
)


def bindings(symbols: Request, request: ConcreteRequest) -> list[Pair]:
    """The value of every symbol. Raises ValueError if the request does not fit the symbols."""
    texts: Texts = {}
    _bind_resource(symbols, request, texts)
    pairs = list(_bind_caller(symbols, request, texts))
    context = {name: values for name, values in request.values.items() if values}
    clocks = {instant(context[name][0]) for name in _CLOCKS if name in context}
    if len(clocks) > 1:
        raise ValueError("aws:CurrentTime and aws:EpochTime differ")
    pairs.extend((symbols.clock, z3.IntVal(seconds)) for seconds in clocks)
    for name in sorted(symbols.keys):
        pairs.extend(_Binder(symbols, texts, tuple(pairs)).key(name, context.get(name, ())))
    check_fit(symbols, request, texts, pairs)
    for atoms in symbols.atoms.by_symbol.values():
        pairs.extend(_bind_atoms(atoms, texts.get(atoms.symbol, "")))
    for equation, atom in symbols.atoms.equations.items():
        unused = dict.fromkeys(equation.symbols - texts.keys(), "")
        pairs.append((atom, z3.BoolVal(is_solved(equation, texts | unused))))
    return pairs


def _bind_resource(symbols: Request, request: ConcreteRequest, texts: Texts) -> None:
    parts = _PARTS.fullmatch(request.resource)
    if parts is None:
        raise ValueError(f"no execute-api ARN: {request.resource!r}")
    for part in Part:
        symbol = symbols.parts[part][-1]
        if isinstance(symbol, TextSymbol):
            text = parts[part.value]
            texts[symbol] = text
    texts[symbols.action] = request.action.lower()


def _bind_caller(symbols: Request, request: ConcreteRequest, texts: Texts) -> Iterator[Pair]:
    caller, principal = symbols.caller, request.principal
    for kind, is_kind in caller.kinds.items():
        yield is_kind, z3.BoolVal(kind is principal.kind)
    match principal.kind:
        case CallerKind.ROOT:
            texts[caller.account] = principal.name
        case CallerKind.SERVICE:
            texts[caller.service] = principal.name
        case CallerKind.FEDERATED | CallerKind.CANONICAL_USER:
            texts[caller.other] = principal.name
        case _:
            pass
    found = _caller_parts(request)
    yield caller.nested, z3.BoolVal("path" in found)
    yield caller.in_session, z3.BoolVal(_names_session(request))
    named = {
        "partition": caller.partition,
        "account": caller.account,
        "path": caller.path,
        "name": caller.name,
        "session": caller.session,
        "federated": caller.federated_name,
        "unique id": caller.unique_id,
    }
    texts.update({symbol: found[part] for part, symbol in named.items() if part in found})


def _names_session(request: ConcreteRequest) -> bool:
    """Whether the session is known, if the caller is one."""
    caller = request.principal
    return caller.kind is not CallerKind.ROLE or _SESSION.fullmatch(caller.name) is not None


def _caller_parts(request: ConcreteRequest) -> dict[str, str]:
    found: dict[str, str] = {}
    context, kind = request.values, request.principal.kind
    for user_id in context.get("aws:userid", ())[:1]:
        if kind is CallerKind.ROLE:
            found["unique id"], _, found["session"] = user_id.partition(":")
        elif kind is CallerKind.USER:
            found["unique id"] = user_id
    if name := context.get("aws:username"):
        found["name"] = name[0]
    for arn in (*context.get("aws:principalarn", ()), request.principal.name):
        for shape in (_IDENTITY, _ROOT, _SESSION, _FEDERATED):
            if match := shape.fullmatch(arn):
                found |= {k: v for k, v in match.groupdict().items() if v is not None}
    return found


@dataclass(frozen=True)
class _Binder:
    """Binds the symbols of keys; ``bound`` are those of the caller and of the keys before."""

    symbols: Request
    texts: Texts
    bound: tuple[Pair, ...]

    def key(self, name: str, values: tuple[str, ...]) -> Iterator[Pair]:
        """The symbols of one key, given its values. Raises ValueError if it has fewer slots."""
        key = self.symbols.keys[name]
        if len(values) > len(key.slots):
            raise ValueError(f"{key.key.name} has {len(values)} values")
        if not (key.key.multivalued or z3.is_true(key.present)):
            yield key.present, z3.BoolVal(bool(values))
        for index, slot in enumerate(key.slots):
            if key.key.multivalued:
                yield slot.filled, z3.BoolVal(index < len(values))
            yield from self._slot(slot, values[index] if index < len(values) else None)
        for _, text in self.symbols.spelling(name) if len(values) == 1 else ():
            if (
                isinstance(text[0], TextSymbol)
                and text[0].loose
                and text[0].domain.admits(values[0])
            ):
                self.texts[text[0]] = values[0]
        if isinstance(key.slots[0].value, FlagValue):
            yield with_capitals(name), z3.BoolVal(any(one != one.lower() for one in values[:1]))

    def _slot(self, slot: Slot, value: str | None) -> Iterator[Pair]:
        """What the slot's symbols are; those of an empty slot are anything."""
        try:
            pairs = list(self._value(slot, value))
        except (ValueError, AddrFormatError) as error:
            if z3.is_false(slot.malformed):
                raise ValueError(f"{value!r} is not of its key's type") from error
            pairs = [*self._value(slot, None), (slot.malformed, z3.BoolVal(True))]
            pairs.append((slot.empty, z3.BoolVal(value == "")))
            if isinstance(slot.value, ArnValue) and value is not None:
                self.texts[slot.value.other] = value
        else:
            if not z3.is_false(slot.malformed):
                pairs.append((slot.malformed, z3.BoolVal(False)))
                pairs.append((slot.empty, z3.BoolVal(False)))
        yield from pairs

    def _value(self, slot: Slot, value: str | None) -> Iterator[Pair]:
        match slot.value:
            case TextValue(alternatives):
                for guard, text in alternatives:
                    if settled(guard, self.bound):
                        _bind_last(text, value, self.texts)
            case ArnValue(rows=rows):
                _bind_fields(rows[0][1], value, self.texts)
            case other:
                yield from _scalar(other, value, self.symbols.atoms)


def _scalar(
    symbols: AddressValue | InstantValue | NumberValue | FlagValue, value: str | None, atoms: Atoms
) -> Iterator[Pair]:
    match symbols:
        case AddressValue(is_v6, v4, v6):
            address = IPAddress("0.0.0.0" if value is None else value)  # noqa: S104 - no socket is bound
            yield is_v6, z3.BoolVal(address.version == 6)
            for version, symbol in ((4, v4), (6, v6)):
                place = int(address) if address.version == version else 0
                if value is not None and address.version == version and not symbol.admits(place):
                    raise ValueError(value)
                for bound, atom in atoms.bounds.get(symbol, {}).items():
                    yield atom, z3.BoolVal(place < bound)
        case InstantValue(seconds):
            if str(seconds) != "clock":
                yield seconds, z3.IntVal(instant(value) if value is not None else 0)
        case NumberValue(exact):
            fraction = number(value) if value is not None else Fraction(0)
            yield exact, z3.Q(fraction.numerator, fraction.denominator)
        case FlagValue(flag):
            if value is not None and value.lower() not in {"true", "false"}:
                raise ValueError(value)
            yield flag, z3.BoolVal((value or "").lower() == "true")


def _bind_last(text: Text, value: str | None, texts: Texts) -> None:
    """Bind the text's last symbol, if it stands for the value alone or behind a bound one."""
    symbol = text[-1]
    if value is None or not isinstance(symbol, TextSymbol) or symbol in texts:
        return
    if len(text) == 1:
        texts[symbol] = value
    elif text[1:2] == ("/",) and isinstance(text[0], TextSymbol):
        head = texts.get(text[0])
        if head is None or not value.startswith(f"{head}/"):
            head = value.partition("/")[0]
        texts[text[0]], texts[symbol] = head, value[len(head) + 1 :]


def _bind_fields(fields: tuple[Text, ...], value: str | None, texts: Texts) -> None:
    given = value.split(":", 5) if value is not None else []
    if value is not None and (len(given) != len(fields) or given[0] != "arn"):
        raise ValueError(f"no ARN: {value!r}")
    for text, field in zip(fields, given, strict=False):
        match text:
            case (TextSymbol() as symbol,) if symbol not in texts:
                texts[symbol] = field
            case (str(prefix), TextSymbol() as symbol) if symbol not in texts:
                texts[symbol] = field.removeprefix(prefix)
            case (str(prefix), TextSymbol() as head, str(between), TextSymbol() as tail):
                texts[head], _, texts[tail] = field.removeprefix(prefix).partition(between)
            case _:
                pass


def _bind_atoms(atoms: SymbolAtoms, actual: str) -> Iterator[Pair]:
    """A symbol that the request does not show plays no part; it is bound to the empty text."""
    if not z3.is_true(atoms.is_literal):
        yield atoms.is_literal, z3.BoolVal(actual in atoms.literals)
    for literal, atom in atoms.literals.items():
        yield atom, z3.BoolVal(actual == literal)
    for glob, atom in atoms.globs.items():
        yield atom, z3.BoolVal(contains(glob, actual))
