"""Proving as work that can be spread."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from policycheck.dataclass import dataclass
from policycheck.diagnostics import InputError
from policycheck.fleet.alone import alone
from policycheck.fleet.engine import INTERRUPTED
from policycheck.fleet.outcome import Outcome, failing
from policycheck.fleet.reading import Input, policy_of
from policycheck.model.assertion import Spec
from policycheck.model.policy import Policy
from policycheck.model.proof import Proof
from policycheck.model.tally import Tally
from policycheck.model.verdict import Failure, Report, Status, Verdict
from policycheck.proving import prove
from policycheck.report.layout import Layout
from policycheck.solve.limits import Limits

if TYPE_CHECKING:
    from policycheck.cache.verdicts import VerdictCache
    from policycheck.certifying.certifier import Certifier


@dataclass(frozen=True)
class Task:
    """A policy's text and what is asked about it.

    A Failure in the place of the text is passed on. Without a spec the policy is only read, for
    what is wrong with it.
    """

    source: Input
    spec: Spec | None
    limits: Limits

    @property
    def name(self) -> str:
        """The name of the input."""
        return self.source.name


@dataclass(frozen=True)
class Proving:
    """Decides the assertions of a task; verdicts are kept in the directory ``cache``, if any, and
    the ``certifier``, if any, is asked about each.

    ``on_verdict`` is called with each verdict as soon as it is there; it does not travel to other
    processes.
    """

    layout: Layout
    cache: Path | None = None
    on_verdict: Callable[[Verdict], None] | None = None
    certifier: Certifier | None = None

    def __call__(self, item: Task) -> Outcome:
        """What is to be printed about the task's policy."""
        try:
            policy = _policy(item)
        except InputError as error:
            return self._failed(item, error)
        verdicts: list[Verdict] = []
        try:
            return self._outcome(item, self._report(item, policy, verdicts))
        except KeyboardInterrupt:
            rest = _unknown(policy, item, INTERRUPTED, verdicts)
            return self._outcome(item, Report(rest), interrupted=True)
        except OSError as error:  # a proof that cannot be written is no defect, and ends the run
            return Outcome(defect=error)
        except Exception as error:  # noqa: BLE001 -- a defect that one policy shows
            return failing(partial(self._failed, item), error, item.name)

    def _report(self, task: Task, policy: Policy, verdicts: list[Verdict]) -> Report:
        """The report about a policy; ``verdicts`` fills up while it is in the making."""

        def keep(verdict: Verdict) -> None:
            verdicts.append(verdict)
            if self.on_verdict is not None:
                self.on_verdict(verdict)

        if task.spec is None:
            return Report()
        kept = _opened(self.cache) if self.cache else None
        with alone():
            return prove(policy, task.spec, task.limits, keep, kept, certifier=self.certifier)

    def lost(self, item: Task, why: str) -> Outcome:
        """What is to be printed about a policy that was not decided."""
        try:
            policy = _policy(item)
        except InputError as error:
            return self._failed(item, error)
        return self._outcome(item, Report(_unknown(policy, item, why)))

    def _failed(self, task: Task, error: InputError) -> Outcome:
        return self._outcome(task, Report(failures=(Failure(task.name, error.diagnostics),)))

    def _outcome(self, task: Task, report: Report, *, interrupted: bool = False) -> Outcome:
        layout = self.layout
        known = task.spec.environment if task.spec else None
        return Outcome(
            layout.pieces(report),
            {"errors": layout.errors(report)},
            layout.messages_of(report),
            Tally.of(report),
            interrupted=interrupted,
            whole=Proof(report, known) if layout.whole else None,
        )


def _policy(task: Task) -> Policy:
    return policy_of(task.source)


def _unknown(
    policy: Policy, task: Task, why: str, decided: Iterable[Verdict] = ()
) -> tuple[Verdict, ...]:
    """The verdicts that are there, and unknown ones for the other assertions."""
    found = {one.assertion.id: one for one in decided}
    assertions = task.spec.assertions if task.spec else ()
    return tuple(
        found.get(one.id) or Verdict(policy, one, Status.UNKNOWN, reason=why) for one in assertions
    )


def _opened(directory: Path) -> VerdictCache | None:
    """The cache in a directory; None where it cannot be used."""
    from policycheck.cache.store import CacheError  # noqa: PLC0415 -- only if it is wanted
    from policycheck.cache.verdicts import shared_cache  # noqa: PLC0415

    try:
        return shared_cache(directory)
    except CacheError:
        return None
