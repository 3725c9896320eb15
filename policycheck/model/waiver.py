"""What the owner of a policy has decided to leave as it is, for a time."""

from __future__ import annotations

import datetime as dt
from dataclasses import field
from typing import NamedTuple

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Span
from policycheck.model.finding import Finding


@dataclass(frozen=True)
class Waiver:
    """A waiver of the findings under ``code``, through the day ``expires`` (UTC).

    ``statements`` are the indices of the statements concerned; None if it is about all of the
    policy. ``target`` is how its author named them ("statement 2", 'statement "Office"'), ``hint``
    what may be wrong with that name. ``span`` is where the code stands, ``expires_span`` the date.
    """

    code: str
    reason: str
    owner: str
    expires: dt.date
    statements: frozenset[int] | None = None
    target: str = ""
    hint: str = ""
    span: Span | None = field(default=None, compare=False, repr=False)
    expires_span: Span | None = field(default=None, compare=False, repr=False)

    def concerns(self, finding: Finding) -> bool:
        """Whether the finding has the waiver's code and is about one of its statements."""
        if finding.code != self.code:
            return False
        return self.statements is None or finding.statement in self.statements

    def holds_on(self, day: dt.date) -> bool:
        """Whether the waiver has not run out on that day."""
        return day <= self.expires


class WaivedFinding(NamedTuple):
    """A finding that is silenced, with the waiver that does it."""

    finding: Finding
    waiver: Waiver


class Judgement(NamedTuple):
    """Findings after the waivers were applied.

    ``kept`` are the findings that no waiver silences, ``waived`` those that one does, each in their
    order; ``problems`` are the findings about the waivers themselves.
    """

    kept: tuple[Finding, ...]
    waived: tuple[WaivedFinding, ...]
    problems: tuple[Finding, ...]
