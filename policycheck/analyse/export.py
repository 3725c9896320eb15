"""Assertions as SMT-LIB files, so that any solver can check what policycheck says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from policycheck.model.assertion import AssertionKind, Spec
from policycheck.model.policy import Policy
from policycheck.read.keys_used import require_keys
from policycheck.solve.native import script
from policycheck.solve.question import Goal, ask

_SAT = {
    AssertionKind.NEVER_ALLOWED: "violated: a request in question is allowed",
    AssertionKind.ALWAYS_ALLOWED: "violated: a request in question is not allowed",
    AssertionKind.SOMETIMES_ALLOWED: "proved: a request in question is allowed",
    AssertionKind.NO_BROADER_THAN: "violated: a request in question is allowed here only",
    AssertionKind.EQUIVALENT_TO: "violated: a request in question is allowed by one policy only",
}
_UNSAT = {
    AssertionKind.NEVER_ALLOWED: "proved: no request in question is allowed",
    AssertionKind.ALWAYS_ALLOWED: "proved: every request in question is allowed",
    AssertionKind.SOMETIMES_ALLOWED: "violated: no request in question is allowed",
    AssertionKind.NO_BROADER_THAN: "proved: what is allowed here is allowed by the baseline",
    AssertionKind.EQUIVALENT_TO: "proved: both policies allow the same requests in question",
}


def export(policy: Policy, spec: Spec) -> Iterator[tuple[str, str]]:
    """The id of each assertion with a self-contained SMT-LIB 2.6 script, in order.

    Texts are native strings. Disputed rules are fixed to their defaults, and that some request is
    in question at all is not asked. Raises InputError for what the language cannot say.
    """
    require_keys(policy, spec.environment.keys)
    for assertion in spec.assertions:
        question = ask(policy, replace(spec, assertions=(assertion,)))
        (goal,) = question.goals
        yield assertion.id, _header(policy, goal) + script(question, goal.breaks)


def _header(policy: Policy, goal: Goal) -> str:
    kind = goal.assertion.kind
    lines = (
        f"policy: {policy.name}",
        f"assertion: {goal.assertion.id} ({kind.value})",
        f"sat: {_SAT[kind]}",
        f"unsat: {_UNSAT[kind]}",
        "Disputed rules of AWS are fixed to their defaults.",
        "Whether any request is in question at all is not asked here.",
    )
    return "".join(f"; {_plain(line)}\n" for line in lines)


def _plain(text: str) -> str:
    """The text on one line, in printable ASCII."""
    return "".join(char if " " <= char <= "~" else "?" for char in text)
