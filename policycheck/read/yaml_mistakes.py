"""What is wrong with a text that is meant to be YAML, told so that the author can mend it."""

from __future__ import annotations

import enum
import re

from ruamel.yaml.error import MarkedYAMLError, StringMark

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic, Source, Span
from policycheck.read.yaml_events import TOO_HIGH
from policycheck.read.yaml_scalars import CODE

_REFUSED = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
_RUN = r"[^\s,\[\]{}]+"


def refused_characters(source: Source) -> tuple[Diagnostic, ...]:
    """The characters that no YAML text may hold, and the line separators other than CR and LF.

    YAML 1.1 breaks lines at U+0085, U+2028 and U+2029, YAML 1.2 does not: neither is safe.
    """
    return tuple(
        Diagnostic(
            CODE,
            f"the character U+{ord(match.group()):04X} is not allowed",
            Span(source, match.start(), match.end()),
            "this character",
            'take it out, or write an escape in double quotes, like "\\u0085"',
        )
        for match in re.finditer(_REFUSED, source.text)
    )


class _Where(enum.Enum):
    """What of the text a mistake is about."""

    STOP = "the character at which the parser stopped"
    BEGIN = "the first character of what it was reading"
    STOP_RUN = "that at which it stopped and those up to the next blank, comma or bracket"
    BEGIN_RUN = "the first of what it was reading, and those up to the next blank or so"


@dataclass(frozen=True)
class _Mistake:
    """A mistake that the parser tells by a message or context that holds ``needle``.

    ``{text}`` in the sentences is the text that the mistake is about.
    """

    needle: str
    where: _Where
    message: str
    help: str
    label: str = ""


_AT_KEY = ("are not allowed here", "expected <block end>")

_MISTAKES = (
    _Mistake(
        "found character '\\t'",
        _Where.STOP,
        "YAML does not allow a tab here",
        "indent with spaces",
        "a tab",
    ),
    _Mistake(
        "cannot start any token",
        _Where.STOP_RUN,
        "a text without quotes cannot begin with this character",
        "write '{text}' in quotes",
    ),
    _Mistake(
        "while scanning an alias",
        _Where.BEGIN_RUN,
        "a text that begins with * needs quotes",
        'write "{text}"',
        "read as an alias",
    ),
    _Mistake(
        "while scanning an anchor",
        _Where.BEGIN_RUN,
        "a text that begins with & needs quotes",
        'write "{text}"',
        "read as an anchor",
    ),
    _Mistake(
        "are not allowed here",
        _Where.STOP,
        "no key and no entry of a list can begin here",
        "begin it on a line of its own, in line with its neighbours, or quote the text",
    ),
    _Mistake(
        "could not find expected ':'",
        _Where.BEGIN,
        "a key without a colon, or a value that is not in line with its key",
        "write key: value",
    ),
    _Mistake(
        "while scanning a quoted scalar",
        _Where.BEGIN,
        "a quote that is not closed",
        "add the closing quote",
        "opened here",
    ),
    _Mistake(
        "']', but got '<stream end>'",
        _Where.BEGIN,
        "[ is not closed",
        "add ]",
        "opened here",
    ),
    _Mistake(
        "'}', but got '<stream end>'",
        _Where.BEGIN,
        "{{ is not closed",
        "add }}",
        "opened here",
    ),
    _Mistake(
        "expected ',' or",
        _Where.STOP,
        "a comma or the closing bracket is missing",
        "put a comma between the entries; quote a text that holds , [ ] {{ or }}",
        "before this",
    ),
    _Mistake(
        "expected <block end>",
        _Where.STOP,
        "this is not in line with what stands above it",
        "indent the entries of one mapping or list alike; quote a text as a whole or not at all",
    ),
    _Mistake(
        "expected the node content",
        _Where.STOP,
        "a value is missing",
        "write the value, in quotes if needed",
        "before this",
    ),
    _Mistake(
        "found unknown escape",
        _Where.STOP,
        "there is no such escape in double quotes",
        "write \\\\ for a backslash, or use single quotes",
        "after the backslash",
    ),
    _Mistake(
        "expected escape sequence",
        _Where.STOP,
        "an escape has too few hexadecimal digits",
        'write them all, like "\\u00e9"; or write \\\\ for a backslash, or use single quotes',
        "its digits",
    ),
    _Mistake(
        TOO_HIGH,
        _Where.STOP,
        "no character has so high a number",
        "write an escape up to \\U0010FFFF, or the character itself",
        "its digits",
    ),
    _Mistake(
        "directive",
        _Where.BEGIN,
        "a directive that cannot be read",
        "take the line out; the text is read as YAML 1.2",
    ),
    _Mistake(
        "found non-comment content",
        _Where.STOP,
        "this stands behind the end of the document",
        "take it out",
    ),
    _Mistake(
        "expected '<document start>'",
        _Where.STOP,
        "this stands behind the end of the document",
        "take it out, or put the text in quotes",
    ),
)


def explain(source: Source, error: MarkedYAMLError) -> Diagnostic:
    """The diagnostic of a mistake that the parser found."""
    said = f"{error.problem}|{error.context}"
    if any(one in said for one in _AT_KEY) and (dash := _bare_dash(source, error)):
        return Diagnostic(
            CODE,
            "a dash without a blank after it begins no entry of a list",
            dash,
            "read as a part of the key",
            f"write - {dash.text[1:]}",
        )
    problem = str(error.problem).replace("{", "{{").replace("}", "}}")
    other = _Mistake("", _Where.STOP, f"the text is not YAML: {problem}", "quote the text")
    mistake = next((one for one in _MISTAKES if one.needle in said), other)
    span = _span(source, mistake.where, error)
    return Diagnostic(
        CODE,
        mistake.message.format(),
        span,
        mistake.label,
        mistake.help.format(text=span.text),
    )


def _bare_dash(source: Source, error: MarkedYAMLError) -> Span | None:
    """``-id:`` on the line before that at which the parser stopped, comments aside."""
    number, _ = source.position(_offset(source, (error.problem_mark,)))
    while (number := number - 1) and re.match(r"\s*(#|$)", source.line(number)):
        pass
    match = re.match(r" *(-[A-Za-z_]+:)", source.line(number)) if number else None
    if match is None:
        return None
    start = source.line_starts[number - 1]
    return Span(source, start + match.start(1), start + match.end(1))


def _span(source: Source, where: _Where, error: MarkedYAMLError) -> Span:
    begins = where in {_Where.BEGIN, _Where.BEGIN_RUN}
    marks = (error.context_mark, error.problem_mark)
    start = _offset(source, marks if begins else marks[::-1])
    runs = where in {_Where.STOP_RUN, _Where.BEGIN_RUN}
    if runs and (match := re.compile(_RUN).match(source.text, start)):
        return Span(source, start, match.end())
    return Span(source, start, min(start + 1, len(source.text)))


def _offset(source: Source, marks: tuple[StringMark | None, ...]) -> int:
    """Where the first mark that is there stands, or the last character if that is the end."""
    found = next((int(mark.index) for mark in marks if mark is not None), 0)
    return max(min(found, len(source.text) - 1), 0)
