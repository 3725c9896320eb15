"""Predicates of a spec, with the names that ``define`` gives them (contract section 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field

from policycheck.dataclass import dataclass
from policycheck.diagnostics import nearest
from policycheck.model.predicate import ALWAYS, Not, Predicate, walk
from policycheck.read.combine import all_of, any_of
from policycheck.read.document import ListNode, MapNode, Node, TextNode
from policycheck.read.predicate_principal import NAMES as CALLERS
from policycheck.read.predicate_principal import principal
from policycheck.read.predicate_source import NAMES as ADDRESSES
from policycheck.read.predicate_source import SOURCES
from policycheck.read.predicate_target import TARGETS
from policycheck.read.predicate_time import time
from policycheck.read.scope import Scope, unspaced

MAX_HEIGHT = 64
"""How deep predicates may be nested, names filled in."""

MAX_SIZE = 20_000
"""How many predicates one predicate may hold, names filled in."""

LEAVES: Mapping[str, Callable[[Node, Scope], Predicate]] = {
    **TARGETS,
    "principal": principal,
    **SOURCES,
    "time": time,
}
COMBINATORS = ("all_of", "any_of", "not")
KEYS = (*LEAVES, *COMBINATORS)
"""Every key that a predicate may have."""

_FORM = "write a mapping like {stage: prod}, or a name that define: gives; {} is every request"


@dataclass(frozen=True)
class Lowered:
    """A predicate with its size and its height, names filled in."""

    predicate: Predicate
    size: int = 1
    height: int = 0


_NOTHING = Lowered(ALWAYS)


@dataclass
class Predicates:
    """The reader of predicates; ``define`` maps names to what they were given.

    A name is read once, so that its mistakes are told once.
    """

    scope: Scope
    define: Mapping[str, tuple[TextNode, Node]] = field(default_factory=dict)
    known: dict[str, Lowered] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    open: list[str] = field(default_factory=list)

    def definitions(self) -> None:
        """Reads every definition, for its mistakes."""
        for name in self.define:
            self._definition(name, 0)
        self.used.clear()

    def unused(self) -> Iterator[TextNode]:
        """The names that nothing refers to, neither an assertion nor a used definition."""
        reached: set[str] = set()
        todo = sorted(self.used)
        while todo:
            name = todo.pop()
            if name not in reached:
                reached.add(name)
                todo.extend(self._mentioned(name))
        return (key for name, (key, _) in self.define.items() if name not in reached)

    def _mentioned(self, name: str) -> Iterator[str]:
        nodes = [self.define[name][1]] if name in self.define else []
        while nodes:
            match nodes.pop():
                case TextNode(value) if value in self.define:
                    yield value
                case ListNode(items):
                    nodes.extend(items)
                case MapNode(entries):
                    nodes.extend(value for _, value in entries)
                case _:
                    pass

    def read(self, node: Node, name: str) -> Predicate:
        """The predicate of the field ``name``, every mistake noted in the scope."""
        return self._read(node, name, 0).predicate

    def _read(self, node: Node, name: str, height: int) -> Lowered:
        if height > MAX_HEIGHT:
            return self._too_deep(node)
        match node:
            case TextNode():
                return self._reference(node, height)
            case MapNode():
                return self._mapping(node, height)
            case ListNode():
                advice = "write {any_of: [...]} or {all_of: [...]}"
                self.scope.mismatch(node, f"{name}, a predicate: a mapping or a name", advice)
            case _:
                self.scope.mismatch(node, f"{name}, a predicate: a mapping or a name", _FORM)
        return _NOTHING

    def _reference(self, node: TextNode, height: int) -> Lowered:
        name = node.value
        self.used.add(name)
        if name in self.open:
            chain = " -> ".join([*self.open[self.open.index(name) :], name])
            message = f"the definition of {name} refers to itself: {chain}"
            self.scope.error("CYCLIC_DEFINITION", message, node.span, "", "break the circle")
            return _NOTHING
        if name not in self.define:
            self._unknown(node)
            return _NOTHING
        found = self._definition(name, height + 1)
        return self._limited(found, node, height)

    def _definition(self, name: str, height: int) -> Lowered:
        if name not in self.known:
            self.open.append(name)
            self.known[name] = self._read(self.define[name][1], name, height)
            self.open.pop()
        return self.known[name]

    def _unknown(self, node: TextNode) -> None:
        meant = nearest(node.value, self.define)
        if meant:
            self.used.add(meant)
            advice = f"write {meant}"
        elif advice := unspaced(node.value, KEYS):
            pass
        elif node.value in ADDRESSES:
            advice = f"write {{source_ip: {node.value}}}"
        elif node.value in CALLERS:
            advice = f"write {{principal: {node.value}}}"
        else:
            advice = "define: gives " + (", ".join(self.define) or "no names")
        message = f'there is no definition "{node.value}"'
        self.scope.error("UNKNOWN_NAME", message, node.span, "unknown name", advice)

    def _mapping(self, node: MapNode, height: int) -> Lowered:
        parts: list[Lowered] = []
        fields = self.scope.fields(node, KEYS, "a predicate", self._hint)
        for name, (key, value) in fields.items():
            if name in LEAVES:
                parts.append(_leaf(LEAVES[name](value, self.scope)))
            elif name == "not":
                found = self._read(value, name, height + 1)
                parts.append(Lowered(Not(found.predicate), found.size + 1, found.height + 1))
            else:
                parts.append(self._combined(key, value, name, height + 1))
        return self._limited(_joined(parts, all_of), node, height)

    def _hint(self, name: str) -> str:
        if name in self.define:
            return f"a name stands alone, without a value: all_of: [{name}, ...]"
        if self.scope.keys.find(name) or name.lower().startswith("aws:"):
            return f'write condition: {{Operator: {{"{name}": ...}}}}'
        return ""

    def _combined(self, key: TextNode, node: Node, name: str, height: int) -> Lowered:
        if not isinstance(node, ListNode):
            advice = f"write {name}: [...], with a predicate or more in it"
            self.scope.mismatch(node, f"{name}, a list of predicates", advice)
            return _NOTHING
        if not node.items:
            message = f"{name} of an empty list says nothing"
            advice = "write a predicate, or take it out"
            self.scope.error("EMPTY_LIST", message, node.span, "empty", advice)
        parts = [self._read(item, f"an entry of {key.value}", height) for item in node.items]
        return _joined(parts, all_of if name == "all_of" else any_of)

    def _too_deep(self, node: Node) -> Lowered:
        message = f"predicates are nested more than {MAX_HEIGHT} levels deep, names filled in"
        advice = "flatten them: all_of and any_of take long lists"
        self.scope.error("TOO_DEEP", message, node.span, "", advice)
        return _NOTHING

    def _limited(self, found: Lowered, node: Node, height: int) -> Lowered:
        if height + found.height > MAX_HEIGHT:
            return self._too_deep(node)
        if found.size > MAX_SIZE:
            message = f"more than {MAX_SIZE} predicates, names filled in"
            self.scope.error("TOO_LARGE", message, node.span, "", "ask in several assertions")
            return _NOTHING
        return found


def _leaf(predicate: Predicate) -> Lowered:
    return Lowered(predicate, sum(1 for _ in walk(predicate)), 2)


def _joined(parts: list[Lowered], combine: Callable[[Iterable[Predicate]], Predicate]) -> Lowered:
    if len(parts) == 1:
        return parts[0]
    return Lowered(
        combine(part.predicate for part in parts),
        1 + sum(part.size for part in parts),
        1 + max((part.height for part in parts), default=0),
    )
