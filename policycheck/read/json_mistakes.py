"""What is wrong with a text that is meant to be JSON, told so that the author can mend it."""

from __future__ import annotations

import re
from typing import assert_never

from policycheck.diagnostics import Diagnostic, Source, by_position
from policycheck.read import json_findings as mistake
from policycheck.read.json_brackets import NAMES, OPENING, Brackets
from policycheck.read.json_findings import Findings, Mistake
from policycheck.read.json_tokens import Expect, Kind, Token, tokens
from policycheck.read.json_words import is_value, word_advice

MAX_MISTAKES = 50
"""After so many mistakes the rest of the text is not looked at."""


def mistakes(source: Source) -> tuple[Diagnostic, ...]:
    """Every mistake of syntax in ``source``, by position; none if the text is JSON.

    Repeated keys are no mistake here. Takes any text, in linear time and without recursion.
    """
    reader = _Reader(source)
    for token in tokens(source.text):
        if reader.stopped or len(reader.findings.found) >= MAX_MISTAKES:
            break
        reader.read(token)
    else:
        reader.finish()
    return tuple(by_position(reader.findings.found))


_QUOTED = {Kind.STRING, Kind.SINGLE_QUOTED, Kind.UNTERMINATED}
_BARE = {Kind.WORD, Kind.OTHER, Kind.COMMENT, Kind.UNTERMINATED, Kind.PLACEHOLDER}
_GLUED_KEY = r'"([^":]*[^":\s])\s*:\s*"'


class _Reader:
    """A pushdown automaton over the tokens that reports a mistake and goes on.

    ``bare``: the previous token is part of a text without quotes. ``reported``: where the last
    comma stands that is one too many.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.findings = Findings(source)
        self.brackets = Brackets(self.findings)
        self.expect = Expect.VALUE
        self.previous = Token(Kind.OTHER, "", 0, 0)
        self.bare = False
        self.stopped = False
        self.reported = -1

    def read(self, token: Token) -> None:
        """Takes the next token."""
        if self.bare and self._continues(token):
            self.previous = token
        elif self._breaks_off(token):
            self.stopped = True
        elif token.kind is Kind.COMMENT:
            self.findings.unsure |= token.text.startswith("/*") and not token.text.endswith("*/")
            self.findings.at(token, mistake.COMMENT)
        else:
            self.bare = False
            self.findings.check(token)
            self._step(token)
            self.previous = token

    def finish(self) -> None:
        """Says what is missing at the end of the text."""
        if self.previous.text:
            self.brackets.finish(self.previous)
        else:
            self.findings.at((0, 0), mistake.NOTHING)

    def _continues(self, token: Token) -> bool:
        """A text without quotes goes on up to a comma, a bracket or the end of its line."""
        if "\n" in self.source.text[self.previous.end : token.start]:
            return False
        if token.text == ":":
            return self.expect is not Expect.COLON
        self.findings.unsure |= token.kind in {Kind.COMMENT, Kind.UNTERMINATED}
        return token.kind in _BARE

    def _breaks_off(self, token: Token) -> bool:
        """After a string that lacks a quote nothing can be said of what follows."""
        glued = self.previous.end == token.start
        if token.kind is Kind.STRING:
            return self.bare and glued
        if self.previous.kind is Kind.UNTERMINATED:
            return token.kind in _BARE
        if token.kind is not Kind.WORD or self.previous.kind not in _QUOTED or not glued:
            return False
        if re.fullmatch(_GLUED_KEY, self.previous.text):
            return False
        self.findings.at(token, mistake.SPLIT_STRING)
        return True

    def _step(self, token: Token) -> None:
        match self.expect:
            case Expect.KEY | Expect.KEY_OR_END:
                self._key(token)
            case Expect.COLON:
                self._colon(token)
            case Expect.VALUE | Expect.VALUE_OR_END:
                self._value(token)
            case Expect.NEXT:
                self._next(token)
            case Expect.NOTHING:
                self._extra(token)
            case _:
                assert_never(self.expect)

    def _key(self, token: Token) -> None:
        if token.text in OPENING:
            self._close(token)
        elif token.text == ",":
            self._extra_comma(token)
        elif token.text == ":":
            self.findings.at(token, mistake.MISSING_KEY)
            self.expect = Expect.VALUE
        elif token.kind is Kind.OPEN:
            self.findings.at(token, mistake.MISSING_KEY)
            self._push(token)
        else:
            self.expect = Expect.COLON
            if token.kind not in _QUOTED:
                self.findings.at(token, mistake.UNQUOTED_KEY)
                self.bare = True

    def _colon(self, token: Token) -> None:
        if token.text == ":":
            self.expect = Expect.VALUE
        elif token.text == "=":
            self.findings.at(token, mistake.EQUALS)
            self.expect = Expect.VALUE
        elif token.text == "," or token.text in OPENING:
            advice = f"write {self.previous.text}: value; a list stands in [ ]"
            lone = Mistake("a key without a value", "no colon follows", advice)
            self.findings.at(self.previous, lone)
            self._next(token)
        elif token.kind is Kind.WORD and (glued := re.fullmatch(_GLUED_KEY, self.previous.text)):
            unclosed = Mistake('a key without its closing "', "", f'write "{glued[1]}":')
            self.findings.at(self.previous, unclosed)
            self._done()
            self.bare = True
        else:
            self.findings.after(self.previous, mistake.MISSING_COLON)
            self._value(token)

    def _value(self, token: Token) -> None:
        if token.kind is Kind.OPEN:
            self._push(token)
        elif token.text in OPENING:
            self._end_for_value(token)
        elif token.text == ",":
            self._comma_for_value(token)
        elif token.text == ":":
            self.findings.at(token, mistake.COLON_FOR_VALUE)
        else:
            self._done()
            if token.kind not in _QUOTED and not is_value(token.text):
                self._unquoted_value(token)

    def _unquoted_value(self, token: Token) -> None:
        message, advice = word_advice(token.text)
        placeholder = token.kind is Kind.PLACEHOLDER
        unquoted = Mistake(message, "not a value of JSON", advice)
        self.findings.at(token, mistake.PLACEHOLDER if placeholder else unquoted)
        self.bare = True

    def _end_for_value(self, token: Token) -> None:
        if not self.brackets.open:
            self._extra(token)
            return
        if self.brackets.innermost == "{":
            self.findings.after(self.previous, mistake.MISSING_VALUE)
        self._close(token)

    def _comma_for_value(self, token: Token) -> None:
        if self.brackets.innermost == "{":
            self.findings.after(self.previous, mistake.MISSING_VALUE)
        else:
            self._extra_comma(token)
        self._after_comma()

    def _extra_comma(self, token: Token) -> None:
        self.findings.at(token, mistake.EXTRA_COMMA)
        self.reported = token.start

    def _next(self, token: Token) -> None:
        self.expect = Expect.NEXT
        if token.text == ",":
            self._after_comma()
        elif token.text in OPENING:
            self._close(token)
        elif token.text == ":":
            in_list = self.brackets.innermost == "["
            self.findings.at(token, mistake.COLON_IN_LIST if in_list else mistake.SECOND_COLON)
            self.expect = Expect.VALUE
        elif token.text == ";":
            self.findings.at(token, mistake.SEMICOLON)
            self._after_comma()
        else:
            self._without_comma(token)

    def _without_comma(self, token: Token) -> None:
        lone = token.kind is Kind.OPEN or is_value(token.text)
        if lone and self.brackets.innermost == "{":
            self.findings.at(token, mistake.SECOND_VALUE)
            self._value(token)
        else:
            self.findings.after(self.previous, mistake.MISSING_COMMA)
            self._after_comma()
            self._step(token)

    def _extra(self, token: Token) -> None:
        if token.text in OPENING:
            surplus = Mistake(f"{token.text} closes nothing", "one too many", "remove it")
            self.findings.at(token, surplus)
        elif token.text == ",":
            self.findings.at(token, mistake.COMMA_AFTER_THE_END)
        else:
            self.findings.at(token, mistake.AFTER_THE_END)
        self.stopped = True

    def _after_comma(self) -> None:
        self.expect = Expect.KEY if self.brackets.innermost == "{" else Expect.VALUE

    def _done(self) -> None:
        self.expect = Expect.NEXT if self.brackets.open else Expect.NOTHING

    def _push(self, token: Token) -> None:
        self.stopped = not self.brackets.push(token)
        self.expect = Expect.KEY_OR_END if token.text == "{" else Expect.VALUE_OR_END

    def _close(self, token: Token) -> None:
        """Takes a closing bracket; a comma right before it is one too many."""
        if self.previous.text == "," and self.previous.start != self.reported:
            message = f"a comma before the end of the {NAMES[OPENING[token.text]]}"
            self.findings.at(self.previous, Mistake(message, "one too many", "remove the comma"))
        self.brackets.close(token)
        self._done()
