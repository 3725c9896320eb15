"""The only place that asks Z3. Z3 decides Booleans and arithmetic; whenever it answers
sat, the globs that its model chose for each text are checked for a common text. If there is none,
a minimal conflict goes back as a clause, and Z3 goes on. A refutation is then final, and every
model has a text for every symbol."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from itertools import chain

import z3

from policycheck.dataclass import dataclass
from policycheck.solve.clashes import Clash, clashes
from policycheck.solve.demands import chosen
from policycheck.solve.globs import search
from policycheck.solve.limits import NEVER, Deadline, Limits, UndecidedError
from policycheck.solve.product import Demand
from policycheck.solve.relevance import Choice, Relevance
from policycheck.symbolic.automata import contains, longer_first
from policycheck.symbolic.boolean import either, every, iff, implies, negation
from policycheck.symbolic.symbols import Atoms, SymbolAtoms, TextSymbol

_INTERRUPTED = frozenset({"canceled", "interrupted", "interrupted from keyboard"})


@dataclass(frozen=True)
class Sat:
    """There is such a request: Z3's model, and a text for every symbol in use."""

    model: z3.ModelRef
    texts: dict[TextSymbol, str]


@dataclass(frozen=True)
class Unsat:
    """There is none; ``core`` are assumptions that suffice for that."""

    core: tuple[z3.BoolRef, ...]


@dataclass(frozen=True)
class Definition:
    """``defined`` means ``formula`` where ``known`` is assumed, and anything elsewhere."""

    known: z3.BoolRef
    defined: z3.BoolRef
    formula: z3.BoolRef


@dataclass
class Solver:
    """Formulas over one set of text atoms, solved together.

    Make every formula before :meth:`start`: the atoms must all be known by then.
    """

    atoms: Atoms
    limits: Limits
    engine: z3.Solver = field(default_factory=z3.SimpleSolver)
    definitions: tuple[Definition, ...] = ()
    lemmas: list[z3.BoolRef] = field(default_factory=list)
    facts: list[z3.BoolRef] = field(default_factory=list)
    relevance: Relevance = field(init=False)

    def start(self, formulas: Iterable[z3.BoolRef], deadline: Deadline = NEVER) -> None:
        """Add what holds throughout, and what is known of the texts from the outset.

        Raises UndecidedError when the time is up.
        """
        self.engine.set("random_seed", 0)
        self.facts = list(formulas)
        defining = {one.defined.get_id(): one.formula for one in self.definitions}
        self.relevance = Relevance(_text_atoms(self.atoms), defining)
        defined = (implies(one.known, iff(one.defined, one.formula)) for one in self.definitions)
        axioms = chain(self.atoms.choices(), self.atoms.orders(), literal_axioms(self.atoms))
        known = tuple(_in_time(axioms, deadline))
        self.engine.add(every((*self.facts, *defined, *known)))

    def _free(self, assumptions: Sequence[z3.BoolRef]) -> frozenset[int]:
        """The defined Booleans whose definitions are not among the assumptions."""
        assumed = {assumption.get_id() for assumption in assumptions}
        return frozenset(
            one.defined.get_id() for one in self.definitions if one.known.get_id() not in assumed
        )

    def check(
        self, goal: z3.BoolRef, assumptions: Sequence[z3.BoolRef], deadline: Deadline
    ) -> Sat | Unsat:
        """Decide the goal under the assumptions. Raises UndecidedError beyond the limits."""
        self.engine.push()
        try:
            self.engine.add(goal, *self.lemmas)
            return self._rounds(goal, assumptions, deadline)
        finally:
            self.engine.pop()

    def _rounds(
        self, goal: z3.BoolRef, assumptions: Sequence[z3.BoolRef], deadline: Deadline
    ) -> Sat | Unsat:
        for _ in range(self.limits.rounds):
            deadline.check()
            self.engine.set("timeout", deadline.milliseconds)
            answer = self.engine.check(*assumptions)
            if answer == z3.unsat:
                return Unsat(tuple(self.engine.unsat_core()))
            if answer != z3.sat:
                raise _undecided(self.engine.reason_unknown(), deadline)
            model = self.engine.model()
            choice = self.relevance.choice([goal, *self.facts], model, self._free(assumptions))
            texts, lemmas = self._texts(choice, deadline)
            if not lemmas:
                return Sat(model, texts)
            self.lemmas.extend(lemmas)
            self.engine.add(*lemmas)
        raise UndecidedError(f"more than {self.limits.rounds} rounds between Z3 and the texts")

    def _texts(
        self, choice: Choice, deadline: Deadline
    ) -> tuple[dict[TextSymbol, str], list[z3.BoolRef]]:
        """A text for each symbol as the model chose its atoms, or clauses against the choice."""
        texts: dict[TextSymbol, str] = {}
        lemmas: list[z3.BoolRef] = []
        for atoms in self.atoms.by_symbol.values():
            asked = chosen(atoms, choice)
            found = (
                asked
                if isinstance(asked, str)
                else search(asked, self.limits.glob_states, deadline)
            )
            if isinstance(found, Demand):
                against = clashes(found, self.limits.glob_states, deadline)
                lemmas.extend(_against(one, atoms) for one in against)
            else:
                texts[atoms.symbol] = found
        if not lemmas and self.atoms.equations:
            from policycheck.solve import words  # noqa: PLC0415 -- few questions have equations

            lemmas = words.decide(self.atoms, choice, texts, deadline)
        return texts, lemmas


def _against(found: Clash, atoms: SymbolAtoms) -> z3.BoolRef:
    """The clause that forbids the clash."""
    parts = [negation(atoms.globs[glob]) for glob in sorted(found.inside, key=longer_first)]
    parts += [atoms.globs[glob] for glob in sorted(found.outside, key=longer_first)]
    if found.excluding:
        parts.append(atoms.is_literal)
    return either(parts)


def _in_time(formulas: Iterable[z3.BoolRef], deadline: Deadline) -> Iterator[z3.BoolRef]:
    for one in formulas:
        deadline.check()
        yield one


def _undecided(reason: str, deadline: Deadline) -> BaseException:
    """Why Z3 gave up. It takes the interrupt signal itself and only says so here."""
    if reason in _INTERRUPTED and deadline.left > 0:
        return KeyboardInterrupt()
    deadline.check()
    return UndecidedError(f"Z3 gave up: {reason}")


def _text_atoms(atoms: Atoms) -> frozenset[int]:
    """The identities of the atoms that texts have to be found for; literals are their own texts."""
    globs = (atom for asked in atoms.by_symbol.values() for atom in asked.globs.values())
    return frozenset(atom.get_id() for atom in (*globs, *atoms.equations.values()))


def literal_axioms(atoms: Atoms) -> Iterator[z3.BoolRef]:
    """Where a symbol is one of its literals, each of its globs is decided."""
    for asked in atoms.by_symbol.values():
        if not asked.literals:
            continue
        for glob, atom in asked.globs.items():
            matching = (is_it for text, is_it in asked.literals.items() if contains(glob, text))
            yield implies(asked.is_literal, iff(atom, either(matching)))
