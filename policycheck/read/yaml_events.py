"""The events of a YAML text, and where in the text they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StringMark
from ruamel.yaml.events import Event
from ruamel.yaml.scanner import Scanner, ScannerError
from ruamel.yaml.tokens import Token, ValueToken

from policycheck.diagnostics import Diagnostic, InputError, Source, Span, by_position
from policycheck.read.yaml_scalars import CODE

_INDICATORS = re.compile(r"(?:(?:\s|#[^\n]*+)*+[-:?,])++")
_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*+(?:\s+|(?=[\[{])))+")

_AFTER_A_SIGN = " \t\r\n\0,[]{}"

TOO_HIGH = "found an escape beyond the last character"
"""The problem that is reported of an escape like ``\\U00110000``."""


class PatternScanner(Scanner):
    """Takes ``?ro*`` and ``::1`` for texts within brackets too, as YAML 1.2 does (production
    ns-plain-first).

    The scanner of ruamel.yaml takes any ``?`` there for the sign of a key, and ``::1`` for that of
    a value if the parser has already taken the colon before it.
    """

    taken: Token | None = None
    """The last token that the parser took."""

    def get_token(self) -> Token:
        """The next token."""
        self.taken = super().get_token()
        return self.taken

    def check_value(self) -> bool:
        """Whether the ``:`` ahead begins a value."""
        before = self.tokens[-1] if self.tokens else self.taken
        if isinstance(before, ValueToken) and self.reader.peek(1) not in _AFTER_A_SIGN:
            return False
        return bool(super().check_value())

    def check_key(self) -> bool:
        """Whether the ``?`` ahead begins a key."""
        return self.reader.peek(1) in _AFTER_A_SIGN

    def check_plain(self) -> bool:
        """Whether a text without quotes is ahead."""
        return self.reader.peek() == "?" or bool(super().check_plain())

    def scan_yaml_directive_number(self, start_mark: StringMark) -> int:
        """A part of a version. Raises ScannerError where it is too long for Python."""
        try:
            return int(super().scan_yaml_directive_number(start_mark))
        except ValueError:
            context, problem = "while scanning a directive", "found too long a number"
            raise ScannerError(context, start_mark, problem, self.reader.get_mark()) from None

    def scan_flow_scalar_non_spaces(self, double: bool, start_mark: StringMark) -> list[str]:
        """The pieces of a text in quotes. Raises ScannerError where the base would let a
        ValueError or an OverflowError through."""
        try:
            return list(super().scan_flow_scalar_non_spaces(double, start_mark))
        except (ValueError, OverflowError):
            context = "while scanning a double-quoted scalar"
            raise ScannerError(context, start_mark, TOO_HIGH, self.reader.get_mark()) from None


class EventStream:
    """The events that the parser of ruamel.yaml gives, with what is wrong with them."""

    def __init__(self, source: Source) -> None:
        self.source = source
        reader = YAML(typ="safe", pure=True)
        reader.Scanner = PatternScanner
        self.events: Iterator[Event] = reader.parse(source.text)
        self.diagnostics: list[Diagnostic] = []

    def next(self) -> Event | None:
        """The next event; None after the last. Raises InputError at a mistake of syntax."""
        try:
            return next(self.events, None)
        except MarkedYAMLError as error:
            from policycheck.read.yaml_mistakes import explain  # noqa: PLC0415 -- most texts have none

            self.diagnostics.append(explain(self.source, error))
            raise self.failure() from None

    def take(self) -> Event:
        """The next event, which must be there. Raises InputError if it is not."""
        event = self.next()
        if event is None:
            self.report(CODE, "the text ends too early", self.span(0, 0))
            raise self.failure()
        return event

    def span(self, start: int, end: int) -> Span:
        """The stretch from ``start`` to ``end``."""
        return Span(self.source, start, end)

    def of(self, event: Event) -> Span:
        """The text of an event, with its anchor and tag if it has any."""
        return self.span(event.start_mark.index, event.end_mark.index)

    def content(self, event: Event) -> int:
        """Where the text of an event begins behind its anchor and tag."""
        start: int = event.start_mark.index
        match = _PROPERTIES.match(self.source.text, start)
        return match.end() if match else start

    def gap(self, start: int, end: int) -> int:
        """Where a value is missing: behind the last colon or dash from ``start`` to ``end``."""
        match = _INDICATORS.match(self.source.text, start, end)
        return match.end() if match else end

    def report(self, code: str, message: str, span: Span, advice: str = "") -> None:
        """Notes an error and goes on."""
        self.diagnostics.append(Diagnostic(code, message, span, "", advice))

    def failure(self) -> InputError:
        """The exception with everything that was found, to be raised."""
        return InputError(by_position(self.diagnostics))
