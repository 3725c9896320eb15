"""What must hold of every random pair of a policy and a spec.

Whatever does not is a Failure; what was done is counted.
"""

from __future__ import annotations

import json
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from unittest.mock import patch

from region_checks import assert_difference, assert_reach
from soak_pairs import Pair, policy_of, put_baseline, spec_of
from soak_solvers import CVC5, NATIVE, answer
from soak_variants import policy_text, rewritten_policy, rewritten_spec, spec_text

from policycheck.analyse.export import export
from policycheck.analyse.regions.differing import diff
from policycheck.analyse.regions.reaching import reach
from policycheck.concrete.assertion import in_scope
from policycheck.concrete.environment import admits
from policycheck.concrete.policy import evaluate
from policycheck.concrete.trial import Trial
from policycheck.diagnostics import DisagreementError, InputError
from policycheck.model.assertion import AssertionKind, Spec
from policycheck.model.policy import Policy
from policycheck.model.reading import Reading
from policycheck.model.request_form import request_to_data
from policycheck.model.verdict import Example, Status, Verdict
from policycheck.proving import prove
from policycheck.read.request import parse_request
from policycheck.solve import words
from policycheck.solve.limits import Limits
from policycheck.solve.probing import Prober
from policycheck.solve.probing_material import Material

SOMETIMES = AssertionKind.SOMETIMES_ALLOWED
DEFAULT: frozenset[Reading] = frozenset()


@dataclass(frozen=True)
class Plan:
    """How much is done: each ``..._every`` says for one of how many pairs; 0 is never.

    ``requests`` on each pair, ``more_requests`` on some; ``seconds`` for a question,
    ``region_seconds`` for regions, ``solver_seconds`` for another solver.
    """

    requests: int = 50
    more_requests: int = 2000
    more_every: int = 100
    variants_every: int = 4
    reduced_every: int = 4
    solvers_every: int = 50
    regions_every: int = 50
    seconds: float = 1.0
    region_seconds: float = 4.0
    solver_seconds: float = 2.0


@dataclass(frozen=True)
class Failure:
    """Something that does not hold, and what shows it."""

    kind: str
    detail: str


@dataclass
class Examined:
    """What was counted on a pair, and what does not hold of it."""

    figures: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)

    def fail(self, kind: str, detail: object) -> None:
        """Note that something does not hold."""
        self.failures.append(Failure(kind, str(detail)))


def examine(pair: Pair, seed: str, number: int, plan: Plan, folder: Path) -> Examined:
    """Everything that the plan has for the pair with this number."""
    found = Examined()
    try:
        policy, spec = pair.read(folder)
        report = prove(policy, spec, Limits(seconds=plan.seconds, probes=1))
        if report.failures:
            found.figures["refused"] += 1
            return found
        case = _Case(pair, policy, spec, report.verdicts, plan, found)
        for name, check in case.checks(number, folder):
            case.random = Random(f"{seed} {name}")
            check()
    except InputError:
        found.figures["refused"] += 1
    except DisagreementError as error:
        found.fail("disagreement", error)
    except (Exception, KeyboardInterrupt):  # noqa: BLE001 -- whatever is raised is a failure
        found.fail("crash", traceback.format_exc())
    return found


def _is_due(number: int, every: int) -> bool:
    return every > 0 and number % every == 0


@dataclass
class _Case:
    pair: Pair
    policy: Policy
    spec: Spec
    verdicts: tuple[Verdict, ...]
    plan: Plan
    found: Examined
    random: Random = field(default_factory=Random)

    def checks(self, number: int, folder: Path) -> Iterator[tuple[str, Callable[[], None]]]:
        """The checks that are due for the pair with this number."""
        plan = self.plan
        yield "count", self.count
        yield "replay", self.replay
        count = plan.more_requests if _is_due(number, plan.more_every) else plan.requests
        yield "probe", lambda: self.probe(count)
        if "${" in json.dumps(self.pair.policy):
            yield "unguessed", self.solve_without_guesses
        if _is_due(number, plan.reduced_every):
            yield "reduce", self.reduce
        if _is_due(number, plan.variants_every):
            yield "rewrite", lambda: self.rewrite(folder)
        if _is_due(number, plan.solvers_every):
            yield "solvers", self.ask_others
        if _is_due(number, plan.regions_every):
            yield "regions", self.compare

    @property
    def figures(self) -> Counter[str]:
        return self.found.figures

    def trial(self, verdict: Verdict, policy: Policy | None = None) -> Trial:
        spec = self.spec
        return Trial(verdict.assertion, policy or self.policy, spec.environment, spec.workflow)

    def count(self) -> None:
        self.figures["pairs"] += 1
        for one in self.verdicts:
            self.figures[f"{one.assertion.kind.value} {one.status.value}"] += 1
            self.figures["depending on readings"] += bool(one.readings)

    def replay(self) -> None:
        """Every counterexample and witness, through the JSON that a user would pass on."""
        for verdict in self.verdicts:
            example = verdict.counterexample or verdict.witness
            if example is None:
                if verdict.status is Status.VIOLATED and verdict.assertion.kind is not SOMETIMES:
                    self.found.fail("no counterexample", verdict.assertion.id)
                continue
            self.figures["replays"] += 1
            request = parse_request(json.dumps(request_to_data(example.request)))
            if not self.trial(verdict).shows(request, example.readings):
                self.found.fail("replay", f"{verdict.assertion.id}: {request}")
            elif self.spec.workflow is None:
                decision = evaluate(self.policy, request, example.readings)
                if decision != example.decision:
                    self.found.fail("replay", f"{decision} is not {example.decision}: {request}")

    def probe(self, count: int) -> None:
        """Requests near the literals against everything that the verdicts rule out."""
        baselines = [one.assertion.baseline for one in self.verdicts if one.assertion.baseline]
        policies = (self.policy, *baselines)
        predicates = tuple(one.assertion.predicate for one in self.verdicts)
        prober = Prober(Material(policies, predicates, self.spec.environment))
        claims = [claim for one in self.verdicts for claim in self._claims(one)]
        if not claims:
            return
        for _ in range(count):
            readings, rules_out, verdict = self.random.choice(claims)
            under = readings() if callable(readings) else readings
            request = prober.draw(self.random, under)
            self.figures["concrete requests"] += 1
            if rules_out(request, under):
                spelled = sorted(one.value for one in under)
                self.found.fail(
                    f"{verdict.assertion.kind.value} {verdict.status.value} refuted",
                    f"{verdict.assertion.id}: {json.dumps(request_to_data(request))} {spelled}",
                )
                return

    def _claims(self, verdict: Verdict) -> Iterator[tuple]:
        """Readings, what no request may do under them, and the verdict that says so."""
        shows = self.trial(verdict).shows
        under = frozenset(verdict.under)
        is_some = verdict.assertion.kind is SOMETIMES
        match verdict.status:
            case Status.PROVED if not is_some:
                yield self._any_readings, shows, verdict
            case Status.VIOLATED if is_some:
                yield under, shows, verdict
            case Status.VIOLATED if under:
                yield DEFAULT, shows, verdict
            case Status.VACUOUS:
                environment = self.spec.environment
                yield (
                    under,
                    lambda request, readings: (
                        in_scope(verdict.assertion, request, readings)
                        and admits(environment, request, readings)
                    ),
                    verdict,
                )

    def _any_readings(self) -> frozenset[Reading]:
        """None of the disputed rules switched, or one, or each with even chances."""
        match self.random.randrange(4):
            case 0 | 1:
                return DEFAULT
            case 2:
                return frozenset({self.random.choice(tuple(Reading))})
            case _:
                return frozenset(one for one in Reading if self.random.random() < 0.5)

    def reduce(self) -> None:
        """A proof needs no statements but those that it names."""
        for verdict in self.verdicts:
            is_some = verdict.assertion.kind is SOMETIMES
            final = Status.VIOLATED if is_some else Status.PROVED
            others = set(self.policy.statements) - set(verdict.because)
            if verdict.status is not final or not others or self.spec.workflow:
                continue
            fewer = replace(self.policy, statements=verdict.because)
            spec = replace(self.spec, assertions=(verdict.assertion,))
            (again,) = prove(fewer, spec, self._limits).verdicts
            self.figures["reduced policies"] += 1
            if again.status not in {final, Status.UNKNOWN}:
                self.found.fail("because", f"{verdict.assertion.id}: {again.status}")

    @property
    def _limits(self) -> Limits:
        return Limits(seconds=self.plan.seconds, probes=1)

    def solve_without_guesses(self) -> None:
        """Solvers of strings say the same of texts that variables tie together as guesses do."""
        with patch.object(words, "guessed", lambda *_: None):
            report = prove(self.policy, self.spec, self._limits)
        for one, other in zip(self.verdicts, report.verdicts, strict=True):
            self.figures["without guesses"] += 1
            if Status.UNKNOWN not in {one.status, other.status} and one.status is not other.status:
                answers = f"{one.status.value}, without guesses {other.status.value}"
                self.found.fail("guess", f"{one.assertion.id}: {answers}")

    def rewrite(self, folder: Path) -> None:
        """Another order, layout and spelling give the same verdicts and the same decisions."""
        text = policy_text(rewritten_policy(self.pair.policy, self.random), self.random)
        name, told = spec_text(rewritten_spec(self.pair.spec, self.random), self.random)
        put_baseline(rewritten_policy(self.pair.baseline, self.random), folder)
        self.figures["variants"] += 1
        written = f"{text}\n{told}"
        try:
            policy, spec = policy_of(text), spec_of(told, folder, name)
            report = prove(policy, spec, self._limits)
        except InputError as error:
            self.found.fail("variant refused", f"{error}\n{written}")
            return
        if report.failures:
            self.found.fail("variant refused", f"{report.failures}\n{written}")
            return
        for one, other in zip(self.verdicts, report.verdicts, strict=True):
            self._same(one, other, policy, written)

    def _same(self, one: Verdict, other: Verdict, policy: Policy, written: str) -> None:
        if Status.UNKNOWN in {one.status, other.status}:
            self.figures["variants undecided"] += one.status is not other.status
            return
        if one.status is not other.status or bool(one.readings) is not bool(other.readings):
            answers = [(v.status.value, [r.value for r in v.readings]) for v in (one, other)]
            self.found.fail("variant", f"{one.assertion.id}: {answers}\n{written}")
            return
        for verdict, found in ((one, policy), (other, self.policy)):
            example = verdict.counterexample or verdict.witness
            if example and not self._holds_of(example, verdict, found):
                self.found.fail("variant", f"{example.request} shows it of one only\n{written}")

    def _holds_of(self, example: Example, verdict: Verdict, policy: Policy) -> bool:
        """Whether the example shows the same of another spelling of the policy."""
        return self.trial(verdict, policy).shows(example.request, example.readings)

    def ask_others(self) -> None:
        """Z3's own strings and cvc5 about each assertion that does not hang on a disputed rule."""
        by_id = {one.assertion.id: one for one in self.verdicts}
        try:
            scripts = list(export(self.policy, self.spec))
        except InputError:
            self.figures["not exportable"] += 1
            return
        for name, script in scripts:
            verdict = by_id[name]
            if (expected := _expected(verdict)) is not None:
                for solver in (CVC5, NATIVE):
                    said = answer(solver, script, self.plan.solver_seconds)
                    self.figures[f"{solver} {said}"] += 1
                    if said not in {expected, "unknown"}:
                        detail = f"{name} is {verdict.status.value}\n{script}"
                        self.found.fail(f"{solver} says {said}", detail)

    def compare(self) -> None:
        """What changed, and who reaches what, against single decisions."""
        baseline = policy_of(json.dumps(self.pair.baseline))
        environment, limits = self.spec.environment, Limits(self.plan.region_seconds, probes=1)
        seed = self.random.getrandbits(32)
        try:
            changed = diff(baseline, self.policy, environment, limits)
            reached = reach(self.policy, environment, limits=limits)
        except InputError:
            self.figures["regions refused"] += 1
            return
        for name, found, check in (
            ("diff", changed, assert_difference),
            ("reach", reached, assert_reach),
        ):
            if found.unknown:
                self.figures[f"{name} undecided"] += 1
                continue
            self.figures[f"{name} compared"] += 1
            try:
                self.figures[f"{name} requests"] += sum(check(found, seed))
            except AssertionError:
                self.found.fail(name, traceback.format_exc())


def _expected(verdict: Verdict) -> str | None:
    """What another solver must answer; None if the script asks something else.

    A script fixes the disputed rules to their defaults, and does not ask for vacuity.
    """
    is_some = verdict.assertion.kind is SOMETIMES
    example = verdict.counterexample or verdict.witness
    if example is not None:
        return "sat" if not example.readings else ("sat" if is_some else "unsat")
    match verdict.status:
        case Status.PROVED:
            return "unsat"
        case Status.VIOLATED if not verdict.under:
            return "unsat"
        case Status.VACUOUS if not verdict.under:
            return "unsat"
    return None
