"""Requests near what policies, predicates and an environment say, to try a claim on.

They lie at the edges of blocks and one beside, at bounds and one second beside, match a pattern or
just miss it, and are, nearly all of them, requests that the environment admits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from policycheck.dataclass import dataclass
from policycheck.model.arn import ResourcePattern
from policycheck.model.environment import (
    ACTIONS,
    VIA_DOMAIN,
    CallerAccount,
    Environment,
)
from policycheck.model.policy import Policy
from policycheck.model.predicate import Part, PartLike, Predicate
from policycheck.model.reading import DEFAULT_READINGS, Readings
from policycheck.model.request import INVOKE, Request
from policycheck.solve.probing_callers import Identity
from policycheck.solve.probing_draft import Draft
from policycheck.solve.probing_material import Material, Plan
from policycheck.solve.probing_resources import PARTS, Target
from policycheck.solve.probing_text import Context, fills, matching, pick

_OFTEN = 0.85


def probes(  # noqa: PLR0913, PLR0917 (what is asked about, and what makes the run repeatable)
    policies: Sequence[Policy],
    predicates: Sequence[Predicate],
    environment: Environment,
    seed: int,
    count: int,
    readings: Readings = DEFAULT_READINGS,
) -> Iterator[Request]:
    """``count`` requests, the same ones for the same arguments.

    Nearly all of them are admitted by the environment under the readings; whoever needs all of
    them to be must ask ``concrete.environment.admits``.
    """
    prober = Prober(Material(tuple(policies), tuple(predicates), environment))
    random = Random(seed)  # noqa: S311 (no secret hangs on it)
    for _ in range(count):
        yield prober.draw(random, readings)


@dataclass(frozen=True)
class Prober:
    """Draws requests near what the material says."""

    material: Material

    def draw(self, random: Random, readings: Readings = DEFAULT_READINGS) -> Request:
        """A request that depends on nothing but what ``random`` gives and the readings."""
        plans = self._plans(random)
        identity = self.material.callers.draw([p.suiting for p in plans], random, readings)
        draft = Draft(self.material, plans, identity, random, readings, {})
        context = draft.context()
        target = self._target(plans, random, draft.values)
        target = self.material.resources.on_a_route(target, readings, random)
        target = self._suited(target, identity)
        context |= self._domain(target, random)
        return Request(str(target), self._action(plans, random), identity.caller, context)

    def _suited(self, target: Target, identity: Identity) -> Target:
        """The target in the caller's partition; and in the caller's own account, where all callers
        are of the API's account."""
        if arn := identity.keys.get("aws:PrincipalArn"):
            target = target.with_part(Part.PARTITION, str(arn).split(":")[1])
        if self.material.environment.caller_account is not CallerAccount.SAME:
            return target
        account = identity.keys.get("aws:PrincipalAccount")
        return target.with_part(Part.ACCOUNT, account) if account else target

    def _domain(self, target: Target, random: Random) -> dict[str, str]:
        """The key of the private custom domain, where all requests come through one."""
        if not self.material.environment.via_domain:
            return {}
        partition, region, account = target.texts[:3]
        name = pick(random, (*self.material.domains, "api.example.com+a1b2c3"))
        arn = f"arn:{partition}:execute-api:{region}:{account}:/domainnames/{name}"
        return {VIA_DOMAIN: arn}

    def _plans(self, random: Random) -> tuple[Plan, ...]:
        """What the request is to meet: a statement, two of them, a predicate, both, or nothing."""
        statements, predicates = self.material.of_statements, self.material.of_predicates
        kinds = ((), (statements,), (statements, predicates), (predicates,), (statements,) * 2)
        weights = _WITH_PREDICATES if predicates else _WITHOUT_PREDICATES
        pools = kinds[pick(random, weights)]
        return tuple(pick(random, pool) for pool in pools if pool)

    def _action(self, plans: Sequence[Plan], random: Random) -> str:
        wanted = [one for plan in plans for one in plan.actions]
        if random.random() > _OFTEN:
            return pick(random, ACTIONS)
        return pick(random, pick(random, wanted)) if wanted else INVOKE

    def _target(self, plans: Sequence[Plan], random: Random, context: Context) -> Target:
        wanted = [one for plan in plans for one in plan.targets]
        parts = [one for plan in plans for one in plan.aim.parts]
        target = self._filled(wanted, random, context)
        if not (parts or self.material.resources.fixed):
            return target
        texts = list(target.texts)
        for one in parts:
            if one.part in target.free or random.random() < 0.5:
                texts[PARTS.index(one.part)] = self._part(one, random)
        for place, choices in self.material.resources.fixed:
            if texts[place] not in choices:
                texts[place] = pick(random, choices)
        return Target(tuple(texts))

    def _filled(
        self,
        wanted: Sequence[tuple[ResourcePattern, Sequence[Target]]],
        random: Random,
        context: Context,
    ) -> Target:
        resources = self.material.resources
        if not wanted or random.random() > _OFTEN:
            return resources.any(random)
        chosen, ready = pick(random, wanted)
        return pick(random, ready) if ready else resources.target(chosen, random, context)

    def _part(self, wanted: PartLike, random: Random) -> str:
        """A text for the part that its pattern matches, for a path without its first slash."""
        choices = self.material.resources.choices[wanted.part]
        if wanted.part is Part.PATH:
            return pick(random, fills(wanted.wanted, self.material.words or ("",))).removeprefix(
                "/"
            )
        known = matching(wanted.wanted, choices)
        return pick(random, known or fills(wanted.wanted, ("", "a")))


_WITHOUT_PREDICATES = (0, *(1,) * 12, *(4,) * 4)
_WITH_PREDICATES = (0, *(1,) * 4, *(2,) * 8, *(3,) * 3, *(4,) * 2)
