"""``policycheck lint``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import Enum
from functools import cache
from typing import Any, TypeVar

import click

import policycheck as pc
from policycheck.analyse.waivers import apply_waivers
from policycheck.cli.configuration import configured, overridden
from policycheck.cli.help import Command
from policycheck.cli.inputs import once, read_policies
from policycheck.cli.options import reports
from policycheck.cli.reports import FORMS, write_lint
from policycheck.cli.streams import Streams
from policycheck.clock import today
from policycheck.dataclass import dataclass
from policycheck.diagnostics import InputError, nearest
from policycheck.model.configuration import NEVER
from policycheck.model.environment import Authorization, Endpoint, Environment, IpAddressType
from policycheck.model.rule import rules
from policycheck.model.verdict import Failure
from policycheck.model.waiver import Waiver
from policycheck.read.waivers import load_waivers

_EXAMPLES = """
policycheck lint policy.json
policycheck lint policies/ --spec spec.yaml --fail-on security-warning
policycheck lint policy.json --endpoint private --authorization iam
policycheck lint policy.json --ignore PLACEHOLDER --format json -o found.json
"""

_Body = Callable[..., int]
_Choice = TypeVar("_Choice", bound=Enum)


@dataclass(frozen=True)
class _Asked:
    """What the options, or a configuration in their place, say of the API and of the rules."""

    spec: str | None
    endpoint: str | None
    authorization: str | None
    ip_address_type: str | None
    fail_on: str
    select: Sequence[str]
    ignore: Sequence[str]

    def about(self, policy: str) -> _Asked:
        """The same, with what the configuration says about this policy alone."""
        said = overridden(policy)
        return _Asked(
            str(said.spec) if said.spec else self.spec,
            said.endpoint.value if said.endpoint else self.endpoint,
            said.authorization.value if said.authorization else self.authorization,
            said.ip_address_type.value if said.ip_address_type else self.ip_address_type,
            said.fail_on or self.fail_on,
            self.select if said.select is None else said.select,
            self.ignore if said.ignore is None else said.ignore,
        )

    def selection(self) -> pc.Selection:
        """The rules that are wanted. Raises BadParameter."""
        return pc.Selection(_codes(self.select, "--select"), _codes(self.ignore, "--ignore"))

    def setting(self) -> pc.Setting:
        """What the spec says, where an option does not say it otherwise. Raises InputError."""
        found = pc.Setting.of(_environment(self.spec)) if self.spec else pc.Setting()
        return replace(
            found,
            endpoint=_member(Endpoint, self.endpoint) or found.endpoint,
            authorization=_member(Authorization, self.authorization) or found.authorization,
            ip_address_type=_member(IpAddressType, self.ip_address_type) or found.ip_address_type,
        )


@cache
def _environment(spec: str) -> Environment:
    """What a spec says of the API; standard input can be read but once. Raises InputError."""
    return pc.load_environment(spec)


def _member(kind: type[_Choice], given: str | None) -> _Choice | None:
    return kind(given) if given else None


def _choice(name: str, kind: type[Enum], help_text: str) -> Callable[[_Body], Any]:
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
@configured
@reports(*FORMS)
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
    asked = _Asked(spec, endpoint, authorization, ip_address_type, fail_on, select, ignore)
    asked.selection()
    asked.setting()
    found = read_policies(policies, streams)
    limits = pc.Limits(seconds=timeout)
    runs = [_linted(policy, asked.about(policy.name), limits) for policy in found.read]
    report = pc.LintReport(
        tuple(one for run in runs for one in run.report.policies),
        (*found.failures, *(one for run in runs for one in run.report.failures)),
    )
    _show(report, streams)
    return report.exit_code(*(run.threshold for run in runs if run.report.policies))


@dataclass(frozen=True)
class _Run:
    """The findings about one policy, and the mildest type of them that fails."""

    report: pc.LintReport
    threshold: pc.FindingType | None


def _linted(policy: pc.Policy, asked: _Asked, limits: pc.Limits) -> _Run:
    """The findings about a policy that its waivers do not silence."""
    threshold = None if asked.fail_on == NEVER else pc.FindingType(asked.fail_on)
    selection = asked.selection()
    report = pc.lint(policy, asked.setting(), selection, limits)
    try:
        waivers = load_waivers(policy.name, policy)
    except InputError as error:
        failed = Failure(policy.name, error.diagnostics)
        return _Run(replace(report, failures=(*report.failures, failed)), threshold)
    kept = tuple(_waived(one, waivers, selection) for one in report.policies)
    return _Run(replace(report, policies=kept), threshold)


def _waived(
    found: pc.PolicyFindings, waivers: Sequence[Waiver], selection: pc.Selection
) -> pc.PolicyFindings:
    judged = apply_waivers(found.findings, waivers, today(), selection.codes)
    return replace(found, findings=(*judged.kept, *judged.problems), waived=judged.waived)


def _codes(given: Sequence[str], option: str) -> tuple[str, ...]:
    """The codes of an option. Raises BadParameter for one that no rule answers to."""
    wanted = tuple(code for text in given for part in text.split(",") if (code := part.strip()))
    for stranger in pc.Selection(wanted).strangers:
        meant = nearest(stranger, rules())
        advice = f"; did you mean {meant}?" if meant else ""
        raise click.BadParameter(f"there is no rule {stranger}{advice}", param_hint=option)
    return wanted


def _show(report: pc.LintReport, streams: Streams) -> None:
    streams.report([one for failure in report.failures for one in failure.diagnostics])
    write_lint(report, streams)
