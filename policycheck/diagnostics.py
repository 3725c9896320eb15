"""Where a text is wrong, what is wrong with it, and what to write instead."""

from __future__ import annotations

import enum
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import field
from functools import cached_property

from policycheck.dataclass import dataclass


@dataclass(frozen=True)
class Source:
    """A text that somebody wrote, with the name it is known by (a path, or ``<stdin>``)."""

    name: str
    text: str = field(repr=False)

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """The offset, in characters, of the first character of each line."""
        starts = [0]
        starts.extend(i + 1 for i, char in enumerate(self.text) if char == "\n")
        return tuple(starts)

    def position(self, offset: int) -> tuple[int, int]:
        """The line and column (both from 1, in characters) of ``offset``."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def before(self, offset: int) -> int:
        """How many characters of its line, as ``line`` gives it, stand before ``offset``."""
        return offset - self.line_starts[bisect_right(self.line_starts, offset) - 1]

    def line(self, number: int) -> str:
        """The text of line ``number`` (from 1), without its line break."""
        start = self.line_starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start : end if end >= 0 else len(self.text)].rstrip("\r")


@dataclass(frozen=True)
class Excerpt(Source):
    """A part of a text that is too long to be kept; where it begins there is ``first_line`` and
    ``first_column``, both from 1."""

    first_line: int = 1
    first_column: int = 1

    def position(self, offset: int) -> tuple[int, int]:
        """The line and column of ``offset`` in the whole text."""
        line, column = super().position(offset)
        shift = self.first_column - 1 if line == 1 else 0
        return line + self.first_line - 1, column + shift

    def line(self, number: int) -> str:
        """What the excerpt has of line ``number`` of the whole text."""
        return super().line(number - self.first_line + 1)


@dataclass(frozen=True)
class Span:
    """A stretch of a source: ``start`` up to, not including, ``end`` (offsets in characters)."""

    source: Source = field(repr=False)
    start: int
    end: int

    @property
    def line(self) -> int:
        """The line of the first character, from 1."""
        return self.source.position(self.start)[0]

    @property
    def column(self) -> int:
        """The column of the first character, from 1."""
        return self.source.position(self.start)[1]

    @property
    def text(self) -> str:
        """The characters of the stretch."""
        return self.source.text[self.start : self.end]

    def __str__(self) -> str:
        return f"{self.source.name}:{self.line}:{self.column}"


class Level(enum.Enum):
    """How bad a diagnostic is: an error stops the work, a warning is only said."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Diagnostic:
    """One thing that is wrong with an input.

    ``code`` is a stable name (AWS's own where AWS has one), ``message`` one sentence,
    ``label`` what stands beside the underlined text, ``help`` what to write instead.
    """

    code: str
    message: str
    span: Span | None = None
    label: str = ""
    help: str = ""
    level: Level = Level.ERROR

    def __str__(self) -> str:
        where = f"{self.span}: " if self.span else ""
        return f"{where}{self.level.value}: {self.message} [{self.code}]"


class PolicycheckError(Exception):
    """The root of every error that policycheck raises on purpose."""

    exit_code = 70


class InputError(PolicycheckError):
    """An input that cannot be used. Carries every diagnostic found, errors and warnings."""

    exit_code = 2

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(map(str, self.diagnostics)))


class DisagreementError(PolicycheckError):
    """The two readings of AWS disagree: a defect of policycheck, never a verdict.

    ``material`` has the texts that are needed to report it, besides the message, by file name.
    """

    exit_code = 70
    parties = "The two readings of AWS"

    def __init__(self, message: str, material: Mapping[str, str] | None = None) -> None:
        self.material = dict(material or {})
        super().__init__(message, self.material)

    def __str__(self) -> str:
        return str(self.args[0])


class SolversDisagreeError(DisagreementError):
    """A second solver contradicts a verdict: a defect of policycheck or of a solver."""

    parties = "The two solvers"


def by_position(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics about one text in its order; those without a place come first."""
    return sorted(found, key=lambda one: one.span.start if one.span else 0)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The one of ``known`` that ``word`` most likely means, or None when none is close."""
    by_folded = {name.casefold(): name for name in known}
    from difflib import get_close_matches  # noqa: PLC0415 -- for mistakes alone

    matches = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[matches[0]] if matches else None
