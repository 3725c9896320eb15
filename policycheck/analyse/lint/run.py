"""All findings about one policy."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import field, replace
from typing import Any

from policycheck.analyse.lint.doubts import doubts
from policycheck.analyse.lint.inspection import Inspection
from policycheck.analyse.lint.rules import READING_CHECKS, SOLVING_CHECKS, Check
from policycheck.analyse.lint.selection import Selection
from policycheck.analyse.lint.setting import Setting
from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic
from policycheck.model.finding import Finding
from policycheck.model.lint_report import PolicyFindings
from policycheck.model.policy import Policy
from policycheck.solve.limits import ExhaustedError, Limits, UndecidedError

_PACKAGE = "policycheck.analyse.lint"

_SAID_BETTER = {
    "USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES": "IRRELEVANT_CONDITION_KEY_IN_POLICY",
    "KEY_NEEDS_IAM_AUTHORIZATION": "UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
    "BYPASS_WITHOUT_KEY": "FORALLVALUES_WITH_SINGLE_VALUED_KEY",
}
"""Findings that give way to another about the same place."""

_SHOWN_BY = {"FORALLVALUES_WITH_SINGLE_VALUED_KEY": "BYPASS_WITHOUT_KEY"}
"""Doubts of the reader that take over the evidence of a finding about the same place."""


def examine(
    policy: Policy,
    doubtful: tuple[Diagnostic, ...],
    setting: Setting,
    selection: Selection,
    limits: Limits,
) -> PolicyFindings:
    """The findings that are wanted, by position, and the questions that stayed open.

    ``doubtful`` are the warnings of the policy's reader. Z3 is loaded if a rule is wanted that
    asks the solver.
    """
    inspection = Inspection(policy, setting, doubtful)
    found = [*doubts(inspection)]
    for check in READING_CHECKS:
        if _is_wanted(check, selection):
            found.extend(_function(check)(inspection))
    undecided: tuple[str, ...] = ()
    wanted = [check for check in SOLVING_CHECKS if _is_wanted(check, selection)]
    if wanted:
        solved = _Solved(inspection, limits)
        solved.run(wanted)
        found = [*solved.explained(found), *solved.found]
        undecided = tuple(solved.undecided)
    chosen = [one for one in _distinct(found) if selection.wants(one.code)]
    return PolicyFindings(policy, tuple(sorted(chosen, key=_position)), undecided)


def _named(check: Check) -> str:
    """The rules of a check, by its first one."""
    first, *rest = check.codes
    return f"{first} and {len(rest)} more rules" if rest else first


def _is_wanted(check: Check, selection: Selection) -> bool:
    return any(map(selection.wants, check.codes))


def _function(check: Check) -> Callable[..., Iterator[Finding]]:
    module = importlib.import_module(f"{_PACKAGE}.{check.module}")
    found: Callable[..., Iterator[Finding]] = getattr(module, check.function)
    return found


@dataclass
class _Solved:
    """The findings that the solver decides."""

    inspection: Inspection
    limits: Limits
    found: list[Finding] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)
    inquiry: Any = None

    def run(self, checks: Iterable[Check]) -> None:
        """Runs the checks; a question over the limits leaves the others as they are."""
        inquiry = importlib.import_module(f"{_PACKAGE}.inquiry")
        try:
            with self._bounded():
                self.inquiry = inquiry.Inquiry(self.inspection, self.limits)
        except UndecidedError as error:
            self.undecided.append(f"nothing about what requests meet could be decided: {error}")
            return
        try:
            for check in checks:
                self._run_on_each(check)
        except ExhaustedError as error:
            self.inquiry = None
            self.undecided.append(f"what else requests meet could not be decided: {error}")

    def _bounded(self) -> AbstractContextManager[None]:
        memory = importlib.import_module("policycheck.solve.memory")
        found: AbstractContextManager[None] = memory.bounded(self.limits)
        return found

    def _run_on_each(self, check: Check) -> None:
        if not check.each:
            self._run(check, "")
            return
        for statement in self.inspection.policy.statements:
            self._run(check, f" of statement {statement.index}", statement)

    def _run(self, check: Check, where: str, *arguments: object) -> None:
        try:
            with self._bounded():
                for one in _function(check)(self.inquiry, *arguments):
                    self.found.append(one)
        except ExhaustedError:
            raise
        except UndecidedError as error:
            self.undecided.append(f"{_named(check)}{where}: {error}")

    def explained(self, found: Iterable[Finding]) -> Iterator[Finding]:
        """The findings, with what the solver proves to follow from them."""
        elements = importlib.import_module(f"{_PACKAGE}.elements")
        for one in found:
            evidence = one.evidence
            if self.inquiry is not None and not evidence and one.statement is not None:
                try:
                    with self._bounded():
                        evidence = elements.what_follows(self.inquiry, one)
                except UndecidedError as error:
                    if isinstance(error, ExhaustedError):
                        self.inquiry = None
                    self.undecided.append(f"what follows from {one.code}: {error}")
            yield replace(one, evidence=evidence)


def _distinct(found: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, one for each code and place, without those that another says better."""
    kept = {(one.code, *_place(one)): one for one in found}
    for one in kept.values():
        if (_SAID_BETTER.get(one.code), *_place(one)) in kept:
            continue
        other = kept.get((_SHOWN_BY.get(one.code, ""), *_place(one)))
        yield one if other is None else replace(one, evidence=other.evidence, example=other.example)


def _position(found: Finding) -> tuple[int, int, str]:
    span = found.span
    return (span.start, span.end, found.code) if span else (0, 0, found.code)


def _place(found: Finding) -> tuple[int, int]:
    return _position(found)[:2]
