"""Requests as texts, cut out of a stream of JSON Lines or of JSON in constant memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import BufferedReader

from policycheck.cli.request_places import Place, RequestText
from policycheck.diagnostics import Diagnostic, InputError, Span

CHUNK = 65_536
"""How many bytes are read at once, at most; what is there already is taken at once."""

LIMIT = 1_048_576
"""The longest request, in bytes."""

_EFFECT = "nothing from here on was read"
_FORM = "write one array, or one request on each line"
_MARK = b"\xef\xbb\xbf"
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_BETWEEN = re.compile(rb'[^][{},"]*+(?:' + _STRING + rb'[^][{},"]*+)*+([][{},]?)', re.DOTALL)
_WITHIN = re.compile(rb'[^][{}"]*+(?:' + _STRING + rb'[^][{}"]*+)*+([][{}]?)', re.DOTALL)


def request_texts(
    stream: BufferedReader, idle: Callable[[], object], name: str
) -> Iterator[RequestText]:
    """The text of each request of ``stream``, in order; None stands for a line beyond LIMIT.

    A stream that begins with ``[`` is an array. One whose first line leaves an object open is JSON
    objects over several lines; all others have one request on each line that is not blank. ``idle``
    is called before each read, which may block; ``name`` is what the stream is called. Raises
    InputError where an array or object cannot be followed to its end.
    """
    source = _Input(stream, idle, name)
    source.skip_blanks()
    if source.rest.startswith(b"["):
        yield from _array(_Cutter(source))
    elif _is_over_several_lines(source):
        yield from _objects(_Cutter(source))
    else:
        yield from _lines(source)


def too_long(text: RequestText) -> InputError:
    """The error that a request is longer than LIMIT."""
    message = f"a request that is longer than {LIMIT} bytes"
    return _failure(message, text.start, _EFFECT, "write each request on a line of its own")


class _Input:
    """A stream, what has been read of it and not been used, and the place where that begins."""

    def __init__(self, stream: BufferedReader, idle: Callable[[], object], name: str) -> None:
        self.name = name
        self.rest = b""
        self.place = Place()
        self._stream = stream
        self._idle = idle

    def more(self) -> bool:
        """Reads on; False at the end."""
        self._idle()
        chunk = self._stream.read1(CHUNK)
        self.rest += chunk
        return bool(chunk)

    def drop(self, count: int) -> None:
        """Goes on after that many bytes."""
        self.place = self.place.after(self.rest[:count])
        self.rest = self.rest[count:]

    def skip_blanks(self) -> None:
        """Drops a byte order mark and blanks at the start."""
        while len(self.rest) < len(_MARK) and self.more():
            pass
        self.rest = self.rest.removeprefix(_MARK)
        self._drop_blanks()
        while not self.rest and self.more():
            self._drop_blanks()

    def _drop_blanks(self) -> None:
        self.drop(len(self.rest) - len(self.rest.lstrip()))


def _is_over_several_lines(source: _Input) -> bool:
    """Whether the first line opens an object that the second one, which opens none, continues."""
    while b"\n" not in source.rest and len(source.rest) <= LIMIT and source.more():
        pass
    first, _, rest = source.rest.partition(b"\n")
    if not first.startswith(b"{") or not first.rstrip().endswith((b"{", b"[", b",", b":")):
        return False
    while not rest.strip() and source.more():
        rest = source.rest.partition(b"\n")[2]
    return not rest.lstrip(b"\r\n").startswith(b"{")


def _lines(source: _Input) -> Iterator[RequestText]:
    reading = True
    while reading:
        *lines, source.rest = source.rest.split(b"\n")
        for line in lines:
            if line and not line.isspace():
                yield RequestText(source.name, line, source.place)
            source.place = Place(source.place.line + 1)
        if len(source.rest) > LIMIT:
            yield RequestText(source.name, None, source.place)
            _skip_line(source)
        else:
            reading = source.more()
    if source.rest.strip():
        yield RequestText(source.name, source.rest, source.place)


def _skip_line(source: _Input) -> None:
    while b"\n" not in source.rest:
        source.rest = b""
        if not source.more():
            return
    source.drop(source.rest.index(b"\n") + 1)


class _Cutter:
    """Finds the commas and brackets that part one request from the next."""

    def __init__(self, source: _Input) -> None:
        self._source = source
        self._start = 0
        self._position = 0
        self._depth = 0

    def enter(self) -> None:
        """Steps over the bracket that opens an array."""
        self._go_on(1)

    def mark(self) -> bytes:
        """The next comma or closing bracket that is in no other bracket; nothing at the end.

        A bracket that closes what is open is a mark too, whichever bracket it is: ``}``.
        """
        while True:
            pattern = _WITHIN if self._depth else _BETWEEN
            found = pattern.match(self._source.rest, self._position)
            mark = found[1] if found else b""
            self._position = found.end() if found else self._position
            if mark in {b"[", b"{"}:
                self._depth += 1
            elif self._depth and mark:
                self._depth -= 1
                if not self._depth:
                    return b"}"
            elif mark or not self._more():
                return mark

    def _more(self) -> bool:
        self._source.rest = self._source.rest[self._start :]
        self._position -= self._start
        self._start = 0
        if len(self._source.rest) > LIMIT:
            raise too_long(self.rest)
        return self._source.more()

    @property
    def rest(self) -> RequestText:
        """What was read and not taken."""
        return self._text(len(self._source.rest))

    def take(self, *, mark: bool) -> RequestText:
        """The text since the last one, with the mark that was found last or without it."""
        text = self._text(self._position - (not mark))
        self._go_on(self._position)
        return text

    def leftover(self) -> RequestText | None:
        """What is left; None if the stream ends here."""
        self._position = len(self._source.rest)
        while not self._source.rest[self._start :].strip() and self._more():
            self._position = len(self._source.rest)
        return self.rest if self._source.rest[self._start :].strip() else None

    def _text(self, end: int) -> RequestText:
        source = self._source
        return RequestText(source.name, source.rest[self._start : end], source.place)

    def _go_on(self, start: int) -> None:
        self._source.place = self._source.place.after(self._source.rest[self._start : start])
        self._start = self._position = start


def _array(cutter: _Cutter) -> Iterator[RequestText]:
    cutter.enter()
    first = True
    while mark := cutter.mark():
        if mark == b"}":
            continue
        text = cutter.take(mark=False)
        if mark == b"," or (text.text or b"").strip() or not first:
            yield text
        first = False
        if mark == b"]":
            if follower := cutter.leftover():
                raise _failure(
                    "something follows the array of requests", follower.start, _EFFECT, _FORM
                )
            return
    if last := cutter.leftover():
        yield last
    message = "the array of requests is not closed"
    raise _failure(message, cutter.rest.end, "expected ]", "write ] here")


def _objects(cutter: _Cutter) -> Iterator[RequestText]:
    while mark := cutter.mark():
        if mark != b",":
            yield cutter.take(mark=True)
    if last := cutter.leftover():
        yield last


def _failure(message: str, span: Span, label: str, advice: str) -> InputError:
    return InputError([Diagnostic("INVALID_REQUEST", message, span, label, advice)])
