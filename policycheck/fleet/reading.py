"""What stands for a policy on its way to where it is judged."""

from __future__ import annotations

from policycheck.diagnostics import InputError, Source
from policycheck.model.policy import Policy
from policycheck.model.verdict import Failure
from policycheck.read.policy import parse_policy

Input = Source | Policy | Failure
"""The text of a bare policy, a policy that was read out of a larger document, or why there is
none."""


def policy_of(found: Input) -> Policy:
    """The policy that an input is. Raises InputError."""
    match found:
        case Policy():
            return found
        case Source():
            return parse_policy(found)
        case Failure(_, diagnostics):
            raise InputError(diagnostics)
