"""The whole decision about every request: which answers together allow it, as a formula.

The concrete twin looks the answers up in the tables.
"""

from __future__ import annotations

import z3

from policycheck.dataclass import dataclass
from policycheck.model.decision import Outcome
from policycheck.model.environment import VIA_DOMAIN, Authorization
from policycheck.model.policy import Policy
from policycheck.model.request import CallerKind
from policycheck.model.workflow import Workflow
from policycheck.symbolic import policy as policies
from policycheck.symbolic.boolean import both, either, false, negation, proposition, true
from policycheck.symbolic.principal import has_account
from policycheck.symbolic.request import Request
from policycheck.symbolic.text import text_matches


@dataclass(frozen=True)
class Said:
    """What one part says of the request: allowed, denied (never both), or neither."""

    allowed: z3.BoolRef
    denied: z3.BoolRef


def _silent() -> Said:
    return Said(false(), false())


def _allows() -> Said:
    return Said(true(), false())


@dataclass(frozen=True)
class Parts:
    """What the parts other than the resource policy say of the unknown request.

    ``additive``: an Allow of the resource policy or of the authorizer suffices (C3-table-a);
    otherwise both are needed (C3-table-b).
    """

    authorizer: Said
    additive: z3.BoolRef
    vpc_endpoint: Said
    custom_domain: Said

    def allows(self, denied: z3.BoolRef, allowed: z3.BoolRef) -> z3.BoolRef:
        """The whole decision is Allow, given what the resource policy says.

        Rules: C2-order, C3-none, C3-table-a, C3-table-b, C5-endpoint, C6-domain.
        """
        identity = self.authorizer
        granted = either(
            (
                both(self.additive, either((identity.allowed, allowed))),
                both(negation(self.additive), identity.allowed, allowed),
            )
        )
        return both(
            granted,
            negation(identity.denied),
            negation(denied),
            self.vpc_endpoint.allowed,
            self.custom_domain.allowed,
        )


def parts(workflow: Workflow, request: Request) -> Parts:
    """The formulas of all parts but the resource policy. Make it once for one request."""
    return Parts(
        _authorizer(workflow, request),
        _additive(workflow, request),
        _endpoint(workflow, request),
        _domain(workflow, request),
    )


def _open(part: str) -> Said:
    """A part that may say anything (W1-any)."""
    allows, denies = proposition(f"{part} allows"), proposition(f"{part} denies")
    return Said(both(allows, negation(denies)), denies)


def _authorizer(workflow: Workflow, request: Request) -> Said:
    """Rules: C3-none, C3-service, C3-root, W1-any, W1-identity, W1-authorizer-result."""
    match workflow.authorizer:
        case Authorization.NONE:
            return _silent()
        case Authorization.LAMBDA | Authorization.COGNITO:
            result = workflow.authorizer_result
            return _constant(result) if result else _open("authorizer")
        case Authorization.IAM:
            said = _identity(workflow.identity_policies, request)
            kinds = request.caller.kinds
            is_root = kinds[CallerKind.ROOT]
            subject = both(negation(is_root), negation(kinds[CallerKind.SERVICE]))
            allowed = either((is_root, both(subject, said.allowed)))
            return Said(allowed, both(subject, said.denied))


def _constant(outcome: Outcome) -> Said:
    is_deny = outcome is Outcome.EXPLICIT_DENY
    return Said(z3.BoolVal(outcome is Outcome.ALLOW), z3.BoolVal(is_deny))


def _identity(given: tuple[Policy, ...] | None, request: Request) -> Said:
    """All policies apply to the caller, and any Deny wins (C1-deny)."""
    if given is None:
        return _open("identity policies")
    found = [_said(policy, request) for policy in given]
    denied = either(one.denied for one in found)
    return Said(both(either(one.allowed for one in found), negation(denied)), denied)


def _said(policy: Policy, request: Request) -> Said:
    denied, allowed = policies.formulas(policy, request)
    return Said(allowed, denied)


def _additive(workflow: Workflow, request: Request) -> z3.BoolRef:
    """Rules: C3-none, C3-table-a, C3-table-b, C3-service, C4-account."""
    match workflow.authorizer:
        case Authorization.NONE | Authorization.LAMBDA:
            return true()
        case Authorization.COGNITO:
            return false()
        case Authorization.IAM:
            is_service = request.caller.kinds[CallerKind.SERVICE]
            return either((is_service, is_same_account(request)))


def is_same_account(request: Request) -> z3.BoolRef:
    """The caller is an identity of the account that owns the API (C4-account)."""
    same = text_matches((request.caller.account,), (request.api_account,), request.atoms)
    return both(has_account(request), same)


def _endpoint(workflow: Workflow, request: Request) -> Said:
    """Rules: C5-endpoint, C5-default, C5-caller, W1-any, W1-one-of."""
    given = workflow.vpc_endpoint_policies
    key = request.key("aws:SourceVpce")
    if given == () or key is None:
        return _allows()
    said = _one_of("VPC endpoint policy", given, request)
    absent = negation(key.present)
    return Said(either((absent, said.allowed)), both(key.present, said.denied))


def _domain(workflow: Workflow, request: Request) -> Said:
    """The resource of a domain's policy is the domain (C6-domain, C6-resource, W1-one-of)."""
    given = workflow.custom_domain_policies
    if given == ():
        return _allows()
    request.key(VIA_DOMAIN)
    return _one_of("custom domain policy", given, request.to_domain())


def _one_of(part: str, given: tuple[Policy, ...] | None, request: Request) -> Said:
    """What one of the policies says, whichever it is."""
    if given is None:
        return _open(part)
    asked = (proposition(f"{part} {index} is asked") for index in range(len(given) - 1))
    left, allowed, denied = true(), [], []
    for policy, is_asked in zip(given, (*asked, true()), strict=True):
        said = _said(policy, request)
        allowed.append(both(left, is_asked, said.allowed))
        denied.append(both(left, is_asked, said.denied))
        left = both(left, negation(is_asked))
    return Said(either(allowed), either(denied))
