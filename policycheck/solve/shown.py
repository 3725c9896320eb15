"""Verdicts that a request shows."""

from __future__ import annotations

from collections.abc import Sequence

from policycheck.model.assertion import Assertion, Spec
from policycheck.model.policy import Policy
from policycheck.model.reading import Reading, in_order
from policycheck.model.verdict import Example, Status, Verdict
from policycheck.solve.notes import notes


def shown(  # noqa: PLR0913, PLR0917 (what is asked, and all that is found)
    policy: Policy,
    assertion: Assertion,
    spec: Spec,
    status: Status,
    example: Example,
    readings: Sequence[Reading] = (),
) -> Verdict:
    """The verdict that a replayed example shows, because of the statements that decided it.

    ``status`` is PROVED for the witness of a ``sometimes_allowed``, VIOLATED for a counterexample;
    a counterexample depends on the readings under which it was replayed, and on ``readings``.
    """
    is_witness = status is Status.PROVED
    under = frozenset() if is_witness else example.readings
    return Verdict(
        policy,
        assertion,
        status,
        counterexample=None if is_witness else example,
        witness=example if is_witness else None,
        because=tuple(policy.statements[index] for index in example.decision.statements),
        readings=in_order(under.union(readings)),
        under=in_order(under),
        notes=tuple(notes(example, policy, spec)),
    )
