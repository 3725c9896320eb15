"""``policycheck lint``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import click

import policycheck as pc
from policycheck.cli import exits
from policycheck.cli.configuration import configured, overridden
from policycheck.cli.fleet import Fleet, fleet
from policycheck.cli.help import Command
from policycheck.cli.inputs import once, sources
from policycheck.cli.manifest import given, limits_of
from policycheck.cli.manifest import policies as listed
from policycheck.cli.options import SECONDS, manifest, memory, reports
from policycheck.cli.progress import progress
from policycheck.cli.reports import FORMS, write_lint
from policycheck.cli.results import NOT_REACHED, results, stepping
from policycheck.cli.sources import documents
from policycheck.cli.streams import Streams
from policycheck.cli.texts import count_sources, top_of
from policycheck.cli.texts import is_several as stands_for_several
from policycheck.clock import today
from policycheck.dataclass import dataclass
from policycheck.diagnostics import InputError, Source, nearest
from policycheck.fleet.engine import InOrder
from policycheck.fleet.linting import Linting, LintTask
from policycheck.fleet.outcome import raise_defects
from policycheck.fleet.reading import Input
from policycheck.model.configuration import NEVER
from policycheck.model.environment import Authorization, Endpoint, Environment, IpAddressType
from policycheck.model.lint_tally import LintTally
from policycheck.model.manifest import Entry
from policycheck.model.policy import Policy
from policycheck.model.rule import rules
from policycheck.model.verdict import Failure
from policycheck.read.waivers import companion, read_waivers
from policycheck.report import findings, json_findings

_EXAMPLES = """
policycheck lint policy.json
policycheck lint policies/ --jobs 4 --spec spec.yaml --fail-on error
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
@click.argument("policies", metavar="[POLICY...]", nargs=-1)
@manifest
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
    type=SECONDS,
    default=10.0,
    show_default="10",
    help="How long one question may take, and a policy 30 times as long; then it is undecided.",
)
@memory
@fleet
@configured
@documents
@reports(*FORMS)
def command(  # noqa: PLR0913 (one parameter for each option)
    *,
    streams: Streams,
    policies: tuple[str, ...],
    manifest: str | None,
    spec: str | None,
    endpoint: str | None,
    authorization: str | None,
    ip_address_type: str | None,
    fail_on: str,
    select: Sequence[str],
    ignore: Sequence[str],
    timeout: float,
    memory: int,
    fleet: Fleet,
) -> int:
    """Find what is wrong, doubtful or needless in policies.

    What a finding says of all requests is proved, and what it says of one is
    replayed. POLICY is a file, a directory, a glob, or - for standard input. Without
    SPEC and options nothing is assumed of the API. CODES are codes of rules,
    with commas between them; a beginning or a glob stands for several.

    Exit codes: 0 nothing as bad as --fail-on, 1 a finding, 2 an input that
    cannot be used, 3 a question that could not be decided, and no finding.
    """
    once(*policies, *([spec] if spec else []))
    asked = _Asked(spec, endpoint, authorization, ip_address_type, fail_on, select, ignore)
    asked.selection()
    asked.setting()
    limits = pc.Limits(seconds=timeout, memory=memory)
    if manifest is not None:
        entries = given(manifest, policies)
        tasks = _listed(entries, asked, limits, streams)
        return _run(tasks, [one.policy for one in entries], streams, fleet)
    if not policies:
        raise click.UsageError("Missing argument 'POLICY...'. There is also --manifest.")
    tasks = _named(policies, asked, limits, streams)
    return _run(tasks, policies, streams, fleet)


def _named(
    policies: Sequence[str], asked: _Asked, limits: pc.Limits, streams: Streams
) -> Iterator[LintTask]:
    """The tasks of the policies that the command line names."""
    for number, name in enumerate(policies, 1):
        for source in sources([name], streams, more=number < len(policies)):
            yield _task(source, asked, limits, top_of(name))


def _listed(
    entries: Iterable[Entry], asked: _Asked, usual: pc.Limits, streams: Streams
) -> Iterator[LintTask]:
    """The tasks of a manifest; what its entry says of a policy counts more than the options."""
    for entry in entries:
        spec = str(entry.spec) if entry.spec else asked.spec
        limits = limits_of(entry, usual)
        for source in listed(entry, streams):
            yield _task(source, replace(asked, spec=spec), limits, top_of(entry.policy))


def _task(source: Input, asked: _Asked, limits: pc.Limits, top: Path | None) -> LintTask:
    """What is asked about a policy, one of the directory ``top`` if there is one; its waivers
    stand beside it.

    What is wrong with the spec stands in the place of the policy.
    """
    wanted = asked.about(_file(source))
    setting = pc.Setting()
    try:
        setting = wanted.setting()
        if isinstance(source, Policy):
            setting = setting.knowing(source.facts)
    except InputError as error:
        source = Failure(str(wanted.spec), error.diagnostics)
    return LintTask(
        source,
        _waivers(source, top),
        setting,
        wanted.selection(),
        None if wanted.fail_on == NEVER else pc.FindingType(wanted.fail_on),
        limits,
    )


def _file(source: Input) -> str:
    """The name of the file that an input stands in."""
    return source.source.name if isinstance(source, Policy) else source.name


def _waivers(source: Input, top: Path | None) -> Source | Failure | None:
    try:
        return read_waivers(_file(source), top)
    except InputError as error:
        return Failure(str(companion(_file(source))), error.diagnostics)


def _run(tasks: Iterable[LintTask], policies: Sequence[str], streams: Streams, fleet: Fleet) -> int:
    """Does the tasks, and writes what comes of each as it comes."""
    work = Linting(streams.layout, today())
    is_several = len(policies) > 1 or stands_for_several(policies[0])
    engine = fleet.engine() if is_several else InOrder()

    with (
        streams.opened() as sink,
        progress(lambda: count_sources(policies), streams) as advance,
        results(streams, sink, advance, LintTally()) as written,
    ):
        written.take(stepping(engine.run(work, tasks), advance))
        written.end(lambda tally: _last_line(tally, streams), json_findings.summary)
        write_lint(written.wholes, streams, sink)
    raise_defects(written.defects)
    if written.interrupted and is_several:
        streams.note(NOT_REACHED)
    return exits.INTERRUPTED if written.interrupted else written.tally.exit_code


def _last_line(tally: LintTally, streams: Streams) -> str:
    return (
        "" if streams.quiet or streams.form != "text" else findings.end(tally, streams.results_page)
    )


def _codes(given: Sequence[str], option: str) -> tuple[str, ...]:
    """The codes of an option. Raises BadParameter for one that no rule answers to."""
    wanted = tuple(code for text in given for part in text.split(",") if (code := part.strip()))
    for stranger in pc.Selection(wanted).strangers:
        meant = nearest(stranger, rules())
        advice = f"; did you mean {meant}?" if meant else ""
        raise click.BadParameter(f"there is no rule {stranger}{advice}", param_hint=option)
    return wanted
