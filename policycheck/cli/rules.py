"""``policycheck rules``."""

from __future__ import annotations

import sys

import click

from policycheck.cli import exits
from policycheck.cli.help import Command
from policycheck.cli.options import streams
from policycheck.cli.streams import Streams, is_terminal
from policycheck.diagnostics import nearest
from policycheck.model.rule import Rule, rules
from policycheck.read.rule_pages import load_rule

_EXAMPLES = """
policycheck rules
policycheck rules FORALLVALUES_WITH_SINGLE_VALUED_KEY
policycheck rules --format json
"""


@click.command("rules", cls=Command, examples=_EXAMPLES)
@click.argument("code", metavar="[CODE]", required=False)
@streams("text", "json", "markdown")
def command(*, streams: Streams, code: str | None) -> int:
    """Explain what can be found in a policy.

    With CODE, the page of that rule: what to avoid, what to write instead, why, how
    it is decided, and where that has its limits. Without CODE, a table of all rules.
    """
    streams.result(_all(streams) if code is None else _one(_known(code), streams))
    return exits.HOLDS


def _known(code: str) -> Rule:
    name = code.upper().replace("-", "_")
    if name in rules():
        return load_rule(name)
    meant = nearest(name, rules())
    advice = f"did you mean {meant}?" if meant else "policycheck rules lists all rules"
    raise click.BadParameter(f"there is no rule {code}; {advice}", param_hint="CODE")


def _all(streams: Streams) -> str:
    from policycheck.report import rules as report  # noqa: PLC0415 -- rich is loaded late

    found = [load_rule(one) for one in rules()]
    match streams.form:
        case "json":
            return report.table_json(found)
        case "markdown":
            return report.table_markdown(found)
        case _:
            return report.table(found, streams.results_page)


def _one(rule: Rule, streams: Streams) -> str:
    from policycheck.report import rules as report  # noqa: PLC0415 -- rich is loaded late

    if streams.form == "json":
        return report.rule_json(rule)
    page = streams.results_page
    for_eyes = page.colour or (streams.output is None and is_terminal(sys.stdout))
    return report.rule_text(rule, page) if for_eyes and streams.form == "text" else rule.page
