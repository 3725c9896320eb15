"""What follows for a statement from an element that no request meets, or every one."""

from __future__ import annotations

from policycheck.model.policy import Effect, Statement

ALLOWS_NOTHING = ", so the statement allows nothing"
NEVER_DENIES = ", so the Deny never fires"
CONSEQUENCES = (ALLOWS_NOTHING, NEVER_DENIES)


def consequence(statement: Statement) -> str:
    """The end of a sentence that says why a statement applies to no request."""
    return ALLOWS_NOTHING if statement.effect is Effect.ALLOW else NEVER_DENIES
