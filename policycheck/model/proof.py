"""What was proved about one policy, for reports about all."""

from __future__ import annotations

from policycheck.dataclass import dataclass
from policycheck.model.environment import Environment
from policycheck.model.verdict import Report


@dataclass(frozen=True)
class Proof:
    """Verdicts about one policy, and what its spec says of the API (None: there is no spec)."""

    report: Report
    known: Environment | None
