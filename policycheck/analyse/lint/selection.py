"""Which rules are wanted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from policycheck.analyse.lint.rules import READER_TYPES, RULES

_WILD = frozenset("*?[")


@dataclass(frozen=True)
class Selection:
    """Rules by their codes: a code, the beginning of one, or a glob over whole codes.

    ``select`` names those that are wanted (all, if it is empty), ``ignore`` those that are not.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def wants(self, code: str) -> bool:
        """Whether findings of the code are wanted."""
        chosen = not self.select or any(names(one, code) for one in self.select)
        return chosen and not any(names(one, code) for one in self.ignore)

    def strangers(self, codes: Iterable[str]) -> tuple[str, ...]:
        """The names in ``select`` and ``ignore`` that none of the codes answers to."""
        known = tuple(codes)
        given = dict.fromkeys((*self.select, *self.ignore))
        return tuple(one for one in given if not any(names(one, code) for code in known))


def names(pattern: str, code: str) -> bool:
    """Whether the pattern names the code: itself, by a glob, or by how it begins."""
    wanted = pattern.upper()
    if wanted in RULES or wanted in READER_TYPES:
        return code == wanted
    return fnmatchcase(code, wanted) if _WILD & set(wanted) else code.startswith(wanted)
