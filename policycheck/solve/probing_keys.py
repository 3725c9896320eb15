"""The condition keys of a request, each near what policies and specs ask of it."""

from __future__ import annotations

from collections.abc import Sequence
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
from policycheck.solve.probing_aims import Wish
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
    def _unusual(self) -> str | None:
        return unusual(self.key)

    def any(self, random: Random, context: Context) -> str:
        """A value that is near some relation, or a free one."""
        if self._unusual is not None and random.random() > _MOSTLY:
            return self._unusual
        if not self.all or random.random() > _OFTEN:
            return free(self.key, self.space, random)
        return self._close_to(pick(random, self.all), random, context, holds=random.random() < 0.5)

    def _close_to(self, near: Near, random: Random, context: Context, *, holds: bool) -> str:
        if near.unbound:
            found = near.bind(random, context, holds=holds)
        else:
            found = near.draw(random, holds=holds)
        return free(self.key, self.space, random) if found is None else found

    def values(self, wish: Wish, random: Random, context: Context) -> tuple[str, ...]:
        """Values that mostly grant the wish; none for an absent key."""
        entry, holds = wish
        if _absent_holds(entry) is holds and random.random() < _rate(entry):
            return ()
        count = pick(random, _COUNTS) if self.key.multivalued else 1
        return tuple(self._value(entry, random, context, holds=holds) for _ in range(count))

    def _value(
        self, entry: ConditionEntry, random: Random, context: Context, *, holds: bool
    ) -> str:
        if isinstance(entry, Existing) or not entry.relations:
            return self.any(random, context)
        matches = (holds is not entry.negated) is (random.random() < _OFTEN)
        if entry.quantifier is Quantifier.FOR_ANY and random.random() < 0.3:
            return self.any(random, context)
        if not matches and random.random() < 0.5:
            return self.any(random, context)
        near = self.near[pick(random, entry.relations)]
        return self._close_to(near, random, context, holds=matches)


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
