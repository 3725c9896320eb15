"""Saying who can reach what, as work that can be spread."""

from __future__ import annotations

import importlib
from dataclasses import replace
from functools import partial

from policycheck.dataclass import dataclass
from policycheck.diagnostics import InputError
from policycheck.fleet.alone import alone
from policycheck.fleet.engine import INTERRUPTED
from policycheck.fleet.outcome import Outcome, failing
from policycheck.fleet.reading import Input, policy_of
from policycheck.model.environment import Environment
from policycheck.model.policy import Policy
from policycheck.model.reach_tally import ReachTally
from policycheck.model.region import By, Reach
from policycheck.model.verdict import Failure, Report
from policycheck.read.keys_used import check_keys
from policycheck.report.layout import Layout
from policycheck.solve.limits import Limits


@dataclass(frozen=True)
class ReachTask:
    """A policy's text and what is known about its API; a Failure in its place is passed on."""

    source: Input
    known: Environment
    limits: Limits

    @property
    def name(self) -> str:
        """The name of the input."""
        return self.source.name


@dataclass(frozen=True)
class Reaching:
    """Finds the regions that a policy allows."""

    layout: Layout
    by: By | None = None
    details: bool = False

    def __call__(self, item: ReachTask) -> Outcome:
        """What is to be printed about a policy's text."""
        try:
            policy = policy_of(item.source)
        except InputError as error:
            return self._failed(item, error)
        try:
            with alone():
                return self._outcome(item, policy, self._found(item, policy))
        except InputError as error:
            return self._failed(item, error)
        except KeyboardInterrupt:
            return replace(self.lost(item, INTERRUPTED), interrupted=True)
        except Exception as error:  # noqa: BLE001 -- a defect that one policy shows
            return failing(partial(self._failed, item), error, item.name)

    def _found(self, task: ReachTask, policy: Policy) -> Reach:
        from policycheck.analyse.regions.reaching import reach  # noqa: PLC0415 -- loads Z3

        if objection := policy.facts.contradicts(task.known):
            raise InputError([objection])
        return reach(policy, policy.facts.fill(task.known), self.by, task.limits)

    def lost(self, item: ReachTask, why: str) -> Outcome:
        """What is to be printed about a policy that was not judged."""
        try:
            policy = policy_of(item.source)
        except InputError as error:
            return self._failed(item, error)
        return self._outcome(item, policy, Reach(policy, item.known, unknown=why))

    def _failed(self, item: ReachTask, error: InputError) -> Outcome:
        report = Report(failures=(Failure(item.name, error.diagnostics),))
        layout = self.layout
        lists = {"errors": layout.errors(report)}
        return Outcome((), lists, layout.messages_of(report), ReachTally(failures=1))

    def _outcome(self, task: ReachTask, policy: Policy, found: Reach) -> Outcome:
        warnings = (*policy.warnings, *check_keys(policy, task.known.keys))
        messages = self.layout.messages_of(Report(warnings=warnings))
        tally = ReachTally(policies=1, unknown=int(bool(found.unknown)))
        whole = found if self.layout.form == "html" else None
        return Outcome((self._spelled(found),), {}, messages, tally, whole=whole)

    def _spelled(self, found: Reach) -> str:
        if self.layout.form == "html":
            return ""
        form = importlib.import_module(f"policycheck.report.region_{self.layout.form}")
        match self.layout.form:
            case "json":
                return str(form.reach_row(found))
            case "text":
                page = self.layout.results
                return str(form.render_reach(found, page, details=self.details)) + "\n"
            case _:
                return str(form.render_reach(found)) + "\n"
