"""What a proof attempt found (contract section 5)."""

from __future__ import annotations

import enum

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic
from policycheck.model.assertion import Assertion
from policycheck.model.certificate import Certificate
from policycheck.model.decision import Decision
from policycheck.model.policy import Policy, Statement
from policycheck.model.reading import Reading
from policycheck.model.request import Request
from policycheck.model.shown import Shown
from policycheck.model.workflow import Answers


class Status(enum.Enum):
    """The answer to one assertion; UNKNOWN is never success."""

    PROVED = "proved"
    VIOLATED = "violated"
    VACUOUS = "vacuous"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Example(Shown):
    """A request that was replayed on the concrete evaluator, and what it decided.

    ``baseline`` is the decision of the policy compared with, if there is one. ``readings`` are
    those that were switched on when it was replayed. ``answers`` are what the other parts of a
    workflow said, if the whole decision was asked for.
    """

    request: Request
    decision: Decision
    baseline: Decision | None = None
    readings: frozenset[Reading] = frozenset()
    answers: Answers | None = None


@dataclass(frozen=True)
class Verdict(Shown):
    """The answer to one assertion about one policy.

    ``counterexample`` breaks the assertion, ``witness`` shows that a proved ``sometimes_allowed``
    holds. ``because`` are the statements that decide: those that the concrete evaluator named for
    the counterexample, or a minimal set that the proof needs. ``readings`` are the disputed rules
    on which the verdict depends: by their other answer another one holds. ``under`` are those of
    them by whose alternative this one holds, and not by the default. ``reason`` says why a verdict
    is unknown or vacuous. ``notes`` are further facts, one sentence each. ``seconds`` is wall-clock
    time. ``cached``: found in a former run. ``certificate`` is what a second solver says, if it was
    asked; it never changes the status.
    """

    policy: Policy
    assertion: Assertion
    status: Status
    counterexample: Example | None = None
    witness: Example | None = None
    because: tuple[Statement, ...] = ()
    readings: tuple[Reading, ...] = ()
    under: tuple[Reading, ...] = ()
    reason: str = ""
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    cached: bool = False
    certificate: Certificate | None = None

    @property
    def holds(self) -> bool:
        """Proved, or vacuous where the assertion says that this is allowed; and certified, if that
        was asked for."""
        return self._is_good and (self.certificate is None or self.certificate.certified)

    @property
    def undecided(self) -> bool:
        """Unknown, or it would hold if it were certified."""
        return self.status is Status.UNKNOWN or (self._is_good and not self.holds)

    @property
    def _is_good(self) -> bool:
        return self.status is Status.PROVED or (
            self.status is Status.VACUOUS and self.assertion.allow_vacuous
        )


@dataclass(frozen=True)
class Failure:
    """A policy or spec that could not be read; the rest of the run went on."""

    name: str
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True)
class Report(Shown):
    """All verdicts of a run in order, the inputs that failed, and the warnings."""

    verdicts: tuple[Verdict, ...] = ()
    failures: tuple[Failure, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()

    @property
    def ok(self) -> bool:
        """Everything was decided and holds."""
        return not self.failures and all(verdict.holds for verdict in self.verdicts)

    def with_status(self, status: Status) -> tuple[Verdict, ...]:
        """The verdicts of one status."""
        return tuple(v for v in self.verdicts if v.status is status)

    @property
    def proved(self) -> tuple[Verdict, ...]:
        """The verdicts that are proved."""
        return self.with_status(Status.PROVED)

    @property
    def violated(self) -> tuple[Verdict, ...]:
        """The verdicts that are violated."""
        return self.with_status(Status.VIOLATED)

    @property
    def vacuous(self) -> tuple[Verdict, ...]:
        """The verdicts that are vacuous."""
        return self.with_status(Status.VACUOUS)

    @property
    def unknown(self) -> tuple[Verdict, ...]:
        """The verdicts that could not be decided."""
        return self.with_status(Status.UNKNOWN)

    @property
    def exit_code(self) -> int:
        """The exit code of contract section 2: 2 before 1 before 3 before 0."""
        if self.failures:
            return 2
        if any(not one.holds and not one.undecided for one in self.verdicts):
            return 1
        return 3 if any(one.undecided for one in self.verdicts) else 0
