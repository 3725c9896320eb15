"""policycheck proves properties of API Gateway resource policies.

The names below are the public ones. They are imported when they are first used, so that reading
and evaluating policies does not load the solver.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from policycheck.model.shown import Shown
from policycheck.version import __version__

if TYPE_CHECKING:
    from policycheck.analyse.crosscheck import CrosscheckReport, crosscheck
    from policycheck.analyse.export import export
    from policycheck.analyse.lint.selection import Selection
    from policycheck.analyse.lint.setting import Setting
    from policycheck.analyse.regions.differing import diff
    from policycheck.analyse.regions.reaching import reach
    from policycheck.analyse.repair.search import RepairLimits, repair
    from policycheck.analyse.starter.spec import StarterSpec, starter_spec
    from policycheck.cache.store import CacheError
    from policycheck.cache.verdicts import VerdictCache, open_cache
    from policycheck.certifying.certifier import Certifier
    from policycheck.concrete.policy import evaluate
    from policycheck.concrete.trace import trace
    from policycheck.diagnostics import (
        Diagnostic,
        DisagreementError,
        InputError,
        Level,
        PolicycheckError,
        SolversDisagreeError,
        Source,
        Span,
    )
    from policycheck.linting import lint
    from policycheck.model.assertion import Assertion, AssertionKind, Severity, Spec
    from policycheck.model.certificate import Answer, Certificate
    from policycheck.model.decision import Decision, Outcome
    from policycheck.model.environment import (
        Authorization,
        Endpoint,
        Environment,
        IpAddressType,
    )
    from policycheck.model.facts import ApiFacts
    from policycheck.model.finding import Finding, FindingType
    from policycheck.model.lint_report import LintReport, PolicyFindings
    from policycheck.model.policy import Effect, Policy, Statement
    from policycheck.model.reading import DISPUTES, Reading
    from policycheck.model.region import By, Difference, Reach, Region
    from policycheck.model.repair import (
        Change,
        Contradiction,
        Repair,
        RepairOutcome,
        Repairs,
    )
    from policycheck.model.request import ANONYMOUS, Caller, CallerKind, Request
    from policycheck.model.request_form import request_to_data
    from policycheck.model.trace import Trace
    from policycheck.model.verdict import Example, Failure, Report, Status, Verdict
    from policycheck.proving import prove
    from policycheck.read.git import read_git
    from policycheck.read.policy import load_policy, parse_policy
    from policycheck.read.request import parse_request, request_from
    from policycheck.read.schema import (
        diff_schema,
        findings_schema,
        reach_schema,
        repair_schema,
        request_schema,
        result_schema,
        spec_schema,
    )
    from policycheck.read.sources.load import load_policies
    from policycheck.read.spec import (
        load_environment,
        load_spec,
        parse_environment,
        parse_spec,
    )
    from policycheck.report.html.results import to_html
    from policycheck.solve.limits import Limits

__all__ = [
    "ANONYMOUS",
    "DISPUTES",
    "Answer",
    "ApiFacts",
    "Assertion",
    "AssertionKind",
    "Authorization",
    "By",
    "CacheError",
    "Caller",
    "CallerKind",
    "Certificate",
    "Certifier",
    "Change",
    "Contradiction",
    "CrosscheckReport",
    "Decision",
    "Diagnostic",
    "Difference",
    "DisagreementError",
    "Effect",
    "Endpoint",
    "Environment",
    "Example",
    "Failure",
    "Finding",
    "FindingType",
    "InputError",
    "IpAddressType",
    "Level",
    "Limits",
    "LintReport",
    "Outcome",
    "Policy",
    "PolicyFindings",
    "PolicycheckError",
    "Reach",
    "Reading",
    "Region",
    "Repair",
    "RepairLimits",
    "RepairOutcome",
    "Repairs",
    "Report",
    "Request",
    "Selection",
    "Setting",
    "Severity",
    "SolversDisagreeError",
    "Source",
    "Span",
    "Spec",
    "StarterSpec",
    "Statement",
    "Status",
    "Trace",
    "Verdict",
    "VerdictCache",
    "__version__",
    "crosscheck",
    "diff",
    "diff_schema",
    "evaluate",
    "export",
    "findings_schema",
    "lint",
    "load_environment",
    "load_policies",
    "load_policy",
    "load_spec",
    "open_cache",
    "parse_environment",
    "parse_policy",
    "parse_request",
    "parse_spec",
    "prove",
    "reach",
    "reach_schema",
    "read_git",
    "repair",
    "repair_schema",
    "request_from",
    "request_schema",
    "request_to_data",
    "result_schema",
    "spec_schema",
    "starter_spec",
    "to_html",
    "trace",
]

_HOMES = {
    "policycheck.analyse.crosscheck": ("CrosscheckReport", "crosscheck"),
    "policycheck.analyse.export": ("export",),
    "policycheck.analyse.lint.selection": ("Selection",),
    "policycheck.analyse.lint.setting": ("Setting",),
    "policycheck.analyse.regions.differing": ("diff",),
    "policycheck.analyse.regions.reaching": ("reach",),
    "policycheck.analyse.repair.search": ("RepairLimits", "repair"),
    "policycheck.analyse.starter.spec": ("StarterSpec", "starter_spec"),
    "policycheck.cache.store": ("CacheError",),
    "policycheck.cache.verdicts": ("VerdictCache", "open_cache"),
    "policycheck.certifying.certifier": ("Certifier",),
    "policycheck.concrete.policy": ("evaluate",),
    "policycheck.concrete.trace": ("trace",),
    "policycheck.diagnostics": (
        "Diagnostic",
        "DisagreementError",
        "InputError",
        "Level",
        "PolicycheckError",
        "SolversDisagreeError",
        "Source",
        "Span",
    ),
    "policycheck.linting": ("lint",),
    "policycheck.model.assertion": ("Assertion", "AssertionKind", "Severity", "Spec"),
    "policycheck.model.certificate": ("Answer", "Certificate"),
    "policycheck.model.decision": ("Decision", "Outcome"),
    "policycheck.model.environment": (
        "Authorization",
        "Endpoint",
        "Environment",
        "IpAddressType",
    ),
    "policycheck.model.facts": ("ApiFacts",),
    "policycheck.model.finding": ("Finding", "FindingType"),
    "policycheck.model.lint_report": ("LintReport", "PolicyFindings"),
    "policycheck.model.policy": ("Effect", "Policy", "Statement"),
    "policycheck.model.reading": ("DISPUTES", "Reading"),
    "policycheck.model.region": ("By", "Difference", "Reach", "Region"),
    "policycheck.model.repair": (
        "Change",
        "Contradiction",
        "Repair",
        "RepairOutcome",
        "Repairs",
    ),
    "policycheck.model.request": ("ANONYMOUS", "Caller", "CallerKind", "Request"),
    "policycheck.model.request_form": ("request_to_data",),
    "policycheck.model.trace": ("Trace",),
    "policycheck.model.verdict": ("Example", "Failure", "Report", "Status", "Verdict"),
    "policycheck.proving": ("prove",),
    "policycheck.read.git": ("read_git",),
    "policycheck.read.policy": ("load_policy", "parse_policy"),
    "policycheck.read.request": ("parse_request", "request_from"),
    "policycheck.read.schema": (
        "diff_schema",
        "findings_schema",
        "reach_schema",
        "repair_schema",
        "request_schema",
        "result_schema",
        "spec_schema",
    ),
    "policycheck.read.sources.load": ("load_policies",),
    "policycheck.read.spec": (
        "load_environment",
        "load_spec",
        "parse_environment",
        "parse_spec",
    ),
    "policycheck.report.html.results": ("to_html",),
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


def _layout(result: object) -> str:
    """What a notebook shows of a result; the templates are loaded when one asks."""
    return str(__getattr__("to_html")(result))


Shown.layout = staticmethod(_layout)
