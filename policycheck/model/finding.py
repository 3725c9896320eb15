"""What ``lint`` finds in a policy."""

from __future__ import annotations

import enum
from dataclasses import field

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Span
from policycheck.model.shown import Shown
from policycheck.model.verdict import Example


class FindingType(enum.Enum):
    """How bad a finding is: the finding types of IAM Access Analyzer, mildest first.

    Source: IAM/access-analyzer-policy-validation.
    """

    SUGGESTION = "suggestion"
    WARNING = "warning"
    SECURITY_WARNING = "security-warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """The place among the types, 0 for the mildest."""
        return list(FindingType).index(self)


@dataclass(frozen=True)
class Finding(Shown):
    """One finding about one policy.

    ``code`` names the rule (AWS's own name where AWS has the check), ``message`` is one sentence,
    ``label`` stands beside the underlined text, ``evidence`` says what was proved or shown,
    ``help`` what to write instead. ``example`` is a replayed request that shows the finding, where
    there is one. ``statement`` is the index of the statement concerned.
    """

    code: str
    type: FindingType
    message: str
    span: Span | None = None
    label: str = ""
    evidence: str = ""
    help: str = ""
    statement: int | None = None
    example: Example | None = field(default=None, compare=False)
