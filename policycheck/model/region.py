"""Regions: sets of requests, each the product of what it says of the parts of a request."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import field

from policycheck.dataclass import dataclass
from policycheck.model.address import AddressBetween, Family
from policycheck.model.environment import Environment
from policycheck.model.policy import Policy, Statement
from policycheck.model.predicate import Predicate
from policycheck.model.reading import Reading
from policycheck.model.shown import Shown
from policycheck.model.special_purpose import public
from policycheck.model.verdict import Example

SOURCE_IP = "aws:sourceip"
CLOCK_KEYS = ("aws:currenttime", "aws:epochtime")
"""Two names of one clock (semantics D4)."""


@dataclass(frozen=True)
class Actions:
    """The action is one of ``names``."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Addresses:
    """The key holds an address of one of the ranges, or, if ``absent``, is not there.

    The ranges are maximal and in order. ``everything``: every request has such an address, or
    such an absence, so nothing is said. ``others`` are the addresses that requests can have, but
    not here.
    """

    key: str
    ranges: tuple[AddressBetween, ...]
    absent: bool = False
    everything: bool = False
    others: tuple[AddressBetween, ...] = ()

    def count(self, family: Family) -> int:
        """How many addresses of the family there are, exactly."""
        return size(one for one in self.ranges if one.family is family)

    def public_count(self, family: Family) -> int:
        """How many of them are public (semantics D3; documentation blocks count as public)."""
        within = (common(one, two) for one in self.ranges for two in public())
        return size(one for one in within if one and one.family is family)


def common(one: AddressBetween, other: AddressBetween) -> AddressBetween | None:
    """The addresses of both ranges."""
    first, last = max(one.first, other.first), min(one.last, other.last)
    same = one.family is other.family and first <= last
    return AddressBetween(one.family, first, last) if same else None


def size(ranges: Iterable[AddressBetween]) -> int:
    """How many addresses disjoint ranges have."""
    return sum(one.last - one.first + 1 for one in ranges)


@dataclass(frozen=True)
class Times:
    """The clock is in one of the periods: seconds since 1970, first up to, not including, end.

    None: no bound on that side.
    """

    periods: tuple[tuple[int | None, int | None], ...]


@dataclass(frozen=True)
class Literal:
    """One thing that is said: what ``subject`` is (a condition key, ``route`` or ``caller``)
    stands in the ``relation`` to one of ``values``, or, if ``negated``, to none of them.

    ``or_absent``: or the key is not there.
    """

    subject: str
    relation: str
    values: tuple[str, ...] = ()
    negated: bool = False
    or_absent: bool = False


@dataclass(frozen=True)
class Term:
    """All of the literals hold."""

    literals: tuple[Literal, ...] = ()


class Subject(enum.Enum):
    """What a choice is about."""

    ROUTE = "route"
    CALLER = "caller"
    KEY = "key"


@dataclass(frozen=True)
class Choice:
    """One of the terms holds."""

    subject: Subject
    terms: tuple[Term, ...]


Constraint = Actions | Addresses | Times | Choice


@dataclass(frozen=True)
class Region(Shown):
    """All requests that meet every constraint; ``predicate`` says the same in one formula.

    ``source_ip`` are the values of aws:SourceIp that requests of the region have, whether or not
    that is a constraint. ``witness`` is one of the requests, replayed. ``because`` are the
    statements that allow the witness, ``formerly`` those by which the other policy of a
    comparison denied it (none, if no statement of it allows the witness).
    """

    constraints: tuple[Constraint, ...]
    predicate: Predicate
    source_ip: Addresses
    witness: Example
    because: tuple[Statement, ...] = ()
    formerly: tuple[Statement, ...] = ()


@dataclass(frozen=True)
class BroadFinding:
    """A coarse region: allowed requests lie in it. ``exact``: all that lie in it are allowed."""

    constraints: tuple[Constraint, ...]
    predicate: Predicate
    source_ip: Addresses
    witness: Example
    exact: bool = False


class By(enum.Enum):
    """The part of a request by which regions are grouped."""

    ROUTE = "route"
    NETWORK = "network"
    PRINCIPAL = "principal"


@dataclass(frozen=True)
class Group:
    """The regions that share a constraint (None: any), and the addresses of all of them."""

    constraint: Constraint | None
    regions: tuple[Region, ...]
    source_ip: Addresses


@dataclass(frozen=True)
class Reach(Shown):
    """Who can reach what: all that a policy allows.

    ``regions`` are disjoint, and every allowed request is in one of them; ``findings`` cover them
    coarsely. ``groups`` are the regions again if grouping was asked for. ``readings`` are the
    disputed rules under which other requests would be allowed. ``unknown`` says why nothing could
    be decided; then there are no regions.
    """

    policy: Policy
    environment: Environment = field(default_factory=Environment)
    regions: tuple[Region, ...] = ()
    findings: tuple[BroadFinding, ...] = ()
    groups: tuple[Group, ...] = ()
    source_ip: Addresses = field(default_factory=lambda: Addresses(SOURCE_IP, ()))
    readings: tuple[Reading, ...] = ()
    unknown: str = ""
    seconds: float = 0.0

    @property
    def nobody(self) -> bool:
        """No request is allowed; that is proved."""
        return not self.regions and not self.unknown


@dataclass(frozen=True)
class Difference(Shown):
    """What one policy allows and another does not.

    ``opened`` are the regions that only the new policy allows, ``closed`` those that only the old
    one allows; both disjoint, complete, and ordered by how much they open or close. ``under`` are
    the disputed rules that had to be read the other way for there to be a difference at all,
    ``readings`` those that would change it. ``unknown`` says why nothing could be decided.
    """

    old: Policy
    new: Policy
    environment: Environment = field(default_factory=Environment)
    opened: tuple[Region, ...] = ()
    closed: tuple[Region, ...] = ()
    under: tuple[Reading, ...] = ()
    readings: tuple[Reading, ...] = ()
    unknown: str = ""
    seconds: float = 0.0

    @property
    def same(self) -> bool:
        """Both policies allow the same requests, under every reading; that is proved."""
        return not (self.opened or self.closed or self.unknown)

    @property
    def exit_code(self) -> int:
        """0 for no difference, 1 for a difference, 3 if it is not known."""
        if self.unknown:
            return 3
        return 0 if self.same else 1
