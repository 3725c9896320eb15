"""The options that commands share."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import Any

import click

from policycheck.cli import exits
from policycheck.cli.streams import Streams
from policycheck.diagnostics import InputError, nearest
from policycheck.model.environment import Authorization, Endpoint, Environment, IpAddressType
from policycheck.read.spec import load_environment

Run = Callable[..., int]
"""The body of a command: takes ``streams`` and its own parameters, returns the exit code."""

_FILE = "FILE"
_WHOLE = "Write the results to FILE instead of standard output; FILE appears whole or not at all."


def streams(*forms: str, output: str = _FILE, output_help: str = _WHOLE) -> Callable[[Run], Run]:
    """Adds --format (one of ``forms``; the first by default), --output, --color and --quiet.

    Inputs that cannot be used are shown, and the exit code is 2 then.
    """
    given = _output(output, output_help)
    return lambda run: _streaming(run, forms, given, lambda file: (file, ()))


def reports(*forms: str) -> Callable[[Run], Run]:
    """The same as ``streams``, with an --output that may be given several times: FORMAT=FILE for a
    further report in one of ``forms``, or once FILE for the results."""
    given = click.option(
        "-o",
        "--output",
        "target",
        metavar="[FORMAT=]FILE",
        multiple=True,
        help="Write the results to FILE instead of standard output, or, as often as wanted, "
        "a further report in FORMAT to FILE; each appears whole or not at all.",
    )
    return lambda run: _streaming(run, forms, given, lambda texts: _placed(texts, forms))


Places = tuple[Path | None, tuple[tuple[str, Path], ...]]
"""The file of the results, if they have one, and further reports, each with its form."""


def _streaming(
    run: Run,
    forms: Sequence[str],
    output: Callable[[Run], Run],
    places: Callable[[Any], Places],
) -> Run:
    """The body with its options; ``places`` reads what is given for --output."""

    @functools.wraps(run)
    def command(*, form: str, color: str, quiet: bool, target: Any, **parameters: Any) -> int:
        found = Streams(form, color, quiet, *places(target))
        _apart([found.output, *(file for _, file in found.reports)], parameters)
        try:
            return run(streams=found, **parameters)
        except InputError as error:
            found.report(error.diagnostics)
            return exits.WRONG_INPUT

    return _form(forms)(output(_color(_quiet(command))))


def _placed(given: Sequence[str], forms: Sequence[str]) -> Places:
    """Where results and reports go. Raises UsageError for what cannot be."""
    targets = [_target(one, forms) for one in given]
    files = [file for named, file in targets if named is None]
    _once(file for _, file in targets)
    if len(files) > 1:
        advice = f"give further ones as FORMAT=FILE ({', '.join(forms)})"
        raise click.UsageError(f"the results go to one file; {advice}")
    further = tuple((named, file) for named, file in targets if named is not None)
    return (files[0] if files else None), further


Target = tuple[str | None, Path]
"""The form of a further report (None: the results themselves), and its file."""


def _target(given: str, forms: Sequence[str]) -> Target:
    """``FORMAT=FILE`` or ``FILE``; what stands before = counts only if it is a format.

    Raises BadParameter if it is nearly one.
    """
    form, equals, file = given.partition("=")
    if not equals:
        return None, Path(given)
    if form not in forms:
        if Path(form).name == form and (meant := nearest(form, forms)):
            message = f"there is no format {form}; did you mean {meant}? A file: ./{given}"
            raise click.BadParameter(message, param_hint="--output")
        return None, Path(given)
    if not file:
        raise click.BadParameter(f"{given} names no file", param_hint="--output")
    return form, Path(file)


def _once(files: Iterable[Path]) -> None:
    """Raises UsageError if two results would go to one file."""
    seen: set[Path] = set()
    for file in files:
        place = file.absolute()
        if place in seen and (file.is_file() or not file.exists()):
            raise click.UsageError(f"two reports would be written to {file}")
        seen.add(place)


_READ = ("inputs", "policies", "policy", "spec", "requests", "request", "old", "new")
"""The parameters of commands that name files to read."""


def _apart(files: Iterable[Path | None], parameters: Mapping[str, Any]) -> None:
    """Raises UsageError if results would take the place of a file that is read."""
    given = [parameters[name] for name in _READ if parameters.get(name)]
    names = (one for value in given for one in ((value,) if isinstance(value, str) else value))
    read = {Path(one).absolute() for name in names for one in (name, name.partition("#")[0])}
    for file in files:
        if file is not None and file.absolute() in read and file.is_file():
            raise click.UsageError(f"{file} is read; write the results to another file")


def _output(metavar: str, help_text: str) -> Callable[[Run], Run]:
    kind = click.Path(path_type=Path)
    return click.option("-o", "--output", "target", metavar=metavar, type=kind, help=help_text)


_color = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colour in texts. auto: if a terminal is there and NO_COLOR is not set.",
)
_quiet = click.option(
    "-q", "--quiet", is_flag=True, help="No warnings, notes, progress or what holds."
)


def _form(forms: Sequence[str]) -> Callable[[Run], Run]:
    return click.option(
        "-f",
        "--format",
        "form",
        type=click.Choice(forms),
        default=forms[0],
        show_default=True,
        help=_forms_help(forms),
    )


def _forms_help(forms: Sequence[str]) -> str:
    if "sarif" in forms:
        return "text and html are for people, the others for programs (docs/reports.md)."
    comments = ", markdown for comments" if "markdown" in forms else ""
    comments += ", html for meetings" if "html" in forms else ""
    return f"text is for people, json for programs{comments}."


def assertions(run: Run) -> Run:
    """Adds --assertion."""
    return click.option(
        "-a",
        "--assertion",
        "wanted",
        metavar="ID",
        multiple=True,
        help="Only this assertion of the spec; may be given several times.",
    )(run)


def environment(run: Run) -> Run:
    """Adds --spec, --endpoint, --authorization and --ip-address-type, as ``known``: what is known
    about the API. An option takes precedence over the spec."""

    @functools.wraps(run)
    def command(
        *,
        streams: Streams,
        spec: str | None,
        endpoint: str | None,
        authorization: str | None,
        ip_address_type: str | None,
        **parameters: Any,
    ) -> int:
        known = load_environment(spec) if spec else Environment()
        if endpoint:
            known = replace(known, endpoint=Endpoint(endpoint))
        if authorization:
            told = known.said | {"authorization"}
            known = replace(known, authorization=Authorization(authorization), said=told)
        if ip_address_type:
            known = replace(known, ip_address_type=IpAddressType(ip_address_type))
        return run(streams=streams, known=known, **parameters)

    return _spec(_endpoint(_authorization(_ip_address_type(command))))


def _known(name: str, kind: type[Enum], help_text: str) -> Callable[[Run], Run]:
    choice = click.Choice([str(one.value) for one in kind])
    return click.option(name, type=choice, help=help_text)


_spec = click.option("--spec", metavar="SPEC", help="A spec; what it says of the API counts.")
_endpoint = _known(
    "--endpoint", Endpoint, "The endpoint type. Left out: any, so that nothing is assumed."
)
_authorization = _known("--authorization", Authorization, "Left out: none, all are anonymous.")
_ip_address_type = _known("--ip-address-type", IpAddressType, "ipv4: there are no IPv6 callers.")


class _Seconds(click.FloatRange):
    """A time of more than 0 seconds, which "nan" is not, although it is no number below 0."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        given: float = super().convert(value, param, ctx)
        if math.isnan(given):
            self.fail(f"{given} is not in the range {self._describe_range()}.", param, ctx)
        return given


SECONDS = _Seconds(min=0, min_open=True)
"""What --timeout takes."""


def timeout(run: Run) -> Run:
    """Adds --timeout, as ``seconds``."""
    return click.option(
        "-t",
        "--timeout",
        "seconds",
        metavar="SECONDS",
        type=SECONDS,
        default=60.0,
        show_default="60",
        help="How long the whole question may take; then the answer is unknown.",
    )(run)


memory = click.option(
    "--memory",
    metavar="MIB",
    type=click.IntRange(min=64),
    default=2048,
    show_default="2048",
    help="How much memory the solver may take in a process; then the answer is unknown.",
)
"""Adds --memory."""

manifest = click.option(
    "--manifest",
    metavar="FILE",
    help="A YAML or JSON list of policies and what each is judged by, in place of arguments.",
)
"""Adds --manifest."""
