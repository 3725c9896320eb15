"""What a second solver says, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator

from policycheck.model.certificate import Answer, Certificate

DIGITS = 3


def spell(certificate: Certificate) -> Iterator[str]:
    """The certificate in lines, each without its line break."""
    if certificate.certified:
        yield f"certified by {certificate.solver}"
    else:
        yield f"not certified: {certificate.reason}"
    for answer in certificate.answers:
        if answer.proof is not None:
            yield f"proof: {answer.proof}{_believed(answer)}"
    yield from certificate.notes


def _believed(answer: Answer) -> str:
    if not answer.trusted:
        return ""
    noun = "step" if answer.trusted == 1 else "steps"
    return f" ({answer.trusted} {noun} without a justification)"


def data(certificate: Certificate) -> dict[str, object]:
    """The certificate as JSON has it."""
    found: dict[str, object] = {"certified": certificate.certified, "solver": certificate.solver}
    if certificate.reason:
        found["reason"] = certificate.reason
    found["answers"] = [_answer(one) for one in certificate.answers]
    if certificate.notes:
        found["notes"] = list(certificate.notes)
    return found | {"seconds": round(certificate.seconds, DIGITS)}


def _answer(answer: Answer) -> dict[str, object]:
    found: dict[str, object] = {
        "claim": answer.claim,
        "expected": answer.expected,
        "answer": answer.answer,
    }
    if answer.script is not None:
        found["script"] = str(answer.script)
    if answer.proof is not None:
        found |= {"proof": str(answer.proof), "trust_steps": answer.trusted}
    return found
