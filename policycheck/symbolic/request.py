"""The free symbols: an unknown request.

What ties the parts of a request together (semantics D4) mostly holds by construction: the caller's
ARN, account and user id are texts over the same symbols; one clock is behind both time keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import replace

import z3

from policycheck.model.address import AddressBetween, Family
from policycheck.model.condition import Comparing, ConditionEntry
from policycheck.model.environment import (
    ACTIONS,
    VIA_DOMAIN,
    Authorization,
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
from policycheck.symbolic.caller import (
    principal_arns,
    principal_types,
    unknown_caller,
    user_ids,
)
from policycheck.symbolic.domains import (
    ACCOUNT,
    ALNUM,
    DOMAIN_NAME,
    LOWER,
    NOT_EMPTY,
    STAGE_CHARACTERS,
)
from policycheck.symbolic.spelling import alone, spelling
from policycheck.symbolic.symbols import AddressSymbol, Atoms, Domain, Text, TextSymbol
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
    Value,
    joined,
)


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
        self.caller = unknown_caller()
        if environment.authorization is Authorization.IAM:
            self.caller = replace(self.caller, partition=self._symbol(Part.PARTITION))
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
        return self._symbol(Part.ACCOUNT)

    def _symbol(self, part: Part) -> TextSymbol:
        """What is unknown of a part of the resource: its end."""
        symbol = self.parts[part][-1]
        if not isinstance(symbol, TextSymbol):
            raise TypeError(symbol)
        return symbol

    @property
    def domain(self) -> tuple[Text, ...]:
        """The six fields of the ARN of the private custom domain (C6-resource)."""
        parts = self.parts
        name = TextSymbol("custom domain", DOMAIN_NAME)
        own_id = TextSymbol("custom domain id", DOMAIN_NAME)
        return (
            ("arn",),
            parts[Part.PARTITION],
            ("execute-api",),
            parts[Part.REGION],
            parts[Part.ACCOUNT],
            ("/domainnames/", name, "+", own_id),
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
                return self._with_anonymous("Anonymous", *principal_types(self.caller))
            case "aws:userid":
                return self._with_anonymous("anonymous", *user_ids(self.caller))
            case "aws:username":
                return ((true(), (self.caller.name,)),)
        if lower == "aws:principalorgpaths":
            suffix = TextSymbol(f"{name} below")
            return ((true(), (self._organization(), "/", suffix)),)
        if lower == "aws:principalorgid":
            return ((true(), (self._organization(),)),)
        may_be_empty = key.client_controlled or key.declared or key.presence is Presence.TAG
        return ((true(), (TextSymbol(name, Domain() if may_be_empty else NOT_EMPTY),)),)

    def _organization(self) -> TextSymbol:
        return TextSymbol("organization", NOT_EMPTY)

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
                (both(alone(key, slot), guard), text)
                for slot in key.slots
                for guard, text in spelling(name, slot)
            )
        return spelling(name, key.slots[0])

    def has_one_value(self, name: str) -> z3.BoolRef:
        """The key is there, with one value (B6-variable-multivalued)."""
        key = self.key(name)
        if key is None:
            return false()
        if not key.key.multivalued:
            return key.present
        return either(alone(key, slot) for slot in key.slots)


def _ranges(key: str, known: Environment) -> Mapping[Family, tuple[AddressBetween, ...]]:
    """The only addresses that the key can hold, by family; nothing if it can hold any.

    Rules: D2-public-source-ip, D2-private-source-ip, D3-not-public.
    """
    if key != "aws:sourceip" or known.endpoint is None:
        return {}
    all_of_them = not_public() if known.endpoint is Endpoint.PRIVATE else public()
    return {one: tuple(r for r in all_of_them if r.family is one) for one in Family}


def _malformed_text(name: str) -> TextSymbol:
    return TextSymbol(f"malformed {name}", loose=True)


def _parts(environment: Environment) -> Mapping[Part, Text]:
    """The parts of the resource (A6-request-arn, A6-root-path, D2-api)."""
    stage = Domain(allowed=STAGE_CHARACTERS, shortest=1, longest=128)
    if environment.stages is not None:
        stage = Domain(choices=environment.stages)
    segment = Domain(allowed=LOWER, shortest=1)
    return {
        Part.PARTITION: ("aws", TextSymbol("partition", Domain(allowed=LOWER))),
        Part.REGION: (TextSymbol("region", segment),),
        Part.ACCOUNT: (TextSymbol("account", ACCOUNT),),
        Part.API_ID: (TextSymbol("api id", Domain(allowed=ALNUM, shortest=1)),),
        Part.STAGE: (TextSymbol("stage", stage),),
        Part.METHOD: (TextSymbol("method", Domain(choices=METHODS)),),
        Part.PATH: ("/", TextSymbol("path")),
    }


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
