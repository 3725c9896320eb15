"""What is printed about one policy, in the form that was asked for."""

from __future__ import annotations

from policycheck.dataclass import dataclass
from policycheck.model.verdict import Report
from policycheck.report import diagnostics
from policycheck.report.page import Page


@dataclass(frozen=True)
class Layout:
    """How results and messages are laid out.

    ``form`` is ``text`` or ``json``, or one in which nothing is printed before everything is there;
    ``quiet`` leaves out warnings and what holds. ``whole``: such a report is wanted.
    """

    form: str
    results: Page
    messages: Page
    quiet: bool = False
    whole: bool = False

    def pieces(self, report: Report) -> tuple[str, ...]:
        """The verdicts of a report: entries of the list of results, or a text of its own."""
        if self.form == "json":
            from policycheck.report import json_results  # noqa: PLC0415 -- one form is enough

            return tuple(json_results.row(verdict) for verdict in report.verdicts)
        if self.form != "text":
            return ()
        from policycheck.report import text  # noqa: PLC0415

        return (text.verdicts(report.verdicts, self.results, quiet=self.quiet),)

    def messages_of(self, report: Report) -> str:
        """The warnings of a report and what is wrong with inputs, for standard error."""
        failed = (one for failure in report.failures for one in failure.diagnostics)
        wanted = diagnostics.wanted((*report.warnings, *failed), quiet=self.quiet)
        return diagnostics.render(wanted, self.messages)

    def errors(self, report: Report) -> tuple[dict[str, object], ...]:
        """What is wrong with inputs, as JSON has it; nothing in texts."""
        if self.form != "json":
            return ()
        from policycheck.report import json_results  # noqa: PLC0415

        return tuple(json_results.error_list(report.failures))
