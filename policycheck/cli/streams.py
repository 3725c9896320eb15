"""Where results and messages go."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, TextIO

import click

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic
from policycheck.report import diagnostics
from policycheck.report.characters import printable
from policycheck.report.layout import Layout
from policycheck.report.page import COLUMNS, Page

STREAMED = frozenset({"text", "json"})
"""The forms in which each result is written as it comes."""

_NARROWEST, _WIDEST = 40, 100


@dataclass(frozen=True)
class Streams:
    """Standard output or the file given by --output for results, standard error for the rest.

    ``form`` is that of results; ``colour`` is ``auto``, ``always`` or ``never``; ``quiet`` keeps
    warnings and notes away. ``reports`` are further files, each with the form of what it gets.
    """

    form: str = "text"
    colour: str = "auto"
    quiet: bool = False
    output: Path | None = None
    reports: tuple[tuple[str, Path], ...] = ()

    @property
    def targets(self) -> tuple[Streams, ...]:
        """One for the results themselves, then one for each further file."""
        files = (replace(self, form=form, output=file, reports=()) for form, file in self.reports)
        return (replace(self, reports=()), *files)

    @property
    def results_page(self) -> Page:
        """What results are laid out for."""
        return self._page(None if self.output else sys.stdout)

    @property
    def messages_page(self) -> Page:
        """What messages are laid out for."""
        return self._page(sys.stderr)

    @property
    def layout(self) -> Layout:
        """How results and messages are laid out."""
        whole = self.form not in STREAMED or bool(self.reports)
        return Layout(self.form, self.results_page, self.messages_page, self.quiet, whole)

    def _page(self, stream: TextIO | None) -> Page:
        found = shutil.get_terminal_size((COLUMNS, 24)).columns
        return Page(min(max(found, _NARROWEST), _WIDEST), self._colours(stream))

    def _colours(self, stream: TextIO | None) -> bool:
        """A flag decides before NO_COLOR does (no-color.org), and NO_COLOR before the terminal."""
        if self.colour != "auto":
            return self.colour == "always"
        return stream is not None and is_terminal(stream) and not os.environ.get("NO_COLOR")

    def result(self, text: str) -> None:
        """Writes a whole result; a file is there with all of it or not at all."""
        with self.opened() as file:
            file.write(text.encode("utf-8", "backslashreplace"))

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """The stream for results; a file takes its name when everything is written."""
        if self.output is not None:
            with replacing(self.output) as file:
                yield file
            return
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()

    def report(self, found: Iterable[Diagnostic]) -> None:
        """Shows errors, and warnings unless they are not wanted."""
        shown = diagnostics.wanted(found, quiet=self.quiet)
        self.message(diagnostics.render(shown, self.messages_page))

    def message(self, text: str) -> None:
        """Shows a text that is laid out for the page of messages."""
        click.echo(text, nl=False, err=True, color=True)

    def note(self, text: str) -> None:
        """Says something in passing, unless that is not wanted."""
        if not self.quiet:
            click.echo(f"policycheck: {printable(text)}", err=True)


def is_terminal(stream: TextIO) -> bool:
    """Whether a person sees the stream, on a terminal that knows escape codes."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file that takes the place of ``path`` at the end; an error leaves what was there.

    Raises click.FileError if the file cannot be written. What is no regular file (a device, a
    pipe) is written to directly.
    """
    try:
        there = _status(path)
        if there is not None and not stat.S_ISREG(there.st_mode):
            with path.open("wb") as file:
                yield file
            return
        from policycheck.atomic_file import replacing_file  # noqa: PLC0415 -- only for files

        with replacing_file(path.resolve(), there and there.st_mode & 0o777) as file:
            yield file
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        named = path if error.filename is None else _named(error, path)
        raise click.FileError(str(named), error.strerror) from error


def _named(error: OSError, path: Path) -> Path:
    """The file that an error is about: ``path``, also where its temporary file is named."""
    about = Path(os.fsdecode(error.filename))
    return path if about.name.startswith(f".{path.name}.") else about


def _status(path: Path) -> os.stat_result | None:
    """What is at the path; None if there is nothing. Raises OSError if nothing can be."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None
