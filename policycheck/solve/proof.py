"""One assertion about one policy: what is asked, in which order, and what the answers mean.

A model is decoded, checked against the environment, replayed on the concrete evaluator and made
plain; a refutation is tried against concrete requests. Any disagreement between the two readings
of AWS is an error, never a verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import z3

from policycheck.concrete.trial import Trial
from policycheck.dataclass import dataclass
from policycheck.model.assertion import Assertion, AssertionKind, Spec
from policycheck.model.policy import Policy, Statement
from policycheck.model.reading import DEFAULT_READINGS, Reading, Readings, in_order
from policycheck.model.request import CallerKind
from policycheck.model.verdict import Example, Status, Verdict
from policycheck.solve.limits import Deadline, ExhaustedError, Limits, UndecidedError
from policycheck.solve.memory import bounded
from policycheck.solve.question import Goal, Question
from policycheck.solve.refutation import attempt
from policycheck.solve.solver import Sat, Solver
from policycheck.symbolic.boolean import holds, negation, proposition


@dataclass
class Proof:
    """The work on one assertion about one policy."""

    question: Question
    spec: Spec
    goal: Goal
    solver: Solver
    limits: Limits
    deadline: Deadline
    is_exhausted: bool = False

    @property
    def assertion(self) -> Assertion:
        """The assertion in question."""
        return self.goal.assertion

    @property
    def policy(self) -> Policy:
        """The policy in question."""
        return self.question.policy

    @property
    def trial(self) -> Trial:
        """The concrete side of the question."""
        return Trial(self.assertion, self.policy, self.spec.environment, self.spec.workflow)

    def verdict(self) -> Verdict:
        """Decides the assertion. Raises DisagreementError."""
        try:
            with bounded(self.limits):
                return self._decided()
        except UndecidedError as error:
            self.is_exhausted = isinstance(error, ExhaustedError)
            return self._answer(Status.UNKNOWN, reason=str(error))

    def _decided(self) -> Verdict:
        if self.assertion.kind is AssertionKind.SOMETIMES_ALLOWED:
            return self._witnessed()
        decided = self._unbroken()
        return decided if decided.status is Status.VIOLATED else self._unless_vacuous(decided)

    def _answer(
        self,
        status: Status,
        *,
        because: tuple[Statement, ...] = (),
        readings: Sequence[Reading] = (),
        under: frozenset[Reading] = DEFAULT_READINGS,
        reason: str = "",
    ) -> Verdict:
        """The answer that no request shows."""
        return Verdict(
            self.policy,
            self.assertion,
            status,
            because=because,
            readings=in_order(under.union(readings)),
            under=in_order(under),
            reason=reason,
        )

    def _check(self, formula: z3.BoolRef, extra: Sequence[z3.BoolRef]) -> Sat | tuple[str, ...]:
        """A model, or the names of the assumptions that rule every model out."""
        known = [one.known for one in self.question.definitions]
        answer = self.solver.check(formula, [*known, *extra], self.deadline)
        return answer if isinstance(answer, Sat) else tuple(str(one) for one in answer.core)

    @property
    def readings(self) -> dict[Reading, z3.BoolRef]:
        """The disputed rules that play a part in the formulas, each free for the solver."""
        return self.question.request.readings

    def _fixed(self, switched: frozenset[Reading]) -> list[z3.BoolRef]:
        return [
            flag if reading in switched else negation(flag)
            for reading, flag in self.readings.items()
        ]

    def _unbroken(self) -> Verdict:
        """NEVER_ALLOWED, ALWAYS_ALLOWED and comparisons: no request breaks the assertion."""
        found = self._check(self.goal.breaks, self._fixed(frozenset()))
        if isinstance(found, Sat):
            found = self._with_usual_caller(found, self._fixed(frozenset()))
        elif self.readings:
            found = self._check(self.goal.breaks, [])
            found = self._with_fewest_readings(found) if isinstance(found, Sat) else found
        if isinstance(found, Sat):
            example = self._example(found)
            differing = self._differing(self.goal.breaks, example.readings, possible=True)
            return self._shown(Status.VIOLATED, example, differing)
        because = self._needed(found)
        self._attempt([frozenset(), *map(_alone, self.readings)])
        return self._answer(Status.PROVED, because=because)

    def _attempt(self, combinations: Sequence[frozenset[Reading]]) -> None:
        """Try to refute what is about to be said."""
        attempt(self.trial, self.limits.probes, combinations, self.deadline)

    def _in_time(
        self, formula: z3.BoolRef, extra: Sequence[z3.BoolRef]
    ) -> Sat | tuple[str, ...] | None:
        """What ``_check`` says, if there is time for it: the verdict is known without."""
        try:
            return self._check(formula, extra)
        except UndecidedError:
            return None

    def _with_usual_caller(self, found: Sat, fixed: Sequence[z3.BoolRef]) -> Sat:
        """A model whose caller is a role's session or a user, if there is one."""
        kinds = self.question.request.caller.kinds
        if holds(kinds[CallerKind.ANONYMOUS], found.model):
            return found
        for kind in (CallerKind.ROLE, CallerKind.USER):
            usual = self._in_time(self.goal.breaks, [*fixed, kinds[kind]])
            if isinstance(usual, Sat):
                return usual
        return found

    def _with_fewest_readings(self, found: Sat) -> Sat:
        """A model under one switched reading, the first by name that has one, or else under as few
        as greedy removal finds; or the one that is there, if the time is up."""
        for reading in in_order(self.readings):
            alone = self._in_time(self.goal.breaks, self._fixed(_alone(reading)))
            if isinstance(alone, Sat):
                return alone
        switched = frozenset(r for r, flag in self.readings.items() if holds(flag, found.model))
        for reading in in_order(switched):
            fewer = self._in_time(self.goal.breaks, self._fixed(switched - {reading}))
            if isinstance(fewer, Sat):
                found, switched = fewer, switched - {reading}
        return found

    def _differing(
        self, formula: z3.BoolRef, switched: Readings, *, possible: bool
    ) -> tuple[Reading, ...]:
        """The readings whose alternative alone makes the formula impossible, or possible, where it
        is the other by default; what there is no time for is left out."""
        if switched:
            return ()
        found = []
        for reading in in_order(self.readings):
            answer = self._in_time(formula, self._fixed(_alone(reading)))
            if answer is not None and isinstance(answer, Sat) is not possible:
                found.append(reading)
        return tuple(found)

    def _example(self, found: Sat) -> Example:
        """The request of a model, replayed and made plain."""
        from policycheck.solve.replay import replayed  # noqa: PLC0415 -- not for proofs

        return replayed(self.trial, self.question.request, found, self.deadline)

    def _shown(self, status: Status, example: Example, readings: Sequence[Reading] = ()) -> Verdict:
        """The answer that the example shows, and the readings on which that depends too."""
        from policycheck.solve.shown import shown  # noqa: PLC0415 -- not for proofs

        return shown(self.policy, self.assertion, self.spec, status, example, readings)

    def _witnessed(self) -> Verdict:
        """SOMETIMES_ALLOWED: some request is allowed, under every combination of readings."""
        witness: Example | None = None
        vacuous: Verdict | None = None
        trial = self.trial
        for switched in self._combinations():
            if witness is not None and trial.shows(witness.request, switched):
                continue
            found = self._check(self.goal.breaks, self._fixed(switched))
            if isinstance(found, Sat):
                witness = witness or self._witness(found, switched)
            elif self._is_possible(switched):
                return self._nobody(found, switched)
            else:
                vacuous = vacuous or self._vacuous(switched)
        if vacuous is not None or witness is None:
            return vacuous or self._vacuous(frozenset())
        return self._shown(Status.PROVED, witness)

    def _witness(self, found: Sat, switched: frozenset[Reading]) -> Example:
        """The request of a model under these readings, with a usual caller if there is one."""
        return self._example(self._with_usual_caller(found, self._fixed(switched)))

    def _nobody(self, core: tuple[str, ...], switched: frozenset[Reading]) -> Verdict:
        """No request in scope is allowed under these readings."""
        self._attempt([switched])
        because = self._needed(core, self._fixed(switched))
        differing = self._differing(self.goal.breaks, switched, possible=False)
        return self._answer(Status.VIOLATED, because=because, readings=differing, under=switched)

    def _combinations(self) -> Iterator[frozenset[Reading]]:
        """Every combination of the readings in play, the defaults first."""
        readings = in_order(self.readings)
        if 2 ** len(readings) > self.limits.reading_combinations:
            raise UndecidedError(f"{len(readings)} disputed rules have too many combinations")
        for flags in product((False, True), repeat=len(readings)):
            yield frozenset(r for r, flag in zip(readings, flags, strict=True) if flag)

    def _unless_vacuous(self, decided: Verdict) -> Verdict:
        """The verdict, unless under some combination of readings no request is in scope."""
        impossible = (one for one in self._combinations() if not self._is_possible(one))
        switched = next(impossible, None)
        return decided if switched is None else self._vacuous(switched)

    def _is_possible(self, switched: frozenset[Reading]) -> bool:
        """Whether under these readings some request is in scope."""
        return isinstance(self._check(self.goal.in_scope, self._fixed(switched)), Sat)

    def _vacuous(self, switched: frozenset[Reading]) -> Verdict:
        from policycheck.solve.vacuity import why_vacuous  # noqa: PLC0415 -- seldom

        reason = why_vacuous(self.assertion.predicate, self.spec.environment)
        differing = self._differing(self.goal.in_scope, switched, possible=False)
        return self._answer(Status.VACUOUS, readings=differing, under=switched, reason=reason)

    def _needed(
        self, core: tuple[str, ...], extra: Sequence[z3.BoolRef] = ()
    ) -> tuple[Statement, ...]:
        """A minimal set of statements that the refutation needs, by deletion from the core."""
        statements = {
            str(one.known): statement
            for one, statement in zip(
                self.question.definitions, self.policy.statements, strict=True
            )
        }
        needed = [name for name in statements if name in core]
        for name in list(needed):
            fewer = [one for one in needed if one != name]
            assumed = [*map(proposition, fewer), *extra]
            try:
                answer = self.solver.check(self.goal.breaks, assumed, self.deadline)
            except UndecidedError:
                break
            needed = needed if isinstance(answer, Sat) else fewer
        return tuple(statements[name] for name in needed)


def _alone(reading: Reading) -> frozenset[Reading]:
    return frozenset({reading})
