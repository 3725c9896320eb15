"""A spec: what is known about an API, and what its policy must guarantee (contract section 4)."""

from __future__ import annotations

import enum
from dataclasses import field

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic, Source, Span
from policycheck.model.environment import Environment
from policycheck.model.policy import Policy
from policycheck.model.predicate import ALWAYS, Predicate
from policycheck.model.workflow import Workflow


class AssertionKind(enum.Enum):
    """What an assertion demands."""

    NEVER_ALLOWED = "never_allowed"
    ALWAYS_ALLOWED = "always_allowed"
    SOMETIMES_ALLOWED = "sometimes_allowed"
    NO_BROADER_THAN = "no_broader_than"
    EQUIVALENT_TO = "equivalent_to"


class Severity(enum.Enum):
    """How much a violation matters."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


@dataclass(frozen=True)
class Assertion:
    """One assertion.

    ``predicate`` says of which requests it speaks (for NO_BROADER_THAN and EQUIVALENT_TO the
    ``when``); it includes the restriction to ``execute-api:Invoke`` unless the author named an
    action. ``baseline`` is the policy that the last two kinds compare with.
    """

    id: str
    kind: AssertionKind
    predicate: Predicate = ALWAYS
    baseline: Policy | None = None
    severity: Severity = Severity.HIGH
    description: str = ""
    allow_vacuous: bool = False
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Spec:
    """A spec: its environment, its assertions in the author's order, what reading warned of.

    With a ``workflow`` the assertions speak of the whole decision, otherwise of the resource
    policy alone.
    """

    assertions: tuple[Assertion, ...]
    environment: Environment = field(default_factory=Environment)
    source: Source = field(default=Source("<spec>", ""), compare=False, repr=False)
    warnings: tuple[Diagnostic, ...] = field(default=(), compare=False, repr=False)
    workflow: Workflow | None = None
