"""Globs whose literal beginnings or ends part: no text is in two of them.

The beginnings are a tree, each below the longest one that it goes on from. What branches there is
apart, so that one clause for each branching says of hundreds of globs what else takes a clause for
each pair of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile

import z3

from policycheck.symbolic.boolean import at_most_one, either
from policycheck.symbolic.symbols import Glob, SymbolAtoms

_Beginning = tuple[str, ...]
_Beginnings = Mapping[Glob, _Beginning]


def part(globs: Iterable[Glob]) -> bool:
    """Whether the beginnings or the ends of some two of the globs cannot be those of one text."""
    return any(map(_branch, _sides(globs)))


def parting(atoms: SymbolAtoms) -> Iterator[z3.BoolRef]:
    """What holds of all globs of a symbol by their beginnings, and by their ends."""
    for beginnings in _sides(atoms.globs):
        yield from _of_tree(beginnings, atoms.globs)


def _sides(globs: Iterable[Glob]) -> Iterator[_Beginnings]:
    """The characters before the first wildcard, then those behind the last, the last one first.

    If some glob ignores case, all are read so.
    """
    given = list(globs)
    folds = any(glob.ignore_case for glob in given)
    for step in (1, -1):
        yield {glob: _literal(glob.tokens[::step], folds) for glob in given}


def _literal(tokens: Iterable[object], folds: bool) -> _Beginning:
    chars = takewhile(lambda token: isinstance(token, str), tokens)
    return tuple(str(char).lower() if folds else str(char) for char in chars)


def _goes_on(longer: _Beginning, shorter: _Beginning) -> bool:
    return longer[: len(shorter)] == shorter


def _branch(beginnings: _Beginnings) -> bool:
    longest = max(beginnings.values(), key=len, default=())
    return not all(_goes_on(longest, one) for one in beginnings.values())


def _of_tree(beginnings: _Beginnings, globs: Mapping[Glob, z3.BoolRef]) -> Iterator[z3.BoolRef]:
    """At each branching at most one branch has a glob that the text is in.

    In order, a beginning stands before those that go on from it; from the back each is complete
    when it is reached.
    """
    members: dict[_Beginning, list[z3.BoolRef]] = {(): []}
    for glob, beginning in beginnings.items():
        members.setdefault(beginning, []).append(globs[glob])
    ordered = sorted(members)
    above = dict(_above(ordered))
    branches: dict[_Beginning, list[z3.BoolRef]] = {one: [] for one in ordered}
    for one in reversed(ordered):
        if len(branches[one]) > 1:
            yield at_most_one(branches[one])
        if one in above:
            branches[above[one]].append(either([*members[one], *branches[one]]))


def _above(ordered: Iterable[_Beginning]) -> Iterator[tuple[_Beginning, _Beginning]]:
    """Each beginning with the longest one that it goes on from."""
    open_: list[_Beginning] = []
    for one in ordered:
        while open_ and not _goes_on(one, open_[-1]):
            open_.pop()
        if open_:
            yield one, open_[-1]
        open_.append(one)
