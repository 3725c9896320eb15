"""The grammar of the Serverless Framework's variables
(serverless/serverless, lib/configuration/variables/parse.js).

``${type:address, type(parameter):address, 'literal'}``: the first source with a value counts. What
begins otherwise (``${AWS::Region}``, ``${Name}``) is no variable, and stays as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from policycheck.dataclass import dataclass

MAX_DEPTH = 16
"""How deep variables may stand in the addresses of others."""

_START = re.compile(r"(?<!\\)(?P<slashes>\\*)(?P<dollars>(?<!\$)\$+)\{")
_TYPE = re.compile(r"(?P<kind>[a-z][a-zA-Z0-9.-]*)(?=\(|: *[^ :])")
_QUOTED = re.compile(r"""'(?P<single>[^']*)'|"(?P<double>[^"\\]*)\"""")
_PARAMETERS = re.compile(r"\([^(){}$]*\)")
_LITERAL = re.compile(r"[A-Za-z0-9.-]+")
_ADDRESS = re.compile(r"(?:[^,}$]|\$(?!\{))*")
_SPACES = re.compile(" *")


@dataclass(frozen=True)
class Literal:
    """A source that is a value itself: a text in quotes, or a word or number without."""

    text: str
    is_quoted: bool


@dataclass(frozen=True)
class Lookup:
    """A source that is looked up: ``kind`` is its type with its parameters, and the address may
    have variables in it."""

    kind: str
    address: tuple[Piece, ...]


@dataclass(frozen=True)
class Variable:
    """A variable: its sources, none of them if it is not written as the framework wants it."""

    written: str
    sources: tuple[Literal | Lookup, ...]


Piece = str | Variable
"""A part of a text."""


def has_variables(text: str) -> bool:
    """Whether a text may have variables."""
    return "${" in text


def pieces(text: str) -> tuple[Piece, ...]:
    """The texts and variables that a text is made of, escapes undone: after a backslash, ``${``
    begins none."""
    return tuple(_Reader(text).text())


class _Reader:
    """Reads one text, each character once."""

    def __init__(self, text: str) -> None:
        self.source, self.at = text, 0

    def text(self) -> Iterator[Piece]:
        """The pieces of the text."""
        while match := _START.search(self.source, self.at):
            slashes, dollars = match["slashes"], match["dollars"]
            before, self.at = self.source[self.at : match.start()], match.end()
            is_escape = len(slashes) % 2 == 1
            if is_escape and len(dollars) == 1:
                yield before + "\\" * (len(slashes) // 2) + "${"
                continue
            if is_escape:
                slashes, dollars = slashes + "$", dollars[1:]
            elif len(dollars) == 1:
                slashes = slashes[: len(slashes) // 2]
            yield before + slashes
            yield self._variable(0) if self._begins() else dollars + "{"
        yield self.source[self.at :]

    def _begins(self) -> bool:
        return _TYPE.match(self.source, self.at) is not None

    def _variable(self, depth: int) -> Variable:
        """The variable that begins here."""
        start = self.at
        found: list[Literal | Lookup] = []
        while depth <= MAX_DEPTH and (source := self._source(depth)) is not None:
            found.append(source)
            if self._take("}"):
                return Variable(self.source[start : self.at - 1].strip(), tuple(found))
            if not self._take(","):
                break
        end = self.source.find("}", self.at)
        self.at = end + 1 if end >= 0 else len(self.source)
        return Variable(self.source[start : self.at].rstrip("}").strip(), ())

    def _source(self, depth: int) -> Literal | Lookup | None:
        self._match(_SPACES)
        if quoted := self._match(_QUOTED):
            return Literal(quoted["single"] or quoted["double"] or "", is_quoted=True)
        if kind := self._match(_TYPE):
            return self._lookup(kind["kind"], depth)
        literal = self._match(_LITERAL)
        return Literal(literal.group(), is_quoted=False) if literal else None

    def _lookup(self, kind: str, depth: int) -> Lookup | None:
        if self.source.startswith("(", self.at):
            parameters = self._match(_PARAMETERS)
            if parameters is None:
                return None
            kind += parameters.group()
        if not self._take(":"):
            return Lookup(kind, ())
        self._match(_SPACES)
        if quoted := self._match(_QUOTED):
            return Lookup(kind, (quoted["single"] or quoted["double"] or "",))
        return Lookup(kind, tuple(self._address(depth)))

    def _address(self, depth: int) -> Iterator[Piece]:
        """The pieces of an address, which ends before a comma or a brace."""
        while found := self._match(_ADDRESS):
            yield found.group()
            if not self.source.startswith("${", self.at):
                return
            self.at += 2
            yield self._variable(depth + 1) if self._begins() else Variable("${", ())

    def _take(self, char: str) -> bool:
        self._match(_SPACES)
        is_there = self.source.startswith(char, self.at)
        self.at += is_there
        return is_there

    def _match(self, form: re.Pattern[str]) -> re.Match[str] | None:
        if found := form.match(self.source, self.at):
            self.at = found.end()
        return found
