"""The whole decision: under other readings, and the statements that it names."""

import pytest
from cited import ARN

from policycheck.concrete.workflow import allows, evaluate_all, possible_answers
from policycheck.diagnostics import Source
from policycheck.model.decision import Decision, Outcome
from policycheck.model.environment import Authorization
from policycheck.model.policy import Policy
from policycheck.model.reading import Reading
from policycheck.model.request import Caller, CallerKind, Request
from policycheck.model.workflow import Answers, PolicyKind, Workflow
from policycheck.read.policy import parse_policy

ALLOWED, NEITHER, DENIED = Outcome.ALLOW, Outcome.IMPLICIT_DENY, Outcome.EXPLICIT_DENY
EMPTY_IS_NULL = {Reading.EMPTY_VALUE_IS_NULL}
VISITOR = Caller(CallerKind.USER, "arn:aws:iam::444455556666:user/ada")
EMPTY = Request(
    ARN, principal=VISITOR, context={"aws:Referer": "", "aws:SourceVpce": "vpce-0a1b2c3d"}
)
LAMBDA = Workflow(Authorization.LAMBDA)


def policy(kind: PolicyKind, *effects: str) -> Policy:
    """Statements that apply to a request without aws:Referer alone."""
    principal = "" if kind is PolicyKind.IDENTITY else '"Principal": "*", '
    statements = ", ".join(
        f'{{"Effect": "{effect}", {principal}"Action": "execute-api:Invoke", '
        '"Resource": "arn:aws:execute-api:*:*:*/*", '
        '"Condition": {"Null": {"aws:Referer": "true"}}}'
        for effect in effects
    )
    text = f'{{"Version": "2012-10-17", "Statement": [{statements}]}}'
    return parse_policy(Source("policy", text), kind)


def test_the_resource_policy_is_read_as_the_others_are():
    own = policy(PolicyKind.RESOURCE, "Allow")
    assert evaluate_all(Workflow(), Answers(), own, EMPTY).outcome is NEITHER
    assert evaluate_all(Workflow(), Answers(), own, EMPTY, EMPTY_IS_NULL).outcome is ALLOWED


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ("identity_policies", PolicyKind.IDENTITY),
        ("vpc_endpoint_policies", PolicyKind.VPC_ENDPOINT),
    ],
)
def test_other_parts_are_read_as_the_resource_policy_is(part, kind):
    given = {"identity_policies": (), part: (policy(kind, "Allow"),)}
    workflow = Workflow(Authorization.IAM, **{"vpc_endpoint_policies": (), **given})
    name = {"vpc_endpoint_policies": "vpc_endpoint_policy"}.get(part, part)

    def said(readings):
        return [getattr(one, name) for one in possible_answers(workflow, EMPTY, readings)]

    assert said(frozenset()) == [NEITHER]
    assert said(EMPTY_IS_NULL) == [ALLOWED]


@pytest.mark.parametrize(
    ("effects", "authorizer", "decision"),
    [
        (["Deny", "Allow", "Deny"], ALLOWED, Decision(DENIED, (0, 2))),
        (["Allow", "Allow"], ALLOWED, Decision(ALLOWED, (0, 1))),
        (["Allow"], NEITHER, Decision(ALLOWED, (0,))),
        (["Allow"], DENIED, Decision(DENIED, ())),
    ],
)
def test_statements_are_named_where_their_effect_is_the_decision(effects, authorizer, decision):
    own = policy(PolicyKind.RESOURCE, *effects)
    found = evaluate_all(LAMBDA, Answers(authorizer=authorizer), own, EMPTY, EMPTY_IS_NULL)
    assert found == decision


def test_what_does_not_apply_is_not_named():
    own = policy(PolicyKind.RESOURCE, "Deny")
    assert evaluate_all(LAMBDA, Answers(authorizer=ALLOWED), own, EMPTY) == Decision(ALLOWED, ())


@pytest.mark.parametrize("readings", [frozenset(), EMPTY_IS_NULL])
@pytest.mark.parametrize("authorizer", Outcome)
@pytest.mark.parametrize("effects", [["Allow"], ["Deny"], ["Allow", "Deny"]])
def test_a_request_is_allowed_where_that_is_the_whole_decision(effects, authorizer, readings):
    """Rules C2-order, C3-table-a."""
    own, answers = policy(PolicyKind.RESOURCE, *effects), Answers(authorizer=authorizer)
    whole = evaluate_all(LAMBDA, answers, own, EMPTY, readings).outcome
    assert allows(LAMBDA, answers, own, EMPTY, readings) is (whole is ALLOWED)
