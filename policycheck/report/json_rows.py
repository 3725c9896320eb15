"""A JSON text of results written piece by piece: each result as soon as it is there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from policycheck.version import __version__

VERSION = 1
"""The version of the form of the results."""


def row(data: Mapping[str, object]) -> str:
    """An object as an entry of a list at the top of the text."""
    from textwrap import indent  # noqa: PLC0415 -- texts do without

    return indent(json.dumps(data, indent=2), "    ")


def head() -> str:
    """The beginning of the text."""
    first = {"version": VERSION, "tool": f"policycheck {__version__}"}
    return json.dumps(first, indent=2)[:-2]


class Rows:
    """A list at the top of the text, some entries at a time."""

    def __init__(self, name: str) -> None:
        self._begin = f",\n  {json.dumps(name)}: ["
        self._begun = False

    def of(self, texts: Iterable[str]) -> str:
        """The next entries, as ``row`` makes them."""
        pieces = []
        for text in texts:
            pieces.append(f"{',' if self._begun else self._begin}\n{text}")
            self._begun = True
        return "".join(pieces)

    def end(self, *, always: bool = True) -> str:
        """The end of the list; without ``always`` a list that is empty is left out."""
        if self._begun:
            return "\n  ]"
        return f"{self._begin}]" if always else ""


def tail(summary: Mapping[str, object]) -> str:
    """The end of the text."""
    return ",\n" + json.dumps({"summary": summary}, indent=2)[2:] + "\n"
