"""Which rules are wanted."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from policycheck.dataclass import dataclass
from policycheck.model.rule import named_by, rules


@dataclass(frozen=True)
class Selection:
    """Rules by their codes: a code, the beginning of one, or a glob over whole codes.

    ``select`` names those that are wanted (all, if it is empty), ``ignore`` those that are not.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    @cached_property
    def codes(self) -> frozenset[str]:
        """The codes of the rules that are wanted."""
        chosen = _named(self.select) if self.select else frozenset(rules())
        return chosen - _named(self.ignore)

    def wants(self, code: str) -> bool:
        """Whether findings of the code are wanted."""
        return code in self.codes

    @property
    def strangers(self) -> tuple[str, ...]:
        """The names in ``select`` and ``ignore`` that no rule answers to."""
        given = dict.fromkeys((*self.select, *self.ignore))
        return tuple(one for one in given if not named_by(one))


def _named(patterns: Iterable[str]) -> frozenset[str]:
    return frozenset(code for pattern in patterns for code in named_by(pattern))
