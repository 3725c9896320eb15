"""What is wrong with a text that is meant to be JSON, told so that the author can mend it."""

from __future__ import annotations

import enum
import re

from policycheck.diagnostics import Diagnostic, Source, Span
from policycheck.read.json_strings import CODE, flaws
from policycheck.read.json_tokens import Kind, Token, tokens
from policycheck.read.json_words import is_value, word_advice

MAX_DEPTH = 64
"""How deep lists and objects may be nested; a policy needs seven levels."""

MAX_MISTAKES = 50
"""After so many mistakes the rest of the text is not looked at."""


def mistakes(source: Source) -> tuple[Diagnostic, ...]:
    """Every mistake of syntax in ``source``, by position; none if the text is JSON.

    Repeated keys are no mistake here. Takes any text, in linear time and without recursion.
    """
    if source.text.startswith(_BYTE_ORDER_MARK):
        span = Span(source, 0, 1)
        message = "the text begins with a byte order mark"
        return (Diagnostic(CODE, message, span, "U+FEFF", "save it as UTF-8 without the mark"),)
    reader = _Reader(source)
    for token in tokens(source.text):
        if reader.stopped or len(reader.found) >= MAX_MISTAKES:
            break
        reader.read(token)
    else:
        reader.finish()
    return tuple(sorted(reader.found, key=lambda one: one.span.start if one.span else 0))


class _Expect(enum.Enum):
    KEY = "a key"
    KEY_OR_END = "a key or the end of the object"
    COLON = "a colon"
    VALUE = "a value"
    VALUE_OR_END = "a value or the end of the list"
    NEXT = "a comma or the end"
    NOTHING = "nothing more"


_BYTE_ORDER_MARK = "\ufeff"
_CLOSING = {"{": "}", "[": "]"}
_OPENING = {"}": "{", "]": "["}
_NAMES = {"{": "object", "[": "list"}
_QUOTED = {Kind.STRING, Kind.SINGLE_QUOTED, Kind.UNTERMINATED}
_BARE = {Kind.WORD, Kind.OTHER, Kind.COMMENT, Kind.UNTERMINATED, Kind.PLACEHOLDER}
_SUSPECT = re.compile(r"[\\\x00-\x1f\ud800-\udfff]")
_GLUED_KEY = re.compile(r'"([^"]*?)\s*:\s*"')


class _Reader:
    """A pushdown automaton over the tokens that reports a mistake and goes on."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.found: list[Diagnostic] = []
        self.open: list[Token] = []
        self.expect = _Expect.VALUE
        self.previous = Token(Kind.OTHER, "", 0, 0)
        self.bare = False
        self.unsure = False
        self.stopped = False

    # What a token is, whatever stands before it.

    def read(self, token: Token) -> None:
        """Takes the next token."""
        if self.bare and self._continues(token):
            self.previous = token
            return
        if self._breaks_off(token):
            self.stopped = True
        elif token.kind is Kind.COMMENT:
            self.unsure |= token.text.startswith("/*") and not token.text.endswith("*/")
            self._report(token, "JSON has no comments", "a comment", "remove the comment")
        else:
            self.bare = False
            self._check(token)
            self._step(token)
            self.previous = token

    def _continues(self, token: Token) -> bool:
        """A text without quotes goes on up to a comma, a bracket or the end of its line."""
        between = self.source.text[self.previous.end : token.start]
        bare = token.kind in _BARE or (token.text == ":" and self.expect is not _Expect.COLON)
        self.unsure |= bare and token.kind in {Kind.COMMENT, Kind.UNTERMINATED}
        return bare and "\n" not in between

    def _breaks_off(self, token: Token) -> bool:
        """After a string that lacks a quote nothing can be said of what follows."""
        glued = self.previous.end == token.start
        if token.kind is Kind.STRING:
            return self.bare and glued
        if token.kind is not Kind.WORD:
            return False
        if self.previous.kind is Kind.UNTERMINATED:
            return True
        glued &= self.previous.kind is Kind.STRING
        if not glued or _GLUED_KEY.fullmatch(self.previous.text):
            return False
        self._report(
            token,
            "a string ends here, and a text follows without a comma",
            "a quotation mark is missing before this, or must not be there",
            'write \\" for a quotation mark inside a string',
        )
        return True

    def _check(self, token: Token) -> None:
        text = token.text
        if token.kind is Kind.STRING and _SUSPECT.search(text):
            for flaw in flaws(text):
                span = (token.start + flaw.start, token.start + flaw.end)
                self._report(span, flaw.message, "not allowed here", flaw.help)
        elif token.kind is Kind.UNTERMINATED:
            self.unsure = True
            self._report(
                token,
                "a string is not closed on its line",
                'the closing " is missing',
                'write " at its end; a line break inside a string is written \\n',
            )
        elif token.kind is Kind.SINGLE_QUOTED:
            self._report(
                token,
                "JSON writes strings in double quotes",
                "single quotes",
                f'write "{text[1:-1]}"',
            )

    def _report(
        self, where: Token | tuple[int, int], message: str, label: str, advice: str
    ) -> None:
        start, end = (where.start, where.end) if isinstance(where, Token) else where
        self.found.append(Diagnostic(CODE, message, Span(self.source, start, end), label, advice))

    def _report_gap(self, message: str, label: str, advice: str) -> None:
        """Something is missing between the previous token and the next."""
        self._report((self.previous.end, self.previous.end), message, label, advice)

    # What a token may be after those before it.

    def _step(self, token: Token) -> None:
        match self.expect:
            case _Expect.KEY | _Expect.KEY_OR_END:
                self._key(token)
            case _Expect.COLON:
                self._colon(token)
            case _Expect.VALUE | _Expect.VALUE_OR_END:
                self._value(token)
            case _Expect.NEXT:
                self._next(token)
            case _Expect.NOTHING:
                self._extra(token)

    def _key(self, token: Token) -> None:
        if token.text == "}" and self.expect is _Expect.KEY:
            self._trailing_comma(token)
        elif token.text in _OPENING:
            self._close(token)
        elif token.text == ",":
            self._report(token, "a comma with nothing before it", "one too many", "remove it")
        elif token.text == ":":
            self._report(token, "a key is missing", "no key before it", 'write "key": value')
            self.expect = _Expect.VALUE
        elif token.kind is Kind.OPEN:
            self._report(token, "a key is missing", "expected a key", 'write "key": value')
            self._push(token)
        else:
            self.expect = _Expect.COLON
            self._unquoted_key(token)

    def _unquoted_key(self, token: Token) -> None:
        if token.kind not in _QUOTED:
            advice = "write it in double quotes"
            self._report(token, "a key without quotes", "", advice)
            self.bare = True

    def _colon(self, token: Token) -> None:
        if token.text == ":":
            self.expect = _Expect.VALUE
        elif token.text == "=":
            self._report(token, "a key and its value are parted by a colon", "", "write :")
            self.expect = _Expect.VALUE
        elif token.text == "," or token.text in _OPENING:
            advice = f"write {self.previous.text}: value; a list stands in [ ]"
            self._report(self.previous, "a key without a value", "no colon follows", advice)
            self._next(token)
        elif token.kind is Kind.WORD and (glued := _GLUED_KEY.fullmatch(self.previous.text)):
            advice = f'write "{glued[1]}":'
            self._report(self.previous, 'a key without its closing "', "", advice)
            self._done()
            self.bare = True
        else:
            self._report_gap("a colon is missing", "expected a colon", "write : after the key")
            self._value(token)

    def _value(self, token: Token) -> None:
        if token.kind is Kind.OPEN:
            self._push(token)
        elif token.text in _OPENING:
            self._end_for_value(token)
        elif token.text == ",":
            self._missing_value(token)
            self._after_comma()
        elif token.text == ":":
            self._report(token, "a colon where a value belongs", "one too many", "remove it")
        else:
            self._done()
            self._unquoted_value(token)

    def _unquoted_value(self, token: Token) -> None:
        if token.kind in _QUOTED or (token.kind is Kind.WORD and is_value(token.text)):
            return
        message, advice = word_advice(token.text)
        if token.kind is Kind.PLACEHOLDER:
            message = "a placeholder without quotes"
            advice = "fill in the value that is meant, in double quotes"
        self._report(token, message, "not a value of JSON", advice)
        self.bare = True

    def _end_for_value(self, token: Token) -> None:
        if self.expect is _Expect.VALUE_OR_END:
            self._close(token)
        elif self.open and self.open[-1].text == "[":
            self._trailing_comma(token)
        elif self.open:
            self._missing_value(token)
            self._close(token)
        else:
            self._extra(token)

    def _missing_value(self, token: Token) -> None:
        in_list = bool(self.open) and self.open[-1].text == "["
        if in_list or not self.open:
            self._report(token, "a comma with nothing before it", "one too many", "remove it")
        else:
            self._report_gap("a value is missing", "expected a value", "write a value")

    def _next(self, token: Token) -> None:
        self.expect = _Expect.NEXT
        if token.text == ",":
            self._after_comma()
        elif token.text in _OPENING:
            self._close(token)
        elif token.text == ":":
            self._stray_colon(token)
        elif token.text == ";":
            self._report(token, "entries are parted by a comma", "a semicolon", "write ,")
            self._after_comma()
        elif self.open[-1].text == "{" and (token.kind is Kind.OPEN or is_value(token.text)):
            self._report(token, "a second value for one key", "", "put the values in a list [ ]")
            self._value(token)
        else:
            self._report_gap("a comma is missing", "expected a comma", "write , between entries")
            self._after_comma()
            self._step(token)

    def _stray_colon(self, token: Token) -> None:
        if self.open[-1].text == "[":
            message = "a list holds values, not keys with values"
            self._report(token, message, "a colon in a list", "write { } round keys and values")
        else:
            self._report(token, "a second colon after one key", "one too many", "remove it")
        self.expect = _Expect.VALUE

    def _extra(self, token: Token) -> None:
        if token.text in _OPENING:
            self._report(token, f"{token.text} closes nothing", "one too many", "remove it")
        elif token.text == ",":
            self._report(token, "a comma after the end of the text", "too much", "remove it")
        else:
            advice = "keep one; two policies are two files"
            self._report(token, "a second value after the end of the first", "", advice)
        self.stopped = True

    # Opening and closing.

    def _after_comma(self) -> None:
        in_list = not self.open or self.open[-1].text == "["
        self.expect = _Expect.VALUE if in_list else _Expect.KEY

    def _done(self) -> None:
        self.expect = _Expect.NEXT if self.open else _Expect.NOTHING

    def _push(self, token: Token) -> None:
        if len(self.open) >= MAX_DEPTH:
            span = Span(self.source, token.start, token.end)
            message = f"lists and objects are nested more than {MAX_DEPTH} deep"
            self.found.append(Diagnostic("NESTING_TOO_DEEP", message, span, "too deep"))
            self.stopped = True
        self.open.append(token)
        self.expect = _Expect.KEY_OR_END if token.text == "{" else _Expect.VALUE_OR_END

    def _trailing_comma(self, token: Token) -> None:
        name = _NAMES[_OPENING[token.text]]
        if self.previous.text == ",":
            message = f"a comma before the end of the {name}"
            self._report(self.previous, message, "one too many", "remove the comma")
        self._close(token)

    def _close(self, token: Token) -> None:
        if self.open[-1].text == _OPENING[token.text]:
            self.open.pop()
        else:
            self._close_other(token)
        self._done()

    def _close_other(self, token: Token) -> None:
        """A bracket of the other kind: the right one is missing, or this one is wrong."""
        self.unsure = True
        opener = self.open[-1]
        where = f"the {_NAMES[opener.text]} of line {self._line(opener)}"
        right = _CLOSING[opener.text]
        meant = [i for i, one in enumerate(self.open) if one.text == _OPENING[token.text]]
        depth = meant[-1] if meant else -1
        ends = depth == 0 and not self.source.text[token.end :].strip()
        if depth > 0 or ends:
            self._report_gap(f"{where} is not closed", f"expected {right}", f"write {right}")
            del self.open[depth:]
        else:
            message = f"{where} is closed by {token.text}"
            self._report(token, message, "the wrong bracket", f"write {right}")
            self.open.pop()

    def _line(self, token: Token) -> int:
        return self.source.position(token.start)[0]

    def finish(self) -> None:
        """Says what is missing at the end of the text."""
        if not self.previous.text:
            start = (0, 0)
            self._report(start, "there is no JSON in the text", "", "write a policy document")
        elif self.open and not self.unsure:
            missing = "".join(_CLOSING[one.text] for one in reversed(self.open))
            opener = self.open[-1]
            where = f"the {opener.text} of line {self._line(opener)} is still open"
            self._report_gap("the text ends too early", where, f"write {missing} at the end")
