"""The context of one request, put together key by key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cached_property
from random import Random

from policycheck.concrete.order import parse_instant
from policycheck.dataclass import dataclass
from policycheck.model.keys import Presence
from policycheck.model.reading import Readings
from policycheck.solve.probing_aims import Wish
from policycheck.solve.probing_callers import Identity
from policycheck.solve.probing_keys import KeyProbe
from policycheck.solve.probing_material import Material, Plan
from policycheck.solve.probing_order import instant_text
from policycheck.solve.probing_principals import FOLLOWING, has_identity
from policycheck.solve.probing_text import pick

CURRENT, EPOCH_TIME = "aws:currenttime", "aws:epochtime"
ISSUED = "aws:tokenissuetime"
WITH_MFA, MFA_AGE = "aws:multifactorauthpresent", "aws:multifactorauthage"
ORGANIZATION, ORG_PATHS = "aws:principalorgid", "aws:principalorgpaths"

_SPECIAL = frozenset({CURRENT, EPOCH_TIME, *FOLLOWING, MFA_AGE, ORGANIZATION, ORG_PATHS})
"""The keys that depend on the caller or on each other."""

_SOMETIMES = 0.4
"""How often a key is there of which the plans say nothing."""
_AHEAD = dt.timezone(dt.timedelta(hours=2))


@dataclass(frozen=True)
class Draft:
    """A request in the making: who calls, what it is to meet, and the values drawn so far."""

    material: Material
    plans: Sequence[Plan]
    identity: Identity
    random: Random
    readings: Readings
    values: dict[str, tuple[str, ...]]

    def context(self) -> dict[str, str | tuple[str, ...]]:
        """The context of the request, by AWS's names."""
        self.values.update((key.lower(), (text,)) for key, text in self.identity.keys.items())
        self._clock()
        needed = self.material.required(self.readings)
        for name, probe in self.material.keys.items():
            if name not in _SPECIAL:
                self._key(name, probe, needed[name])
        if has_identity(self.identity):
            self._mfa()
            self._organization()
        names = self.material.names
        return {
            names.get(lower, lower): values[0] if len(values) == 1 else values
            for lower, values in self.values.items()
        }

    @cached_property
    def _wishes(self) -> Mapping[str, Sequence[Wish]]:
        """What the plans say of each key, whose name is in lower case."""
        found: dict[str, Sequence[Wish]] = {}
        for plan in self.plans:
            for name, wishes in plan.aim.wishes.items():
                found[name] = (*found.get(name, ()), *wishes)
        return found

    def _wish(self, name: str) -> Wish | None:
        wishes = self._wishes.get(name)
        return pick(self.random, wishes) if wishes else None

    def _drawn(self, name: str, *, needed: bool) -> tuple[str, ...]:
        """Values of a key that the request may have; none if it is absent."""
        probe, wish = self.material.keys[name], self._wish(name)
        if wish is not None:
            found = probe.values(wish, self.random, self.values)
            if found or not needed:
                return found
        elif not needed and self.random.random() > _SOMETIMES:
            return ()
        return (probe.any(self.random, self.values),)

    def _clock(self) -> None:
        """The instant of the request, near what is asked of either clock."""
        asked = [name for name in (CURRENT, EPOCH_TIME) if self._wish(name)]
        name = pick(self.random, asked or [CURRENT, EPOCH_TIME])
        text = self._drawn(name, needed=True)[0]
        seconds = _seconds(text)
        self.values[CURRENT] = (self._written(seconds),)
        self.values[EPOCH_TIME] = (str(seconds),)

    def _written(self, seconds: int) -> str:
        if 0 < seconds < 2**32 and self.random.random() > 0.95:
            return dt.datetime.fromtimestamp(seconds, _AHEAD).isoformat()
        return instant_text(seconds)

    def _key(self, name: str, probe: KeyProbe, needed: bool | None) -> None:
        presence = probe.key.presence
        if presence is Presence.TEMPORARY:
            needed = self.identity.temporary or self._optional
        elif presence in {Presence.MFA, Presence.TAG}:
            needed = self._optional
        if needed is not False and (values := self._drawn(name, needed=bool(needed))):
            self.values[name] = values
        if name == ISSUED and ISSUED in self.values:
            self.values[ISSUED] = (
                min(self.values[ISSUED][0], self.values[CURRENT][0], key=_seconds),
            )

    @property
    def _optional(self) -> bool | None:
        """Whether there is a key that callers with an identity may have."""
        return None if has_identity(self.identity) else False

    def _mfa(self) -> None:
        """What is said of multi-factor authentication: nothing without temporary credentials."""
        if ISSUED not in self.values:
            self.values.pop(WITH_MFA, None)
            return
        age = self._drawn(MFA_AGE, needed=False)
        if age and not self._wish(WITH_MFA):
            self.values[WITH_MFA] = ("true",)
        if age and self.values.get(WITH_MFA, ("",))[0].lower() == "true":
            self.values[MFA_AGE] = (age[0].lstrip("-"),)

    def _organization(self) -> None:
        """The organization and the paths in it: both or neither."""
        paths = self._drawn(ORG_PATHS, needed=False)
        identifier = self._drawn(ORGANIZATION, needed=bool(paths) and self._wish(ORG_PATHS) is None)
        if not (paths or identifier):
            return
        organization = identifier[0] if identifier else paths[0].partition("/")[0] or "o-a"
        start = organization + "/"
        self.values[ORGANIZATION] = (organization,)
        self.values[ORG_PATHS] = tuple(
            path if path.startswith(start) else start + path.partition("/")[2]
            for path in paths or (start,)
        )


def _seconds(text: str) -> int:
    return parse_instant(text) or 0
