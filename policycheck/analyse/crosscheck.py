"""The two readings of AWS against each other, on one policy.

Hypothesis draws requests near the policy and the spec; the concrete evaluator decides them, and the
symbolic formulas are pinned at them, without a solver. A disagreement is a defect of policycheck.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field, replace
from functools import cache
from random import Random

from hypothesis import HealthCheck, Phase, Verbosity, find, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample, Unsatisfiable

from policycheck.concrete.environment import admits
from policycheck.concrete.policy import evaluate
from policycheck.concrete.predicate import holds
from policycheck.concrete.workflow import allows, possible_answers
from policycheck.dataclass import dataclass
from policycheck.model.assertion import Spec
from policycheck.model.environment import Authorization, Endpoint, Environment
from policycheck.model.policy import Policy
from policycheck.model.predicate import Predicate
from policycheck.model.reading import Reading, Readings
from policycheck.model.request import Request
from policycheck.model.shown import Shown
from policycheck.model.workflow import Workflow
from policycheck.solve.pinned import pinned_policy, pinned_predicate, pinned_workflow
from policycheck.solve.probing import Prober
from policycheck.solve.probing_material import Material

WITHOUT_SPEC = (
    Environment(authorization=Authorization.IAM),
    Environment(),
    Environment(Endpoint.REGIONAL),
    Environment(Endpoint.PRIVATE, Authorization.IAM),
)
"""The environments whose requests are tried if no spec names one."""


@dataclass(frozen=True)
class Case:
    """A request that the environment admits under the readings."""

    request: Request
    environment: Environment
    readings: frozenset[Reading]


@dataclass(frozen=True)
class Disagreement:
    """A request on which the two readings of AWS differ, as small as could be found.

    ``subject`` says what was asked: the policy, or the predicate or baseline of an assertion;
    ``concrete`` and ``symbolic`` are the answers: ``Allow``, ``ExplicitDeny``, ``ImplicitDeny``, or
    ``holds`` and ``does not hold``; of a workflow ``Allow``, ``not Allow`` or either.
    """

    request: Request
    readings: frozenset[Reading]
    concrete: str
    symbolic: str
    subject: str
    environment: Environment


@dataclass(frozen=True)
class CrosscheckReport(Shown):
    """How many requests were tried, and the smallest disagreement about each subject.

    They are fewer than were asked for if few that can exist are near the policy.
    """

    examples: int
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def ok(self) -> bool:
        """The readings agree on every request tried."""
        return not self.disagreements


@dataclass(frozen=True)
class _Question:
    """Something that both readings answer about a request; ``symbolic`` by environment."""

    subject: str
    concrete: Callable[[Request, Readings], str]
    symbolic: Callable[[Environment], Callable[[Request, Readings], str]]

    def disagreement(self, case: Case) -> Disagreement | None:
        """The disagreement about the case, if there is one."""
        concrete = self.concrete(case.request, case.readings)
        symbolic = self.symbolic(case.environment)(case.request, case.readings)
        if concrete == symbolic:
            return None
        return Disagreement(
            case.request, case.readings, concrete, symbolic, self.subject, case.environment
        )


@dataclass
class _Run:
    """The questions, and what has been found so far."""

    questions: tuple[_Question, ...]
    asked: int = 0
    found: dict[str, Disagreement] = field(default_factory=dict)

    def disagrees(self, case: Case) -> bool:
        """Whether the readings differ on any question; keeps the last such case of each."""
        self.asked += 1
        differing = [found for q in self.questions if (found := q.disagreement(case))]
        self.found.update((one.subject, one) for one in differing)
        return bool(differing)


def crosscheck(
    policy: Policy, spec: Spec | None = None, examples: int = 1000, seed: int = 0
) -> CrosscheckReport:
    """Tries ``examples`` requests near the policy and the spec on both readings of AWS.

    Without a spec, on endpoints and authorizations of several kinds. The same arguments give the
    same report. Raises InputError if a declared key is compared with an operator of another type.
    """
    run = _Run(tuple(_questions(policy, spec)))
    try:
        find(
            _cases(policy, spec),
            run.disagrees,
            settings=_settings(examples),
            random=Random(seed),  # noqa: S311 (no secret hangs on it)
        )
    except (NoSuchExample, Unsatisfiable):
        return CrosscheckReport(run.asked)
    by_subject = {question.subject: question for question in run.questions}
    smallest = (_shrunk(one, by_subject[one.subject]) for one in run.found.values())
    return CrosscheckReport(run.asked, tuple(smallest))


def _settings(examples: int) -> settings:
    return settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )


def _questions(policy: Policy, spec: Spec | None) -> Iterator[_Question]:
    yield _about_policy("the policy", policy)
    if spec and spec.workflow:
        yield _about_workflow("the whole decision", policy, spec.workflow)
    for assertion in spec.assertions if spec else ():
        yield _about_predicate(f"the predicate of {assertion.id}", assertion.predicate)
        if assertion.baseline is not None:
            yield _about_policy(f"the baseline of {assertion.id}", assertion.baseline)


def _about_policy(subject: str, policy: Policy) -> _Question:
    @cache
    def symbolic(environment: Environment) -> Callable[[Request, Readings], str]:
        decision = pinned_policy(policy, environment)
        return lambda request, readings: decision(request, readings).value

    return _Question(
        subject,
        lambda request, readings: evaluate(policy, request, readings).outcome.value,
        symbolic,
    )


def _about_workflow(subject: str, policy: Policy, workflow: Workflow) -> _Question:
    @cache
    def symbolic(environment: Environment) -> Callable[[Request, Readings], str]:
        allowed = pinned_workflow(policy, workflow, environment)
        return lambda request, readings: _spelled_all(allowed(request, readings))

    def concrete(request: Request, readings: Readings) -> str:
        answers = possible_answers(workflow, request, readings)
        return _spelled_all(
            frozenset(allows(workflow, one, policy, request, readings) for one in answers)
        )

    return _Question(subject, concrete, symbolic)


def _spelled_all(allowed: frozenset[bool]) -> str:
    spelled = {True: "Allow", False: "not Allow"}
    return " or ".join(spelled[one] for one in (True, False) if one in allowed)


def _about_predicate(subject: str, predicate: Predicate) -> _Question:
    @cache
    def symbolic(environment: Environment) -> Callable[[Request, Readings], str]:
        held = pinned_predicate(predicate, environment)
        return lambda request, readings: _spelled(held(request, readings))

    return _Question(
        subject, lambda request, readings: _spelled(holds(predicate, request, readings)), symbolic
    )


def _spelled(answer: bool) -> str:
    return "holds" if answer else "does not hold"


def _cases(policy: Policy, spec: Spec | None) -> st.SearchStrategy[Case]:
    """Admitted requests near the policy and what the spec says, under any readings."""
    assertions = spec.assertions if spec else ()
    baselines = (one.baseline for one in assertions if one.baseline is not None)
    others = spec.workflow.policies if spec and spec.workflow else ()
    policies = (policy, *baselines, *others)
    predicates = tuple(one.predicate for one in assertions)
    probers = [
        Prober(Material(policies, predicates, environment))
        for environment in ((spec.environment,) if spec else WITHOUT_SPEC)
    ]
    none: frozenset[Reading] = frozenset()
    readings = st.just(none) | st.frozensets(st.sampled_from(tuple(Reading)))
    drawn = st.builds(_case, st.sampled_from(probers), st.randoms(use_true_random=False), readings)
    return drawn.filter(lambda case: admits(case.environment, case.request, case.readings))


def _case(prober: Prober, random: Random, readings: frozenset[Reading]) -> Case:
    return Case(prober.draw(random, readings), prober.material.environment, readings)


def _shrunk(found: Disagreement, question: _Question) -> Disagreement:
    """The disagreement without the keys, values and readings that it does not need."""
    smaller = next(_smaller(found, question), None)
    return found if smaller is None else _shrunk(smaller, question)


def _smaller(found: Disagreement, question: _Question) -> Iterator[Disagreement]:
    for request, readings in _reductions(found.request, found.readings):
        case = Case(request, found.environment, readings)
        if admits(case.environment, request, readings) and (
            disagreement := question.disagreement(case)
        ):
            yield disagreement


def _reductions(
    request: Request, readings: frozenset[Reading]
) -> Iterator[tuple[Request, frozenset[Reading]]]:
    """The request and the readings with one thing less."""
    for reading in sorted(readings, key=lambda one: one.value):
        yield request, readings - {reading}
    for key, values in request.context.items():
        others = {name: value for name, value in request.context.items() if name != key}
        yield replace(request, context=others), readings
        if isinstance(values, tuple):
            for index in range(len(values)):
                kept = values[:index] + values[index + 1 :]
                yield replace(request, context={**others, key: kept}), readings
