"""Offsets in bytes, as tree-sitter gives them, and in characters."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache


@lru_cache(maxsize=4)
def offsets(text: str) -> Callable[[int], int]:
    """The function from offsets in UTF-8 bytes to offsets in characters."""
    if text.isascii():
        return int
    table = [0]
    for index, char in enumerate(text):
        table.extend([index] * (len(char.encode()) - 1) + [index + 1])
    return table.__getitem__
