"""A formula at one known request, by substitution and simplification: no solver is asked.

The request must be one that the environment admits; what does not fit the symbols (a resource of
another shape, say) raises ValueError.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from fractions import Fraction

import z3
from netaddr import AddrFormatError, IPAddress

from policycheck.model.decision import Outcome
from policycheck.model.environment import Environment
from policycheck.model.policy import Policy
from policycheck.model.predicate import Part, Predicate
from policycheck.model.reading import DEFAULT_READINGS, Reading, Readings
from policycheck.model.request import CallerKind
from policycheck.model.request import Request as ConcreteRequest
from policycheck.symbolic import policy as policies
from policycheck.symbolic import predicate as predicates
from policycheck.symbolic.request import (
    AddressValue,
    ArnValue,
    FlagValue,
    InstantValue,
    KeySymbols,
    NumberValue,
    Request,
    Slot,
    TextValue,
    slots_needed,
)
from policycheck.symbolic.symbols import OTHER, SymbolAtoms, Text, TextSymbol
from policycheck.symbolic.text import is_solved, text_in_glob

_PARTS = re.compile(
    r"arn:aws(?P<partition>[^:]*):execute-api:(?P<region>[^:]*):(?P<account>[^:]*)"
    r":(?P<api_id>[^/:]*)/(?P<stage>[^/]*)/(?P<method>[^/]*)/(?P<path>.*)",
    re.DOTALL,
)
_IDENTITY = re.compile(
    r"arn:aws(?P<partition>[^:]*):iam::(?P<account>\d*):(?:user|role)/((?P<path>.*)/)?(?P<name>[^/]+)",
    re.DOTALL,
)
_SESSION = re.compile(
    r"arn:aws(?P<partition>[^:]*):sts::(?P<account>\d*)"
    r":assumed-role/(?P<name>[^/]+)/(?P<session>[^/]+)",
    re.DOTALL,
)
_FEDERATED = re.compile(
    r"arn:aws(?P<partition>[^:]*):sts::(?P<account>\d*):federated-user/(?P<federated>.+)", re.DOTALL
)


def decision_at(
    policy: Policy,
    request: ConcreteRequest,
    environment: Environment,
    readings: Readings = DEFAULT_READINGS,
) -> Outcome:
    """What the formula of the policy says of the request."""
    conditions = (entry for s in policy.statements for entry in s.conditions)
    symbols = _symbols(environment, slots_needed(conditions), request, readings)
    applies = {s.index: policies.statement_applies(s, symbols) for s in policy.statements}
    denied, allowed = policies.denies(policy, applies), policies.allows(policy, applies)
    if at(denied, symbols, request):
        return Outcome.EXPLICIT_DENY
    return Outcome.ALLOW if at(allowed, symbols, request) else Outcome.IMPLICIT_DENY


def holds_at(
    predicate: Predicate,
    request: ConcreteRequest,
    environment: Environment,
    readings: Readings = DEFAULT_READINGS,
) -> bool:
    """Whether the formula of the predicate holds of the request."""
    needed = slots_needed(predicates.entries(predicate))
    symbols = _symbols(environment, needed, request, readings)
    return at(predicates.holds(predicate, symbols), symbols, request)


def _symbols(
    environment: Environment,
    needed: Mapping[str, int],
    request: ConcreteRequest,
    readings: Readings,
) -> Request:
    slots = {name: max(len(values), 1) for name, values in request.values.items()}
    slots = {name: max(count, slots.get(name, 1)) for name, count in {**slots, **needed}.items()}
    return Request(environment, slots, {reading: reading in readings for reading in Reading})


def at(formula: z3.BoolRef, symbols: Request, request: ConcreteRequest) -> bool:
    """The truth of a formula over ``symbols`` at the request.

    Raises ValueError if the request does not fit the symbols or leaves the formula open.
    """
    pairs = list(_substitution(symbols, request))
    value = z3.simplify(z3.substitute(formula, *pairs))
    if z3.is_true(value):
        return True
    if z3.is_false(value):
        return False
    raise ValueError(f"the request leaves open: {value.sexpr()}")


Pair = tuple[z3.ExprRef, z3.ExprRef]


def _substitution(symbols: Request, request: ConcreteRequest) -> Iterator[Pair]:
    texts: dict[TextSymbol, str] = {}
    _bind_resource(symbols, request, texts)
    yield from _bind_caller(symbols, request, texts)
    context = {name: values for name, values in request.values.items() if values}
    if "aws:currenttime" in context:
        yield symbols.clock, z3.IntVal(_instant(context["aws:currenttime"][0]))
    for name, key in symbols.keys.items():
        yield from _bind_key(name, key, context.get(name, ()), symbols, texts)
    for atoms in symbols.atoms.by_symbol.values():
        yield from _bind_atoms(atoms, texts.get(atoms.symbol))
    for equation, atom in symbols.atoms.equations.items():
        if all(symbol in texts for symbol in equation.symbols):
            yield atom, z3.BoolVal(is_solved(equation, texts))


def _bind_resource(
    symbols: Request, request: ConcreteRequest, texts: dict[TextSymbol, str]
) -> None:
    parts = _PARTS.fullmatch(request.resource)
    if parts is None:
        raise ValueError(f"no execute-api ARN: {request.resource!r}")
    for part in Part:
        symbol = symbols.parts[part][-1]
        if isinstance(symbol, TextSymbol):
            texts[symbol] = parts[part.value]
    texts[symbols.action] = request.action.lower()


def _bind_caller(
    symbols: Request, request: ConcreteRequest, texts: dict[TextSymbol, str]
) -> Iterator[Pair]:
    caller, principal = symbols.caller, request.principal
    for kind, is_kind in caller.kinds.items():
        yield is_kind, z3.BoolVal(kind is principal.kind)
    if principal.kind is CallerKind.ROOT:
        texts[caller.account] = principal.name
    texts[caller.service] = texts[caller.other] = principal.name
    found = _caller_parts(request)
    yield caller.nested, z3.BoolVal(found.get("path") is not None)
    yield caller.in_session, z3.BoolVal(_SESSION.fullmatch(principal.name) is not None)
    named = {
        "partition": caller.partition,
        "account": caller.account,
        "path": caller.path,
        "name": caller.name,
        "session": caller.session,
        "federated": caller.federated_name,
        "unique id": caller.unique_id,
    }
    for part, symbol in named.items():
        if (text := found.get(part)) is not None:
            texts[symbol] = text


def _caller_parts(request: ConcreteRequest) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    context, kind = request.values, request.principal.kind
    user_id = context.get("aws:userid", ("",))[0]
    if kind is CallerKind.ROLE:
        unique, _, session = user_id.partition(":")
        found |= {"unique id": unique, "session": session}
    elif kind is CallerKind.USER:
        found["unique id"] = user_id
    arns = (*context.get("aws:principalarn", ()), request.principal.name)
    for arn in arns:
        for shape in (_IDENTITY, _SESSION, _FEDERATED):
            if match := shape.fullmatch(arn):
                found |= {
                    key: value for key, value in match.groupdict().items() if value is not None
                }
    return found


def _bind_key(
    name: str,
    key: KeySymbols,
    values: tuple[str, ...],
    symbols: Request,
    texts: dict[TextSymbol, str],
) -> Iterator[Pair]:
    if not key.key.multivalued:
        if not z3.is_true(key.present):
            yield key.present, z3.BoolVal(bool(values))
        if len(values) > 1:
            raise ValueError(f"{key.key.name} has several values")
    if len(values) > len(key.slots):
        raise ValueError(f"{key.key.name} has more values than slots")
    for index, slot in enumerate(key.slots):
        if key.key.multivalued:
            yield slot.filled, z3.BoolVal(index < len(values))
        value = values[index] if index < len(values) else None
        yield from _bind_slot(slot, value, texts)
    spelling = symbols.spelling(name)
    if (
        values
        and spelling
        and isinstance(spelling[0][1][0], TextSymbol)
        and spelling[0][1][0].loose
    ):
        texts[spelling[0][1][0]] = values[0]


def _bind_slot(slot: Slot, value: str | None, texts: dict[TextSymbol, str]) -> Iterator[Pair]:
    """What the slot's symbols are; those of an empty slot are anything."""
    try:
        pairs = list(_bind_value(slot, value, texts))
    except (ValueError, AddrFormatError):
        if z3.is_false(slot.malformed):
            raise
        pairs = [*_bind_value(slot, None, texts), (slot.malformed, z3.BoolVal(True))]
    else:
        if not z3.is_false(slot.malformed):
            pairs.append((slot.malformed, z3.BoolVal(False)))
    yield from pairs


def _bind_value(slot: Slot, value: str | None, texts: dict[TextSymbol, str]) -> Iterator[Pair]:
    match slot.value:
        case TextValue(alternatives):
            for _, text in alternatives:
                _bind_last(text, value if value is not None else "", texts)
        case ArnValue(rows):
            given = value if value is not None else "arn:::::"
            _bind_fields(rows[0][1], given, texts)
        case AddressValue(is_v6, v4, v6):
            address = IPAddress(value or "0.0.0.0")  # noqa: S104 - no socket is bound
            yield is_v6, z3.BoolVal(address.version == 6)
            yield v4, z3.BitVecVal(int(address) if address.version == 4 else 0, 32)
            yield v6, z3.BitVecVal(int(address) if address.version == 6 else 0, 128)
        case InstantValue(seconds):
            if str(seconds) != "clock":
                yield seconds, z3.IntVal(_instant(value) if value is not None else 0)
        case NumberValue(number):
            fraction = Fraction(value or "0")
            yield number, z3.Q(fraction.numerator, fraction.denominator)
        case FlagValue(flag):
            if value is not None and value.lower() not in {"true", "false"}:
                raise ValueError(value)
            yield flag, z3.BoolVal((value or "").lower() == "true")


def _bind_last(text: Text, value: str, texts: dict[TextSymbol, str]) -> None:
    """Bind the text's last symbol, if it stands for the value alone or behind bound ones."""
    symbol = text[-1]
    if not isinstance(symbol, TextSymbol) or symbol in texts:
        return
    if len(text) == 1:
        texts[symbol] = value
    elif text[1:2] == ("/",):
        texts[symbol] = value.partition("/")[2]
        if isinstance(text[0], TextSymbol):
            texts[text[0]] = value.partition("/")[0]


def _bind_fields(fields: tuple[Text, ...], value: str, texts: dict[TextSymbol, str]) -> None:
    given = value.split(":", 5)
    if len(given) != len(fields) or given[0] != "arn":
        raise ValueError(f"no ARN: {value!r}")
    for text, field in zip(fields, given, strict=True):
        if len(text) == 1 and isinstance(text[0], TextSymbol) and text[0] not in texts:
            texts[text[0]] = field


def _bind_atoms(atoms: SymbolAtoms, text: str | None) -> Iterator[Pair]:
    """A symbol that the request does not show plays no part; it is bound to the empty text."""
    actual = text if text is not None else ""
    code = atoms.literals.get(actual, OTHER)
    yield atoms.code, z3.BitVecVal(code, 16)
    for glob, atom in atoms.globs.items():
        yield atom, z3.BoolVal(text_in_glob(actual, glob))


def _instant(text: str) -> int:
    if re.fullmatch(r"-?[0-9]+", text):
        return int(text)
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    return int(instant.timestamp() // 1)
