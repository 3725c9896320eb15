"""The encoding that one writes first: a question as formulas over Z3's theory of strings.

A condition key is a string, a number or a bit-vector, beside a Boolean that says whether it is
there; the ARN that is called is one string; a pattern is the regular expression of all of it; a key
with several values has a few slots. Nothing is split, numbered or left out. Disputed rules have
their defaults. What cannot be said raises UnsaidError.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import product
from typing import Any

import z3
from naive_request import Address, Request, Slot
from naive_texts import UnsaidError, api_of, by_field, called, literal, narrowed, one_of, regex

import policycheck as pc
from policycheck.model import arn, condition, order, text
from policycheck.model import policy as elements
from policycheck.model import predicate as wanting
from policycheck.model.address import AddressBetween, AddressIn
from policycheck.model.assertion import AssertionKind
from policycheck.model.condition import Quantifier
from policycheck.model.environment import Authorization
from policycheck.model.order import Comparison
from policycheck.model.policy import PrincipalKind

COMPARE = {
    Comparison.EQUAL: operator.eq,
    Comparison.LESS: operator.lt,
    Comparison.LESS_EQUAL: operator.le,
    Comparison.GREATER: operator.gt,
    Comparison.GREATER_EQUAL: operator.ge,
}
NAMED = {PrincipalKind.USER, PrincipalKind.ROLE, PrincipalKind.FEDERATED_USER}


def formulas(policy: pc.Policy, spec: pc.Spec) -> list[z3.BoolRef]:
    """What a request satisfies that breaks the assertion, or is the witness that it asks for."""
    (assertion,) = spec.assertions
    if policy.symbols or spec.workflow:
        raise UnsaidError("values left open, and other parts of the decision")
    request = Request(spec.environment)
    in_scope = holds(assertion.predicate, request)
    allowed = allows(policy, request)
    match assertion.kind:
        case AssertionKind.NEVER_ALLOWED | AssertionKind.SOMETIMES_ALLOWED:
            return [*request.facts, in_scope, allowed]
        case AssertionKind.ALWAYS_ALLOWED:
            return [*request.facts, in_scope, z3.Not(allowed)]
    raise UnsaidError(assertion.kind.value)


def allows(policy: pc.Policy, request: Request) -> z3.BoolRef:
    """Some Allow applies, and no Deny."""
    applies: dict[elements.Effect, list[z3.BoolRef]] = {one: [] for one in elements.Effect}
    for one in policy.statements:
        applies[one.effect].append(statement(one, request))
    allow, deny = applies[elements.Effect.ALLOW], applies[elements.Effect.DENY]
    return z3.And(z3.Or(*allow), z3.Not(z3.Or(*deny)))


def statement(wanted: elements.Statement, request: Request) -> z3.BoolRef:
    """The statement applies."""
    patterns = (one.wanted for one in wanted.action.patterns)
    return z3.And(
        among(wanted.principal, wanted.principal.ids, partial(principal, request)),
        among(wanted.action, patterns, partial(like, request, request.action)),
        among(wanted.resource, wanted.resource.patterns, partial(resource, request)),
        *(entry(one, request) for one in wanted.conditions),
    )


def among(element: Any, wanted: Iterable[Any], matches: Any) -> z3.BoolRef:
    """One of those wanted matches, or none if the element is negated."""
    found = z3.Or(*map(matches, wanted))
    return z3.Not(found) if element.negated else found


def principal(request: Request, wanted: elements.PrincipalId) -> z3.BoolRef:
    """The caller is the one wanted."""
    if wanted.kind is PrincipalKind.EVERYONE:
        return z3.BoolVal(True)
    if wanted.kind is PrincipalKind.ACCOUNT:
        fields = map(text.glob, ("arn", "*", "*", "", wanted.value, "*"))
        return z3.And(request.identified, z3.InRe(request.caller, regex(by_field(fields))))
    if wanted.kind in NAMED:
        return z3.And(request.identified, request.caller == literal(wanted.value))
    raise UnsaidError(wanted.kind.value)


def resource(request: Request, wanted: arn.ResourcePattern) -> z3.BoolRef:
    """The ARN that is called is as wanted."""
    match wanted:
        case arn.AnyResource():
            return z3.BoolVal(True)
        case arn.ApiResource(tail):
            return matches(request, request.resource, [*api_of(request.parts), *tail.pieces])
        case arn.ArnResource(fields):
            return matches(request, request.resource, by_field(fields))


def like(request: Request, value: z3.SeqRef, wanted: text.Pattern) -> z3.BoolRef:
    """The text matches the pattern."""
    return matches(request, value, wanted.pieces)


def matches(request: Request, value: z3.SeqRef, pieces: Iterable[Any]) -> z3.BoolRef:
    """The text matches the pieces, with each variable replaced by what it can stand for."""
    choices = [list(meanings(request, piece)) for piece in pieces]
    ways = []
    for way in product(*choices):
        guards = [guard for guard, _ in way if guard is not None]
        ways.append(z3.And(*guards, member(value, [piece for _, piece in way])))
    return z3.Or(*ways) if len(ways) != 1 else ways[0]


def member(value: z3.SeqRef, pieces: list[Any]) -> z3.BoolRef:
    """The text is in the language of the pieces."""
    if all(isinstance(piece, str) for piece in pieces):
        return value == literal("".join(pieces))
    return z3.InRe(value, regex(pieces))


def meanings(request: Request, piece: Any) -> Iterator[tuple[z3.BoolRef | None, Any]]:
    """What a piece can stand for, each with its condition."""
    if not isinstance(piece, text.Variable):
        yield None, piece
        return
    slots = request.slots(piece.key)
    if len(slots) > 1 or any(not isinstance(slot.value, z3.SeqRef) for slot in slots):
        raise UnsaidError(f"the variable {piece.key}")
    yield from ((slot.has, slot.value) for slot in slots)
    if piece.default is not None:
        yield z3.Not(z3.Or(*(slot.has for slot in slots))), piece.default


def entry(wanted: condition.ConditionEntry, request: Request) -> z3.BoolRef:
    """The condition entry holds."""
    slots = request.slots(wanted.key)
    has = z3.Or(*(slot.has for slot in slots))
    if isinstance(wanted, condition.Comparing):
        return compares(wanted, slots, has, request)
    if wanted.quantifier is not None:
        return z3.BoolVal(wanted.quantifier is Quantifier.FOR_ALL)
    return z3.Or(*(has != absent for absent in wanted.absent))


def compares(
    wanted: condition.Comparing, slots: tuple[Slot, ...], has: z3.BoolRef, request: Request
) -> z3.BoolRef:
    """An operator on a key."""
    holding = [among(wanted, wanted.relations, partial(stands, request, s.value)) for s in slots]
    match wanted.quantifier:
        case Quantifier.FOR_ALL:
            each = [z3.Implies(s.has, one) for s, one in zip(slots, holding, strict=True)]
            return z3.Or(z3.And(*each), z3.And(*map(is_void, slots)))
        case Quantifier.FOR_ANY:
            return z3.Or(*(z3.And(s.has, one) for s, one in zip(slots, holding, strict=True)))
    if len(slots) > 1:
        raise UnsaidError(f"{wanted.operator} without a qualifier")
    return z3.If(has, z3.And(*holding), wanted.negated or wanted.if_exists)


def is_void(slot: Slot) -> z3.BoolRef:
    """There is no value, or an empty one."""
    is_text = isinstance(slot.value, z3.SeqRef)
    return z3.Or(z3.Not(slot.has), slot.value == literal("")) if is_text else z3.Not(slot.has)


def stands(request: Request, value: Any, wanted: condition.Relation) -> z3.BoolRef:
    """The value stands in the relation."""
    match value, wanted:
        case z3.SeqRef(), text.TextEquals(pattern) | text.TextLike(pattern):
            return like(request, value, pattern)
        case z3.SeqRef(), text.TextEqualsIgnoreCase(pattern):
            return z3.InRe(value, regex(any_case(pattern)))
        case z3.SeqRef(), arn.ArnLike(fields):
            return matches(request, value, by_field(fields))
        case Address(), AddressIn() | AddressBetween():
            return value.among(wanted)
        case z3.ArithRef(), order.InstantCompares(comparison, instant):
            return COMPARE[comparison](value, instant)
        case z3.ArithRef(), order.NumberCompares(comparison, number):
            exact = z3.Q(number.numerator, number.denominator)
            return COMPARE[comparison](z3.ToReal(value) if value.is_int() else value, exact)
        case z3.BoolRef(), order.Flag(flag):
            return value == flag
    raise UnsaidError(type(wanted).__name__)


def any_case(pattern: text.Pattern) -> Iterator[Any]:
    """The characters of a literal, letters in either case."""
    if pattern.literal is None:
        raise UnsaidError("a variable under StringEqualsIgnoreCase")
    for char in pattern.literal:
        is_letter = char.isascii() and char.isalpha()
        yield one_of(char.lower(), char.upper()) if is_letter else char


def holds(wanted: wanting.Predicate, request: Request) -> z3.BoolRef:
    """The predicate of a spec holds."""
    match wanted:
        case wanting.AllOf(parts):
            return z3.And(*(holds(part, request) for part in parts))
        case wanting.AnyOf(parts):
            return z3.Or(*(holds(part, request) for part in parts))
        case wanting.Not(part):
            return z3.Not(holds(part, request))
        case wanting.Conditions(entries):
            return z3.And(*(entry(one, request) for one in entries))
        case wanting.PartLike(part, pattern):
            parts = request.parts
            return z3.InRe(
                request.resource, called(parts | {part: narrowed(parts[part], part, pattern)})
            )
        case wanting.ResourceLike(pattern):
            return like(request, request.resource, pattern)
        case wanting.ActionLike(pattern):
            return like(request, request.action, pattern)
        case wanting.CallerAnonymous():
            return z3.BoolVal(request.known.authorization is not Authorization.IAM)
        case wanting.CallerArn(pattern) if str(pattern).startswith("arn:aws:iam:"):
            fields = arn.fields_of(pattern)
            pieces = by_field(fields) if fields else pattern.pieces
            return z3.And(request.identified, matches(request, request.caller, pieces))
    raise UnsaidError(type(wanted).__name__)
