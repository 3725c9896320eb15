"""Assertions about the whole decision."""

from __future__ import annotations

import json

import pytest
from asking import allow, deny, policy_of

from policycheck.concrete.workflow import evaluate_all
from policycheck.diagnostics import InputError, Source
from policycheck.model.decision import Outcome
from policycheck.model.request import CallerKind
from policycheck.model.verdict import Status
from policycheck.read.spec import parse_spec
from policycheck.solve.prover import prove

USER = {"AWS": "arn:aws:iam::111122223333:user/ada"}
OURS = "arn:aws:execute-api:us-east-1:111122223333:abcdef1234"
IDENTITY = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}


def spec_of(folder, workflow, assertion, api=None):
    data = {"version": 1, "workflow": workflow, "assertions": [{"id": "a", **assertion}]}
    data |= {"api": api} if api else {}
    return parse_spec(Source("<spec>", json.dumps(data)), folder)


def write(folder, name, *statements):
    path = folder / name
    path.write_text(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))
    return name


@pytest.fixture
def ask(tmp_path):
    def asked(statements, workflow, assertion, api=REGIONAL):
        spec = spec_of(tmp_path, workflow, assertion, api)
        policy = policy_of(*statements)
        (verdict,) = prove([policy], spec).verdicts
        for example in filter(None, (verdict.counterexample, verdict.witness)):
            again = evaluate_all(
                spec.workflow, example.answers, policy, example.request, example.readings
            )
            assert again == example.decision
        return verdict

    return asked


REGIONAL = {"endpoint": "regional"}
PRIVATE = {"endpoint": "private"}
NEVER = {"never_allowed": {}}
SOMETIMES = {"sometimes_allowed": {}}
ALWAYS = {"always_allowed": {}}
ROOT = {"principal": "arn:*:iam::*:root"}
NEVER_BUT_ROOT = {"never_allowed": {"not": ROOT}}
NOBODY = [allow(Action="execute-api:ManageConnections")]
SAME = {"authorizer": "iam", "caller": "same_account"}
CROSS = {"authorizer": "iam", "caller": "cross_account"}


def test_an_identity_policy_alone_lets_someone_of_our_account_past(ask):
    verdict = ask(NOBODY, SAME, NEVER)
    assert verdict.status is Status.VIOLATED
    assert verdict.counterexample.answers.identity_policies is Outcome.ALLOW
    request = verdict.counterexample.request
    assert request.values["aws:principalaccount"] == (request.resource.split(":")[4],)


def test_but_nobody_of_another_account(ask):
    assert ask(NOBODY, CROSS, NEVER).status is Status.PROVED


def test_and_no_service(ask):
    never = {"never_allowed": {"principal": {"service": "*"}}}
    assert ask(NOBODY, {"authorizer": "iam"}, never).status is Status.PROVED


@pytest.mark.parametrize("workflow", [SAME, CROSS], ids=["same", "cross"])
def test_a_deny_of_the_resource_policy_stands(ask, workflow):
    assert ask([allow(), deny()], workflow, NEVER).status is Status.PROVED


def test_without_identity_policies_the_resource_policy_decides_in_its_own_account(ask):
    workflow = {**SAME, "identity_policies": "none"}
    assert ask(NOBODY, workflow, NEVER_BUT_ROOT).status is Status.PROVED
    assert ask([allow()], workflow, ALWAYS).status is Status.PROVED


def test_across_accounts_nobody_gets_in_without_identity_policies(ask):
    workflow = {**CROSS, "identity_policies": "none"}
    some = {"sometimes_allowed": {"not": ROOT}}
    assert ask([allow()], workflow, some).status is Status.VIOLATED


def test_the_root_user_of_our_account_needs_no_policy(ask):
    verdict = ask(NOBODY, {**SAME, "identity_policies": "none"}, NEVER)
    assert verdict.counterexample.request.principal.kind is CallerKind.ROOT


def test_always_allowed_fails_where_an_open_part_may_deny(ask):
    verdict = ask([allow()], SAME, ALWAYS)
    assert verdict.status is Status.VIOLATED
    assert verdict.counterexample.answers.identity_policies is Outcome.EXPLICIT_DENY


def test_the_policy_of_an_endpoint_is_open_where_there_may_be_one(ask):
    for api in ({}, PRIVATE):
        verdict = ask([allow()], {"authorizer": "none"}, ALWAYS, api)
        assert verdict.counterexample.answers.vpc_endpoint_policy is not Outcome.ALLOW
        assert ask([allow()], {"vpc_endpoint_policies": "default"}, ALWAYS, PRIVATE).holds


def test_identity_policies_that_are_given_decide(ask, tmp_path):
    only_dev = {**IDENTITY, "Resource": f"{OURS}/dev/*"}
    workflow = {**SAME, "identity_policies": [write(tmp_path, "identity.json", only_dev)]}
    assert ask(NOBODY, workflow, {"never_allowed": {"stage": "prod", "not": ROOT}}).holds
    dev = {"always_allowed": {"resource": f"{OURS}/dev/*", "stage": "dev"}}
    assert ask(NOBODY, workflow, dev).status is Status.PROVED


@pytest.mark.parametrize(
    ("result", "demand"),
    [
        ("any", SOMETIMES),
        ("allow", ALWAYS),
        ("deny", NEVER),
        ("neither", NEVER),
    ],
)
def test_a_lambda_authorizer_with_a_silent_policy(ask, result, demand):
    workflow = {"authorizer": "lambda", "authorizer_result": result}
    assert ask(NOBODY, workflow, demand).status is Status.PROVED


def test_a_cognito_token_does_not_get_past_a_silent_policy(ask):
    assert ask(NOBODY, {"authorizer": "cognito"}, NEVER).status is Status.PROVED


def test_a_lambda_authorizer_without_an_answer_leaves_it_to_the_resource_policy(ask):
    workflow = {"authorizer": "lambda", "authorizer_result": "neither"}
    assert ask([allow()], workflow, ALWAYS).status is Status.PROVED


def test_callers_without_iam_are_anonymous(ask):
    verdict = ask([allow(Principal=USER)], {"authorizer": "cognito"}, NEVER)
    assert verdict.status is Status.PROVED


def test_an_endpoint_policy_closes_what_the_resource_policy_opens(ask, tmp_path):
    only_ours = allow(Resource=f"{OURS}/*")
    name = write(tmp_path, "endpoint.json", only_ours)
    workflow = {"authorizer": "none", "vpc_endpoint_policies": [name]}
    other = {"never_allowed": {"not": {"api_id": "abcdef1234"}}}
    assert ask([allow()], workflow, other, PRIVATE).status is Status.PROVED
    open_ = {"authorizer": "none", "vpc_endpoint_policies": "default"}
    assert ask([allow()], open_, other, PRIVATE).status is Status.VIOLATED


def test_one_of_two_endpoints_suffices_to_get_in_and_to_be_kept_out(ask, tmp_path):
    names = [write(tmp_path, "open.json", allow()), write(tmp_path, "shut.json", deny())]
    workflow = {"authorizer": "none", "vpc_endpoint_policies": names}
    assert ask([allow()], workflow, NEVER, PRIVATE).status is Status.VIOLATED
    assert ask([allow()], workflow, ALWAYS, PRIVATE).status is Status.VIOLATED
    assert ask([allow()], workflow, SOMETIMES, PRIVATE).status is Status.PROVED


def test_a_domain_policy_speaks_of_the_domain(ask, tmp_path):
    one = allow(Resource="execute-api:/domainnames/api.example.com+*")
    closed = deny(Condition={"StringNotEquals": {"aws:SourceVpce": "vpce-0a1b2c3d"}})
    name = write(tmp_path, "domain.json", one, closed)
    workflow = {"vpc_endpoint_policies": "default", "custom_domain_policies": [name]}
    never = {"never_allowed": {"not": {"source_vpce": "vpce-0a1b2c3d"}}}
    assert ask([allow()], workflow, never, PRIVATE).status is Status.PROVED
    domain = "arn:*:*:*:*:/domainnames/other.*"
    other = {"condition": {"ArnLike": {"execute-api:viaDomainArn": domain}}}
    assert ask([allow()], workflow, {"never_allowed": other}, PRIVATE).status is Status.PROVED
    verdict = ask([allow()], workflow, SOMETIMES, PRIVATE)
    assert verdict.status is Status.PROVED
    domain = verdict.witness.request.values["execute-api:viadomainarn"][0]
    assert domain.split(":")[5].startswith("/domainnames/api.example.com+")


def test_the_arn_of_a_domain_ends_in_its_name_and_its_id(ask, tmp_path):
    name = write(tmp_path, "domain.json", allow(Resource="execute-api:/domainnames/?*+?*"))
    workflow = {"vpc_endpoint_policies": "default", "custom_domain_policies": [name]}
    assert ask([allow()], workflow, ALWAYS, PRIVATE).status is Status.PROVED
    several = {"condition": {"ArnLike": {"execute-api:viaDomainArn": "arn:*:*:*:*:*+*+*"}}}
    assert ask([allow()], workflow, {"never_allowed": several}, PRIVATE).status is Status.VACUOUS


def test_a_baseline_is_judged_in_the_same_workflow(ask, tmp_path):
    name = write(tmp_path, "baseline.json", allow(), deny())
    same = {"no_broader_than": name}
    assert ask(NOBODY, {**CROSS}, same).status is Status.PROVED
    verdict = ask(NOBODY, {**SAME}, same)
    assert verdict.status is Status.VIOLATED
    assert verdict.counterexample.baseline.outcome is Outcome.EXPLICIT_DENY


def test_an_account_principal_is_everybody_of_the_account(ask):
    workflow = {**CROSS, "identity_policies": "any"}
    ours = [allow(Principal={"AWS": "111122223333"})]
    assert ask(ours, workflow, {"never_allowed": {"account": "111122223333"}}).status is (
        Status.PROVED
    )


@pytest.mark.parametrize("authorizer", ["none", "lambda", "cognito"])
def test_an_endpoint_policy_that_knows_callers_needs_iam(tmp_path, authorizer):
    """The endpoint's policy goes by the Authorization header, whatever the method asks for.

    Source: APIGW/apigateway-vpc-endpoint-policies.
    """
    name = write(tmp_path, "endpoint.json", allow(Principal=USER))
    workflow = {"authorizer": authorizer, "vpc_endpoint_policies": [name]}
    with pytest.raises(InputError) as raised:
        spec_of(tmp_path, workflow, NEVER, PRIVATE)
    assert [one.code for one in raised.value.diagnostics] == ["ENDPOINT_POLICY_NEEDS_IAM"]


def test_an_identity_policy_has_no_shorthand(tmp_path):
    statement = {**IDENTITY, "Resource": "execute-api:/*"}
    name = write(tmp_path, "identity.json", statement)
    with pytest.raises(InputError) as raised:
        spec_of(tmp_path, {**SAME, "identity_policies": [name]}, NEVER)
    codes = [one.code for one in raised.value.diagnostics]
    assert codes == ["INVALID_POLICY", "INVALID_ARN_PREFIX"]


def test_an_identity_policy_has_no_principal(tmp_path):
    name = write(tmp_path, "identity.json", allow())
    with pytest.raises(InputError) as raised:
        spec_of(tmp_path, {**SAME, "identity_policies": [name]}, NEVER)
    codes = [one.code for one in raised.value.diagnostics]
    assert codes == ["INVALID_POLICY", "INVALID_POLICY_ELEMENT"]


def test_a_note_tells_of_cells_that_nobody_measured(ask):
    silent = {"authorizer": "lambda", "authorizer_result": "neither"}
    (note,) = ask([allow()], silent, NEVER).notes
    assert "Lambda authorizer neither allows nor denies" in note
    assert ask([allow()], {**silent, "authorizer_result": "allow"}, NEVER).notes == ()


def test_a_note_tells_of_an_allow_for_an_account_as_a_whole(ask):
    alone = {**SAME, "identity_policies": "none"}
    (note,) = ask([allow(Principal={"AWS": "111122223333"})], alone, NEVER).notes
    assert "delegation" in note
    assert ask([allow(Principal=USER)], alone, NEVER).notes == ()
    assert ask([allow()], alone, NEVER).notes == ()
