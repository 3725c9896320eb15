"""The assertions of a spec (contract section 4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from pathlib import Path

from policycheck.dataclass import dataclass
from policycheck.model.assertion import Assertion, AssertionKind, Severity
from policycheck.model.policy import Policy
from policycheck.model.predicate import ALWAYS, Predicate
from policycheck.read.combine import of_invocations
from policycheck.read.document import ListNode, MapNode, Node, TextNode
from policycheck.read.predicates import KEYS, Predicates
from policycheck.read.scope import Fields, Scope, named

KINDS = tuple(kind.value for kind in AssertionKind)
COMPARISONS = (AssertionKind.NO_BROADER_THAN, AssertionKind.EQUIVALENT_TO)
"""The kinds that compare with another policy."""

FIELDS = ("id", "description", "severity", *KINDS, "when", "allow_vacuous")

_FORM = "write {id: some-name, never_allowed: {...}}"


@dataclass
class Assertions:
    """The reader of assertions; policies to compare with are relative to ``directory``."""

    scope: Scope
    predicates: Predicates
    directory: Path
    ids: dict[str, TextNode] = field(default_factory=dict)
    policies: dict[str, Policy | None] = field(default_factory=dict)

    def read(self, node: Node) -> tuple[Assertion, ...]:
        """The assertions in the author's order, every mistake noted in the scope."""
        if not isinstance(node, ListNode):
            self.scope.mismatch(node, "assertions, a list", f"begin each with -: {_FORM}")
            return ()
        if not node.items:
            message = "a spec without an assertion"
            self.scope.error("EMPTY_LIST", message, node.span, "empty", _FORM)
        return tuple(one for item in node.items for one in self._assertion(item))

    def _assertion(self, item: Node) -> Iterator[Assertion]:
        mapping = self.scope.mapping(item, "an assertion, a mapping", _FORM)
        if mapping is None:
            return
        fields = self.scope.fields(mapping, FIELDS, "an assertion", _hint)
        name = self._id(mapping, fields)
        severity = self._severity(named(fields, "severity"))
        description = self._description(named(fields, "description"))
        vacuous = named(fields, "allow_vacuous")
        allow_vacuous = self.scope.flag(vacuous, "allow_vacuous") if vacuous else False
        kind = self._kind(mapping, fields)
        if kind is None:
            return
        node = fields[kind.value][1]
        yield Assertion(
            name,
            kind,
            of_invocations(self._predicate(kind, fields)),
            self._baseline(kind, node) if kind in COMPARISONS else None,
            severity,
            description,
            allow_vacuous,
            mapping.span,
        )

    def _id(self, mapping: MapNode, fields: Fields) -> str:
        node = named(fields, "id")
        if node is None:
            self.scope.missing(mapping, "id", "this assertion", "write id: and a name of its own")
            return ""
        text = self.scope.text(node, "id")
        if text is None:
            return ""
        if first := self.ids.get(text.value):
            label = f"already on line {first.span.line}"
            message = f'two assertions have the id "{text.value}"'
            self.scope.error("DUPLICATE_ID", message, text.span, label, "rename one of the two")
        self.ids.setdefault(text.value, text)
        return text.value

    def _severity(self, node: Node | None) -> Severity:
        options = [one.value for one in Severity]
        found = self.scope.choice(node, "severity", options) if node else None
        return Severity(found) if found else Severity.HIGH

    def _description(self, node: Node | None) -> str:
        text = self.scope.text(node, "description") if node else None
        return text.value if text else ""

    def _kind(self, mapping: MapNode, fields: Fields) -> AssertionKind | None:
        found = [name for name in fields if name in KINDS]
        if not found:
            span = mapping.entries[0][0].span if mapping.entries else mapping.span
            advice = f"write one of {', '.join(KINDS)}"
            self.scope.error("NO_KIND", "this assertion demands nothing", span, "", advice)
            return None
        for name in found[1:]:
            message = f"an assertion makes one demand; this one has {' and '.join(found)}"
            advice = "write an assertion of its own, with another id"
            self.scope.error("SEVERAL_KINDS", message, fields[name][0].span, "", advice)
        return AssertionKind(found[0])

    def _predicate(self, kind: AssertionKind, fields: Fields) -> Predicate:
        when = fields.get("when")
        if kind not in COMPARISONS:
            if when:
                message = f"when narrows {' and '.join(one.value for one in COMPARISONS)} only"
                advice = f"put it under {kind.value}, with all_of"
                self.scope.error("MISPLACED_WHEN", message, when[0].span, "", advice)
            return self.predicates.read(fields[kind.value][1], kind.value)
        return self.predicates.read(when[1], "when") if when else ALWAYS

    def _baseline(self, kind: AssertionKind, node: Node) -> Policy | None:
        advice = "write the path of a policy file, relative to this spec"
        text = self.scope.text(node, kind.value, advice)
        if text is None:
            return None
        if text.value not in self.policies:
            from policycheck.read.policy_files import PolicyFiles  # noqa: PLC0415 -- few compare

            files = PolicyFiles(
                self.scope, self.directory, "policy to compare with", "INVALID_BASELINE"
            )
            self.policies[text.value] = files.load(text)
        return self.policies[text.value]


def _hint(name: str) -> str:
    if name == "workflow":
        return "workflow stands at the top of the spec, beside assertions"
    if name in KEYS:
        return f"a predicate stands under the demand: never_allowed: {{{name}: ...}}"
    return ""
