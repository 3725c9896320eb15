"""What ``prove`` and ``lint`` found, in forms that need everything; others are not loaded.

Texts and JSON are written result by result (cli/results.py), unless they are further reports.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from policycheck.cli.streams import STREAMED, Streams
from policycheck.diagnostics import Diagnostic, InputError
from policycheck.model.proof import Proof
from policycheck.model.verdict import Report

if TYPE_CHECKING:
    from policycheck.model.lint_report import LintReport
    from policycheck.model.region import Difference, Reach

FORMS = ("text", "json", "sarif", "junit", "github", "gitlab", "markdown", "html")
JOB_SUMMARY = "GITHUB_STEP_SUMMARY"
"""The environment variable in which GitHub Actions names the file of a step's summary."""


def write_proof(proofs: Sequence[Proof], streams: Streams, sink: BinaryIO) -> None:
    """The verdicts in the forms that are wanted: the results to ``sink``, others to files."""
    report = Report(
        tuple(one for proof in proofs for one in proof.report.verdicts),
        tuple(one for proof in proofs for one in proof.report.failures),
    )
    _write(streams, sink, lambda to: _proof(report, proofs, to))


def write_lint(reports: Sequence[LintReport], streams: Streams, sink: BinaryIO) -> None:
    """The findings in the forms that are wanted: the results to ``sink``, others to files."""
    from policycheck.model.lint_report import LintReport  # noqa: PLC0415 -- prove does without

    report = LintReport(
        tuple(one for each in reports for one in each.policies),
        tuple(one for each in reports for one in each.failures),
    )
    _write(streams, sink, lambda to: _lint(report, to))


def write_reach(found: Sequence[Reach], streams: Streams, sink: BinaryIO) -> None:
    """Who can reach what, as a page, if that is wanted."""
    if streams.form == "html":
        sink.write(reach_page(found).encode())


def reach_page(found: Sequence[Reach]) -> str:
    """Who can reach what, as a page."""
    return _page("of_reach", found)


def difference_page(found: Difference) -> str:
    """What one policy allows and another does not, as a page."""
    return _page("of_difference", found)


def _write(streams: Streams, sink: BinaryIO, rendered: Callable[[Streams], str]) -> None:
    results, *further = streams.targets
    if results.form not in STREAMED:
        sink.write(rendered(results).encode("utf-8", "backslashreplace"))
    for one in further:
        one.result(rendered(one))
    if any(one.form == "github" for one in streams.targets):
        _summarise(rendered)


def _proof(report: Report, proofs: Sequence[Proof], streams: Streams) -> str:
    match streams.form:
        case "text":
            page = streams.results_page
            return str(_form("text").render(report, page, quiet=streams.quiet))
        case "json":
            return str(_form("json_results").render(report))
        case "html":
            return _page("of_proof", proofs)
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
            pages = importlib.import_module("policycheck.read.rule_pages")
            return str(_form("sarif").render_lint(report, pages.load_rule))
        case form:
            return str(_form(form).render_lint(report))


def _form(name: str) -> Any:
    """The module of a form: what is not wanted is not loaded."""
    return importlib.import_module(f"policycheck.report.{name}")


def _page(kind: str, found: Any) -> str:
    reviewing = importlib.import_module("policycheck.cli.reviewing")
    return str(_form("html.render").render(getattr(reviewing, kind)(found)))


def _summarise(rendered: Callable[[Streams], str]) -> None:
    """Adds to the job summary, which other steps write to as well, if there is one."""
    name = os.environ.get(JOB_SUMMARY)
    if not name:
        return
    try:
        from policycheck.atomic_file import append  # noqa: PLC0415 -- only in GitHub Actions

        append(Path(name), f"{rendered(Streams('markdown'))}\n".encode())
    except OSError as error:
        message = f"the job summary {name} cannot be written: {error.strerror}"
        advice = f"unset {JOB_SUMMARY} to do without it"
        raise InputError([Diagnostic("FILE_UNWRITABLE", message, help=advice)]) from None
