"""Whether a request is one that the symbols can stand for: what has been bound, read back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import z3

from policycheck.model.request import CallerKind
from policycheck.model.request import Request as ConcreteRequest
from policycheck.symbolic.boolean import true
from policycheck.symbolic.caller import principal_arns, session_arn
from policycheck.symbolic.request import Request
from policycheck.symbolic.symbols import Text, TextSymbol
from policycheck.symbolic.values import Alternatives, ArnValue, Slot, TextValue, joined

Bound = Sequence[tuple[z3.ExprRef, z3.ExprRef]]


def check_fit(
    symbols: Request, request: ConcreteRequest, texts: Mapping[TextSymbol, str], bound: Bound
) -> None:
    """Raise ValueError unless the symbols' values make up the request's texts again.

    They do not where the request breaks what holds by construction: D4-account, D4-partition,
    D4-principal-arn, D4-principal-type, D4-userid, D4-username, D4-organization, D4-iam-caller,
    A6-request-arn, A5-actions, D1-not-empty, D4-service, D4-anonymous-keys.
    """
    for symbol, text in texts.items():
        if not symbol.domain.admits(text):
            raise ValueError(f"{symbol.name} cannot be {text!r}")
    for actual, alternatives in _shown(symbols, request, bound):
        if not any(_says(text, actual, texts) for text in _holding(alternatives, bound)):
            raise ValueError(f"the request's parts do not fit {actual!r}")


def _shown(
    symbols: Request, request: ConcreteRequest, bound: Bound
) -> Iterator[tuple[str, Alternatives]]:
    """Each text of the request, with what it is by the symbols."""
    yield request.resource, ((true(), symbols.resource_text),)
    caller, kind = symbols.caller, request.principal.kind
    if kind in {CallerKind.USER, CallerKind.ROLE, CallerKind.FEDERATED_USER}:
        arns = [(guard, joined(fields)) for guard, fields in principal_arns(caller)]
        session = joined(session_arn(caller))
        yield request.principal.name, (*arns, (caller.in_session, session))
    for name, key in symbols.keys.items():
        for slot, value in zip(key.slots, request.values.get(name, ()), strict=False):
            if not settled(slot.malformed, bound):
                yield from _text_of(slot, value)


def _text_of(slot: Slot, value: str) -> Iterator[tuple[str, Alternatives]]:
    match slot.value:
        case TextValue(texts) | ArnValue(texts=texts):
            yield value, texts
        case _:
            pass


def _holding(alternatives: Alternatives, bound: Bound) -> Iterable[Text]:
    return (text for guard, text in alternatives if settled(guard, bound))


def settled(formula: z3.BoolRef, bound: Bound) -> bool:
    """Whether what is bound makes the formula true."""
    if z3.is_true(formula) or z3.is_false(formula):
        return z3.is_true(formula)
    return z3.is_true(z3.simplify(z3.substitute(formula, *bound)))


def _says(text: Text, actual: str, texts: Mapping[TextSymbol, str]) -> bool:
    parts = [texts.get(part) if isinstance(part, TextSymbol) else part for part in text]
    return None not in parts and "".join(map(str, parts)) == actual
