"""Which callers a prober draws, and the keys that only callers with an identity have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from random import Random

from policycheck.dataclass import dataclass
from policycheck.model.arn import ACCOUNT
from policycheck.model.condition import Comparing
from policycheck.model.environment import Authorization
from policycheck.model.policy import PrincipalElement, PrincipalKind
from policycheck.model.predicate import CallerAccount, CallerArn, CallerService
from policycheck.model.reading import Reading, Readings
from policycheck.model.request import CallerKind
from policycheck.solve.probing_aims import Aim, CallerPredicate
from policycheck.solve.probing_callers import (
    ACCOUNTS,
    DERIVED,
    NOBODY,
    NOBODY_WITH_KEYS,
    USERNAME,
    Identity,
    of_account,
    of_arn,
    of_id,
    of_key,
    service,
    some,
)
from policycheck.solve.probing_keys import KeyProbe
from policycheck.solve.probing_text import distinct, fills, pick

FOLLOWING = (*DERIVED, USERNAME)
"""The keys whose values follow from the caller."""

_WITHOUT_IDENTITY = (CallerKind.ANONYMOUS, CallerKind.SERVICE)
_SERVICE = "lambda.amazonaws.com"
_MOST_ACCOUNTS = 6
_OFTEN = 0.9
_TRIES = 4


@dataclass(frozen=True)
class Callers:
    """The callers that policies and predicates name, and those that nobody names."""

    authorization: Authorization
    elements: tuple[PrincipalElement, ...]
    predicates: tuple[CallerPredicate, ...]
    probes: Mapping[str, KeyProbe]

    @cached_property
    def all(self) -> tuple[Identity, ...]:
        """Every caller that is drawn."""
        return distinct((*some(self.accounts), *self._named()))

    @cached_property
    def accounts(self) -> tuple[str, ...]:
        """A few of the account ids that occur, and others."""
        ids = (one.value for element in self.elements for one in element.ids)
        texts = (str(near.wanted) for probe in self.probes.values() for near in probe.all)
        found = (account for text in (*ids, *texts) for account in re.findall(ACCOUNT, text))
        return distinct((*ACCOUNTS, *found))[:_MOST_ACCOUNTS]

    def _named(self) -> Iterator[Identity]:
        for element in self.elements:
            for one in element.ids:
                yield from of_id(one)
        for predicate in self.predicates:
            yield from _of_predicate(predicate)
        for key, probe in self.probes.items():
            yield from of_key(key, _texts(probe), self.accounts)

    @cached_property
    def by_name(self) -> Mapping[str, tuple[Identity, ...]]:
        """The callers by the principal ids that name them."""
        found: dict[str, list[Identity]] = {}
        for one in self.all:
            for name in one.names:
                found.setdefault(name, []).append(one)
        return {name: tuple(ones) for name, ones in found.items()}

    def draw(
        self, suiting: Sequence[tuple[Identity, ...]], random: Random, readings: Readings
    ) -> Identity:
        """A caller who is in each of the pools, if that is easily found; of no pool, any."""
        if self.authorization is not Authorization.IAM:
            keyed = Reading.ANONYMOUS_PRINCIPAL_KEYS in readings
            return NOBODY_WITH_KEYS if keyed else NOBODY
        pools = [pool for pool in suiting if pool]
        if not pools or random.random() > _OFTEN:
            return pick(random, self.all)
        smallest = min(pools, key=len)
        for _ in range(_TRIES):
            chosen = pick(random, smallest)
            if all(pool is smallest or chosen in pool for pool in pools):
                break
        return chosen

    def suiting(self, aim: Aim) -> tuple[Identity, ...]:
        """The callers who suit the aim, or at least a part of it; empty if it says nothing."""
        if self.authorization is not Authorization.IAM:
            return ()
        pools = list(self._suiting(aim))
        both = set(pools[0]).intersection(*pools[1:]) if pools else set()
        kept = [one for pool in pools for one in pool if not both or one in both]
        return distinct(kept)

    def _suiting(self, aim: Aim) -> Iterator[Sequence[Identity]]:
        """Callers by what each part of the aim says; a part that takes everybody says nothing."""
        if aim.principal is not None and (named := self._of_element(aim.principal)):
            yield named
        for predicate in aim.callers:
            if found := distinct(_of_predicate(predicate)):
                yield found
        for key in FOLLOWING:
            for entry, holds in aim.wishes.get(key, ()):
                if isinstance(entry, Comparing) and holds is not entry.negated:
                    probe = self.probes[key]
                    inside = (v for r in entry.relations for v in probe.near[r].values[0])
                    if found := of_key(key, inside, self.accounts):
                        yield found

    def _of_element(self, element: PrincipalElement) -> tuple[Identity, ...]:
        if element.negated or any(one.kind is PrincipalKind.EVERYONE for one in element.ids):
            return ()
        return distinct(who for one in element.ids for who in self.by_name.get(one.value, ()))


def _texts(probe: KeyProbe) -> Iterator[str]:
    for near in probe.all:
        if not near.unbound:
            yield from near.values[0]
            yield from near.values[1]


def _of_predicate(predicate: CallerPredicate) -> Iterator[Identity]:
    match predicate:
        case CallerAccount(account):
            yield from of_account(account)
        case CallerArn(wanted):
            for arn in fills(wanted, ("", "a", "123456789012")):
                yield from of_arn(arn)
        case CallerService(wanted):
            found = (*fills(wanted, ("", "a")), _SERVICE)
            yield from (service(name) for name in found if name)
        case _:
            return


def has_identity(identity: Identity) -> bool:
    """Whether the caller is a root user, user, role session or federated-user session."""
    return identity.caller.kind not in _WITHOUT_IDENTITY
