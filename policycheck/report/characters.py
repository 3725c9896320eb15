"""Characters on a terminal: which are shown as they are, and how many columns they take."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

TAB = "    "
"""What a tab is shown as."""

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Controls (terminal escapes among them), formats (marks that turn the direction of a text among
them), surrogates, private and unassigned characters, breaks of lines and paragraphs."""


def printable(text: str) -> str:
    """The text with an escape in Python's manner for each character that is not shown.

    What it returns moves no cursor, changes no colour and turns no direction of writing.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(shown, text))


def shown(char: str) -> str:
    """One character as it is shown; a tab is an escape too."""
    if unicodedata.category(char) not in _HIDDEN:
        return char
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def line_shown(text: str) -> str:
    """A line of a file as it is shown: printable, and a tab as spaces."""
    return "".join(TAB if char == "\t" else shown(char) for char in text)


def width(text: str) -> int:
    """The columns that a printable text takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def split_at(text: str, columns: int) -> tuple[str, str]:
    """The longest beginning that takes no more than ``columns``, and the rest."""
    taken = 0
    for index, char in enumerate(text):
        taken += _columns(char)
        if taken > columns:
            return text[:index], text[index:]
    return text, ""


def chunks(text: str, columns: int) -> Iterator[str]:
    """The text cut hard into pieces of at most ``columns``; one empty piece for no text."""
    rest = text
    while True:
        piece, rest = split_at(rest, columns)
        if not piece and rest:
            piece, rest = rest[0], rest[1:]
        yield piece
        if not rest:
            return


def wrap(text: str, columns: int, first: int) -> list[str]:
    """The text broken into lines of at most ``columns``, the first of ``first``.

    Lines break between words, and inside a word that is longer than a line.
    """
    lines, room = [""], first
    for index, word in enumerate(text.split(" ")):
        joined = f"{lines[-1]} {word}" if index else word
        if width(joined) <= room:
            lines[-1] = joined
            continue
        if width(word) > columns:
            head, rest = split_at(joined, room)
            lines[-1] = head
            lines.extend(chunks(rest, columns))
        else:
            lines.append(word)
        room = columns
    return [line.rstrip(" ") for line in lines]


def shorten(text: str, most: int) -> str:
    """The text without its middle if it has more than ``most`` characters."""
    if len(text) <= most:
        return text
    return f"{text[: most - most // 3 - 3]}...{text[-(most // 3) :]}"
