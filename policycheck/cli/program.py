"""The whole run: arguments, errors that nobody expected, and the exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress

import click

from policycheck.cli import exits
from policycheck.cli.group import COMPLETE, policycheck
from policycheck.cli.process import (
    Termination,
    drop_results,
    flush_messages,
    open_missing_streams,
)
from policycheck.diagnostics import DisagreementError
from policycheck.fleet.alone import alone
from policycheck.interrupts import interrupted_for_sure
from policycheck.report.characters import printable, shorten
from policycheck.version import __version__

DEBUG = "POLICYCHECK_DEBUG"
"""The environment variable that, if it is set, has internal errors show their traceback."""

_LONGEST = 300


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command line (that of the process, if None) and returns its exit code."""
    termination = Termination()
    if arguments is None:
        open_missing_streams()
        termination.watch()
    if instruction := os.environ.get(COMPLETE):
        from click.shell_completion import shell_complete  # noqa: PLC0415 -- only for shells

        return shell_complete(policycheck, {}, "policycheck", COMPLETE, instruction)
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        code = _run(given)
        sys.stdout.flush()
    except BrokenPipeError:
        drop_results()
        return exits.PIPE_CLOSED
    except OSError as error:
        return _refused(error)
    finally:
        flush_messages()
    return termination.code(code)


def _run(arguments: list[str]) -> int:
    """Without click's own ``main``, which has other exit codes for closed pipes and interrupts."""
    try:
        with (
            interrupted_for_sure(),
            policycheck.make_context("policycheck", arguments) as context,
            alone(),
        ):
            code: int = policycheck.invoke(context)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        if arguments:  # the message may quote anything; without any it is the help
            error.message = shorten(printable(error.message), _LONGEST)  # type: ignore[misc]
        error.show()
        return exits.WRONG_INPUT
    except KeyboardInterrupt:
        return exits.INTERRUPTED
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 -- the last resort: no traceback for users
        return _internal(error, arguments)
    return code


def _refused(error: OSError) -> int:
    """What the system refuses (a full disk, a name that is too long) is no defect of policycheck.

    Whoever reads messages may be gone too, and the exit code is all there is then.
    """
    if os.environ.get(DEBUG):
        _show(error)
    what = (
        shorten(printable(str(error.filename)), _LONGEST)
        if error.filename
        else "the results cannot be written"
    )
    with suppress(OSError):
        click.echo(f"policycheck: error: {what}: {error.strerror or error}", err=True)
    drop_results()
    return exits.WRONG_INPUT


def _show(error: Exception) -> None:
    import traceback  # noqa: PLC0415 -- only here

    traceback.print_exception(error)


def _internal(error: Exception, arguments: list[str]) -> int:
    """Says what to report: a defect of policycheck is never a result."""
    if os.environ.get(DEBUG):
        _show(error)
    from shlex import join  # noqa: PLC0415 -- only here

    if isinstance(error, DisagreementError):
        from policycheck.cli.disagreement import to_report  # noqa: PLC0415 -- only here

        click.echo(
            f"policycheck: internal error, not a result. {error.parties} disagree:\n"
            f"{_printable_lines(str(error))}\n"
            f"please report it with these lines, {to_report(error)}:\n"
            f"  {_versions()}\n"
            f"  {printable(join(['policycheck', *arguments]))}",
            err=True,
        )
    else:
        what = shorten(printable(f"{type(error).__name__}: {error}"), _LONGEST)
        click.echo(
            f"policycheck: internal error: {what} "
            f"(please report it; {_versions()}; {DEBUG}=1 shows where)",
            err=True,
        )
    return exits.INTERNAL


def _printable_lines(text: str) -> str:
    return "\n".join(f"  {printable(line)}" for line in text.splitlines())


def _versions() -> str:
    solver = sys.modules.get("z3")
    z3 = f", Z3 {solver.get_version_string()}" if solver else ""
    python = sys.version.partition(" ")[0]
    return f"policycheck {__version__}{z3}, Python {python} on {sys.platform}"
