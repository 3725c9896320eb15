"""What was proved about one policy, for reports about all."""

from __future__ import annotations

from typing import NamedTuple

from policycheck.model.environment import Environment
from policycheck.model.verdict import Report


class Proof(NamedTuple):
    """Verdicts about one policy, and what its spec says of the API (None: there is no spec)."""

    report: Report
    known: Environment | None
