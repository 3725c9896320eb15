"""The formulas of a policy's parts over one unknown request, and the one solver that is asked.

Each case that the setting leaves open (an endpoint type with an authorization type) has a guard:
a Boolean that brings in what holds of the requests of that case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property

import z3

from policycheck.analyse.lint.formulas import Case, formulas_of
from policycheck.analyse.lint.inspection import Inspection
from policycheck.analyse.lint.parts import Parts
from policycheck.concrete import environment as concrete_environment
from policycheck.concrete.policy import evaluate, statement_applies
from policycheck.dataclass import dataclass
from policycheck.diagnostics import DisagreementError
from policycheck.model.environment import Environment
from policycheck.model.policy import Effect, Policy, Statement
from policycheck.model.reading import DISPUTES, Reading, Readings
from policycheck.model.request import CallerKind, Request
from policycheck.model.verdict import Example
from policycheck.solve.limits import Deadline, Limits
from policycheck.solve.probing import probes
from policycheck.solve.replay import Confirmation
from policycheck.solve.solver import Definition, Sat, Solver
from policycheck.symbolic import environment, policy
from policycheck.symbolic.boolean import either, every, holds, implies, negation
from policycheck.symbolic.request import Request as Symbols

Shows = Callable[[Request, Readings], bool]
"""What a request shows, by the concrete evaluator; whether it can exist is asked beforehand."""

DEFAULTS: frozenset[Reading] = frozenset()

_PROBES = 120
"""So many concrete requests try to refute what the solver proves of a policy."""

QUESTIONS = 30
"""All questions about a policy may take as long as so many that reach their own limit."""


@dataclass
class Inquiry:
    """Questions about one inspected policy; each may take ``limits.seconds``, and all of them
    QUESTIONS times as long.

    ``parts`` are the formulas of each statement by its index. ``twins`` says for each key that
    callers control, by its name in lower case, what the policy allows if the key had another value.
    ``invokes`` says that the action is execute-api:Invoke.
    """

    inspection: Inspection
    limits: Limits
    symbols: Symbols = field(init=False)
    cases: tuple[Case, ...] = field(init=False)
    definitions: tuple[Definition, ...] = field(init=False)
    applies: Mapping[int, z3.BoolRef] = field(init=False)
    parts: dict[int, Parts] = field(init=False)
    twins: dict[str, z3.BoolRef] = field(init=False)
    invokes: z3.BoolRef = field(init=False)
    _dead: dict[int, bool] = field(default_factory=dict)
    _all: Deadline = field(init=False)

    def __post_init__(self) -> None:
        self._all = Deadline(self.limits.seconds * QUESTIONS)
        made = formulas_of(self.inspection)
        self.symbols, self.cases, self.definitions = made.symbols, made.cases, made.definitions
        self.applies = made.applies
        self.parts, self.twins, self.invokes = made.parts, made.twins, made.invokes

    @property
    def policy(self) -> Policy:
        """The policy that is asked about."""
        return self.inspection.policy

    @cached_property
    def solver(self) -> Solver:
        """The solver, with all that was made of the symbols until it is first asked for."""
        facts = [either(case.guard for case in self.cases)]
        for case in self.cases:
            admitted = every(environment.admits(case.environment, self.symbols))
            facts.append(implies(case.guard, admitted))
        solver = Solver(self.symbols.atoms, self.limits, definitions=self.definitions)
        solver.start(facts)
        return solver

    @property
    def allowed(self) -> z3.BoolRef:
        """The policy allows the request."""
        return policy.allows(self.policy, self.applies)

    def allowed_if(self, applies: Mapping[int, z3.BoolRef]) -> z3.BoolRef:
        """The policy would allow the request if the statements applied where ``applies`` says."""
        return policy.allows(self.policy, dict(applies))

    def some(self, effect: Effect, *, but: int | None = None) -> z3.BoolRef:
        """Some statement of the effect applies, other than statement ``but``."""
        return either(
            self.applies[s.index]
            for s in self.policy.statements
            if s.effect is effect and s.index != but
        )

    def ask(
        self,
        goal: z3.BoolRef,
        *assumed: z3.BoolRef,
        readings: Readings | None = DEFAULTS,
        known: Sequence[int] | None = None,
    ) -> Sat | tuple[int, ...]:
        """A model, or the statements by which every model is ruled out.

        ``readings`` are those that are switched on; None leaves them to the solver. ``known`` are
        the statements whose definitions are used (all, if it is None). Raises UndecidedError.
        """
        solver = self.solver
        used = [
            one.known
            for statement, one in zip(self.policy.statements, self.definitions, strict=True)
            if known is None or statement.index in known
        ]
        fixed = [] if readings is None else self._fixed(readings)
        self._all.check()
        answer = solver.check(goal, [*used, *fixed, *assumed], Deadline(self.limits.seconds))
        if isinstance(answer, Sat):
            return answer
        core = {str(one) for one in answer.core}
        return tuple(
            statement.index
            for statement, one in zip(self.policy.statements, self.definitions, strict=True)
            if str(one.known) in core
        )

    def _fixed(self, readings: Readings) -> list[z3.BoolRef]:
        return [
            flag if reading in readings else negation(flag)
            for reading, flag in self.symbols.readings.items()
        ]

    def is_possible(self, goal: z3.BoolRef, readings: Readings | None = DEFAULTS) -> bool:
        """Whether some request makes the goal true."""
        return isinstance(self.ask(goal, readings=readings), Sat)

    def is_possible_in(
        self, case: Case, goal: z3.BoolRef, readings: Readings | None = DEFAULTS
    ) -> bool:
        """Whether some request of the case makes the goal true."""
        return isinstance(self.ask(goal, case.guard, readings=readings), Sat)

    def is_impossible(self, goal: z3.BoolRef, shows: Shows) -> bool:
        """Whether no request makes the goal true, under the default readings.

        Raises DisagreementError if a concrete request ``shows`` the contrary.
        """
        if self.is_possible(goal):
            return False
        self.refute(shows)
        return True

    def hinges(self, goal: z3.BoolRef) -> tuple[Reading, ...]:
        """The readings, as few as greedy removal finds, that make an impossible goal possible."""
        found = self.ask(goal, readings=None)
        if not isinstance(found, Sat):
            return ()
        flags = self.symbols.readings.items()
        switched = {r for r, flag in flags if holds(flag, found.model)}
        for reading in sorted(switched, key=lambda one: one.value):
            if self.is_possible(goal, switched - {reading}):
                switched -= {reading}
        return tuple(sorted(switched, key=lambda one: one.value))

    def disputed(self, goal: z3.BoolRef) -> str:
        """Under which readings an impossible goal is possible, as the end of a sentence."""
        readings = self.hinges(goal)
        if not readings:
            return ""
        rules = " and ".join(DISPUTES[one].alternative for one in readings)
        return f"; it is otherwise if {rules} ({', '.join(one.value for one in readings)})"

    def is_dead(self, statement: Statement) -> bool:
        """Whether the statement applies to no request."""
        if statement.index not in self._dead:
            self._dead[statement.index] = self.is_impossible(
                self.applies[statement.index],
                lambda request, readings: statement_applies(statement, request, readings),
            )
        return self._dead[statement.index]

    def refute(self, shows: Shows) -> None:
        """Tries to refute a proof on concrete requests. Raises DisagreementError if one does."""
        for case in self.cases:
            for request in self._probes[case.environment]:
                if shows(request, DEFAULTS):
                    raise DisagreementError(f"a request contradicts what was proved: {request}")

    @cached_property
    def _probes(self) -> Mapping[Environment, tuple[Request, ...]]:
        """Requests near what the policy says, for each case."""
        return {case.environment: tuple(self._drawn(case.environment)) for case in self.cases}

    def _drawn(self, known: Environment) -> Iterator[Request]:
        count = _PROBES // len(self.cases)
        for request in probes([self.policy], [], known, seed=0, count=count):
            if concrete_environment.admits(known, request):
                yield request

    def example(self, goal: z3.BoolRef, shows: Shows, *assumed: z3.BoolRef) -> Example | None:
        """A replayed request that makes the goal true, of the first case that has one."""
        for case in self.cases:
            found = self.ask(goal, case.guard, *assumed)
            if isinstance(found, Sat):
                return self._replayed(case, self._usual(goal, case, found, assumed), shows)
        return None

    def _usual(
        self, goal: z3.BoolRef, case: Case, found: Sat, assumed: Sequence[z3.BoolRef]
    ) -> Sat:
        """A model whose caller is anonymous, a role's session or a user, if there is one."""
        kinds = self.symbols.caller.kinds
        for kind in (CallerKind.ANONYMOUS, CallerKind.ROLE, CallerKind.USER):
            if holds(kinds[kind], found.model):
                return found
            usual = self.ask(goal, case.guard, kinds[kind], *assumed)
            if isinstance(usual, Sat):
                return usual
        return found

    def _replayed(self, case: Case, found: Sat, shows: Shows) -> Example:
        known = case.environment

        def shown(request: Request, readings: Readings) -> object | None:
            if not concrete_environment.admits(known, request, readings):
                return None
            outcome = evaluate(self.policy, request, readings).outcome
            return outcome if shows(request, readings) else None

        request, readings = Confirmation(known, shown, "a finding").request(self.symbols, found)
        return Example(request, evaluate(self.policy, request, readings), readings=readings)

    def admits(self, request: Request) -> bool:
        """Whether the request can exist in one of the cases."""
        return any(concrete_environment.admits(one.environment, request) for one in self.cases)

    def evaluated(self, request: Request, readings: Readings) -> Example:
        """The request with what the policy decides of it."""
        decision = evaluate(self.policy, request, readings)
        return Example(request, decision, readings=frozenset(readings))

    def core(self, goal: z3.BoolRef, among: Sequence[int]) -> tuple[int, ...] | None:
        """A minimal set of statements that rule the goal out, under all readings.

        ``among`` are those that may be used. None if the goal is possible.
        """
        found = self.ask(goal, readings=None, known=among)
        if isinstance(found, Sat):
            return None
        needed = list(found)
        for index in found:
            fewer = [one for one in needed if one != index]
            answer = self.ask(goal, readings=None, known=fewer)
            needed = needed if isinstance(answer, Sat) else fewer
        return tuple(needed)


def no(part: z3.BoolRef) -> z3.BoolRef:
    """The part does not hold."""
    return negation(part)
