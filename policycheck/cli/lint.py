"""``policycheck lint``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, TypeVar

import click

import policycheck as pc
from policycheck.analyse.lint.rules import codes
from policycheck.cli.help import Command
from policycheck.cli.inputs import once, read_policies
from policycheck.cli.options import streams
from policycheck.cli.streams import Streams
from policycheck.diagnostics import nearest
from policycheck.model.environment import Authorization, Endpoint, IpAddressType
from policycheck.report import findings, json_findings

NEVER = "never"

_EXAMPLES = """
policycheck lint policy.json
policycheck lint policies/ --spec spec.yaml --fail-on security-warning
policycheck lint policy.json --endpoint private --authorization iam
policycheck lint policy.json --ignore PLACEHOLDER --format json -o found.json
"""

_Run = Callable[..., int]
_Choice = TypeVar("_Choice", bound=Enum)


@dataclass(frozen=True)
class _Known:
    """What the options say of the API."""

    spec: str | None
    endpoint: str | None
    authorization: str | None
    ip_address_type: str | None

    def setting(self) -> pc.Setting:
        """What the spec says, where an option does not say it otherwise. Raises InputError."""
        found = pc.Setting.of(pc.load_environment(self.spec)) if self.spec else pc.Setting()
        return replace(
            found,
            endpoint=_member(Endpoint, self.endpoint) or found.endpoint,
            authorization=_member(Authorization, self.authorization) or found.authorization,
            ip_address_type=_member(IpAddressType, self.ip_address_type) or found.ip_address_type,
        )


def _member(kind: type[_Choice], given: str | None) -> _Choice | None:
    return kind(given) if given else None


def _choice(name: str, kind: type[Enum], help_text: str) -> Callable[[_Run], Any]:
    return click.option(name, type=click.Choice([str(m.value) for m in kind]), help=help_text)


@click.command("lint", cls=Command, examples=_EXAMPLES)
@click.argument("policies", metavar="POLICY...", nargs=-1, required=True)
@click.option("--spec", metavar="SPEC", help="What its api and keys sections say holds.")
@_choice("--endpoint", Endpoint, "The endpoint type of the API.")
@_choice("--authorization", Authorization, "The authorization type of the methods.")
@_choice("--ip-address-type", IpAddressType, "The families of addresses that callers have.")
@click.option(
    "--fail-on",
    metavar="TYPE",
    type=click.Choice([*(kind.value for kind in pc.FindingType), NEVER]),
    default=pc.FindingType.WARNING.value,
    show_default=True,
    help="The mildest type that fails: suggestion, warning, security-warning, error, or never.",
)
@click.option("--select", metavar="CODES", multiple=True, help="Only these rules.")
@click.option("--ignore", metavar="CODES", multiple=True, help="All rules but these.")
@click.option(
    "-t",
    "--timeout",
    metavar="SECONDS",
    type=click.FloatRange(min=0, min_open=True),
    default=10.0,
    show_default="10",
    help="How long one question may take; then it is undecided.",
)
@streams("text", "json")
def command(  # noqa: PLR0913 (one parameter for each option)
    *,
    streams: Streams,
    policies: tuple[str, ...],
    spec: str | None,
    endpoint: str | None,
    authorization: str | None,
    ip_address_type: str | None,
    fail_on: str,
    select: Sequence[str],
    ignore: Sequence[str],
    timeout: float,
) -> int:
    """Find what is wrong, doubtful or needless in policies.

    What a finding says of all requests is proved, and what it says of one is
    replayed. POLICY is a file, a directory, or - for standard input. Without
    SPEC and options nothing is assumed of the API. CODES are codes of rules,
    with commas between them; a beginning or a glob stands for several.

    Exit codes: 0 nothing as bad as --fail-on, 1 a finding, 2 an input that
    cannot be used, 3 a question that could not be decided, and no finding.
    """
    once(*policies, *([spec] if spec else []))
    selection = pc.Selection(_codes(select, "--select"), _codes(ignore, "--ignore"))
    setting = _Known(spec, endpoint, authorization, ip_address_type).setting()
    found = read_policies(policies, streams)
    report = pc.lint(found.read, setting, selection, pc.Limits(seconds=timeout))
    report = replace(report, failures=(*found.failures, *report.failures))
    _show(report, streams)
    return report.exit_code(None if fail_on == NEVER else pc.FindingType(fail_on))


def _codes(given: Sequence[str], option: str) -> tuple[str, ...]:
    """The codes of an option. Raises BadParameter for one that no rule answers to."""
    wanted = tuple(code for text in given for part in text.split(",") if (code := part.strip()))
    for stranger in pc.Selection(wanted).strangers(codes()):
        meant = nearest(stranger, codes())
        advice = f"; did you mean {meant}?" if meant else ""
        raise click.BadParameter(f"there is no rule {stranger}{advice}", param_hint=option)
    return wanted


def _show(report: pc.LintReport, streams: Streams) -> None:
    streams.report([one for failure in report.failures for one in failure.diagnostics])
    if streams.form == "json":
        streams.result(json_findings.render(report))
    elif report.policies:
        streams.result(findings.render(report, streams.results_page, quiet=streams.quiet))
