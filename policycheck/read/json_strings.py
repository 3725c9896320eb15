"""What is written inside the quotes of a JSON string."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from policycheck.dataclass import dataclass

CODE = "JSON_SYNTAX_ERROR"

_CONTROL = r"[\x00-\x1f]"
_ESCAPE = r"\\(?:(?P<good>[\"\\/bfnrt]|u[0-9A-Fa-f]{4})|u[0-9A-Fa-f]*|[^\n])"
_SURROGATE = r"[\ud800-\udfff]"


@dataclass(frozen=True)
class Flaw:
    """A part of a string that is wrong; ``start`` and ``end`` count from the opening quote."""

    message: str
    start: int
    end: int
    help: str


def decode(token: str) -> str:
    """The value of a string token, quotes included, in which ``flaws`` finds nothing."""
    return str(json.loads(token)) if "\\" in token else token[1:-1]


def flaws(token: str) -> Iterator[Flaw]:
    """What is wrong with a string token: control characters, escapes, halves of surrogate pairs."""
    found = [*_controls(token), *_escapes(token)]
    yield from found
    if not found and (half := re.search(_SURROGATE, decode(token))):
        code = f"\\u{ord(half.group()):04x}"
        yield Flaw(
            f"{code} is half of a character (a surrogate without its partner)",
            0,
            len(token),
            "write the character itself, or both halves",
        )


def _controls(token: str) -> Iterator[Flaw]:
    for match in re.finditer(_CONTROL, token):
        code = ord(match.group())
        advice = r"write \t" if code == 9 else rf"write \u{code:04x}, or leave it out"
        yield Flaw(f"a control character (0x{code:02x}) in a string", *match.span(), advice)


def _escapes(token: str) -> Iterator[Flaw]:
    for match in re.finditer(_ESCAPE, token):
        if match["good"] is None:
            shown = match.group()
            advice = (
                rf"write \\{shown[1:]} for a backslash"
                if shown[1] != "u"
                else (r"write four hexadecimal digits after \u")
            )
            yield Flaw(f"{shown} is not an escape of JSON", *match.span(), advice)
