"""Globs over paths and codes as fnmatch has them, in bounded time."""

from __future__ import annotations

from fnmatch import fnmatchcase

LONGEST = 1000
"""How many characters a glob may have."""

BRACKETS = 100
"""How many of them may be ``[``; fnmatch looks for the end of each anew."""


def is_too_long(glob: str) -> bool:
    """Whether a glob is beyond these limits."""
    return len(glob) > LONGEST or glob.count("[") > BRACKETS


def is_matched(text: str, glob: str) -> bool:
    """Whether the glob matches the whole text, with regard to case; one that is too long never
    does."""
    return not is_too_long(glob) and fnmatchcase(text, glob)
