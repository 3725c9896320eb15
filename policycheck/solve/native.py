"""Assertions as SMT-LIB scripts over native strings, for any solver.

The atoms about texts, which :mod:`policycheck.solve.solver` decides with automata, and those about
addresses are defined here by what they mean. Source of the language: https://smt-lib.org,
version 2.6, theory of Unicode strings.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import z3

from policycheck.diagnostics import Diagnostic, InputError
from policycheck.model.reading import DEFAULT_READINGS, Reading, Readings, in_order
from policycheck.model.text import Wildcard
from policycheck.solve import strings
from policycheck.solve.limits import UndecidedError
from policycheck.solve.question import Question
from policycheck.solve.smt_lib import Pair, commands, constants, substituted
from policycheck.symbolic.boolean import both, either, implies, negation
from policycheck.symbolic.symbols import AddressSymbol, Atoms, SymbolAtoms, WordEquation

_NUMBER_BITS = 24


def script(
    question: Question, formula: z3.BoolRef, switched: Readings | None = DEFAULT_READINGS
) -> str:
    """The commands that ask whether some request satisfies the formula.

    Disputed rules have their alternatives where ``switched`` holds them and else their defaults;
    None leaves all of them open. Raises InputError if a variable under StringEqualsIgnoreCase is
    among the texts: no function of the language folds case.
    """
    atoms = question.request.atoms
    meanings = [*_addresses(atoms), *_literals(atoms)]
    asserted = [*_assertions(question, formula, switched), formula]
    return commands(substituted(asserted, meanings))


def in_play(question: Question, formula: z3.BoolRef) -> tuple[Reading, ...]:
    """The disputed rules on which it can hang whether some request satisfies the formula."""
    used = {one.get_id() for one in constants([*_facts(question, formula), formula])}
    flags = question.request.readings.items()
    found = (reading for reading, flag in flags if flag.get_id() in used)
    return in_order(found)


def _assertions(
    question: Question, formula: z3.BoolRef, switched: Readings | None
) -> Iterator[z3.BoolRef]:
    yield from _facts(question, formula)
    if switched is not None:
        for reading, flag in question.request.readings.items():
            yield flag if reading in switched else negation(flag)
    yield from _ranges(question.request.atoms)
    yield from _texts(question.request.atoms)


def _ranges(atoms: Atoms) -> Iterator[z3.BoolRef]:
    """The only addresses that there are."""
    for symbol in atoms.bounds:
        if symbol.ranges is not None:
            address, width = _address(symbol), symbol.family.width
            yield either(
                both(
                    z3.UGE(address, z3.BitVecVal(one.first, width)),
                    z3.ULE(address, z3.BitVecVal(one.last, width)),
                )
                for one in symbol.ranges
            )


def _address(symbol: AddressSymbol) -> z3.BitVecRef:
    return z3.BitVec(symbol.name, symbol.family.width)


def _addresses(atoms: Atoms) -> Iterator[Pair]:
    """The atoms about addresses, each with what it means."""
    for symbol, bounds in atoms.bounds.items():
        for bound, atom in bounds.items():
            yield atom, z3.ULT(_address(symbol), z3.BitVecVal(bound, symbol.family.width))


def _literals(atoms: Atoms) -> Iterator[Pair]:
    """The atoms that a text is a literal, each as a number of the text's: solvers learn from it
    that two of them exclude each other, and decide several times as fast."""
    for asked in atoms.by_symbol.values():
        for number, atom in enumerate(asked.literals.values(), 1):
            yield atom, _number(asked) == number


def _number(asked: SymbolAtoms) -> z3.BitVecRef:
    return z3.BitVec(f"number {asked.symbol.name}", _NUMBER_BITS)


def _facts(question: Question, formula: z3.BoolRef) -> Iterator[z3.BoolRef]:
    """What holds of every request, and what the statements mean that the formula speaks of."""
    yield from question.facts
    used = {one.get_id() for one in constants([formula])}
    for one in question.definitions:
        if one.defined.get_id() in used:
            yield one.defined == one.formula


def _texts(atoms: Atoms) -> Iterator[z3.BoolRef]:
    """What the atoms about texts mean."""
    for asked in atoms.by_symbol.values():
        yield from strings.in_domain(asked.symbol)
        yield from _meanings(asked)
    fresh = count()
    for equation, atom in atoms.equations.items():
        yield from _equation(equation, atom, fresh)


def _meanings(asked: SymbolAtoms) -> Iterator[z3.BoolRef]:
    text = strings.string(asked.symbol)
    for literal, atom in asked.literals.items():
        yield atom == (text == strings.value(literal))
    yield z3.ULE(_number(asked), len(asked.literals))
    for glob, atom in asked.globs.items():
        yield atom == strings.member(asked.symbol, glob)


def _equation(
    equation: WordEquation, atom: z3.BoolRef, fresh: Iterator[int]
) -> Iterator[z3.BoolRef]:
    if equation.ignore_case:
        message = "a variable under StringEqualsIgnoreCase cannot be written in SMT-LIB"
        raise InputError([Diagnostic("NOT_EXPORTABLE", message)])
    try:
        yield atom == strings.leftmost(equation)
    except UndecidedError:
        first = next(fresh)
        solved = strings.solves(equation, fresh)
        wildcards = sum(isinstance(piece, Wildcard) for piece in equation.pattern)
        gaps = [z3.String(f"gap {first + 1 + index}") for index in range(wildcards)]
        yield implies(atom, solved)
        yield implies(negation(atom), z3.ForAll(gaps, negation(solved)))
