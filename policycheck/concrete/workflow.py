"""The whole decision about one request: the tables as AWS prints them.

The symbolic twin says in formulas which answers together allow a request.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from policycheck.concrete.arn import parse_arn
from policycheck.concrete.policy import evaluate
from policycheck.concrete.principal import account
from policycheck.model.decision import Decision, Outcome
from policycheck.model.environment import VIA_DOMAIN, Authorization
from policycheck.model.policy import Policy
from policycheck.model.reading import DEFAULT_READINGS, Readings
from policycheck.model.request import CallerKind, Request
from policycheck.model.workflow import Answers, Workflow

_A, _N, _D = Outcome.ALLOW, Outcome.IMPLICIT_DENY, Outcome.EXPLICIT_DENY

Table = dict[tuple[Outcome, Outcome], Outcome]
"""From the answers of the authorizer and of the resource policy to the decision."""

TABLE_A: Table = {
    (_A, _A): _A,
    (_A, _N): _A,
    (_A, _D): _D,
    (_N, _A): _A,
    (_N, _N): _N,
    (_N, _D): _D,
    (_D, _A): _D,
    (_D, _N): _D,
    (_D, _D): _D,
}
"""IAM in the API's own account, and Lambda authorizers (C3-table-a)."""

TABLE_B: Table = {
    (_A, _A): _A,
    (_A, _N): _N,
    (_A, _D): _D,
    (_N, _A): _N,
    (_N, _N): _N,
    (_N, _D): _D,
    (_D, _A): _D,
    (_D, _N): _D,
    (_D, _D): _D,
}
"""IAM from another account, and Amazon Cognito (C3-table-b)."""


def evaluate_all(
    workflow: Workflow,
    answers: Answers,
    policy: Policy,
    request: Request,
    readings: Readings = DEFAULT_READINGS,
) -> Decision:
    """The whole decision, with the statements of the resource policy that took part in it.

    Source: APIGW/apigateway-authorization-flow. Rules: C2-order, C5-endpoint, C6-domain.
    """
    own = evaluate(policy, request, readings)
    method = _method(workflow, answers, own.outcome, request)
    parts = {method, answers.vpc_endpoint_policy or _A, answers.custom_domain_policy or _A}
    outcome = next(one for one in (_D, _N, _A) if one in parts)
    return Decision(outcome, own.statements if own.outcome is outcome else ())


def allows(
    workflow: Workflow, answers: Answers, policy: Policy, request: Request, readings: Readings
) -> bool:
    """Whether the whole decision is Allow."""
    return evaluate_all(workflow, answers, policy, request, readings).outcome is Outcome.ALLOW


def _method(workflow: Workflow, answers: Answers, own: Outcome, request: Request) -> Outcome:
    """What the method's authorization and the resource policy say together.

    Rules: C3-none, C3-table-a, C3-table-b, C3-service.
    """
    match workflow.authorizer:
        case Authorization.NONE:
            return own
        case Authorization.LAMBDA:
            return TABLE_A[answers.authorizer or _N, own]
        case Authorization.COGNITO:
            return TABLE_B[answers.authorizer or _N, own]
        case Authorization.IAM:
            is_service = request.principal.kind is CallerKind.SERVICE
            table = TABLE_A if is_service or is_same_account(request) else TABLE_B
            return table[answers.identity_policies or _N, own]


def is_same_account(request: Request) -> bool:
    """Whether the caller is an identity of the account that owns the API (C4-account)."""
    fields = parse_arn(request.resource)
    return fields is not None and account(request.principal) == fields[4]


def possible_answers(
    workflow: Workflow, request: Request, readings: Readings = DEFAULT_READINGS
) -> Iterator[Answers]:
    """Everything that the other parts may say of the request, the most permissive first."""
    for said in product(
        _identity(workflow, request, readings),
        _authorizer(workflow),
        _endpoint(workflow, request, readings),
        _domain(workflow, request, readings),
    ):
        yield Answers(*said)


_Possible = tuple[Outcome | None, ...]
"""The answers that a part may give of a request; None alone where it has no say."""

_SILENT = (None,)
_ANY = (_A, _N, _D)


def _identity(workflow: Workflow, request: Request, readings: Readings) -> _Possible:
    """Rules: C3-service, C3-root, W1-any, W1-identity."""
    kind = request.principal.kind
    if workflow.authorizer is not Authorization.IAM or kind is CallerKind.SERVICE:
        return _SILENT
    if kind is CallerKind.ROOT:
        return (_A,)
    if workflow.identity_policies == ():
        return _SILENT
    if workflow.identity_policies is None:
        return _ANY
    return (_together(workflow.identity_policies, request, readings),)


def _authorizer(workflow: Workflow) -> _Possible:
    """Rules: W1-any, W1-authorizer-result."""
    if workflow.authorizer not in {Authorization.LAMBDA, Authorization.COGNITO}:
        return _SILENT
    return (workflow.authorizer_result,) if workflow.authorizer_result else _ANY


def _together(policies: tuple[Policy, ...], request: Request, readings: Readings) -> Outcome:
    """What several policies say that all apply: any Deny wins (C1-deny)."""
    outcomes = {evaluate(policy, request, readings).outcome for policy in policies}
    if Outcome.EXPLICIT_DENY in outcomes:
        return Outcome.EXPLICIT_DENY
    return Outcome.ALLOW if Outcome.ALLOW in outcomes else Outcome.IMPLICIT_DENY


def _endpoint(workflow: Workflow, request: Request, readings: Readings) -> _Possible:
    """Rules: C5-endpoint, C5-default, C5-caller, W1-any, W1-one-of."""
    policies = workflow.vpc_endpoint_policies
    if policies == () or not request.values.get("aws:sourcevpce"):
        return _SILENT
    return _one_of(policies, request, readings)


def _domain(workflow: Workflow, request: Request, readings: Readings) -> _Possible:
    """The resource of a domain's policy is the domain (C6-domain, C6-resource, W1-one-of)."""
    policies = workflow.custom_domain_policies
    if policies == ():
        return _SILENT
    domain = request.values.get(VIA_DOMAIN.lower(), ("",))[0]
    return _one_of(policies, replace(request, resource=domain), readings)


def _one_of(policies: tuple[Policy, ...] | None, request: Request, readings: Readings) -> _Possible:
    """What one of the policies may say; of no known policy: anything."""
    if policies is None:
        return _ANY
    outcomes = {evaluate(policy, request, readings).outcome for policy in policies}
    return tuple(one for one in _ANY if one in outcomes)
