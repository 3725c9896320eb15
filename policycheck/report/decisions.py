"""Decisions of many requests, one line each."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache

from policycheck.diagnostics import Diagnostic
from policycheck.model.decision import Decision
from policycheck.model.request import Request
from policycheck.report.characters import printable, shorten
from policycheck.report.requests import headline, origin

CACHED = 4096
"""How many different decisions are remembered as texts."""

_WIDTH = len("ExplicitDeny") + 2

_LONGEST = 500
"""How many characters of an error are shown: errors quote what is in the request."""


@lru_cache(CACHED)
def decision_json(decision: Decision) -> str:
    """A decision as contract section 3 has it."""
    data = {"decision": decision.outcome.value, "statements": list(decision.statements)}
    return json.dumps(data) + "\n"


def decision_text(decision: Decision, request: Request) -> str:
    """A decision and what it is about."""
    statements = ", ".join(map(str, decision.statements))
    reason = f" by {statements}" if statements else ""
    about = f"{headline(request)} ({origin(request)}){reason}"
    return f"{decision.outcome.value.ljust(_WIDTH)}{about}\n"


def error_json(diagnostics: Iterable[Diagnostic]) -> str:
    """What stands for the decision of a request that is invalid."""
    return json.dumps({"error": _message(diagnostics)}) + "\n"


def error_text(diagnostics: Iterable[Diagnostic]) -> str:
    """The same for people."""
    return f"{'error'.ljust(_WIDTH)}{printable(_message(diagnostics))}\n"


def _message(diagnostics: Iterable[Diagnostic]) -> str:
    return "; ".join(shorten(_placed(one), _LONGEST) for one in diagnostics)


def _placed(diagnostic: Diagnostic) -> str:
    where = f"{diagnostic.span}: " if diagnostic.span else ""
    return where + diagnostic.message
