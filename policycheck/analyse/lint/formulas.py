"""All formulas of a policy that its checks may ask about, over one unknown request.

They are made before the solver starts, which must know all texts in play.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import z3

from policycheck.analyse.lint.inspection import Inspection
from policycheck.analyse.lint.parts import Parts, parts_of
from policycheck.analyse.lint.setting import keys_used
from policycheck.analyse.lint.twins import twin_of, with_twin
from policycheck.dataclass import dataclass
from policycheck.model.environment import Authorization, Environment
from policycheck.model.keys import Key, KeySpace
from policycheck.model.policy import Policy
from policycheck.model.request import INVOKE
from policycheck.model.text import glob
from policycheck.solve.question import shown_keys
from policycheck.solve.solver import Definition
from policycheck.symbolic import policy as policies
from policycheck.symbolic.boolean import every, proposition
from policycheck.symbolic.request import Request, slots_needed
from policycheck.symbolic.text import glob_of, symbol_matches


@dataclass(frozen=True)
class Case:
    """One of the environments that can be, and the Boolean that stands for it."""

    environment: Environment
    guard: z3.BoolRef


@dataclass(frozen=True)
class Formulas:
    """The symbols, the cases, and the formulas that Inquiry describes."""

    symbols: Request
    cases: tuple[Case, ...]
    definitions: tuple[Definition, ...]
    applies: Mapping[int, z3.BoolRef]
    parts: dict[int, Parts]
    twins: dict[str, z3.BoolRef]
    invokes: z3.BoolRef


def formulas_of(inspection: Inspection) -> Formulas:
    """The formulas of the inspected policy."""
    target, controlled = inspection.policy, tuple(_controlled(inspection))
    declared = inspection.setting.keys.declared.values()
    setting = inspection.setting.with_keys(KeySpace.of((*declared, *map(twin_of, controlled))))
    twins = [with_twin(s, key) for key in controlled for s in target.statements]
    entries = [entry for s in (*target.statements, *twins) for entry in s.conditions]
    symbols = Request(setting.environment(None, Authorization.IAM), slots_needed(entries))
    found = setting.cases(target)
    for name in dict.fromkeys(n for one in found for n in shown_keys(one)):
        symbols.show(name)
    parts = {s.index: parts_of(s, symbols) for s in target.statements}
    definitions = {
        index: Definition.of(index, every(one.holds for one in made.elements))
        for index, made in parts.items()
    }
    applies = {index: one.defined for index, one in definitions.items()}
    return Formulas(
        symbols,
        tuple(Case(one, proposition(f"case {index}")) for index, one in enumerate(found)),
        tuple(definitions.values()),
        applies,
        parts,
        {key.name.lower(): _twin(target, key, applies, symbols) for key in controlled},
        symbol_matches(symbols.action, glob_of(glob(INVOKE.lower())), symbols.atoms),
    )


def _controlled(inspection: Inspection) -> Iterator[Key]:
    """The keys of the policy whose values callers choose."""
    for name in dict.fromkeys(keys_used(inspection.policy)):
        key = inspection.setting.keys.find(name)
        if key is not None and key.client_controlled:
            yield key


def _twin(
    target: Policy, key: Key, applies: Mapping[int, z3.BoolRef], symbols: Request
) -> z3.BoolRef:
    """The policy allows the request with the twin's value in the place of the key's."""
    changed = dict(applies)
    for statement in target.statements:
        other = with_twin(statement, key)
        if other != statement:
            changed[statement.index] = policies.statement_applies(other, symbols)
    return policies.allows(target, changed)
