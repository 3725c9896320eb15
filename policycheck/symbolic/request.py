"""The free symbols: an unknown request.

What ties the parts of a request together (semantics D4) mostly holds by construction: the caller's
ARN, account and user id are texts over the same symbols; one clock is behind both time keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import field, replace
from functools import cache
from itertools import product

import z3

from policycheck.dataclass import dataclass
from policycheck.model.address import AddressBetween, Family
from policycheck.model.condition import Comparing, ConditionEntry
from policycheck.model.environment import (
    ACTIONS,
    VIA_DOMAIN,
    CallerAccount,
    Endpoint,
    Environment,
)
from policycheck.model.keys import Key, KeyType, Presence
from policycheck.model.policy import ResourceElement
from policycheck.model.predicate import Part
from policycheck.model.reading import Reading
from policycheck.model.request import CallerKind
from policycheck.model.route import METHODS
from policycheck.model.special_purpose import not_public, public
from policycheck.symbolic.boolean import both, either, false, negation, proposition, true
from policycheck.symbolic.symbols import AddressSymbol, Atoms, Domain, Text, TextSymbol

Alternatives = tuple[tuple[z3.BoolRef, Text], ...]
"""A text that depends on the rest of the request: exactly one guard holds."""

_DIGITS = frozenset("0123456789")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
_LOWER = _LETTERS | _DIGITS | {"-"}
_ALNUM = _LETTERS | frozenset(map(str.upper, _LETTERS)) | _DIGITS
_STAGE = _ALNUM | frozenset("_-")
_ACCOUNT = Domain(allowed=_DIGITS, shortest=12, longest=12)
_SEGMENT = Domain(forbidden=frozenset("/"), shortest=1)
_NOT_EMPTY = Domain(shortest=1)
_DOMAIN_NAME = Domain(allowed=_ALNUM | frozenset(".*_+-"), shortest=1)


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


@dataclass(frozen=True)
class CallerSymbols:
    """The unknown caller: exactly one of ``kinds`` holds.

    ``nested``: the user or role has an IAM path. ``in_session``: the name of a role's session is
    known, as it is in every real request.
    """

    kinds: Mapping[CallerKind, z3.BoolRef]
    nested: z3.BoolRef
    in_session: z3.BoolRef
    partition: TextSymbol
    account: TextSymbol
    path: TextSymbol
    name: TextSymbol
    session: TextSymbol
    unique_id: TextSymbol
    federated_name: TextSymbol
    service: TextSymbol
    other: TextSymbol


class Request:
    """The unknown request that formulas speak of.

    ``slots`` gives the number of slots of each key with several values (see :func:`slots_needed`).
    ``switched`` fixes readings; the others are Booleans for the solver to choose.
    ``keys`` has every key in use, ``asked`` the names of those that formulas ask about.
    ``resource`` holds the six fields of the resource's ARN. ``covered`` remembers the formula of
    each Resource element over that ARN. ``pause`` is called now and then while
    formulas are made; it may raise to end that.
    """

    def __init__(
        self,
        environment: Environment,
        slots: Mapping[str, int] | None = None,
        switched: Mapping[Reading, bool] | None = None,
        pause: Callable[[], None] = lambda: None,
    ) -> None:
        self.environment = environment
        self.pause = pause
        self.atoms = Atoms()
        self.keys: dict[str, KeySymbols] = {}
        self.asked: set[str] = set()
        self.readings: dict[Reading, z3.BoolRef] = {}
        self.covered: dict[ResourceElement, z3.BoolRef] = {}
        self.parts = _parts(environment)
        self.action = TextSymbol("action", Domain(choices=tuple(a.lower() for a in ACTIONS)))
        self.caller = _caller()
        if environment.caller_account is CallerAccount.SAME:
            self.caller = replace(self.caller, account=self.api_account)
        self.clock = z3.Int("clock")
        self._slots = slots or {}
        self._switched = switched or {}
        self.resource = self._of_api()

    def to_domain(self) -> Request:
        """The same request as the policy of the private custom domain sees it: its resource is the
        domain (C6-resource)."""
        seen = copy(self)
        seen.resource = self.domain
        seen.covered = {}
        return seen

    @property
    def api_account(self) -> TextSymbol:
        """The account that owns the API."""
        (symbol,) = self.parts[Part.ACCOUNT]
        if not isinstance(symbol, TextSymbol):
            raise TypeError(symbol)
        return symbol

    @property
    def domain(self) -> tuple[Text, ...]:
        """The six fields of the ARN of the private custom domain (C6-resource)."""
        parts = self.parts
        name = TextSymbol("custom domain", _DOMAIN_NAME)
        return (
            ("arn",),
            parts[Part.PARTITION],
            ("execute-api",),
            parts[Part.REGION],
            parts[Part.ACCOUNT],
            ("/domainnames/", name),
        )

    def _of_api(self) -> tuple[Text, ...]:
        """The six fields of the resource's ARN."""
        parts = self.parts
        rest = (*parts[Part.API_ID], "/", *parts[Part.STAGE], "/", *parts[Part.METHOD])
        return (
            ("arn",),
            parts[Part.PARTITION],
            ("execute-api",),
            parts[Part.REGION],
            parts[Part.ACCOUNT],
            (*rest, *parts[Part.PATH]),
        )

    @property
    def resource_text(self) -> Text:
        """The resource's ARN as one text."""
        return joined(self.resource)

    def reading(self, reading: Reading) -> z3.BoolRef:
        """Whether the reading is switched on."""
        if reading in self._switched:
            return z3.BoolVal(self._switched[reading])
        return self.readings.setdefault(reading, proposition(f"reading {reading.value}"))

    def key(self, name: str) -> KeySymbols | None:
        """The symbols of a key that a formula asks about; None if no request ever has it
        (D1-unknown-key, D1-never, B2-key-case)."""
        symbols = self.show(name)
        if symbols is not None:
            self.asked.add(name.lower())
        return symbols

    def show(self, name: str) -> KeySymbols | None:
        """The symbols of a key, so that every model shows it; None as for :meth:`key`."""
        key = self.environment.keys.find(name)
        if key is None or key.presence is Presence.NEVER:
            return None
        lower = name.lower()
        if lower not in self.keys:
            self.keys[lower] = self._key_symbols(lower, key)
        return self.keys[lower]

    def _key_symbols(self, lower: str, key: Key) -> KeySymbols:
        """One slot, or several for a key that may have several values (D1-single)."""
        if key.multivalued:
            count = max(2, self._slots.get(lower, 2))
            labels = (f"slot {index} of key {lower}" for index in range(count))
            slots = tuple(self._slot(label, lower, key, None) for label in labels)
            return KeySymbols(key, either(slot.filled for slot in slots), slots)
        present = true() if key.presence is Presence.ALWAYS else proposition(f"has {lower}")
        return KeySymbols(key, present, (self._slot(f"key {lower}", lower, key, true()),))

    def _slot(self, label: str, lower: str, key: Key, filled: z3.BoolRef | None) -> Slot:
        """A value of the key's type, or malformed if the client may choose (D1-declared).

        ``label`` names the slot's symbols; no two slots of a request share one.
        """
        is_free = key.declared and key.client_controlled and key.type is not KeyType.STRING
        malformed = proposition(f"malformed {label}") if is_free else false()
        is_filled = proposition(f"filled {label}") if filled is None else filled
        empty = proposition(f"empty {label}") if is_free else false()
        return Slot(is_filled, self._value(label, lower, key, malformed), malformed, empty)

    def _value(self, name: str, lower: str, key: Key, malformed: z3.BoolRef) -> Value:
        """A value of the key's type (D1-typed); one clock is behind both time keys (D4-clock)."""
        match key.type:
            case KeyType.STRING:
                return TextValue(self._texts(name, lower, key))
            case KeyType.ARN:
                return ArnValue(self._arns(name, lower), malformed, _malformed_text(name))
            case KeyType.IP:
                family = proposition(f"v6 {name}")
                ranges = _ranges(lower, self.environment)
                return AddressValue(
                    family,
                    AddressSymbol(f"a4 {name}", Family.V4, ranges.get(Family.V4)),
                    AddressSymbol(f"a6 {name}", Family.V6, ranges.get(Family.V6)),
                )
            case KeyType.DATE:
                is_clock = key.presence is Presence.ALWAYS and not key.declared
                return InstantValue(self.clock if is_clock else z3.Int(f"time {name}"))
            case KeyType.NUMERIC:
                return NumberValue(z3.Real(f"number {name}"))
            case KeyType.BOOL:
                return FlagValue(proposition(f"flag {name}"))

    def _texts(self, name: str, lower: str, key: Key) -> Alternatives:
        match lower:
            case "aws:principalaccount":
                return self._with_anonymous("anonymous", (true(), (self.caller.account,)))
            case "aws:principaltype":
                return self._with_anonymous("Anonymous", *_principal_types(self.caller))
            case "aws:userid":
                return self._with_anonymous("anonymous", *_user_ids(self.caller))
            case "aws:username":
                return ((true(), (self.caller.name,)),)
        if lower == "aws:principalorgpaths":
            suffix = TextSymbol(f"{name} below")
            return ((true(), (self._organization(), "/", suffix)),)
        if lower == "aws:principalorgid":
            return ((true(), (self._organization(),)),)
        may_be_empty = key.client_controlled or key.declared or key.presence is Presence.TAG
        return ((true(), (TextSymbol(name, Domain() if may_be_empty else _NOT_EMPTY),)),)

    def _organization(self) -> TextSymbol:
        return TextSymbol("organization", _NOT_EMPTY)

    def _with_anonymous(self, anonymous: str, *identities: tuple[z3.BoolRef, Text]) -> Alternatives:
        is_anonymous = self.caller.kinds[CallerKind.ANONYMOUS]
        named = ((both(negation(is_anonymous), guard), text) for guard, text in identities)
        return ((is_anonymous, (anonymous,)), *named)

    def _arns(self, name: str, lower: str) -> tuple[tuple[z3.BoolRef, tuple[Text, ...]], ...]:
        if lower == "aws:principalarn":
            return principal_arns(self.caller)
        if lower == VIA_DOMAIN.lower() and self.environment.via_domain:
            return ((true(), self.domain),)
        fields: list[Text] = [("arn",)]
        middle = Domain(forbidden=frozenset(":"))
        for part in ("partition", "service", "region", "account"):
            fields.append((TextSymbol(f"{name} {part}", middle),))
        return ((true(), (*fields, (TextSymbol(f"{name} resource"),))),)

    def spelling(self, name: str) -> Alternatives:
        """The text that a variable over the key stands for, where the key is present."""
        key = self.key(name)
        if key is None:
            return ()
        if key.key.multivalued:
            return tuple(
                (both(_alone(key, slot), guard), text)
                for slot in key.slots
                for guard, text in _spelling(name, slot)
            )
        return _spelling(name, key.slots[0])

    def has_one_value(self, name: str) -> z3.BoolRef:
        """The key is there, with one value (B6-variable-multivalued)."""
        key = self.key(name)
        if key is None:
            return false()
        if not key.key.multivalued:
            return key.present
        return either(_alone(key, slot) for slot in key.slots)


def _spelling(name: str, slot: Slot) -> Alternatives:
    """A malformed value that is no ARN is any text."""
    match slot.value:
        case TextValue(texts):
            return texts
        case ArnValue() as arn:
            return arn.texts
        case FlagValue(flag):
            found = tuple(_flag_spelling(name, flag))
        case AddressValue() | InstantValue() | NumberValue():
            found = ((true(), (TextSymbol(f"spelling {name}", _NOT_EMPTY, loose=True),)),)
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


def _ranges(key: str, known: Environment) -> Mapping[Family, tuple[AddressBetween, ...]]:
    """The only addresses that the key can hold, by family; nothing if it can hold any.

    Rules: D2-public-source-ip, D2-private-source-ip, D3-not-public.
    """
    if key != "aws:sourceip" or known.endpoint is None:
        return {}
    all_of_them = not_public() if known.endpoint is Endpoint.PRIVATE else public()
    return {one: tuple(r for r in all_of_them if r.family is one) for one in Family}


def _alone(key: KeySymbols, slot: Slot) -> z3.BoolRef:
    """The slot holds the key's only value."""
    others = (negation(other.filled) for other in key.slots if other is not slot)
    return both(slot.filled, *others)


def _malformed_text(name: str) -> TextSymbol:
    return TextSymbol(f"malformed {name}", loose=True)


def _parts(environment: Environment) -> Mapping[Part, Text]:
    """The parts of the resource (A6-request-arn, A6-root-path, D2-api)."""
    stage = Domain(allowed=_STAGE, shortest=1, longest=128)
    if environment.stages is not None:
        stage = Domain(choices=environment.stages)
    segment = Domain(allowed=_LOWER, shortest=1)
    return {
        Part.PARTITION: ("aws", TextSymbol("partition", Domain(allowed=_LOWER))),
        Part.REGION: (TextSymbol("region", segment),),
        Part.ACCOUNT: (TextSymbol("account", _ACCOUNT),),
        Part.API_ID: (TextSymbol("api id", Domain(allowed=_ALNUM, shortest=1)),),
        Part.STAGE: (TextSymbol("stage", stage),),
        Part.METHOD: (TextSymbol("method", Domain(choices=METHODS)),),
        Part.PATH: ("/", TextSymbol("path")),
    }


def _caller() -> CallerSymbols:
    no_colon = Domain(forbidden=frozenset(":"), shortest=1)
    return CallerSymbols(
        kinds={kind: proposition(f"caller {kind.value}") for kind in CallerKind},
        nested=proposition("caller has a path"),
        in_session=proposition("caller in session"),
        partition=TextSymbol("caller partition", Domain(allowed=_LOWER)),
        account=TextSymbol("caller account", _ACCOUNT),
        path=TextSymbol("caller path"),
        name=TextSymbol("caller name", _SEGMENT),
        session=TextSymbol("caller session", _SEGMENT),
        unique_id=TextSymbol("caller unique id", no_colon),
        federated_name=TextSymbol("federated name", _NOT_EMPTY),
        service=TextSymbol("caller service", _NOT_EMPTY),
        other=TextSymbol("caller id", _NOT_EMPTY),
    )


def principal_arns(
    caller: CallerSymbols,
) -> tuple[tuple[z3.BoolRef, tuple[Text, ...]], ...]:
    """The fields of aws:PrincipalArn for each kind of caller: for a session the role's ARN.

    Source: IAM/reference_policies_condition-keys (D4-principal-arn).
    """
    kinds = caller.kinds
    federated: Text = ("federated-user/", caller.federated_name)
    return (
        (kinds[CallerKind.ROOT], _arn((), caller, "iam", ("root",))),
        *_nestable(kinds[CallerKind.USER], caller, "user/"),
        *_nestable(kinds[CallerKind.ROLE], caller, "role/"),
        (kinds[CallerKind.FEDERATED_USER], _arn((caller.partition,), caller, "sts", federated)),
    )


def _nestable(
    is_kind: z3.BoolRef, caller: CallerSymbols, prefix: str
) -> Iterator[tuple[z3.BoolRef, tuple[Text, ...]]]:
    flat: Text = (prefix, caller.name)
    nested: Text = (prefix, caller.path, "/", caller.name)
    partition: Text = (caller.partition,)
    yield both(is_kind, negation(caller.nested)), _arn(partition, caller, "iam", flat)
    yield both(is_kind, caller.nested), _arn(partition, caller, "iam", nested)


def _arn(partition: Text, caller: CallerSymbols, service: str, resource: Text) -> tuple[Text, ...]:
    return (("arn",), ("aws", *partition), (service,), (), (caller.account,), resource)


def session_arn(caller: CallerSymbols) -> tuple[Text, ...]:
    """The fields of the ARN of a role's session, which lacks the role's path (A3-session)."""
    resource: Text = ("assumed-role/", caller.name, "/", caller.session)
    return _arn((caller.partition,), caller, "sts", resource)


def _principal_types(caller: CallerSymbols) -> Iterator[tuple[z3.BoolRef, Text]]:
    kinds = caller.kinds
    yield kinds[CallerKind.ROOT], ("Account",)
    yield kinds[CallerKind.USER], ("User",)
    yield kinds[CallerKind.ROLE], ("AssumedRole",)
    yield kinds[CallerKind.FEDERATED_USER], ("FederatedUser",)


def _user_ids(caller: CallerSymbols) -> Iterator[tuple[z3.BoolRef, Text]]:
    kinds = caller.kinds
    yield kinds[CallerKind.ROOT], (caller.account,)
    yield kinds[CallerKind.USER], (caller.unique_id,)
    yield kinds[CallerKind.ROLE], (caller.unique_id, ":", caller.session)
    yield kinds[CallerKind.FEDERATED_USER], (caller.account, ":", caller.federated_name)


def slots_needed(entries: Iterable[ConditionEntry]) -> Mapping[str, int]:
    """How many values of each key the formulas over these entries can tell apart.

    A quantified entry that some value satisfies or breaks needs that one value. Whether all values
    are empty takes one that is not, for all entries together. A plain entry and a variable ask only
    whether there are none, one or several values, which takes one more. From any request one may
    thus keep one value for each quantified entry and two more, and no entry notices: requests with
    more values give no further behaviour. Equal entries count once.
    """
    needed: dict[str, int] = {}
    for entry in set(entries):
        if isinstance(entry, Comparing):
            needed[entry.key] = needed.get(entry.key, 2) + (entry.quantifier is not None)
    return needed
