"""The codes of rules, as waivers and configurations name them."""

from __future__ import annotations

from policycheck.diagnostics import nearest
from policycheck.model.rule import named_by, rules
from policycheck.read.document import TextNode
from policycheck.read.scope import Scope


def check_rule(code: TextNode, scope: Scope) -> bool:
    """Whether ``code`` is that of a rule; otherwise an error is noted."""
    if code.value in rules():
        return True
    _note_unknown(code, scope)
    return False


def check_rules(pattern: TextNode, scope: Scope) -> bool:
    """Whether a code, the beginning of one, or a glob names a rule; otherwise an error is noted."""
    if named_by(pattern.value):
        return True
    _note_unknown(pattern, scope)
    return False


def _note_unknown(code: TextNode, scope: Scope) -> None:
    meant = nearest(code.value, rules())
    advice = f"write {meant}" if meant else "policycheck rules lists all codes"
    message = f"there is no rule {code.value}"
    scope.error("UNKNOWN_RULE", message, code.span, "unknown code", advice)
