"""What the page shows of a review: texts, every one printable, that a template lays out."""

from __future__ import annotations

from policycheck.dataclass import dataclass
from policycheck.report.html.listing import Line
from policycheck.report.html.maps import View
from policycheck.report.html.matrix import Matrix
from policycheck.report.html.weeks import Windows


@dataclass(frozen=True)
class RequestView:
    """A request: what is called, then names and values, and what to try it with."""

    called: str
    rows: tuple[tuple[str, str], ...]
    decision: str
    command: str


@dataclass(frozen=True)
class StatementView:
    """A statement that decides: its name, where it stands, and its lines."""

    name: str
    place: str
    anchor: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class VerdictView:
    """One assertion about one policy."""

    status: str
    holds: bool
    id: str
    severity: str
    description: str
    line: str
    request: RequestView | None
    statements: tuple[StatementView, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class FindingView:
    """One finding, and how to mend it."""

    type: str
    code: str
    message: str
    evidence: str
    fix: str
    place: str
    anchor: str
    lines: tuple[Line, ...]
    request: RequestView | None
    waived: str = ""


@dataclass(frozen=True)
class PolicyView:
    """All about one policy; ``key`` begins the names of places in the page."""

    key: str
    name: str
    verdicts: tuple[VerdictView, ...]
    findings: tuple[FindingView, ...]
    undecided: tuple[str, ...]
    linted: bool
    reach: ReachView | None
    hours: tuple[Windows, ...]
    source: tuple[Line, ...]


@dataclass(frozen=True)
class ReachView:
    """Who can reach what; ``unknown`` says why that is not known."""

    unknown: str
    nobody: bool
    totals: tuple[str, ...]
    matrix: Matrix | None
    views: tuple[View, ...]
    disputes: tuple[str, ...]


@dataclass(frozen=True)
class RegionView:
    """One region of a difference."""

    rows: tuple[tuple[str, tuple[str, ...]], ...]
    size: str
    example: str
    because: str


@dataclass(frozen=True)
class DifferenceView:
    """What one version allows and the other does not."""

    old: str
    new: str
    unknown: str
    same: bool
    notes: tuple[str, ...]
    opened: tuple[RegionView, ...]
    closed: tuple[RegionView, ...]
    more: tuple[int, int]
    views: tuple[View, ...]
    hours: tuple[Windows, ...]
    under: tuple[str, ...]
    disputes: tuple[str, ...]
    text: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Page:
    """The whole page. ``counts`` says how many verdicts have which status."""

    title: str
    day: str
    counts: tuple[tuple[str, int], ...]
    findings: int
    policies: tuple[PolicyView, ...]
    difference: DifferenceView | None
    unread: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
