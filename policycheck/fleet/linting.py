"""Linting as work that can be spread."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial

from policycheck.analyse.lint.selection import Selection
from policycheck.analyse.lint.setting import Setting
from policycheck.analyse.waivers import apply_waivers
from policycheck.dataclass import dataclass
from policycheck.diagnostics import InputError, Source
from policycheck.fleet.alone import alone
from policycheck.fleet.engine import INTERRUPTED
from policycheck.fleet.outcome import Outcome, failing
from policycheck.fleet.reading import Input, policy_of
from policycheck.linting import lint
from policycheck.model.finding import FindingType
from policycheck.model.lint_report import LintReport, PolicyFindings
from policycheck.model.lint_tally import LintTally
from policycheck.model.policy import Policy
from policycheck.model.verdict import Failure
from policycheck.read.waivers import parse_waivers
from policycheck.report import diagnostics
from policycheck.report.layout import Layout
from policycheck.solve.limits import Limits


@dataclass(frozen=True)
class LintTask:
    """A policy's text, that of its waivers if it has any, and what is asked about it.

    A Failure in the place of a text is passed on. ``threshold`` is the mildest type of finding
    that fails; None: none does.
    """

    source: Input
    waivers: Source | Failure | None
    setting: Setting
    selection: Selection
    threshold: FindingType | None
    limits: Limits

    @property
    def name(self) -> str:
        """The name of the input."""
        return self.source.name


@dataclass(frozen=True)
class Linting:
    """Finds what is wrong with a task's policy; waivers end by the day ``today``."""

    layout: Layout
    today: dt.date

    def __call__(self, item: LintTask) -> Outcome:
        """What is to be printed about the task's policy."""
        try:
            policy = policy_of(item.source)
        except InputError as error:
            return self._failed(item, error)
        try:
            with alone():
                report = lint(policy, item.setting, item.selection, item.limits)
        except KeyboardInterrupt:
            return replace(self.lost(item, INTERRUPTED), interrupted=True)
        except Exception as error:  # noqa: BLE001 -- a defect that one policy shows
            return failing(partial(self._failed, item), error, item.name)
        return self._outcome(self._waived(item, policy, report), item)

    def lost(self, item: LintTask, why: str) -> Outcome:
        """What is to be printed about a policy that was not judged."""
        try:
            policy = policy_of(item.source)
        except InputError as error:
            return self._failed(item, error)
        return self._outcome(LintReport((PolicyFindings(policy, undecided=(why,)),)), item)

    def _failed(self, task: LintTask, error: InputError) -> Outcome:
        return self._outcome(LintReport((), (Failure(task.name, error.diagnostics),)), task)

    def _waived(self, task: LintTask, policy: Policy, report: LintReport) -> LintReport:
        """The report without the findings that waivers silence."""
        if task.waivers is None:
            return report
        try:
            waivers = parse_waivers(_text(task.waivers), policy.statements)
        except InputError as error:
            failed = Failure(task.name, error.diagnostics)
            return replace(report, failures=(*report.failures, failed))
        kept = []
        for one in report.policies:
            judged = apply_waivers(one.findings, waivers, self.today, task.selection.codes)
            found = (*judged.kept, *judged.problems)
            kept.append(replace(one, findings=found, waived=judged.waived))
        return replace(report, policies=tuple(kept))

    def _outcome(self, report: LintReport, task: LintTask) -> Outcome:
        failed = [one for failure in report.failures for one in failure.diagnostics]
        messages = diagnostics.render(failed, self.layout.messages)
        tally = LintTally.of(report, task.threshold)
        whole = report if self.layout.whole else None
        if self.layout.form == "json":
            from policycheck.report import json_findings  # noqa: PLC0415 -- one form is enough

            pieces, lists = json_findings.rows(report)
            return Outcome(pieces, lists, messages, tally, whole=whole)
        if self.layout.form != "text":
            return Outcome((), {}, messages, tally, whole=whole)
        from policycheck.report import findings  # noqa: PLC0415

        text = findings.about(report.policies, self.layout.results)
        return Outcome((text,), {}, messages, tally, whole=whole)


def _text(found: Source | Failure) -> Source:
    if isinstance(found, Failure):
        raise InputError(found.diagnostics)
    return found
