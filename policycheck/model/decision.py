"""What one policy says of one request."""

from __future__ import annotations

import enum

from policycheck.dataclass import dataclass
from policycheck.model.shown import Shown


class Outcome(enum.Enum):
    """The three answers of semantics C1."""

    ALLOW = "Allow"
    EXPLICIT_DENY = "ExplicitDeny"
    IMPLICIT_DENY = "ImplicitDeny"


@dataclass(frozen=True)
class Decision(Shown):
    """An outcome and the indexes of the statements that decided it.

    For ALLOW the Allow statements that apply, for EXPLICIT_DENY the Deny statements that apply,
    for IMPLICIT_DENY none.
    """

    outcome: Outcome
    statements: tuple[int, ...]

    @property
    def decision(self) -> str:
        """The outcome as a text: ``Allow``, ``ExplicitDeny`` or ``ImplicitDeny``."""
        return self.outcome.value
