"""Policies that let everybody in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policycheck.analyse.lint.formulas import Case
from policycheck.analyse.lint.inquiry import Inquiry, no
from policycheck.analyse.lint.inspection import finding
from policycheck.analyse.lint.parts import ResourceParts
from policycheck.analyse.lint.setting import keys_used
from policycheck.concrete.policy import allows
from policycheck.model.environment import Authorization, Endpoint
from policycheck.model.finding import Finding
from policycheck.model.keys import Presence, aws_key
from policycheck.model.policy import Effect, Policy, Statement
from policycheck.symbolic.boolean import both


def open_to_everybody(inquiry: Inquiry) -> Iterator[Finding]:
    """The policy allows every anonymous call of the API that it names."""
    setting = inquiry.inspection.setting
    if setting.authorization not in {None, Authorization.NONE}:
        return
    anonymous = [case for case in inquiry.cases if _is_meant(inquiry.policy, case)]
    asked: set[int] = set()
    for statement in inquiry.policy.statements:
        if statement.effect is not Effect.ALLOW or statement.resource.negated:
            continue
        for resource in inquiry.parts[statement.index].resources:
            if resource.api.get_id() in asked:
                continue
            asked.add(resource.api.get_id())
            found = [case for case in anonymous if _all_allowed(inquiry, case, resource)]
            if found:
                yield _open(inquiry, statement, resource, found)
                return


def _is_meant(policy: Policy, case: Case) -> bool:
    """Whether callers are anonymous, and the policy asks for keys of this endpoint type, if any."""
    keys = {aws_key(name) for name in keys_used(policy)}
    asked = {key.presence for key in keys if key} & {Presence.PUBLIC, Presence.PRIVATE}
    private = case.environment.endpoint is Endpoint.PRIVATE
    wanted = Presence.PRIVATE if private else Presence.PUBLIC
    return case.environment.authorization is Authorization.NONE and (not asked or wanted in asked)


def _all_allowed(inquiry: Inquiry, case: Case, resource: ResourceParts) -> bool:
    """No call of the API that the entry names is refused, and there is one."""
    invoked = both(resource.api, inquiry.invokes)
    refused = both(invoked, no(inquiry.allowed))
    return not inquiry.is_possible_in(case, refused, readings=None) and inquiry.is_possible_in(
        case, invoked
    )


def _open(
    inquiry: Inquiry, statement: Statement, resource: ResourceParts, found: Sequence[Case]
) -> Finding:
    endpoints = {case.environment.endpoint for case in found}
    only_private = endpoints == {Endpoint.PRIVATE}
    reach = "from every VPC of every account" if only_private else "from anywhere"
    called = both(inquiry.allowed, resource.api, inquiry.invokes)
    example = inquiry.example(
        called, lambda request, readings: allows(inquiry.policy, request, readings), found[0].guard
    )
    return finding(
        "POLICY_ALLOWS_EVERYBODY",
        f"this policy lets everybody call everything{_where(inquiry, resource, found)}, {reach}",
        statement.span,
        statement=statement,
        label="no caller is refused",
        evidence="proved: no anonymous call of the API is refused",
        advice="restrict it, or say which authorization the methods use (--authorization)",
        example=example,
    )


def _where(inquiry: Inquiry, resource: ResourceParts, found: Sequence[Case]) -> str:
    """On which APIs all of it is allowed, as far as others have callers who are refused."""
    endpoints = {case.environment.endpoint for case in found}
    others = {case.environment.endpoint for case in inquiry.cases} - endpoints
    signed = [
        case
        for case in inquiry.cases
        if case.environment.endpoint in endpoints
        and case.environment.authorization is not Authorization.NONE
    ]
    methods = not all(_all_allowed(inquiry, case, resource) for case in signed)
    private = "a private" if Endpoint.PRIVATE in endpoints else "an edge or regional"
    where = [
        *(["on methods without IAM authorization"] if methods else []),
        *([f"on {private} endpoint"] if others else []),
    ]
    return "".join(f" {one}" for one in where)
