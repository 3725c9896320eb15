"""Texts that policy variables tie to each other, decided by Z3's native theory of strings, and by
cvc5's, if it is installed, where Z3 gives up.

Only the equations that a model chose, with what it asks of their symbols, reach the string solver:
a conjunction, component by component.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count

import z3

from policycheck.model.certificate import UNSAT
from policycheck.solve import second_solver, strings
from policycheck.solve.demands import chosen_literal, may_be
from policycheck.solve.guess import guessed
from policycheck.solve.limits import Deadline, UndecidedError
from policycheck.solve.product import READABLE
from policycheck.solve.relevance import Choice
from policycheck.solve.smt_lib import commands
from policycheck.symbolic.boolean import either, every, negation
from policycheck.symbolic.symbols import Atoms, SymbolAtoms, TextSymbol, WordEquation
from policycheck.symbolic.text import is_solved

_SECONDS = 10.0
"""The most that one component may take of either solver."""

_LETTER = "a"

_UNDECIDED = "texts that policy variables tie together could not be decided"
_ADVICE = "cvc5 is not installed, which may decide them: pip install 'policycheck[certify]'"


def decide(
    atoms: Atoms,
    choice: Choice,
    texts: dict[TextSymbol, str],
    deadline: Deadline,
) -> list[z3.BoolRef]:
    """Bring ``texts`` in line with the equations as the model chose them.

    Returns clauses that forbid the choice where no texts are; ``texts`` is changed in place.
    Raises UndecidedError if the string solver gives up.
    """
    wanted = {
        equation: value
        for equation, atom in atoms.equations.items()
        if (value := choice.of(atom)) is not None
    }
    lemmas: list[z3.BoolRef] = []
    for component in _components(wanted):
        if any(is_solved(equation, texts) != wanted[equation] for equation in component):
            part = {equation: wanted[equation] for equation in component}
            found = guessed(part, atoms, choice, texts)
            if found is None:
                lemmas.extend(_component(part, atoms, choice, texts, deadline))
            else:
                texts.update(found)
    return lemmas


def _components(equations: Mapping[WordEquation, bool]) -> list[list[WordEquation]]:
    components: list[tuple[set[TextSymbol], list[WordEquation]]] = []
    for equation in equations:
        symbols, members = set(equation.symbols), [equation]
        apart = []
        for other_symbols, other_members in components:
            if symbols & other_symbols:
                symbols |= other_symbols
                members = other_members + members
            else:
                apart.append((other_symbols, other_members))
        components = [*apart, (symbols, members)]
    return [members for _, members in components]


def _component(
    wanted: Mapping[WordEquation, bool],
    atoms: Atoms,
    choice: Choice,
    texts: dict[TextSymbol, str],
    deadline: Deadline,
) -> list[z3.BoolRef]:
    symbols = sorted({s for equation in wanted for s in equation.symbols}, key=lambda s: s.name)
    solver = _solver(deadline)
    blame: dict[str, z3.BoolRef] = {}
    for symbol in symbols:
        solver.add(*strings.beside_characters(symbol))
        for chosen, meaning in _choices(atoms.of(symbol), choice):
            _track(solver, blame, chosen, meaning)
    fresh = count()
    for equation, holds in wanted.items():
        atom = atoms.equations[equation]
        if holds:
            _track(solver, blame, atom, strings.solves(equation, fresh))
        else:
            _track(solver, blame, negation(atom), negation(strings.leftmost(equation)))
    assumptions = [z3.Bool(name) for name in blame]
    for characters in _in_turn(symbols):
        solver.add(*characters)
        answer = solver.check(*assumptions)
        if answer == z3.unsat:
            core = _core(solver, assumptions, deadline)
            return [either(negation(blame[str(one)]) for one in core)]
        if answer != z3.sat:
            _refute([*solver.assertions(), *assumptions], deadline)
            return [either(map(negation, blame.values()))]
        found = {symbol: strings.read(solver.model(), symbol) for symbol in symbols}
        found = _readable(texts | found, symbols, wanted, atoms, choice)
        if all(symbol.domain.admits(found[symbol]) for symbol in symbols):
            texts.update(found)
            break
    if any(is_solved(equation, texts) != holds for equation, holds in wanted.items()):
        raise UndecidedError("the string solver's texts do not solve the equations")
    return []


def _in_turn(symbols: Sequence[TextSymbol]) -> Iterator[list[z3.BoolRef]]:
    """Which characters the texts are made of. Z3 takes its time with long texts of few characters,
    and mostly finds some without being told: it is told where those do not do."""
    short = [one for one in symbols if one.domain.longest is not None]
    for asked in (short, [one for one in symbols if one not in short]):
        yield [formula for one in asked for formula in strings.of_characters(one)]


def _solver(deadline: Deadline) -> z3.Solver:
    """An empty solver that gives up in time. An interrupt signal is Python's, as Z3 would only say
    that it gave up."""
    solver = z3.Solver()
    solver.set(timeout=min(int(_SECONDS * 1000), deadline.milliseconds), ctrl_c=False)
    return solver


def _core(
    solver: z3.Solver, assumptions: Sequence[z3.BoolRef], deadline: Deadline
) -> Sequence[z3.BoolRef]:
    """Those of the contradicting assumptions that suffice for that.

    Z3's theory of strings names too few of them now and then: 5.4.1 left the equation out of a text
    of digits that equals ``TRUE``. So another solver is asked whether they suffice; all of them do.
    """
    core: Sequence[z3.BoolRef] = solver.unsat_core()
    if len(core) == len(assumptions):
        return assumptions
    again = _solver(deadline)
    again.add(*solver.assertions())
    return core if again.check(*core) == z3.unsat else assumptions


def _readable(
    texts: dict[TextSymbol, str],
    symbols: Sequence[TextSymbol],
    wanted: Mapping[WordEquation, bool],
    atoms: Atoms,
    choice: Choice,
) -> dict[TextSymbol, str]:
    """The texts, the symbols' with one letter for what no person would type, or for what the domain
    of one of them lacks, where that is as good."""
    found = {one: frozenset(texts[one]) for one in symbols}
    unreadable = frozenset[str]().union(*found.values()).difference(READABLE)
    lacking = (c for one in symbols for c in found[one] if not one.domain.admits_char(c))
    for odd in (unreadable, frozenset(lacking)):
        letters = dict.fromkeys(map(ord, odd), _LETTER)
        plainer = texts | {one: texts[one].translate(letters) for one in symbols}
        fits = all(may_be(atoms.of(one), choice, plainer[one]) for one in symbols)
        if fits and all(is_solved(one, plainer) == holds for one, holds in wanted.items()):
            return plainer
    return texts


def _refute(formulas: Sequence[z3.BoolRef], deadline: Deadline) -> None:
    """Has cvc5 find that the formulas contradict each other. Raises UndecidedError if it does not:
    where it says that they do not, its texts would still have to be read."""
    deadline.check()
    if not second_solver.has_cvc5():
        raise UndecidedError(f"{_UNDECIDED}; {_ADVICE}")
    seconds = min(_SECONDS, deadline.left)
    script = commands(formulas)
    found = second_solver.ask_cvc5([script], seconds, second_solver.MEMORY, proofs=False)
    if found.replies[0].answer != UNSAT:
        deadline.check()
        raise UndecidedError(_UNDECIDED)


def _track(
    solver: z3.Solver, blame: dict[str, z3.BoolRef], choice: z3.BoolRef, meaning: z3.BoolRef
) -> None:
    name = f"choice {len(blame)}"
    blame[name] = choice
    solver.add(z3.Implies(z3.Bool(name), meaning))


def _choices(asked: SymbolAtoms, choice: Choice) -> Iterator[tuple[z3.BoolRef, z3.BoolRef]]:
    """What the model chose for the symbol: the choice, and what it means for the string."""
    text = strings.string(asked.symbol)
    chosen = chosen_literal(asked, choice)
    if chosen is not None:
        yield asked.literals[chosen], text == strings.value(chosen)
    elif asked.literals:
        others = every(negation(text == strings.value(literal)) for literal in asked.literals)
        yield negation(asked.is_literal), others
    for glob, atom in asked.globs.items():
        value = choice.of(atom)
        if value is True:
            yield atom, strings.member(asked.symbol, glob)
        elif value is False:
            yield negation(atom), negation(strings.member(asked.symbol, glob))
