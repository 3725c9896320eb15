"""Everything that policies, predicates and an environment say, gathered for probing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from random import Random

from policycheck.dataclass import dataclass
from policycheck.model.arn import ResourcePattern
from policycheck.model.condition import Comparing, ConditionEntry, Existing, Relation
from policycheck.model.environment import ACTIONS, Authorization, Environment
from policycheck.model.keys import PRINCIPAL_PRESENCES, Key, Presence, aws_keys
from policycheck.model.policy import Policy, PrincipalElement, Statement
from policycheck.model.predicate import Predicate
from policycheck.model.reading import Reading, Readings
from policycheck.model.text import Pattern
from policycheck.solve.probing_aims import (
    Aim,
    CallerPredicate,
    Leaf,
    leaves,
    of_predicate,
    of_statement,
    patterns_of,
)
from policycheck.solve.probing_callers import Identity
from policycheck.solve.probing_keys import KeyProbe, KeyWish, required, space_of
from policycheck.solve.probing_principals import FOLLOWING, Callers
from policycheck.solve.probing_resources import Resources, Target
from policycheck.solve.probing_text import RUNS, distinct, matching

_MOST_WORDS = 40
_WALKS = 24
"""How many ways of making a predicate true or false are looked at."""

CURRENT, EPOCH_TIME = "aws:currenttime", "aws:epochtime"
ORGANIZATION, ORG_PATHS = "aws:principalorgid", "aws:principalorgpaths"
MFA_AGE = "aws:multifactorauthage"

_DEPENDENT = frozenset({CURRENT, EPOCH_TIME, *FOLLOWING, MFA_AGE, ORGANIZATION, ORG_PATHS})
"""The keys that depend on the caller or on each other."""

_OF_IDENTITIES = (Presence.TEMPORARY, Presence.MFA, Presence.TAG)

_COMMON = ("aws:useragent", "aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip")

Drawn = tuple[str, KeyProbe, bool, Presence | None]
"""A key by its name in lower case, whether a request needs it, and, if it tells of callers with an
identity alone, which of them have it."""


@dataclass(frozen=True)
class Plan:
    """An aim, and what suits it of callers, actions, resources and values of keys."""

    aim: Aim
    callers: Callers
    resources: Resources
    keys: Mapping[str, KeyProbe]

    @cached_property
    def wishes(self) -> Mapping[str, tuple[KeyWish, ...]]:
        """What the aim says of each key that a request can have, by its name in lower case."""
        return {
            name: tuple(KeyWish(self.keys[name], entry, holds) for entry, holds in wishes)
            for name, wishes in self.aim.wishes.items()
            if name in self.keys
        }

    @cached_property
    def suiting(self) -> tuple[Identity, ...]:
        """The callers who suit the aim; empty if it says nothing of the caller."""
        return self.callers.suiting(self.aim)

    @cached_property
    def actions(self) -> tuple[tuple[str, ...], ...]:
        """The actions that each pattern of the aim matches; all of them if it matches none."""
        lower = {action.lower(): action for action in ACTIONS}
        return tuple(
            tuple(lower[one] for one in matching(wanted, lower)) or ACTIONS
            for wanted in self.aim.actions
        )

    @cached_property
    def targets(self) -> tuple[tuple[ResourcePattern, tuple[Target, ...]], ...]:
        """Each pattern of resources with some that it matches, none if it has variables."""
        return tuple((wanted, self._of(wanted)) for wanted in self.aim.resources)

    def _of(self, wanted: ResourcePattern) -> tuple[Target, ...]:
        unbound = any(one.variables for one in patterns_of(wanted))
        return () if unbound else self.resources.targets(wanted)


@dataclass(frozen=True)
class Material:
    """What is asked about: policies, predicates over requests, and which requests exist."""

    policies: tuple[Policy, ...]
    predicates: tuple[Predicate, ...]
    environment: Environment

    @property
    def statements(self) -> Iterator[Statement]:
        """The statements of all policies."""
        return (statement for policy in self.policies for statement in policy.statements)

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """The leaves of all predicates."""
        return tuple(leaf for predicate in self.predicates for leaf in leaves(predicate))

    @cached_property
    def entries(self) -> tuple[ConditionEntry, ...]:
        """The condition entries of all statements and predicates."""
        own = (entry for statement in self.statements for entry in statement.conditions)
        return (*own, *(leaf for leaf in self.leaves if isinstance(leaf, Comparing | Existing)))

    @cached_property
    def patterns(self) -> tuple[Pattern, ...]:
        """The patterns of resources, relations and leaves."""
        resources = (r for statement in self.statements for r in statement.resource.patterns)
        return tuple(
            p for w in (*self._relations(), *self.leaves, *resources) for p in patterns_of(w)
        )

    @cached_property
    def domains(self) -> tuple[str, ...]:
        """Names of private custom domains, each with an id, after the words that may be some."""
        named = (word for word in self.words if "." in word or "+" in word)
        return tuple(word if "+" in word.strip("+") else f"{word.strip('+')}+x1" for word in named)

    def _relations(self) -> Iterator[Relation]:
        for entry in self.entries:
            if isinstance(entry, Comparing):
                yield from entry.relations

    @cached_property
    def words(self) -> tuple[str, ...]:
        """What stands between the wildcards, slashes and colons of the patterns."""
        pieces = (p for one in self.patterns for p in one.pieces if isinstance(p, str))
        words = distinct(word for p in pieces for part in p.split(":") for word in part.split("/"))
        return tuple(word for word in words if word)[:_MOST_WORDS]

    @cached_property
    def keys(self) -> Mapping[str, KeyProbe]:
        """The keys that are named or that every request may need, by the name in lower case.

        Those whose values hold policy variables come last.
        """
        by_key: dict[str, list[Relation]] = {name: [] for name in self._names()}
        for entry in self.entries:
            if isinstance(entry, Comparing):
                by_key.setdefault(entry.key, []).extend(entry.relations)
        probes = (self._probe(name, distinct(found)) for name, found in by_key.items())
        kept = {one.key.name.lower(): one for one in probes if one is not None}
        return dict(sorted(kept.items(), key=lambda item: any(n.unbound for n in item[1].all)))

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The keys' names as AWS writes them, by the name in lower case."""
        return {lower: probe.key.name for lower, probe in self.keys.items()}

    def _names(self) -> Iterator[str]:
        for name, key in {**aws_keys(), **self.environment.keys.declared}.items():
            if key.presence is Presence.ALWAYS or name in _COMMON or self._of_callers(key):
                yield name
        yield from (entry.key for entry in self.entries)
        yield from (variable.key for one in self.patterns for variable in one.variables)

    def _of_callers(self, key: Key) -> bool:
        iam = self.environment.authorization is Authorization.IAM
        return iam and key.presence in PRINCIPAL_PRESENCES

    def _probe(self, name: str, relations: tuple[Relation, ...]) -> KeyProbe | None:
        key = self.environment.keys.find(name)
        if key is None or key.presence is Presence.NEVER:
            return None
        return KeyProbe(key, relations, space_of(name, self.environment), (*RUNS, *self.words))

    def drawn(self, readings: Readings) -> Sequence[Drawn]:
        """The keys that are drawn one by one, in order."""
        private = Reading.PRIVATE_SOURCE_IP_PRESENT in readings
        if private not in self._drawn:
            self._drawn[private] = tuple(self._one_by_one(readings))
        return self._drawn[private]

    @cached_property
    def _drawn(self) -> dict[bool, Sequence[Drawn]]:
        return {}

    def _one_by_one(self, readings: Readings) -> Iterator[Drawn]:
        for name, probe in self.keys.items():
            presence, needed = probe.key.presence, required(probe.key, self.environment, readings)
            if name not in _DEPENDENT and needed is not False:
                told = presence if presence in _OF_IDENTITIES else None
                yield name, probe, bool(needed), told

    @cached_property
    def resources(self) -> Resources:
        """What is known of the resources of requests."""
        return Resources(self.environment, self.words)

    @cached_property
    def callers(self) -> Callers:
        """What is known of the callers of requests."""
        elements: tuple[PrincipalElement, ...] = tuple(s.principal for s in self.statements)
        named = tuple(leaf for leaf in self.leaves if isinstance(leaf, CallerPredicate))
        probes = {name: self.keys[name] for name in FOLLOWING if name in self.keys}
        return Callers(self.environment.authorization, elements, named, probes)

    def _plans(self, aims: Iterable[Aim]) -> tuple[Plan, ...]:
        return tuple(Plan(aim, self.callers, self.resources, self.keys) for aim in aims)

    @cached_property
    def of_statements(self) -> tuple[Plan, ...]:
        """One plan for each statement: that it applies."""
        return self._plans(map(of_statement, self.statements))

    @cached_property
    def of_predicates(self) -> tuple[Plan, ...]:
        """Plans to make each predicate true, and some to make it false."""
        random = Random(_WALKS)  # noqa: S311 (no secret hangs on it)
        aims = distinct(
            of_predicate(predicate, random, holds=walk % 4 != 3)
            for predicate in self.predicates
            for walk in range(_WALKS)
        )
        return self._plans(aims)
