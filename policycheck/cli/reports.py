"""Results of ``prove`` and ``lint`` in every form; the code of a form is loaded when it is wanted."""

from __future__ import annotations

import os
from pathlib import Path

from policycheck.cli.streams import Streams
from policycheck.diagnostics import Diagnostic, InputError
from policycheck.model.lint_report import LintReport
from policycheck.model.verdict import Report

FORMS = ("text", "json", "sarif", "junit", "github", "gitlab", "markdown", "html")
JOB_SUMMARY = "GITHUB_STEP_SUMMARY"
"""The environment variable in which GitHub Actions names the file of a step's summary."""


def write_proof(report: Report, streams: Streams) -> None:
    """The verdicts, wherever and in whichever form they are wanted."""
    for one in streams.targets:
        if one.form == "text" and not report.verdicts and one.output is None:
            continue
        one.result(_proof(report, one))
        if one.form == "github":
            _summarise_proof(report)


def write_lint(report: LintReport, streams: Streams) -> None:
    """The findings, wherever and in whichever form they are wanted."""
    for one in streams.targets:
        if one.form == "text" and not report.policies and one.output is None:
            continue
        one.result(_lint(report, one))
        if one.form == "github":
            _summarise_lint(report)


def _proof(report: Report, streams: Streams) -> str:
    # ruff: noqa: PLC0415 -- a form that is not wanted costs nothing
    match streams.form:
        case "json":
            from policycheck.report import json_results

            return json_results.render(report)
        case "sarif":
            from policycheck.report import sarif

            return sarif.render_proof(report)
        case "junit":
            from policycheck.report import junit

            return junit.render_proof(report)
        case "markdown":
            from policycheck.report import markdown

            return markdown.render_proof(report)
        case "github" | "gitlab":
            return _annotated_proof(report, streams.form)
        case _:
            from policycheck.report import text

            return text.render(report, streams.results_page, quiet=streams.quiet)


def _annotated_proof(report: Report, form: str) -> str:
    from policycheck.report import github, gitlab, text
    from policycheck.report.issues import of_failures, of_proof

    issues = [*of_failures(report.failures), *of_proof(report)]
    if form == "gitlab":
        return gitlab.render(issues)
    return github.render(issues, text.summary(report))


def _lint(report: LintReport, streams: Streams) -> str:
    match streams.form:
        case "json":
            from policycheck.report import json_findings

            return json_findings.render(report)
        case "sarif":
            from policycheck.read.rule_pages import load_rule
            from policycheck.report import sarif

            return sarif.render_lint(report, load_rule)
        case "junit":
            from policycheck.report import junit

            return junit.render_lint(report)
        case "markdown":
            from policycheck.report import markdown

            return markdown.render_lint(report)
        case "github" | "gitlab":
            return _annotated_lint(report, streams.form)
        case _:
            from policycheck.report import findings

            return findings.render(report, streams.results_page, quiet=streams.quiet)


def _annotated_lint(report: LintReport, form: str) -> str:
    from policycheck.report import findings, github, gitlab
    from policycheck.report.issues import of_failures, of_lint

    issues = [*of_failures(report.failures), *of_lint(report)]
    if form == "gitlab":
        return gitlab.render(issues)
    return github.render(issues, findings.summary(report))


def _summarise_proof(report: Report) -> None:
    if name := os.environ.get(JOB_SUMMARY):
        from policycheck.report import markdown

        _append(Path(name), markdown.render_proof(report))


def _summarise_lint(report: LintReport) -> None:
    if name := os.environ.get(JOB_SUMMARY):
        from policycheck.report import markdown

        _append(Path(name), markdown.render_lint(report))


def _append(path: Path, text: str) -> None:
    """The text at the end of the job summary, which other steps write to as well."""
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(text + "\n")
    except OSError as error:
        message = f"the job summary {path} cannot be written: {error.strerror}"
        advice = f"unset {JOB_SUMMARY} to do without it"
        raise InputError([Diagnostic("FILE_UNWRITABLE", message, help=advice)]) from None
