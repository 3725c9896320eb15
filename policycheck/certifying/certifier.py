"""Verdicts with the second solver's opinion."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from policycheck.dataclass import dataclass
from policycheck.diagnostics import InputError, SolversDisagreeError
from policycheck.model.assertion import Spec
from policycheck.model.certificate import UNKNOWN, Answer, Certificate
from policycheck.model.policy import Policy
from policycheck.model.verdict import Status, Verdict
from policycheck.solve.limits import Limits, UndecidedError
from policycheck.solve.second_solver import MEMORY, Replies, Reply, ask_cvc5, require_cvc5

if TYPE_CHECKING:
    from policycheck.solve.claims import Claim


@dataclass(frozen=True)
class Certifier:
    """Asks cvc5 about verdicts. It can be pickled.

    ``proofs`` is a directory for the proofs of refutations; None: none are wanted. ``memory`` is a
    limit in bytes, where the system has one.
    """

    proofs: Path | None = None
    memory: int = MEMORY

    def certified(self, verdict: Verdict, spec: Spec, limits: Limits) -> Verdict:
        """The verdict with a certificate, whatever cvc5 says.

        ``spec`` has the environment that the verdict is about; cvc5 has as many seconds as the
        verdict had. Raises SolversDisagreeError if cvc5 contradicts the verdict, InputError if it
        is not installed, OSError if a proof cannot be written.
        """
        require_cvc5()
        started = time.monotonic()
        certificate = self._certificate(verdict, spec, limits)
        seconds = time.monotonic() - started
        return replace(verdict, certificate=replace(certificate, seconds=seconds))

    def _certificate(self, verdict: Verdict, spec: Spec, limits: Limits) -> Certificate:
        from policycheck.solve.claims import claims  # noqa: PLC0415 -- loads Z3

        if verdict.status is Status.UNKNOWN:
            return Certificate("cvc5", reason="there is no verdict")
        try:
            claimed = claims(verdict, spec, limits)
        except UndecidedError as error:
            return Certificate("cvc5", reason=str(error))
        except InputError as error:
            return Certificate("cvc5", reason=error.diagnostics[0].message)
        scripts = [one.script for one in claimed]
        wanted = self.proofs is not None
        replies = ask_cvc5(scripts, limits.seconds, self.memory, proofs=wanted)
        for claim, reply in zip(claimed, replies.replies, strict=True):
            if reply.answer not in {claim.expected, UNKNOWN}:
                raise _disagreement(verdict, spec, claim, reply, replies.solver)
        return self._confirmed(verdict, claimed, replies)

    def _confirmed(
        self, verdict: Verdict, claimed: tuple[Claim, ...], found: Replies
    ) -> Certificate:
        pairs = list(zip(claimed, found.replies, strict=True))
        answers = tuple(self._answer(verdict, claim, reply) for claim, reply in pairs)
        open_ = (f"{c.sentence}: {r.why}" for c, r in pairs if r.answer == UNKNOWN)
        notes = tuple(r.why for _, r in pairs if r.answer != UNKNOWN and r.why)
        return Certificate(found.solver, answers, next(open_, ""), notes)

    def _answer(self, verdict: Verdict, claim: Claim, reply: Reply) -> Answer:
        answer = Answer(claim.sentence, claim.expected, reply.answer)
        if self.proofs is None or not reply.proof:
            return answer
        from policycheck.certifying.proofs import written  # noqa: PLC0415

        name = f"{Path(verdict.policy.name).name}.{verdict.assertion.id}"
        return written(answer, claim, reply.proof, name, self.proofs)


def _disagreement(
    verdict: Verdict, spec: Spec, claim: Claim, reply: Reply, solver: str
) -> SolversDisagreeError:
    """The error that says what both solvers answered, with everything that they were asked."""
    status, name = verdict.status.value, verdict.assertion.id
    text = (
        f"policycheck says that {name!r} is {status}, so that {claim.sentence}: {claim.expected}; "
        f"{solver} answers {reply.answer}"
    )
    material = {
        "answers.txt": f"policy: {verdict.policy.name}\n{text}\n",
        "script.smt2": claim.script,
        "spec.txt": spec.source.text,
        **dict(_policies(verdict, spec)),
    }
    return SolversDisagreeError(text, material)


def _policies(verdict: Verdict, spec: Spec) -> Iterator[tuple[str, str]]:
    yield "policy.txt", verdict.policy.source.text
    if verdict.assertion.baseline:
        yield "baseline.txt", verdict.assertion.baseline.source.text
    others: tuple[Policy, ...] = spec.workflow.policies if spec.workflow else ()
    for number, other in enumerate(others, 1):
        yield f"workflow-{number}.txt", other.source.text
