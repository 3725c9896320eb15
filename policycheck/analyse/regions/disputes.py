"""Whether disputed rules of AWS change the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import z3

from policycheck.analyse.regions.intervals import with_context
from policycheck.analyse.regions.space import not_confirmed, show
from policycheck.concrete.environment import admits
from policycheck.concrete.policy import allows
from policycheck.dataclass import dataclass
from policycheck.model.environment import Environment
from policycheck.model.policy import Policy
from policycheck.model.reading import DEFAULT_READINGS, Reading, Readings, in_order
from policycheck.model.region import SOURCE_IP
from policycheck.model.request import Request as ConcreteRequest
from policycheck.solve.assignment import extract, request_of
from policycheck.solve.limits import Deadline, Limits
from policycheck.solve.question import shown_keys
from policycheck.solve.solver import Sat, Solver
from policycheck.symbolic import environment, policy
from policycheck.symbolic.boolean import both, either, every, iff, negation
from policycheck.symbolic.request import Request, slots_needed

_ANONYMOUS = frozenset({"aws:principalaccount", "aws:principaltype", "aws:userid"})
_DISPUTED = {
    "aws:principalaccount": "anonymous",
    "aws:principaltype": "Anonymous",
    "aws:userid": "anonymous",
    SOURCE_IP: "10.0.0.1",
}
"""Keys that some requests have under one reading only, with the values that they then have."""


def changing(
    policies: Sequence[Policy], known: Environment, limits: Limits, deadline: Deadline
) -> tuple[Reading, ...]:
    """The readings that change which requests the first policy, but not the second, allows.

    A request counts as changed too if only one side of the dispute has it exist. First each
    reading is switched on alone; if none of them matters by itself, all together are asked for.
    """
    dispute = _Dispute(tuple(policies), known, limits, deadline)
    found = [one for one in dispute.readings if dispute.changes({one})]
    if not found and len(dispute.readings) > 1 and dispute.changes(None):
        found = list(dispute.readings)
    return in_order(found)


@dataclass(frozen=True)
class _Dispute:
    """One unknown request judged twice: with every reading free, and by the defaults."""

    policies: tuple[Policy, ...]
    known: Environment
    limits: Limits
    deadline: Deadline

    @cached_property
    def _free(self) -> Request:
        entries = [e for one in self.policies for s in one.statements for e in s.conditions]
        return Request(self.known, slots_needed(entries), pause=self.deadline.check)

    @cached_property
    def _usual(self) -> Request:
        switched = dict.fromkeys(Reading, False)
        usual = Request(self.known, switched=switched, pause=self.deadline.check)
        usual.atoms, usual.keys = self._free.atoms, self._free.keys
        return usual

    @cached_property
    def _differs(self) -> z3.BoolRef:
        """Of the keys only those count that the policies use."""
        allowed = [self._allowed(request) for request in self._both]
        free, usual = (both(*pair) for pair in zip(allowed, self._possible(), strict=True))
        return negation(iff(free, usual))

    @property
    def _both(self) -> tuple[Request, Request]:
        return self._free, self._usual

    def _possible(self) -> list[z3.BoolRef]:
        """The request can exist, as far as the keys go that are in use so far."""
        return [every(environment.admits(self.known, request)) for request in self._both]

    @cached_property
    def _unused(self) -> frozenset[str]:
        """The keys that are there or not as one reads a rule, and of which no policy speaks."""
        _ = self._differs
        return frozenset(name for name in _DISPUTED if name not in self._free.keys)

    def _allowed(self, request: Request) -> z3.BoolRef:
        """The first policy allows the request, and the second, if there is one, does not."""
        first, *others = (policy.formulas(one, request)[1] for one in self.policies)
        return both(first, *map(negation, others))

    @cached_property
    def _solver(self) -> Solver:
        _ = self._unused, self.readings
        show(shown_keys(self.known), self._free)
        solver = Solver(self._free.atoms, self.limits)
        solver.start((either(self._possible()),), self.deadline)
        return solver

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """The readings that play a part in what the policies say and use."""
        _ = self._differs
        return tuple(self._free.readings)

    def changes(self, switched: set[Reading] | None) -> bool:
        """Whether some request is judged differently with exactly these readings on (None: with
        some of them on). Raises DisagreementError or UndecidedError if the concrete evaluator does
        not confirm it."""
        solver = self._solver
        fixed = [
            flag if switched and reading in switched else negation(flag)
            for reading, flag in self._free.readings.items()
            if switched is not None or reading not in self.readings
        ]
        found = solver.check(self._differs, fixed, self.deadline)
        if not isinstance(found, Sat):
            return False
        assignment = extract(self._free, found)
        request = request_of(assignment)
        if self._shows(request, assignment.readings) is self._shows(request, DEFAULT_READINGS):
            raise not_confirmed(assignment, request, "no reading matters for it")
        return True

    def _shows(self, request: ConcreteRequest, readings: Readings) -> bool:
        first, *others = (allows(one, request, readings) for one in self.policies)
        if not first or any(others):
            return False
        return any(admits(self.known, one, readings) for one in self._variants(request))

    def _variants(self, request: ConcreteRequest) -> Iterator[ConcreteRequest]:
        """The request with and without what no policy speaks of."""
        yield request
        without = with_context(request, **dict.fromkeys(self._unused))
        yield without
        given = {name: value for name, value in _DISPUTED.items() if name in self._unused}
        for names in (_ANONYMOUS, {SOURCE_IP}, given):
            yield with_context(without, **{n: v for n, v in given.items() if n in names})
