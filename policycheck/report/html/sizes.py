"""Counts of addresses, short enough for a table."""

from __future__ import annotations

from collections.abc import Iterator

from policycheck.model.address import Family
from policycheck.model.region import Addresses
from policycheck.report.amounts import counted, share

_TIMES = "\N{MULTIPLICATION SIGN}"
_EXACT = 10**13
"""Larger counts are rounded."""

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def sizes(found: Addresses) -> Iterator[str]:
    """How many addresses of each family there are, and their share of the public ones."""
    for family in Family:
        count = found.count(family)
        if count:
            noun = f"IPv{family.value} address"
            shown = (
                counted(count, noun, f"{noun}es") if count < _EXACT else f"{_round(count)} {noun}es"
            )
            yield f"{shown} ({share(found, family)} of the public ones)"


def _round(count: int) -> str:
    digits, _, power = f"{count:.2e}".partition("e+")
    return f"{digits} {_TIMES} 10{str(int(power)).translate(_RAISED)}"
