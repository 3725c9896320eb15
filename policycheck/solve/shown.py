"""Verdicts that a request shows."""

from __future__ import annotations

from policycheck.model.assertion import Assertion, Spec
from policycheck.model.policy import Policy
from policycheck.model.verdict import Example, Status, Verdict
from policycheck.solve.notes import notes


def shown(
    policy: Policy, assertion: Assertion, spec: Spec, status: Status, example: Example
) -> Verdict:
    """The verdict that a replayed example shows, because of the statements that decided it.

    ``status`` is PROVED for the witness of a ``sometimes_allowed``, VIOLATED for a counterexample;
    a counterexample depends on the readings under which it was replayed.
    """
    is_witness = status is Status.PROVED
    readings = () if is_witness else sorted(example.readings, key=lambda reading: reading.value)
    return Verdict(
        policy,
        assertion,
        status,
        counterexample=None if is_witness else example,
        witness=example if is_witness else None,
        because=tuple(policy.statements[index] for index in example.decision.statements),
        readings=tuple(readings),
        notes=tuple(notes(example, policy, spec)),
    )
