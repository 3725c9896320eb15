"""What ``prove`` and ``lint`` found, in every form that is wanted; others are not loaded."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from policycheck.cli.streams import Streams
from policycheck.diagnostics import Diagnostic, InputError
from policycheck.model.environment import Environment
from policycheck.model.lint_report import LintReport
from policycheck.model.verdict import Report
from policycheck.read.rule_pages import load_rule

FORMS = ("text", "json", "sarif", "junit", "github", "gitlab", "markdown", "html")
JOB_SUMMARY = "GITHUB_STEP_SUMMARY"
"""The environment variable in which GitHub Actions names the file of a step's summary."""


def write_proof(report: Report, streams: Streams, known: Environment | None = None) -> None:
    """The verdicts, wherever and in whichever form they are wanted.

    ``known`` is what the spec says of the API, if it could be read.
    """
    for one in streams.targets:
        if one.form == "text" and not report.verdicts and one.output is None:
            continue
        one.result(_proof(report, one, known))
        if one.form == "github":
            _summarise(lambda: _form("markdown").render_proof(report))


def write_lint(report: LintReport, streams: Streams) -> None:
    """The findings, wherever and in whichever form they are wanted."""
    for one in streams.targets:
        if one.form == "text" and not report.policies and one.output is None:
            continue
        one.result(_lint(report, one))
        if one.form == "github":
            _summarise(lambda: _form("markdown").render_lint(report))


def _proof(report: Report, streams: Streams, known: Environment | None) -> str:
    match streams.form:
        case "text":
            page = streams.results_page
            return str(_form("text").render(report, page, quiet=streams.quiet))
        case "json":
            return str(_form("json_results").render(report))
        case "html":
            return _page("of_proof", report, known)
        case form:
            return str(_form(form).render_proof(report))


def _lint(report: LintReport, streams: Streams) -> str:
    match streams.form:
        case "text":
            page = streams.results_page
            return str(_form("findings").render(report, page, quiet=streams.quiet))
        case "json":
            return str(_form("json_findings").render(report))
        case "html":
            return _page("of_lint", report)
        case "sarif":
            return str(_form("sarif").render_lint(report, load_rule))
        case form:
            return str(_form(form).render_lint(report))


def _form(name: str) -> Any:
    """The module of a form: what is not wanted is not loaded."""
    return importlib.import_module(f"policycheck.report.{name}")


def _page(kind: str, *found: Any) -> str:
    reviewing = importlib.import_module("policycheck.cli.reviewing")
    return str(_form("html.render").render(getattr(reviewing, kind)(*found)))


def _summarise(rendered: Callable[[], str]) -> None:
    """Adds to the job summary, which other steps write to as well, if there is one."""
    name = os.environ.get(JOB_SUMMARY)
    if not name:
        return
    try:
        with Path(name).open("a", encoding="utf-8") as file:
            file.write(rendered() + "\n")
    except OSError as error:
        message = f"the job summary {name} cannot be written: {error.strerror}"
        advice = f"unset {JOB_SUMMARY} to do without it"
        raise InputError([Diagnostic("FILE_UNWRITABLE", message, help=advice)]) from None
