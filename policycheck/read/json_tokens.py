"""The tokens of a JSON text, and of what people write in its place."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from typing import NamedTuple


class Kind(enum.Enum):
    """What a token is. JSON knows the first four; a WORD may be a number or a bare name."""

    STRING = "string"
    WORD = "word"
    OPEN = "open"
    PUNCTUATION = "punctuation"
    UNTERMINATED = "unterminated"
    SINGLE_QUOTED = "single-quoted"
    PLACEHOLDER = "placeholder"
    COMMENT = "comment"
    OTHER = "other"


class Expect(enum.Enum):
    """What may come next in a JSON text."""

    KEY = "a key"
    KEY_OR_END = "a key or the end of the object"
    COLON = "a colon"
    VALUE = "a value"
    VALUE_OR_END = "a value or the end of the list"
    NEXT = "a comma or the end"
    NOTHING = "nothing more"


class Token(NamedTuple):
    """A stretch of the text, by its offsets in characters."""

    kind: Kind
    text: str
    start: int
    end: int


_TOKEN = re.compile(
    r"""
      (?P<STRING>        "(?:[^"\\\n]|\\[^\n])*" )
    | (?P<UNTERMINATED>  "[^\n]* )
    | (?P<SINGLE_QUOTED> '(?:[^'\\\n]|\\[^\n])*' )
    | (?P<COMMENT>       //[^\n]* | /\*(?s:.*?)(?:\*/|\Z) | \#[^\n]* )
    | (?P<PLACEHOLDER>   \$\{[^{}\n]*\} | \{\{[^{}\n]*\}\} )
    | (?P<OPEN>          [{\[] )
    | (?P<PUNCTUATION>   [}\]:,] )
    | (?P<WORD>          [^\s{}\[\]:,;="'/\#]+ )
    | (?P<OTHER>         '[^\n]* | \S )
    """,
    re.VERBOSE,
)


def tokens(text: str) -> Iterator[Token]:
    """The tokens of ``text`` in order; blanks are none. Takes any text, in linear time.

    A string without its closing quote ends with its line, before a comma that ends the line.
    """
    for match in _TOKEN.finditer(text):
        kind = Kind[str(match.lastgroup)]
        token = Token(kind, match.group(), match.start(), match.end())
        if kind is Kind.UNTERMINATED or (kind is Kind.OTHER and len(token.text) > 1):
            yield from _cut(token)
        else:
            yield token


def _cut(token: Token) -> Iterator[Token]:
    text = token.text.rstrip()
    comma = text.endswith(",")
    text = text.removesuffix(",")
    end = token.start + len(text)
    yield token._replace(text=text, end=end)
    if comma:
        yield Token(Kind.PUNCTUATION, ",", end, end + 1)
