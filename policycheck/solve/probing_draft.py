"""The context of one request, put together key by key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import field
from random import Random

from policycheck.concrete.order import parse_instant
from policycheck.dataclass import dataclass
from policycheck.model.keys import Presence
from policycheck.model.order import instant_text
from policycheck.model.reading import Readings
from policycheck.solve.probing_callers import Identity
from policycheck.solve.probing_keys import KeyProbe, KeyWish
from policycheck.solve.probing_material import (
    CURRENT,
    EPOCH_TIME,
    MFA_AGE,
    ORG_PATHS,
    ORGANIZATION,
    Material,
    Plan,
)
from policycheck.solve.probing_principals import has_identity
from policycheck.solve.probing_text import pick

ISSUED = "aws:tokenissuetime"
WITH_MFA = "aws:multifactorauthpresent"

_SOMETIMES = 0.4
"""How often a key is there of which the plans say nothing."""
_AHEAD = dt.timezone(dt.timedelta(hours=2))


@dataclass
class Draft:
    """A request in the making: who calls, what it is to meet, and the values drawn so far.

    ``wishes``: what the plans say of each key, whose name is in lower case.
    """

    material: Material
    plans: Sequence[Plan]
    identity: Identity
    random: Random
    readings: Readings
    values: dict[str, tuple[str, ...]]
    wishes: Mapping[str, Sequence[KeyWish]] = field(init=False)

    def __post_init__(self) -> None:
        self.wishes = _wishes(self.plans)

    def context(self) -> dict[str, str | tuple[str, ...]]:
        """The context of the request, by AWS's names."""
        values, identified = self.values, has_identity(self.identity)
        values.update((key.lower(), (text,)) for key, text in self.identity.keys.items())
        self._clock()
        for name, probe, needed, presence in self.material.drawn(self.readings):
            if presence is None:
                held = self._drawn(name, probe, needed=needed)
            elif identified:
                held = self._told(name, probe, presence)
            else:
                continue
            if held:
                values[name] = held
        if identified:
            self._mfa()
            self._organization()
        names = self.material.names
        return {
            names.get(lower, lower): held[0] if len(held) == 1 else held
            for lower, held in values.items()
        }

    def _wish(self, name: str) -> KeyWish | None:
        wishes = self.wishes.get(name)
        return pick(self.random, wishes) if wishes else None

    def _drawn(self, name: str, probe: KeyProbe, *, needed: bool) -> tuple[str, ...]:
        """Values of a key that the request may have; none if it is absent."""
        if wish := self._wish(name):
            found = wish.values(self.random, self.values)
            if found or not needed:
                return found
        elif not needed and self.random.random() > _SOMETIMES:
            return ()
        return (probe.any(self.random, self.values),)

    def _told(self, name: str, probe: KeyProbe, presence: Presence) -> tuple[str, ...]:
        """Values of a key that tells of a caller with an identity."""
        temporary = presence is Presence.TEMPORARY and self.identity.temporary
        found = self._drawn(name, probe, needed=temporary)
        if found and name == ISSUED:
            return (min(found[0], self.values[CURRENT][0], key=_seconds),)
        return found

    def _of(self, name: str, *, needed: bool) -> tuple[str, ...]:
        return self._drawn(name, self.material.keys[name], needed=needed)

    def _clock(self) -> None:
        """The instant of the request, near what is asked of either clock."""
        asked = [name for name in (CURRENT, EPOCH_TIME) if self._wish(name)]
        name = pick(self.random, asked or [CURRENT, EPOCH_TIME])
        seconds = _seconds(self._of(name, needed=True)[0])
        self.values[CURRENT] = (self._written(seconds),)
        self.values[EPOCH_TIME] = (str(seconds),)

    def _written(self, seconds: int) -> str:
        if 0 < seconds < 2**32 and self.random.random() > 0.95:
            return dt.datetime.fromtimestamp(seconds, _AHEAD).isoformat()
        return instant_text(seconds)

    def _mfa(self) -> None:
        """What is said of multi-factor authentication: nothing without temporary credentials."""
        if ISSUED not in self.values:
            self.values.pop(WITH_MFA, None)
            return
        age = self._of(MFA_AGE, needed=False)
        if age and not self._wish(WITH_MFA):
            self.values[WITH_MFA] = ("true",)
        if age and self.values.get(WITH_MFA, ("",))[0].lower() == "true":
            self.values[MFA_AGE] = (age[0].lstrip("-"),)

    def _organization(self) -> None:
        """The organization and the paths in it: both or neither."""
        paths = self._of(ORG_PATHS, needed=False)
        identifier = self._of(ORGANIZATION, needed=bool(paths) and self._wish(ORG_PATHS) is None)
        if not (paths or identifier):
            return
        organization = identifier[0] if identifier else paths[0].partition("/")[0] or "o-a"
        start = organization + "/"
        self.values[ORGANIZATION] = (organization,)
        self.values[ORG_PATHS] = tuple(
            path if path.startswith(start) else start + path.partition("/")[2]
            for path in paths or (start,)
        )


def _wishes(plans: Sequence[Plan]) -> Mapping[str, Sequence[KeyWish]]:
    if len(plans) == 1:
        return plans[0].wishes
    found: dict[str, Sequence[KeyWish]] = {}
    for plan in plans:
        for name, wishes in plan.wishes.items():
            found[name] = (*found.get(name, ()), *wishes)
    return found


def _seconds(text: str) -> int:
    return parse_instant(text) or 0
