"""Which atoms of a model matter: a part of its choices that makes the formulas true on its own.

A disjunction needs one true part, a false conjunction one false part; parts that ask nothing of
texts are preferred. What does not matter is left to whatever texts are found, since every text
settles all its atoms.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import field

import z3

from policycheck.dataclass import dataclass
from policycheck.symbolic.boolean import is_constant


class Connective(enum.Enum):
    """The structure of a formula's top."""

    AND = "and"
    OR = "or"
    NOT = "not"
    EQUAL = "="
    DEFINED = "defined"
    LEAF = "leaf"


_KINDS = {
    z3.Z3_OP_AND: Connective.AND,
    z3.Z3_OP_OR: Connective.OR,
    z3.Z3_OP_NOT: Connective.NOT,
}


@dataclass(frozen=True)
class Node:
    """A formula: its connective, its parts (by identity), and how much it asks of texts."""

    term: z3.BoolRef
    connective: Connective
    parts: tuple[int, ...]
    weight: int


@dataclass
class Relevance:
    """Formulas taken apart once, to be walked for every model.

    ``texts`` are the identities of the atoms that texts have to be found for; formulas without
    one are not walked. ``definitions`` maps the identity of a defined Boolean to the formula that
    defines it; walking goes on there.
    """

    texts: frozenset[int]
    definitions: Mapping[int, z3.BoolRef]
    nodes: dict[int, Node] = field(default_factory=dict)

    def take_apart(self, term: z3.BoolRef) -> int:
        """Enter the formula and its parts; returns its identity."""
        identity = term.get_id()
        if identity in self.nodes:
            return identity
        if identity in self.definitions:
            target = self.take_apart(self.definitions[identity])
            weight = self.nodes[target].weight
            self.nodes[identity] = Node(term, Connective.DEFINED, (target,), weight)
            return identity
        connective, children = _structure(term)
        parts = tuple(self.take_apart(child) for child in children)
        weight = int(identity in self.texts) + sum(self.nodes[part].weight for part in parts)
        self.nodes[identity] = Node(term, connective, parts, weight)
        return identity

    def choice(
        self, formulas: Iterable[z3.BoolRef], model: z3.ModelRef, free: frozenset[int]
    ) -> Choice:
        """The atoms about texts that the truth of the formulas in the model hangs on.

        ``free`` are the identities of defined Booleans whose definition is not assumed.
        """
        walk = _Walk(self.nodes, model, free)
        if not self.texts:
            return Choice(model, walk.leaves)
        for formula in formulas:
            walk.need(self.take_apart(formula))
        return Choice(model, walk.leaves)


@dataclass(frozen=True)
class Choice:
    """A model and, by identity, the atoms about texts that matter in it."""

    model: z3.ModelRef
    leaves: Mapping[int, bool]

    def of(self, atom: z3.BoolRef) -> bool | None:
        """The value of the atom, or None if it does not matter."""
        return self.leaves.get(atom.get_id())


def _structure(term: z3.BoolRef) -> tuple[Connective, list[z3.BoolRef]]:
    kind = term.decl().kind()
    if kind in _KINDS:
        return _KINDS[kind], term.children()
    if kind == z3.Z3_OP_IMPLIES:
        premise, conclusion = term.children()
        return Connective.OR, [z3.Not(premise), conclusion]
    if kind == z3.Z3_OP_EQ and z3.is_bool(term.arg(0)):
        return Connective.EQUAL, term.children()
    return Connective.LEAF, []


class _Walk:
    """One walk over the formulas under one model."""

    def __init__(self, nodes: Mapping[int, Node], model: z3.ModelRef, free: frozenset[int]) -> None:
        self.nodes = nodes
        self.model = model
        self.free = free
        self.values: dict[int, bool] = {}
        self.leaves: dict[int, bool] = {}
        self.seen: set[int] = set()

    def value(self, identity: int) -> bool:
        """The truth of a formula in the model; what the model leaves open counts as false."""
        known = self.values.get(identity)
        if known is None:
            known = self._computed(identity, self.nodes[identity])
            self.values[identity] = known
        return known

    def _computed(self, identity: int, node: Node) -> bool:
        match node.connective:
            case Connective.DEFINED if identity not in self.free:
                return self.value(node.parts[0])
            case Connective.AND:
                return all(map(self.value, node.parts))
            case Connective.OR:
                return any(map(self.value, node.parts))
            case Connective.NOT:
                return not self.value(node.parts[0])
            case Connective.EQUAL:
                return self.value(node.parts[0]) == self.value(node.parts[1])
            case Connective.LEAF | Connective.DEFINED:
                return is_constant(self.model.eval(node.term, model_completion=True), True)

    def need(self, identity: int) -> None:
        """Collect leaves that make the formula as true or false as it is."""
        todo = [identity]
        while todo:
            current = todo.pop()
            if current in self.seen:
                continue
            self.seen.add(current)
            node = self.nodes[current]
            if node.weight == 0:
                continue
            if node.connective is Connective.LEAF or current in self.free:
                self.leaves[current] = self.value(current)
            else:
                todo.extend(self._reasons(node, holds=self.value(current)))

    def _reasons(self, node: Node, *, holds: bool) -> tuple[int, ...]:
        if node.connective in {Connective.NOT, Connective.EQUAL, Connective.DEFINED}:
            return node.parts
        if holds is (node.connective is Connective.AND):
            return node.parts
        decisive = [part for part in node.parts if self.value(part) is holds]
        settled = next((part for part in decisive if part in self.seen), None)
        chosen = settled if settled is not None else min(decisive, key=self._weight)
        return (chosen,)

    def _weight(self, identity: int) -> int:
        return self.nodes[identity].weight
