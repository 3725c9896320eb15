"""The condition keys of a request, each near what policies and specs ask of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from random import Random
from typing import assert_never

from policycheck.dataclass import dataclass
from policycheck.model.address import AddressBetween, Family
from policycheck.model.condition import Comparing, ConditionEntry, Existing, Quantifier, Relation
from policycheck.model.environment import Endpoint, Environment, IpAddressType
from policycheck.model.keys import Key, Presence
from policycheck.model.reading import Reading, Readings
from policycheck.model.special_purpose import everything, not_public, public
from policycheck.solve.probing_text import Context, pick
from policycheck.solve.probing_values import Near, free, unusual

SOURCE_IP = "aws:sourceip"

_OFTEN = 0.8
"""How often a wish about a value is granted."""
_MOSTLY = 0.9
"""How often a key has a value that is neither empty nor malformed, if it may be that."""
_COUNTS = (1, 1, 2, 3)
"""How many values a key with several values has."""


def space_of(name: str, environment: Environment) -> tuple[AddressBetween, ...]:
    """The addresses that the key may have, if it is there at all (semantics D2)."""
    if name != SOURCE_IP:
        return everything()
    match environment.endpoint:
        case None:
            space = everything()
        case Endpoint.EDGE | Endpoint.REGIONAL:
            space = public()
        case Endpoint.PRIVATE:
            space = not_public()
        case _:
            assert_never(environment.endpoint)
    if environment.ip_address_type is IpAddressType.IPV4:
        return tuple(one for one in space if one.family is Family.V4)
    return space


def required(key: Key, environment: Environment, readings: Readings) -> bool | None:
    """Whether a request with any caller has the key; None if it may (semantics D1, D2)."""
    endpoint = environment.endpoint
    match key.presence:
        case Presence.ALWAYS:
            return True
        case Presence.NEVER:
            return False
        case Presence.PUBLIC if endpoint is Endpoint.PRIVATE:
            return Reading.PRIVATE_SOURCE_IP_PRESENT in readings
        case Presence.PUBLIC | Presence.PRIVATE if endpoint is not None:
            return (key.presence is Presence.PRIVATE) is (endpoint is Endpoint.PRIVATE)
        case _:
            return None


@dataclass(frozen=True)
class KeyProbe:
    """One key, and the relations that anything has with it."""

    key: Key
    relations: tuple[Relation, ...]
    space: tuple[AddressBetween, ...]
    runs: Sequence[str]

    @cached_property
    def near(self) -> dict[Relation, Near]:
        """The values around each relation."""
        return {one: Near(self.key, one, self.space, self.runs) for one in self.relations}

    @cached_property
    def all(self) -> tuple[Near, ...]:
        """The same, without the relations."""
        return tuple(self.near.values())

    @cached_property
    def _free(self) -> Callable[[Random], str]:
        return free(self.key, self.space)

    @cached_property
    def _unusual(self) -> str | None:
        return unusual(self.key)

    def any(self, random: Random, context: Context) -> str:
        """A value that is near some relation, or a free one."""
        if self._unusual is not None and random.random() > _MOSTLY:
            return self._unusual
        if not self.all or random.random() > _OFTEN:
            return self._free(random)
        return self.close_to(pick(random, self.all), random, context, holds=random.random() < 0.5)

    def close_to(self, near: Near, random: Random, context: Context, *, holds: bool) -> str:
        """A value for which the relation holds, or one beside; a free one if there is none."""
        if near.unbound:
            found = near.bind(random, context, holds=holds)
        else:
            found = near.draw(random, holds=holds)
        return self._free(random) if found is None else found


@dataclass(frozen=True)
class KeyWish:
    """A wish about the key, and what grants it."""

    probe: KeyProbe
    entry: ConditionEntry
    holds: bool

    @cached_property
    def _absence(self) -> float:
        """How often the key is left out."""
        return _rate(self.entry) if _absent_holds(self.entry) is self.holds else 0.0

    @cached_property
    def _near(self) -> tuple[Near, ...]:
        """The values around each relation of the entry."""
        relations = () if isinstance(self.entry, Existing) else self.entry.relations
        return tuple(self.probe.near[one] for one in relations)

    @cached_property
    def _negated(self) -> bool:
        return isinstance(self.entry, Comparing) and self.entry.negated

    def values(self, random: Random, context: Context) -> tuple[str, ...]:
        """Values that mostly grant the wish; none for an absent key."""
        if self._absence and random.random() < self._absence:
            return ()
        if not self.probe.key.multivalued:
            return (self._value(random, context),)
        return tuple(self._value(random, context) for _ in range(pick(random, _COUNTS)))

    def _value(self, random: Random, context: Context) -> str:
        if not self._near:
            return self.probe.any(random, context)
        matches = (self.holds is not self._negated) is (random.random() < _OFTEN)
        if self.entry.quantifier is Quantifier.FOR_ANY and random.random() < 0.3:
            return self.probe.any(random, context)
        if not matches and random.random() < 0.5:
            return self.probe.any(random, context)
        return self.probe.close_to(pick(random, self._near), random, context, holds=matches)


def _absent_holds(entry: ConditionEntry) -> bool:
    """Whether the entry holds of a request without the key (semantics B2)."""
    if entry.quantifier is not None:
        return entry.quantifier is Quantifier.FOR_ALL
    if isinstance(entry, Comparing):
        return entry.negated or entry.if_exists
    return True in entry.absent


def _rate(entry: ConditionEntry) -> float:
    """How often a key is left out that may be absent for the wish to be granted."""
    return 0.3 if isinstance(entry, Comparing) else 0.9
