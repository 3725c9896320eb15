"""The mistakes found in a JSON text so far, and the mistakes inside single tokens."""

from __future__ import annotations

import re
from typing import NamedTuple

from policycheck.diagnostics import Diagnostic, Source, Span
from policycheck.read.json_strings import CODE, flaws
from policycheck.read.json_tokens import Kind, Token

_SUSPECT = re.compile(r"[\\\x00-\x1f\ud800-\udfff]")


class Mistake(NamedTuple):
    """A kind of mistake, in the words of a diagnostic."""

    message: str
    label: str
    help: str
    code: str = CODE


COMMENT = Mistake("JSON has no comments", "a comment", "remove the comment")
EXTRA_COMMA = Mistake("a comma with nothing before it", "one too many", "remove it")
MISSING_COMMA = Mistake("a comma is missing", "expected a comma", "write , between entries")
SEMICOLON = Mistake("entries are parted by a comma", "a semicolon", "write ,")
MISSING_COLON = Mistake("a colon is missing", "expected a colon", "write : after the key")
EQUALS = Mistake("a key and its value are parted by a colon", "not a colon", "write :")
COLON_FOR_VALUE = Mistake("a colon where a value belongs", "one too many", "remove it")
SECOND_COLON = Mistake("a second colon after one key", "one too many", "remove it")
COLON_IN_LIST = Mistake(
    "a list holds values, not keys with values",
    "a colon in a list",
    "write { } round keys and values",
)
MISSING_KEY = Mistake("a key is missing", "expected a key", 'write "key": value')
UNQUOTED_KEY = Mistake("a key without quotes", "no quotes", "write it in double quotes")
MISSING_VALUE = Mistake("a value is missing", "expected a value", "write a value")
SECOND_VALUE = Mistake(
    "a second value for one key", "expected a comma or }", "put the values in a list [ ]"
)
AFTER_THE_END = Mistake(
    "a second value after the end of the first",
    "more than one value",
    "keep one; two policies are two files",
)
COMMA_AFTER_THE_END = Mistake("a comma after the end", "one too many", "remove it")
SPLIT_STRING = Mistake(
    "a string ends here, and a text follows without a comma",
    "a quotation mark is missing before this, or must not be there",
    'write \\" for a quotation mark inside a string',
)
UNCLOSED_STRING = Mistake(
    "a string is not closed on its line",
    'the closing " is missing',
    'write " at its end; a line break inside a string is written \\n',
)
PLACEHOLDER = Mistake(
    "a placeholder without quotes",
    "not a value of JSON",
    "fill in the value that is meant, in double quotes",
)
NOTHING = Mistake("there is no JSON in the text", "nothing here", "write a policy document")


class Findings:
    """A growing list of mistakes.

    ``unsure``: a quotation mark, a bracket or the end of a comment is missing, so brackets that
    seem to be open at the end of the text may not be.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.found: list[Diagnostic] = []
        self.unsure = False

    def at(self, where: Token | tuple[int, int], mistake: Mistake) -> None:
        """A mistake at a token, or from one offset up to another."""
        start, end = (where.start, where.end) if isinstance(where, Token) else where
        span = Span(self.source, start, end)
        self.found.append(
            Diagnostic(mistake.code, mistake.message, span, mistake.label, mistake.help)
        )

    def after(self, token: Token, mistake: Mistake) -> None:
        """Something is missing right after a token; the span has no length."""
        self.at((token.end, token.end), mistake)

    def line(self, token: Token) -> int:
        """The line on which a token stands, from 1."""
        return self.source.position(token.start)[0]

    def check(self, token: Token) -> None:
        """Reports what is wrong with a string, wherever it stands."""
        match token.kind:
            case Kind.STRING if _SUSPECT.search(token.text):
                for flaw in flaws(token.text):
                    where = (token.start + flaw.start, token.start + flaw.end)
                    self.at(where, Mistake(flaw.message, "not allowed here", flaw.help))
            case Kind.UNTERMINATED:
                self.unsure = True
                self.at(token, UNCLOSED_STRING)
            case Kind.SINGLE_QUOTED:
                advice = f'write "{token.text[1:-1]}"'
                message = "JSON writes strings in double quotes"
                self.at(token, Mistake(message, "single quotes", advice))
            case _:
                pass
