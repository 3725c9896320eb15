"""policycheck proves properties of API Gateway resource policies.

The names below are the public ones. They are imported when they are first used, so that reading
and evaluating policies does not load the solver.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from policycheck.version import __version__

if TYPE_CHECKING:
    from policycheck.analyse.crosscheck import CrosscheckReport, crosscheck
    from policycheck.analyse.export import export
    from policycheck.cache.store import CacheError
    from policycheck.cache.verdicts import VerdictCache, open_cache
    from policycheck.concrete.policy import evaluate
    from policycheck.concrete.trace import trace
    from policycheck.diagnostics import (
        Diagnostic,
        DisagreementError,
        InputError,
        Level,
        PolicycheckError,
        Source,
        Span,
    )
    from policycheck.model.assertion import Assertion, AssertionKind, Severity, Spec
    from policycheck.model.decision import Decision, Outcome
    from policycheck.model.policy import Effect, Policy, Statement
    from policycheck.model.reading import DISPUTES, Reading
    from policycheck.model.request import ANONYMOUS, Caller, CallerKind, Request
    from policycheck.model.request_form import request_to_data
    from policycheck.model.trace import Trace
    from policycheck.model.verdict import Example, Failure, Report, Status, Verdict
    from policycheck.proving import prove
    from policycheck.read.policy import load_policy, parse_policy
    from policycheck.read.request import parse_request, request_from
    from policycheck.read.schema import request_schema, result_schema, spec_schema
    from policycheck.read.spec import load_spec, parse_spec
    from policycheck.solve.limits import Limits

__all__ = [
    "ANONYMOUS",
    "DISPUTES",
    "Assertion",
    "AssertionKind",
    "CacheError",
    "Caller",
    "CallerKind",
    "CrosscheckReport",
    "Decision",
    "Diagnostic",
    "DisagreementError",
    "Effect",
    "Example",
    "Failure",
    "InputError",
    "Level",
    "Limits",
    "Outcome",
    "Policy",
    "PolicycheckError",
    "Reading",
    "Report",
    "Request",
    "Severity",
    "Source",
    "Span",
    "Spec",
    "Statement",
    "Status",
    "Trace",
    "Verdict",
    "VerdictCache",
    "__version__",
    "crosscheck",
    "evaluate",
    "export",
    "load_policy",
    "load_spec",
    "open_cache",
    "parse_policy",
    "parse_request",
    "parse_spec",
    "prove",
    "request_from",
    "request_schema",
    "request_to_data",
    "result_schema",
    "spec_schema",
    "trace",
]

_HOMES = {
    "policycheck.analyse.crosscheck": ("CrosscheckReport", "crosscheck"),
    "policycheck.analyse.export": ("export",),
    "policycheck.cache.store": ("CacheError",),
    "policycheck.cache.verdicts": ("VerdictCache", "open_cache"),
    "policycheck.concrete.policy": ("evaluate",),
    "policycheck.concrete.trace": ("trace",),
    "policycheck.diagnostics": (
        "Diagnostic",
        "DisagreementError",
        "InputError",
        "Level",
        "PolicycheckError",
        "Source",
        "Span",
    ),
    "policycheck.model.assertion": ("Assertion", "AssertionKind", "Severity", "Spec"),
    "policycheck.model.decision": ("Decision", "Outcome"),
    "policycheck.model.policy": ("Effect", "Policy", "Statement"),
    "policycheck.model.reading": ("DISPUTES", "Reading"),
    "policycheck.model.request": ("ANONYMOUS", "Caller", "CallerKind", "Request"),
    "policycheck.model.trace": ("Trace",),
    "policycheck.model.verdict": ("Example", "Failure", "Report", "Status", "Verdict"),
    "policycheck.proving": ("prove",),
    "policycheck.read.policy": ("load_policy", "parse_policy"),
    "policycheck.model.request_form": ("request_to_data",),
    "policycheck.read.request": ("parse_request", "request_from"),
    "policycheck.read.schema": ("request_schema", "result_schema", "spec_schema"),
    "policycheck.read.spec": ("load_spec", "parse_spec"),
    "policycheck.solve.limits": ("Limits",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(importlib.import_module(home), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
