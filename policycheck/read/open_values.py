"""What is said of the values that a policy leaves open."""

from __future__ import annotations

from policycheck.diagnostics import Diagnostic, Level
from policycheck.model.symbol import Symbol

CODE = "OPEN_VALUE"


def open_value(symbol: Symbol) -> Diagnostic:
    """The warning of a proof about every value."""
    message = f"{symbol.name} is not known here: what is proved holds whatever its value is"
    advice = f"to ask about one value: --parameter '{symbol.name}=VALUE'"
    return Diagnostic(CODE, message, symbol.span, symbol.key, advice, Level.WARNING)


def needs_value(symbol: Symbol) -> Diagnostic:
    """The error of a question that cannot be asked about every value."""
    message = f"{symbol.name} is left open, which prove alone can do"
    return Diagnostic(CODE, message, symbol.span, "", f"give its value: {symbol.name}=VALUE")
