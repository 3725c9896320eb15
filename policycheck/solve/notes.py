"""What a reader of an example should know besides: one sentence each."""

from __future__ import annotations

from collections.abc import Iterator

from policycheck.concrete.workflow import is_same_account
from policycheck.model.assertion import Spec
from policycheck.model.decision import Outcome
from policycheck.model.environment import Authorization
from policycheck.model.policy import Policy, PrincipalKind, Statement
from policycheck.model.verdict import Example

_SILENT_AUTHORIZER = (
    "AWS's table lets a request in that the Lambda authorizer neither allows nor denies if the "
    "resource policy allows it; no measurement of that is known"
)
_DELEGATION = (
    "the resource policy allows the account as a whole; elsewhere AWS calls that a delegation, "
    "which needs an Allow in an identity policy too"
)


def notes(example: Example, policy: Policy, spec: Spec) -> Iterator[str]:
    """What is worth knowing about an example of the policy's decisions."""
    yield from _chosen_by_caller(example, spec)
    if example.answers and example.decision.outcome is Outcome.ALLOW and spec.workflow:
        if spec.workflow.authorizer is Authorization.LAMBDA:
            if example.answers.authorizer is Outcome.IMPLICIT_DENY:
                yield _SILENT_AUTHORIZER
        elif _is_delegated(example, policy):
            yield _DELEGATION


def _chosen_by_caller(example: Example, spec: Spec) -> Iterator[str]:
    """What the caller may write as it likes: headers, and declared keys of that kind."""
    for name in example.request.context:
        key = spec.environment.keys.find(name)
        if key is not None and key.client_controlled:
            yield f"the caller chooses the value of {key.name}"


def _is_delegated(example: Example, policy: Policy) -> bool:
    """The request hangs on an Allow for the caller's own account as a whole (semantics U-1)."""
    answers = example.answers
    if answers is None or answers.identity_policies is Outcome.ALLOW:
        return False
    deciding = [policy.statements[index] for index in example.decision.statements]
    return (
        is_same_account(example.request) and bool(deciding) and all(map(_names_account, deciding))
    )


def _names_account(statement: Statement) -> bool:
    kinds = {one.kind for one in statement.principal.ids}
    return kinds == {PrincipalKind.ACCOUNT} and not statement.principal.negated
