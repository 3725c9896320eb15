"""Which atoms of a model matter: a part of its choices that makes the formulas true on its own.

A disjunction needs one true part, a false conjunction one false part; parts that ask nothing of
texts are preferred. What does not matter is left to whatever texts are found, since every text
settles all its atoms.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any

import z3

from policycheck.dataclass import dataclass
from policycheck.symbolic.boolean import is_constant


class Connective(enum.Enum):
    """The structure of a formula's top."""

    AND = "and"
    OR = "or"
    NOT = "not"
    IMPLIES = "=>"
    EQUAL = "="
    DEFINED = "defined"
    LEAF = "leaf"


_KINDS = {
    z3.Z3_OP_AND: Connective.AND,
    z3.Z3_OP_OR: Connective.OR,
    z3.Z3_OP_NOT: Connective.NOT,
    z3.Z3_OP_IMPLIES: Connective.IMPLIES,
    z3.Z3_OP_EQ: Connective.EQUAL,
}


@dataclass(frozen=True)
class Node:
    """A formula: its connective, its parts (by identity), and how much it asks of texts."""

    ast: z3.Ast
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
    roots: list[z3.BoolRef] = field(default_factory=list)

    def take_apart(self, term: z3.BoolRef) -> int:
        """Enter the formula and its parts; returns its identity."""
        identity = term.get_id()
        if identity not in self.nodes:
            self.roots.append(term)  # no identity is given to another formula while it lives
            self._enter(term.as_ast(), term.ctx.ref())
        return identity

    def _enter(self, ast: z3.Ast, context: Any) -> int:
        """Z3's functions are called without its classes, which cost more than the walk itself."""
        identity = z3.Z3_get_ast_id(context, ast)
        if identity in self.nodes:
            return identity
        if identity in self.definitions:
            target = self.take_apart(self.definitions[identity])
            weight = self.nodes[target].weight
            self.nodes[identity] = Node(ast, Connective.DEFINED, (target,), weight)
            return identity
        connective, children = _structure(ast, context)
        parts = tuple(self._enter(child, context) for child in children)
        weight = int(identity in self.texts) + sum(self.nodes[part].weight for part in parts)
        self.nodes[identity] = Node(ast, connective, parts, weight)
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


def _structure(ast: z3.Ast, context: Any) -> tuple[Connective, list[z3.Ast]]:
    kind = z3.Z3_get_decl_kind(context, z3.Z3_get_app_decl(context, ast))
    connective = _KINDS.get(kind)
    if connective is None:
        return Connective.LEAF, []
    count = z3.Z3_get_app_num_args(context, ast)
    parts = [z3.Z3_get_app_arg(context, ast, index) for index in range(count)]
    if connective is Connective.EQUAL and not _is_bool(parts[0], context):
        return Connective.LEAF, []
    return connective, parts


def _is_bool(ast: z3.Ast, context: Any) -> bool:
    sort = z3.Z3_get_sort(context, ast)
    return bool(z3.Z3_get_sort_kind(context, sort) == z3.Z3_BOOL_SORT)


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
            case Connective.IMPLIES:
                return not self.value(node.parts[0]) or self.value(node.parts[1])
            case Connective.EQUAL:
                return self.value(node.parts[0]) == self.value(node.parts[1])
            case Connective.LEAF | Connective.DEFINED:
                return self._leaf(node)

    def _leaf(self, node: Node) -> bool:
        term = z3.BoolRef(node.ast, self.model.ctx)
        return is_constant(self.model.eval(term, model_completion=True), True)

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
        """Parts whose values suffice for the formula's."""
        match node.connective:
            case Connective.AND if not holds:
                decisive = [part for part in node.parts if not self.value(part)]
            case Connective.OR if holds:
                decisive = [part for part in node.parts if self.value(part)]
            case Connective.IMPLIES if holds:
                premise, conclusion = node.parts
                decisive = [] if self.value(premise) else [premise]
                decisive += [conclusion] if self.value(conclusion) else []
            case _:
                return node.parts
        settled = next((part for part in decisive if part in self.seen), None)
        return (settled if settled is not None else min(decisive, key=self._weight),)

    def _weight(self, identity: int) -> int:
        return self.nodes[identity].weight
