"""A policy under inspection, and how its findings are made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from policycheck.analyse.lint.setting import Setting
from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic, Span
from policycheck.model.condition import Comparing, ConditionEntry
from policycheck.model.finding import Finding, FindingType
from policycheck.model.keys import Key
from policycheck.model.policy import Effect, Policy, Statement
from policycheck.model.rule import finding_type
from policycheck.model.verdict import Example


@dataclass(frozen=True)
class Inspection:
    """A policy, what is known of its API, and the ``doubts`` that its reader had."""

    policy: Policy
    setting: Setting
    doubts: tuple[Diagnostic, ...] = ()

    @cached_property
    def doubted(self) -> dict[tuple[int, int], frozenset[str]]:
        """The codes of the reader's doubts by the stretch of text that they are about."""
        found: dict[tuple[int, int], frozenset[str]] = {}
        for one in self.doubts:
            if one.span:
                place = (one.span.start, one.span.end)
                found[place] = found.get(place, frozenset()) | {one.code}
        return found

    def is_doubted(self, span: Span | None, *codes: str) -> bool:
        """Whether the reader has one of these doubts (any, if none is named) about the stretch."""
        if span is None:
            return False
        found = self.doubted.get((span.start, span.end), frozenset())
        return bool(found & set(codes) if codes else found)

    def comparisons(self) -> Iterator[tuple[Statement, Comparing]]:
        """Every entry that compares a key with values, with its statement."""
        for statement in self.policy.statements:
            for entry in statement.conditions:
                if isinstance(entry, Comparing):
                    yield statement, entry

    def key(self, entry: ConditionEntry) -> Key | None:
        """What is known of the entry's key; None if there is no such key."""
        return self.setting.keys.find(entry.key)


def finding(  # noqa: PLR0913 (a finding has as many parts)
    code: str,
    message: str,
    span: Span | None,
    *,
    statement: Statement | None = None,
    label: str = "",
    evidence: str = "",
    advice: str = "",
    example: Example | None = None,
    kind: FindingType | None = None,
) -> Finding:
    """A finding of a rule; ``kind`` stands in for the rule's own type."""
    index = None if statement is None else statement.index
    found = kind or finding_type(code)
    return Finding(code, found, message, span, label, evidence, advice, index, example)


def named(statement: Statement) -> str:
    """The statement as messages name it."""
    sid = f" ({statement.sid})" if statement.sid else ""
    return f"statement {statement.index}{sid}"


def widens(statement: Statement, entry: Comparing) -> bool:
    """Whether what the entry lists is let in: by an Allow, or by a Deny of everything else."""
    return (statement.effect is Effect.ALLOW) is not entry.negated


def counted(count: int, noun: str, plural: str = "") -> str:
    """A number and a noun, in the plural if need be."""
    return f"{count} {noun if count == 1 else plural or noun + 's'}"


def listed(texts: Sequence[str], most: int = 3) -> str:
    """The first few of some texts."""
    return ", ".join(texts[:most]) + (", ..." if len(texts) > most else "")


def joined(words: Sequence[str]) -> str:
    """Words with commas, and an "and" before the last one."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
