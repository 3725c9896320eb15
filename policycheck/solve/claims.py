"""What a verdict claims, each part as a question to any solver of SMT-LIB.

The questions are made anew, for the assertion alone, over native strings. A claim that holds for
every answer to the disputed rules leaves these open in its script.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product

import z3

from policycheck.dataclass import dataclass
from policycheck.model.assertion import AssertionKind, Spec
from policycheck.model.certificate import SAT, UNSAT
from policycheck.model.reading import Reading, Readings
from policycheck.model.verdict import Status, Verdict
from policycheck.solve.limits import Limits, UndecidedError
from policycheck.solve.native import in_play, script
from policycheck.solve.question import Goal, Question, ask
from policycheck.symbolic.context import fresh_context


@dataclass(frozen=True)
class Claim:
    """A sentence, which is true if the solver gives the answer ``expected`` to the script."""

    sentence: str
    expected: str
    script: str


def claims(verdict: Verdict, spec: Spec, limits: Limits) -> tuple[Claim, ...]:
    """Everything that the verdict claims; nothing, if it is unknown.

    ``spec`` has the environment that the verdict is about. Raises UndecidedError or InputError if
    there are no such scripts.
    """
    with fresh_context():  # what the prover finds next does not hang on it
        question = ask(verdict.policy, replace(spec, assertions=(verdict.assertion,)))
        (goal,) = question.goals
        return tuple(_Claims(question, goal, limits).of(verdict))


@dataclass(frozen=True)
class _Claims:
    """The claims about one assertion."""

    question: Question
    goal: Goal
    limits: Limits

    def of(self, verdict: Verdict) -> Iterator[Claim]:
        """What the verdict claims."""
        is_some = verdict.assertion.kind is AssertionKind.SOMETIMES_ALLOWED
        match verdict.status:
            case Status.PROVED if is_some:
                found = "some request that it speaks of is allowed"
                yield from self._in_every_reading(found, self.goal.breaks)
            case Status.PROVED:
                yield self._unbroken()
                found = "some request is one that it speaks of"
                yield from self._in_every_reading(found, self.goal.in_scope)
            case Status.VIOLATED if is_some:
                nobody = "no request that it speaks of is allowed"
                yield self._under(nobody, UNSAT, self.goal.breaks, verdict.under)
            case Status.VIOLATED:
                found = "some request breaks it"
                yield self._under(found, SAT, self.goal.breaks, verdict.under)
            case Status.VACUOUS:
                if not is_some:
                    yield self._unbroken()
                nothing = "no request is one that it speaks of"
                yield self._under(nothing, UNSAT, self.goal.in_scope, verdict.under)
            case Status.UNKNOWN:
                pass

    def _unbroken(self) -> Claim:
        """No request breaks it, however the disputed rules are read: they are free."""
        breaks = self.goal.breaks
        every = ", however AWS reads disputed rules" if in_play(self.question, breaks) else ""
        text = script(self.question, breaks, None)
        return Claim(f"no request breaks it{every}", UNSAT, text)

    def _under(
        self, sentence: str, expected: str, formula: z3.BoolRef, switched: Iterable[Reading]
    ) -> Claim:
        """The claim under the alternatives of some disputed rules, and the defaults of others."""
        chosen = frozenset(switched)
        text = script(self.question, formula, chosen)
        return Claim(sentence + self._condition(formula, chosen), expected, text)

    def _condition(self, formula: z3.BoolRef, switched: Readings) -> str:
        if not in_play(self.question, formula):
            return ""
        names = ", ".join(sorted(one.value for one in switched))
        return f" (readings: {names or 'the defaults'})"

    def _in_every_reading(self, sentence: str, formula: z3.BoolRef) -> Iterator[Claim]:
        """The claim that some request is found under each combination of readings."""
        for switched in _combinations(in_play(self.question, formula), self.limits):
            yield self._under(sentence, SAT, formula, switched)


def _combinations(readings: Sequence[Reading], limits: Limits) -> Iterator[tuple[Reading, ...]]:
    if 2 ** len(readings) > limits.reading_combinations:
        raise UndecidedError(f"{len(readings)} disputed rules have too many combinations")
    for flags in product((False, True), repeat=len(readings)):
        yield tuple(one for one, flag in zip(readings, flags, strict=True) if flag)
