"""The whole flow: from policies and a spec to verdicts."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from policycheck.model.assertion import Spec
from policycheck.model.policy import Policy
from policycheck.model.verdict import Report, Status, Verdict
from policycheck.solve.limits import Deadline, Limits, UndecidedError
from policycheck.solve.memory import bounded
from policycheck.solve.proof import Proof
from policycheck.solve.question import Question, ask
from policycheck.solve.solver import Solver

OnVerdict = Callable[[Verdict], None]


def prove(
    policies: Sequence[Policy],
    spec: Spec,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    on_verdict: OnVerdict | None = None,
) -> Report:
    """Decide every assertion of the spec for every policy, in order.

    ``on_verdict`` is called with each verdict as soon as it is there. Raises DisagreementError
    if the concrete evaluator does not confirm what the solver found.
    """
    verdicts: list[Verdict] = []
    for policy in policies:
        for verdict in _decided(policy, spec, limits):
            verdicts.append(verdict)
            if on_verdict is not None:
                on_verdict(verdict)
    return Report(tuple(verdicts))


def _decided(policy: Policy, spec: Spec, limits: Limits) -> Iterator[Verdict]:
    """The formulas, which all assertions share, are made in the time of the first.

    They are made anew where an assertion took more memory than there is.
    """
    asked: _Asked | None = None
    reason = ""
    for index, assertion in enumerate(spec.assertions):
        started, deadline = time.monotonic(), Deadline(limits.seconds)
        if asked is None and not reason:
            asked, reason = _asked(policy, spec, limits, deadline)
        if asked is None:
            verdict = Verdict(policy, assertion, Status.UNKNOWN, reason=reason)
        else:
            question, solver = asked
            proof = Proof(question, spec, question.goals[index], solver, limits, deadline)
            verdict = proof.verdict()
            asked = None if proof.is_exhausted else asked
            del question, solver, proof
        yield replace(verdict, seconds=time.monotonic() - started)


_Asked = tuple[Question, Solver]


def _asked(
    policy: Policy, spec: Spec, limits: Limits, deadline: Deadline
) -> tuple[_Asked | None, str]:
    """The formulas and a solver for them, or why there are none."""
    try:
        with bounded(limits):
            question = ask(policy, spec, deadline)
            return (question, question.solver(limits, deadline)), ""
    except UndecidedError as error:
        return None, f"{error} while the formulas were made"
