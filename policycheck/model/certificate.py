"""What a second solver says of a verdict."""

from __future__ import annotations

from pathlib import Path

from policycheck.dataclass import dataclass

SAT, UNSAT, UNKNOWN = "sat", "unsat", "unknown"
"""The answers of a solver, in the words of SMT-LIB."""


@dataclass(frozen=True)
class Answer:
    """What the second solver answered to one of the claims that a verdict consists of.

    ``claim`` is a sentence; ``expected`` is the answer that confirms it, ``answer`` the one that
    was given. ``script`` and ``proof`` are the files that the question and its refutation were
    written to, if they were; ``trusted`` is how many steps of the proof have no justification in
    it.
    """

    claim: str
    expected: str
    answer: str
    script: Path | None = None
    proof: Path | None = None
    trusted: int | None = None

    @property
    def confirms(self) -> bool:
        """The answer is the one that the claim needs."""
        return self.answer == self.expected


@dataclass(frozen=True)
class Certificate:
    """What the second solver says of one verdict.

    ``solver`` is its name and version; ``answers`` are about every claim that the verdict consists
    of, as far as it came. ``reason`` says why the verdict is not certified; empty, if it is.
    ``notes`` are further facts, one sentence each. ``seconds`` is wall-clock time.
    """

    solver: str
    answers: tuple[Answer, ...] = ()
    reason: str = ""
    notes: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def certified(self) -> bool:
        """The second solver confirms all of the verdict."""
        return not self.reason
