"""The options that commands share."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from policycheck.cli import exits
from policycheck.cli.streams import Streams
from policycheck.diagnostics import InputError

Run = Callable[..., int]
"""The body of a command: takes ``streams`` and its own parameters, returns the exit code."""


_FILE = "FILE"
_WHOLE = "Write the results to FILE instead of standard output; FILE appears whole or not at all."


def streams(*forms: str, output: str = _FILE, output_help: str = _WHOLE) -> Callable[[Run], Run]:
    """Adds --format (one of ``forms``; the first by default), --output, --color and --quiet.

    Inputs that cannot be used are shown, and the exit code is 2 then.
    """

    def adding(run: Run) -> Run:
        @functools.wraps(run)
        def command(
            *, form: str, color: str, quiet: bool, target: Path | None, **parameters: Any
        ) -> int:
            found = Streams(form, color, quiet, target)
            try:
                return run(streams=found, **parameters)
            except InputError as error:
                found.report(error.diagnostics)
                return exits.WRONG_INPUT

        return _form(forms)(_output(output, output_help)(_color(_quiet(command))))

    return adding


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
        help="text is for people, json for programs.",
    )


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
