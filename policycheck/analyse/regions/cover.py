"""The fewest terms that say which of the feasible truth values are meant.

Terms are grown against what must stay outside, and chosen greedily; what no request has is free.
Source: Brayton et al., "Logic Minimization Algorithms for VLSI Synthesis", 1984 (expand and
irredundant of ESPRESSO).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Cube = tuple[int, int]
"""The bits that matter, and their values."""


def cover(inside: Iterable[int], outside: Iterable[int], order: Sequence[int]) -> tuple[Cube, ...]:
    """Cubes that hold all of ``inside`` and none of ``outside``.

    ``order`` are bits, each of one literal: index ``2 * i`` stands for bit ``i`` unset and
    ``2 * i + 1`` for bit ``i`` set. Literals are dropped in that order where they can be.
    """
    wanted, off = sorted(set(inside)), tuple(set(outside))
    cubes = sorted({_grown(one, off, order) for one in wanted})
    chosen: list[Cube] = []
    left = set(wanted)
    while left:
        best = max(cubes, key=lambda cube: (_count(cube, left), -cube[0].bit_count()))
        chosen.append(best)
        left = {one for one in left if one & best[0] != best[1]}
    return tuple(chosen)


def _count(cube: Cube, values: Iterable[int]) -> int:
    return sum(one & cube[0] == cube[1] for one in values)


def _grown(value: int, off: tuple[int, ...], order: Sequence[int]) -> Cube:
    """The cube around the value without every literal that is not needed."""
    care = 0
    for literal in order:
        care |= 1 << (literal // 2)
    for literal in order:
        bit = 1 << (literal // 2)
        if bool(value & bit) is not bool(literal % 2) or not care & bit:
            continue
        fewer = care & ~bit
        if all(one & fewer != value & fewer for one in off):
            care = fewer
    return care, value & care
