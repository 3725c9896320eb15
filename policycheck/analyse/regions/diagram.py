"""A decision diagram over the axes: which cells lead to which decision, every set of requests once.

A node is what is left to decide after some axes: the statements that are still alive. Nodes with
the same children are one node, and what no longer matters is forgotten, so that the paths to the
answer yes are few. They are disjoint, and together they are all of it, by construction.
Source: Bryant, "Graph-based algorithms for Boolean function manipulation", 1986; Kam et al.,
"Multi-valued decision diagrams: theory and applications", 1998.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import field
from functools import cached_property

from policycheck.dataclass import dataclass
from policycheck.solve.limits import UndecidedError

MOST_NODES = 20_000
"""How many nodes a diagram may have; with more of them nothing is decided."""

NO, YES = 0, 1
"""The two nodes that are answers."""

Question = Callable[[Sequence[bool]], bool]
"""What is asked of the answers of the policies: whether each allows the request."""

Path = tuple[tuple[int, tuple[int, ...]], ...]
"""The levels at which a path is narrowed, with the groups of cells that it goes through."""


@dataclass(frozen=True)
class Role:
    """The statements of one policy, as bits: those that allow and those that deny."""

    allow: int
    deny: int


@dataclass
class Diagram:
    """The diagram of one question for one order of the axes.

    ``levels`` holds for each axis the masks of its groups of cells: bit ``i`` says that all that
    statement ``i`` says of this axis holds there.
    """

    levels: Sequence[Sequence[int]]
    roles: Sequence[Role]
    question: Question
    nodes: list[tuple[int, tuple[tuple[int, ...], ...], tuple[int, ...]]] = field(
        default_factory=lambda: [(-1, (), ()), (-1, (), ())]
    )
    _unique: dict[object, int] = field(default_factory=dict)
    _known: dict[tuple[int, int], int] = field(default_factory=dict)

    @cached_property
    def _sure(self) -> list[int]:
        """For each level the statements that all cells of it and of the later ones agree to."""
        found = [-1]
        for masks in reversed(self.levels):
            sure = found[-1]
            for mask in masks:
                sure &= mask
            found.append(sure)
        return found[::-1]

    @cached_property
    def _settled(self) -> int:
        """The bit beyond all statements; one a policy says that an Allow of it surely applies."""
        return max((role.allow | role.deny).bit_length() for role in self.roles)

    @cached_property
    def root(self) -> int:
        """The node of the whole question."""
        alive = 0
        for role in self.roles:
            alive |= role.allow | role.deny
        return self._node(alive, 0)

    def _simplified(self, alive: int, level: int) -> tuple[int, list[bool | None]]:
        """What still matters of the statements, and the answers that are certain."""
        answers: list[bool | None] = []
        sure = self._sure[level]
        for index, role in enumerate(self.roles):
            settled = 1 << (self._settled + index)
            denies = alive & role.deny
            allows = alive & (role.allow | settled)
            if denies & sure or not allows:
                alive &= ~(role.allow | role.deny | settled)
                answers.append(False)
                continue
            if allows & (sure | settled):
                alive = alive & ~role.allow | settled
                answers.append(None if denies else True)
                continue
            answers.append(None)
        return alive, answers

    def _node(self, alive: int, level: int) -> int:
        alive, answers = self._simplified(alive, level)
        certain = [answer for answer in answers if answer is not None]
        if len(certain) == len(answers):
            return YES if self.question(certain) else NO
        key = (alive, level)
        if key not in self._known:
            self._known[key] = self._branch(alive, level)
        return self._known[key]

    def _branch(self, alive: int, level: int) -> int:
        children: dict[int, list[int]] = {}
        beyond = -1 << self._settled
        for group, mask in enumerate(self.levels[level]):
            child = self._node(alive & (mask | beyond), level + 1)
            children.setdefault(child, []).append(group)
        if len(children) == 1:
            return next(iter(children))
        groups = tuple(map(tuple, children.values()))
        node = (level, groups, tuple(children))
        if node not in self._unique:
            if len(self.nodes) > MOST_NODES:
                raise UndecidedError(f"the decision diagram has over {MOST_NODES} nodes")
            self._unique[node] = len(self.nodes)
            self.nodes.append(node)
        return self._unique[node]

    @cached_property
    def path_count(self) -> int:
        """How many paths lead to yes; a node comes after its children."""
        _ = self.root
        counts = [0, 1]
        for _, _, children in self.nodes[2:]:
            counts.append(sum(counts[child] for child in children))
        return counts[self.root]

    def paths(self) -> Iterator[Path]:
        """Every path that leads to yes."""
        yield from self._paths(self.root, ())

    def _paths(self, node: int, before: Path) -> Iterator[Path]:
        if node == YES:
            yield before
            return
        level, groups, children = self.nodes[node]
        for through, child in zip(groups, children, strict=True):
            yield from self._paths(child, (*before, (level, through)))
