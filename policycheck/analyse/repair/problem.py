"""One violated assertion, and what candidates for edits are made from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import field
from functools import cached_property
from itertools import chain, count, islice
from typing import assert_never

from policycheck.analyse.repair.clauses import Clause, clauses, without_action
from policycheck.analyse.repair.document import Document
from policycheck.analyse.repair.edits import AddStatement, Edit, Entry
from policycheck.analyse.repair.layout import Json
from policycheck.analyse.repair.opposites import UnsayableError, written
from policycheck.analyse.repair.targets import Naming
from policycheck.concrete.policy import evaluate
from policycheck.dataclass import dataclass
from policycheck.model.arn import ArnResource
from policycheck.model.assertion import Assertion, AssertionKind, Spec
from policycheck.model.decision import Outcome
from policycheck.model.policy import Effect, Policy, Statement
from policycheck.model.predicate import Conditions, walk
from policycheck.model.request import INVOKE
from policycheck.model.verdict import Example


@dataclass(frozen=True)
class Candidate:
    """Edits that are made together; ``corrects`` if they set right what looks like a slip."""

    edits: tuple[Edit, ...]
    corrects: bool = False


ORDER = ("Sid", "Effect", "Principal", "Action", "Resource", "NotResource", "Condition")


@dataclass(frozen=True)
class Problem:
    """An assertion that does not hold, with a request that shows it, if there is one.

    ``unsaid`` collects what no statement of a policy can say.
    """

    document: Document
    spec: Spec
    assertion: Assertion
    example: Example | None = None
    unsaid: set[str] = field(default_factory=set, compare=False)

    @property
    def policy(self) -> Policy:
        """The policy as it stands."""
        return self.document.policy

    @cached_property
    def outcome(self) -> Outcome | None:
        """What the policy, alone, says of the example."""
        return self._decision[0]

    @property
    def _decision(self) -> tuple[Outcome | None, tuple[int, ...]]:
        if self.example is None:
            return None, ()
        found = evaluate(self.policy, self.example.request, self.example.readings)
        return found.outcome, found.statements

    @property
    def too_much(self) -> bool:
        """Whether something is allowed that should not be."""
        match self.assertion.kind:
            case AssertionKind.NEVER_ALLOWED | AssertionKind.NO_BROADER_THAN:
                return True
            case AssertionKind.ALWAYS_ALLOWED | AssertionKind.SOMETIMES_ALLOWED:
                return False
            case AssertionKind.EQUIVALENT_TO:
                return self.outcome is Outcome.ALLOW
        assert_never(self.assertion.kind)

    @cached_property
    def deciding(self) -> tuple[Statement, ...]:
        """The statements that decide about the example; without one, all."""
        if self.example is None:
            return self.policy.statements
        return tuple(self.policy.statements[index] for index in self._decision[1])

    def of_effect(self, effect: Effect) -> tuple[Statement, ...]:
        """The statements of one effect."""
        return tuple(one for one in self.policy.statements if one.effect is effect)

    @cached_property
    def naming(self) -> Naming:
        """How the policy writes resources: by the ARN of its API, if the spec knows it."""
        known = self.spec.environment
        arn = ":".join(map(str, known.arn)) if known.arn else ""
        entries = [e for one in self.policy.statements for e in one.resource.patterns]
        spelled = any(isinstance(one, ArnResource) for one in entries)
        return Naming(known, arn if spelled and "*" not in arn and "?" not in arn else "")

    def clauses(self, assertion: Assertion, *, holds: bool) -> tuple[Clause, ...]:
        """The clauses of an assertion's predicate, or of its opposite; none if there are none.

        The opposite leaves the action out of account.
        """
        predicate = assertion.predicate if holds else without_action(assertion.predicate)
        try:
            return clauses(predicate, self.spec.environment, holds=holds)
        except UnsayableError as error:
            self.unsaid.add(str(error))
            return ()

    def resources(self, clause: Clause) -> Iterator[tuple[str, ...]]:
        """The patterns of a clause's target: short ones, then exact ones as far as possible."""
        seen: set[tuple[str, ...]] = set()
        for exact in (False, True):
            try:
                found = self.naming.resources(clause.target, exact=exact)
            except UnsayableError as error:
                self.unsaid.add(str(error))
                continue
            if found not in seen:
                seen.add(found)
                yield found

    @cached_property
    def literals(self) -> tuple[Entry, ...]:
        """Every condition of the spec, as a policy has it, the assertion's own first."""
        others = (one for one in self.spec.assertions if one is not self.assertion)
        return tuple(dict.fromkeys(_entries((self.assertion, *others))))

    def opening(self) -> Iterator[Assertion]:
        """The assertions that demand that something is allowed."""
        kinds = {AssertionKind.ALWAYS_ALLOWED, AssertionKind.SOMETIMES_ALLOWED}
        return (one for one in self.spec.assertions if one.kind in kinds)

    def statements(
        self, effect: Effect, found: tuple[Clause, ...]
    ) -> Iterator[tuple[AddStatement, ...]]:
        """For each clause the statements that speak of its requests, each alone enough."""
        for place, clause in enumerate(found):
            yield tuple(self._speaking(effect, clause, place))

    def _speaking(self, effect: Effect, clause: Clause, place: int) -> Iterator[AddStatement]:
        if clause.excluded:
            try:
                excluded = tuple(r for one in clause.excluded for r in self.naming.resources(one))
            except UnsayableError as error:
                self.unsaid.add(str(error))
                return
            yield self._added(effect, clause, {"NotResource": _one_or_more(excluded)}, place)
            return
        for resources in self.resources(clause):
            yield self._added(effect, clause, {"Resource": _one_or_more(resources)}, place)

    def _added(
        self, effect: Effect, clause: Clause, resources: dict[str, Json], place: int
    ) -> AddStatement:
        body: dict[str, Json] = {
            "Sid": self._sid(place),
            "Effect": effect.value,
            "Principal": "*",
            "Action": _one_or_more(clause.actions or (INVOKE,)),
            **resources,
        }
        blocks: dict[str, dict[str, Json]] = {}
        for one in clause.entries:
            blocks.setdefault(one.operator, {})[one.key] = _one_or_more(one.values)
        if blocks:
            body["Condition"] = blocks
        return self.in_order({key: value for key, value in body.items() if value})

    def in_order(self, body: dict[str, Json]) -> AddStatement:
        """The statement with its elements in the order of the policy's last one."""
        last = self.document.statement(len(self.policy.statements) - 1)
        names = [key.value for key, _ in last.entries]
        rank = {name: i for i, name in enumerate(dict.fromkeys((*names, *ORDER)))}
        ordered = sorted(body.items(), key=lambda item: rank.get(item[0], len(rank)))
        return AddStatement(json.dumps(dict(ordered)))

    def _sid(self, place: int) -> str:
        """A Sid after the assertion's id, if the policy's statements have Sids.

        ``place`` is that of the statement among those that are added together.
        """
        taken = {one.sid for one in self.policy.statements}
        if taken == {None}:
            return ""
        words = re.findall(r"[A-Za-z0-9]+", self.assertion.id)
        name = "".join(word[:1].upper() + word[1:] for word in words) or "Added"
        numbered = chain([name], (f"{name}{number}" for number in count(2)))
        return next(islice((one for one in numbered if one not in taken), place, None))


def _one_or_more(values: tuple[str, ...]) -> Json:
    return values[0] if len(values) == 1 else list(values)


def _entries(assertions: Iterable[Assertion]) -> Iterator[Entry]:
    for assertion in assertions:
        for part in walk(assertion.predicate):
            for entry in part.entries if isinstance(part, Conditions) else ():
                try:
                    yield written(entry)
                except UnsayableError:
                    continue
