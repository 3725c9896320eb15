"""Formulas as commands of SMT-LIB.

Source of the language: https://smt-lib.org, version 2.6.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import count

import z3

from policycheck.symbolic.boolean import true

_LEADING = re.compile(r"\A(;.*\n|\(set-info .*\n|\s*\n)*")

_ILLEGAL = re.compile(r"[^ -\[\]-{}~]")
"""What a quoted symbol of SMT-LIB cannot hold: ``|``, the backslash, and all beyond ASCII."""

Pair = tuple[z3.ExprRef, z3.ExprRef]
"""A term and what stands for it in the script."""


def commands(formulas: Sequence[z3.BoolRef]) -> str:
    """The commands that ask whether all of the formulas, over native strings, hold together."""
    solver = z3.Solver()
    solver.add(*_renamed(formulas))
    asking = _LEADING.sub("", solver.to_smt2())
    return f"(set-info :smt-lib-version 2.6)\n(set-logic ALL)\n{asking}"


def _renamed(formulas: Sequence[z3.BoolRef]) -> list[z3.BoolRef]:
    """The formulas with a legal name for every symbol."""
    taken: set[str] = set()
    pairs: list[Pair] = []
    for constant in constants(formulas):
        name = constant.decl().name()
        plain = _ILLEGAL.sub("_", name)
        numbered = (plain if index == 0 else f"{plain} {index}" for index in count())
        legal = next(candidate for candidate in numbered if candidate not in taken)
        taken.add(legal)
        if legal != name:
            pairs.append((constant, z3.Const(legal, constant.sort())))
    return substituted(formulas, pairs)


def substituted(formulas: Sequence[z3.BoolRef], pairs: Sequence[Pair]) -> list[z3.BoolRef]:
    """The formulas with each pair's second term for its first. All of them go at once: to hand over
    the pairs takes longer than to use them."""
    together = z3.And(*formulas, true(), true())
    found: list[z3.BoolRef] = z3.substitute(together, *pairs).children()
    return found[: len(formulas)]


def constants(formulas: Iterable[z3.ExprRef]) -> Iterator[z3.ExprRef]:
    """Every free symbol once, in the order of the formulas."""
    seen: set[int] = set()
    waiting = list(formulas)[::-1]
    while waiting:
        term = waiting.pop()
        if term.get_id() in seen:
            continue
        seen.add(term.get_id())
        if z3.is_const(term) and term.decl().kind() == z3.Z3_OP_UNINTERPRETED:
            yield term
        waiting.extend(reversed(term.children()))
