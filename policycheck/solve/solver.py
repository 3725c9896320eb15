"""The only place that asks Z3. Z3 decides Booleans and arithmetic; whenever it answers
sat, the globs that its model chose for each text are checked for a common text. If there is none,
a minimal conflict goes back as a clause, and Z3 goes on. A refutation is then final, and every
model has a text for every symbol."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from itertools import chain
from typing import TYPE_CHECKING

import z3

from policycheck.dataclass import dataclass
from policycheck.solve.demands import chosen
from policycheck.solve.globs import search
from policycheck.solve.limits import NEVER, Deadline, Limits, UndecidedError
from policycheck.solve.product import Demand
from policycheck.solve.relevance import Choice, relevant
from policycheck.symbolic.automata import abreast, longer_first
from policycheck.symbolic.boolean import (
    Formula,
    definition,
    either,
    every,
    identity,
    iff,
    implies,
    negation,
    proposition,
)
from policycheck.symbolic.symbols import Atoms, Glob, SymbolAtoms, TextSymbol

if TYPE_CHECKING:
    from policycheck.solve.clashes import Clash

_INTERRUPTED = frozenset({"canceled", "interrupted", "interrupted from keyboard"})

_LENIENCE = 1.01

_BRIEF = 100_000
"""Work in Z3's resource units, a tenth of a second at most. So much is done without a look at the
clock, for which Z3 starts a thread with every check: that takes as long as a small check. An
interrupt signal is then Python's, not Z3's, which would not say which of both ended the check."""

_SHORT = 1.0
"""Seconds. With less left than that, Z3 looks at the clock from the outset."""


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
    """``defined``, a :func:`definition`, means its formula where ``known`` is assumed, and anything
    elsewhere."""

    known: z3.BoolRef
    defined: Formula

    @classmethod
    def of(cls, index: int, formula: z3.BoolRef) -> Definition:
        """When the statement of that index applies."""
        applies = definition(f"statement {index} applies", formula)
        return cls(proposition(f"statement {index} is known"), applies)

    @property
    def formula(self) -> z3.BoolRef:
        """What ``defined`` means."""
        return self.defined.parts[0]


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
    parted: set[TextSymbol] = field(default_factory=set)
    _patience: int = 0

    def start(self, formulas: Iterable[z3.BoolRef], deadline: Deadline = NEVER) -> None:
        """Add what holds throughout, and what is known of the texts from the outset.

        Raises UndecidedError when the time is up.
        """
        self.engine.set(random_seed=0, rlimit=_BRIEF, ctrl_c=False)
        self.facts = list(formulas)
        defined = (implies(one.known, iff(one.defined, one.formula)) for one in self.definitions)
        axioms = chain(self.atoms.choices(), self.atoms.orders(), literal_axioms(self.atoms))
        known = tuple(_in_time(axioms, deadline))
        self.engine.add(every((*self.facts, *defined, *known)))

    def _free(self, assumptions: Sequence[z3.BoolRef]) -> frozenset[int]:
        """The defined Booleans whose definitions are not among the assumptions."""
        assumed = set(map(identity, assumptions))
        return frozenset(
            identity(one.defined) for one in self.definitions if identity(one.known) not in assumed
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
            answer = self._answer(assumptions, deadline)
            if answer == z3.unsat:
                return Unsat(tuple(self.engine.unsat_core()))
            if answer != z3.sat:
                raise _undecided(self.engine.reason_unknown(), deadline)
            model = self.engine.model()
            choice = relevant([goal, *self.facts], model, self._free(assumptions))
            texts, lemmas = self._texts(choice, deadline)
            if not lemmas:
                return Sat(model, texts)
            self.lemmas.extend(lemmas)
            self.engine.add(*lemmas)
        raise UndecidedError(f"more than {self.limits.rounds} rounds between Z3 and the texts")

    def _answer(self, assumptions: Sequence[z3.BoolRef], deadline: Deadline) -> z3.CheckSatResult:
        """Z3's answer, without a look at the clock if there is one soon."""
        if not self._patience and deadline.left > _SHORT:
            answer = self.engine.check(*assumptions)
            if answer != z3.unknown or self.engine.reason_unknown() not in _INTERRUPTED:
                return answer
        self._have_patience(deadline)
        return self.engine.check(*assumptions)

    def _have_patience(self, deadline: Deadline) -> None:
        """Have Z3 give up after the deadline, but not much later: to tell it takes time."""
        left = deadline.milliseconds
        if not left <= self._patience <= _LENIENCE * left:
            self._patience = left
            self.engine.set(timeout=left, rlimit=0, ctrl_c=True)

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
                lemmas.extend(self._against(found, atoms, deadline))
            else:
                texts[atoms.symbol] = found
        if not lemmas and self.atoms.equations:
            from policycheck.solve import words  # noqa: PLC0415 -- few questions have equations

            lemmas = words.decide(self.atoms, choice, texts, deadline)
        return texts, lemmas

    def _against(
        self, demand: Demand, atoms: SymbolAtoms, deadline: Deadline
    ) -> Iterator[z3.BoolRef]:
        """Clauses against a demand that no text meets: where beginnings or ends part, all that
        holds of those of the symbol."""
        from policycheck.solve.clashes import clashes  # noqa: PLC0415 -- few questions clash
        from policycheck.solve.parting import part, parting  # noqa: PLC0415

        if atoms.symbol not in self.parted and part(demand.inside):
            self.parted.add(atoms.symbol)
            yield from parting(atoms)
            return
        for clash in clashes(demand, self.limits.glob_states, deadline):
            yield _forbidden(clash, atoms)


def _forbidden(found: Clash, atoms: SymbolAtoms) -> z3.BoolRef:
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


def literal_axioms(atoms: Atoms) -> Iterator[z3.BoolRef]:
    """Where a symbol is one of its literals, each of its globs is decided."""
    for asked in atoms.by_symbol.values():
        if not (asked.literals and asked.globs):
            continue
        matching: dict[Glob, list[z3.BoolRef]] = {glob: [] for glob in asked.globs}
        automata = abreast(asked.globs)
        for text, is_it in asked.literals.items():
            for glob in automata.containing(text):
                matching[glob].append(is_it)
        without = (atom for glob, atom in asked.globs.items() if not matching[glob])
        yield implies(asked.is_literal, negation(either(without)))
        for glob, atom in asked.globs.items():
            if matching[glob]:
                yield implies(asked.is_literal, iff(atom, either(matching[glob])))
