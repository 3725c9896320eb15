"""One decision told step by step: data, not text layout."""

from __future__ import annotations

from dataclasses import field

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Span
from policycheck.model.decision import Decision
from policycheck.model.policy import Policy, Statement
from policycheck.model.reading import DEFAULT_READINGS, Readings
from policycheck.model.request import Request
from policycheck.model.shown import Shown


@dataclass(frozen=True)
class Compared:
    """One value of the request against one value of the policy.

    ``matched`` is None if the request's text cannot be read as what the policy's value asks for.
    """

    actual: str
    wanted: str
    matched: bool | None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class ElementTrace:
    """One element of a statement, or one operator on one key of its Condition.

    ``name`` is the element (``Principal``, ``NotAction``, ...) or the operator; ``key`` is the
    condition key as the policy spells it, empty for other elements. ``actual`` are the request's
    values, ``wanted`` the policy's, ``compared`` each pair that was looked at. ``reason`` is one
    clause that says why the element holds or not.
    """

    name: str
    holds: bool
    actual: tuple[str, ...]
    wanted: tuple[str, ...]
    compared: tuple[Compared, ...]
    reason: str
    key: str = ""
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def matching(self) -> tuple[str, ...]:
        """The policy's values that matched some value of the request, in the policy's order."""
        found = {pair.wanted for pair in self.compared if pair.matched}
        return tuple(wanted for wanted in self.wanted if wanted in found)


@dataclass(frozen=True)
class StatementTrace:
    """One statement: whether it applies, and each element whether or not an earlier one failed.

    ``voided`` names a variable without a value that keeps the statement from applying (under the
    reading ``missing-variable-voids-statement``); empty if none does.
    """

    statement: Statement
    applies: bool
    principal: ElementTrace
    action: ElementTrace
    resource: ElementTrace
    conditions: tuple[ElementTrace, ...]
    voided: str = ""

    @property
    def elements(self) -> tuple[ElementTrace, ...]:
        """All elements in the order in which they are written."""
        return (self.principal, self.action, self.resource, *self.conditions)

    @property
    def failing(self) -> tuple[ElementTrace, ...]:
        """The elements that keep the statement from applying."""
        return tuple(element for element in self.elements if not element.holds)


@dataclass(frozen=True)
class Trace(Shown):
    """A decision with every statement of the policy."""

    policy: Policy
    request: Request
    decision: Decision
    statements: tuple[StatementTrace, ...]
    readings: Readings = DEFAULT_READINGS
