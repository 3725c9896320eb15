"""What the parts of a workflow may say together, and who a caller is."""

from __future__ import annotations

from itertools import product

import pytest
import z3
from cited import policy_of
from formulas import Laws, statement

from policycheck.model.environment import Authorization
from policycheck.model.predicate import CallerAccount, CallerArn, CallerService
from policycheck.model.reading import Reading
from policycheck.model.request import CallerKind
from policycheck.model.text import glob
from policycheck.model.workflow import Workflow
from policycheck.symbolic.boolean import both, either, false, implies, negation
from policycheck.symbolic.policy import statement_applies
from policycheck.symbolic.principal import has_account
from policycheck.symbolic.workflow import is_same_account, parts

ALLOW = policy_of({})
DENY = policy_of({"policy": [statement(), {**statement(), "Effect": "Deny"}]})
NEITHER = policy_of({"Action": "execute-api:ManageConnections"})
INVOKE = {"ALLOW": (True, False), "DENY": (False, True), "NEITHER": (False, False)}


def possible(laws, *saids):
    """Every combination of answers that some request has."""
    invoked = laws.request.atoms.equals(laws.request.action, INVOKED)
    formulas = [one for said in saids for one in (said.allowed, said.denied)]
    solver = z3.Solver()
    solver.add(*laws.request.atoms.choices(), invoked)
    return {
        row
        for row in product((False, True), repeat=len(formulas))
        if solver.check(*(f == z3.BoolVal(bit) for f, bit in zip(formulas, row, strict=True)))
        == z3.sat
    }


INVOKED = "execute-api:invoke"
SAYS = list(INVOKE.values())


def workflow_parts(laws, workflow):
    return parts(workflow, laws.request)


def test_open_parts_say_anything_and_never_both_independently():
    """Rule W1-any."""
    laws = Laws(switched=dict.fromkeys(Reading, False))
    workflow = Workflow(Authorization.LAMBDA, None, None, None, None)
    found = workflow_parts(laws, workflow)
    alone = Laws(switched=dict.fromkeys(Reading, False))
    apart = {(*one, *other) for one in SAYS for other in SAYS}
    assert possible(laws, found.authorizer, found.custom_domain) == apart
    assert possible(laws, found.vpc_endpoint, found.custom_domain) == apart
    identity = workflow_parts(alone, Workflow(Authorization.IAM)).authorizer
    user = alone.request.caller.kinds[CallerKind.USER]
    others = [kind for k, kind in alone.request.caller.kinds.items() if k is not CallerKind.USER]
    given = both(user, *map(negation, others))
    assert not alone.is_valid(implies(given, identity.allowed))
    assert alone.is_valid(negation(both(identity.allowed, identity.denied)))


OPEN_PARTS = [
    (Workflow(Authorization.COGNITO, authorizer_result=None), "authorizer", "authorizer"),
    (Workflow(Authorization.IAM), "authorizer", "identity policies"),
    (Workflow(vpc_endpoint_policies=None), "vpc_endpoint", "VPC endpoint policy"),
    (Workflow(custom_domain_policies=None), "custom_domain", "custom domain policy"),
]


def names_in(formula):
    if z3.is_const(formula):
        return {str(formula)}
    return {name for part in formula.children() for name in names_in(part)}


@pytest.mark.parametrize(("workflow", "part", "name"), OPEN_PARTS)
def test_an_open_part_is_called_what_it_is(workflow, part, name):
    """Rule W1-any. A model, and an exported question, say what each part answers."""
    said = getattr(workflow_parts(Laws(), workflow), part)
    assert {f"{name} allows", f"{name} denies"} <= names_in(said.allowed)
    assert f"{name} denies" in names_in(said.denied)


def test_which_of_several_policies_is_asked_is_named_after_their_part():
    """Rule W1-one-of."""
    two = (ALLOW, DENY)
    workflow = Workflow(vpc_endpoint_policies=two, custom_domain_policies=two)
    found = workflow_parts(Laws(), workflow)
    assert "VPC endpoint policy 0 is asked" in names_in(found.vpc_endpoint.allowed)
    assert "custom domain policy 0 is asked" in names_in(found.custom_domain.allowed)


def test_a_part_that_is_not_there_allows_and_denies_nothing():
    """Rules C5-default, C6-domain."""
    found = workflow_parts(Laws(), Workflow(vpc_endpoint_policies=()))
    for part in (found.vpc_endpoint, found.custom_domain):
        assert z3.is_true(part.allowed)
        assert z3.is_false(part.denied)


POLICIES = [
    ((ALLOW,), {(True, False)}),
    ((DENY,), {(False, True)}),
    ((NEITHER,), {(False, False)}),
    ((ALLOW, DENY), {(True, False), (False, True)}),
    ((DENY, ALLOW), {(True, False), (False, True)}),
    ((DENY, NEITHER), {(False, True), (False, False)}),
    ((ALLOW, NEITHER), {(True, False), (False, False)}),
    ((NEITHER, ALLOW, DENY), set(SAYS)),
    ((ALLOW, ALLOW, DENY), {(True, False), (False, True)}),
]


@pytest.mark.parametrize(("policies", "says"), POLICIES)
def test_one_of_several_policies_answers(policies, says):
    """Rule W1-one-of."""
    laws = Laws(switched=dict.fromkeys(Reading, False))
    found = workflow_parts(laws, Workflow(custom_domain_policies=policies))
    assert possible(laws, found.custom_domain) == says


def test_endpoints_and_domains_answer_apart():
    """Rule W1-one-of."""
    laws = Laws(switched=dict.fromkeys(Reading, False))
    two = (ALLOW, DENY)
    workflow = Workflow(vpc_endpoint_policies=two, custom_domain_policies=two)
    found = workflow_parts(laws, workflow)
    apart = {(*one, *other) for one in SAYS[:2] for other in SAYS[:2]}
    assert possible(laws, found.vpc_endpoint, found.custom_domain) == apart


def test_of_all_identity_policies_a_deny_wins():
    """Rule C1-deny."""
    laws = Laws(switched=dict.fromkeys(Reading, False))
    workflow = Workflow(Authorization.IAM, identity_policies=(ALLOW, DENY))
    said = workflow_parts(laws, workflow).authorizer
    assert laws.is_valid(negation(both(said.allowed, said.denied)))


def test_whoever_is_of_the_apis_account_has_an_account():
    """Rule C4-account."""
    laws = Laws()
    assert laws.is_valid(implies(is_same_account(laws.request), has_account(laws.request)))


def test_where_no_request_comes_through_an_endpoint_its_policy_has_no_say():
    """Rule C5-endpoint."""
    laws = Laws()
    found = workflow_parts(laws, Workflow(vpc_endpoint_policies=(DENY,)))
    absent = negation(laws.present("aws:SourceVpce"))
    says = both(found.vpc_endpoint.allowed, negation(found.vpc_endpoint.denied))
    assert laws.is_valid(implies(absent, says))


ROLE = "arn:aws:iam::111122223333:role/x"
SESSION = "arn:aws:sts::111122223333:assumed-role/x/s"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("111122223333", None),
        ("arn:aws:iam::111122223333:user/x", CallerKind.USER),
        (ROLE, CallerKind.ROLE),
        (SESSION, CallerKind.ROLE),
        ("arn:aws:sts::111122223333:federated-user/x", CallerKind.FEDERATED_USER),
    ],
)
def test_who_is_named_is_of_the_kind_and_the_account(name, kind):
    """Rules A3-account, A3-user, A3-user-federated, A3-role, A3-session, A3-federated-user."""
    laws = Laws()
    reading = laws.request.reading(Reading.USER_NAMES_ITS_FEDERATED_SESSIONS)
    named = laws.applies(Principal={"AWS": name})
    account = laws.applies(Principal={"AWS": "111122223333"})
    assert laws.is_valid(implies(named, account))
    assert not laws.is_valid(negation(named))
    if kind is not None:
        kinds = laws.request.caller.kinds
        of_a_user = both(reading, kinds[CallerKind.FEDERATED_USER])
        alternative = of_a_user if kind is CallerKind.USER else false()
        assert laws.is_valid(implies(named, either((kinds[kind], alternative))))


def test_whoever_has_no_account_is_named_by_none():
    """Rules A3-account, A3-other-identity, D4-iam-caller."""
    laws = Laws()
    account = laws.applies(Principal={"AWS": "111122223333"})
    assert laws.is_valid(implies(account, has_account(laws.request)))
    assert laws.is_valid(negation(laws.applies(Principal={"Federated": "accounts.google.com"})))


EMPTY = Reading.EMPTY_VARIABLE_HAS_NO_VALUE
VOIDED = [
    ("execute-api:/${aws:Referer}", {Reading.MISSING_VARIABLE_VOIDS_STATEMENT, EMPTY}),
    ("execute-api:/${aws:SourceVpce}", {Reading.MISSING_VARIABLE_VOIDS_STATEMENT}),
    ("execute-api:/*/${aws:SecureTransport}", set()),
    ("execute-api:/${aws:Referer, 'a'}", {EMPTY}),
    ("execute-api:/*", set()),
]


@pytest.mark.parametrize(("resource", "readings"), VOIDED)
def test_only_a_variable_that_may_be_missing_voids_a_statement(resource, readings):
    """Rule B6-variable-void. Elsewhere no formula asks for the reading."""
    laws = Laws()
    applies = laws.applies(Resource=resource)
    assert set(laws.request.readings) == readings
    assert not laws.is_valid(negation(applies))
    if Reading.MISSING_VARIABLE_VOIDS_STATEMENT in readings:
        everything = Laws(switched=dict.fromkeys(Reading, True))
        both_ways = everything.applies(NotResource=resource)
        absent = negation(everything.present(resource.removeprefix("execute-api:/${")[:-1]))
        assert everything.is_valid(implies(both_ways, negation(absent)))
        assert not everything.is_valid(negation(both_ways))


IDENTITIES = [
    (CallerArn(glob(SESSION)), CallerKind.ROLE),
    (CallerArn(glob("arn:aws:iam::111122223333:user/?")), CallerKind.USER),
    (CallerArn(glob("arn:aws:sts::111122223333:federated-user/x")), CallerKind.FEDERATED_USER),
    (CallerService(glob("*")), CallerKind.SERVICE),
]


@pytest.mark.parametrize(("predicate", "kind"), IDENTITIES)
def test_who_has_an_arn_or_a_name_is_of_its_kind(predicate, kind):
    """Rules S1-caller-arn, S1-caller-service."""
    laws = Laws()
    formula = laws.holds(predicate)
    assert laws.is_valid(implies(formula, laws.request.caller.kinds[kind]))
    assert not laws.is_valid(negation(formula))


def test_nobody_has_an_arn_that_is_none():
    """Rules S1-caller-account, S1-caller-arn."""
    laws = Laws()
    assert laws.is_valid(negation(laws.holds(CallerArn(glob("nobody")))))
    ours = laws.holds(CallerAccount("111122223333"))
    assert laws.is_valid(implies(ours, has_account(laws.request)))


def test_a_service_is_named_by_its_name_alone():
    """Rule A3-service."""
    laws = Laws()
    service = laws.applies(Principal={"Service": "events.amazonaws.com"})
    other = laws.applies(Principal={"Service": "sns.amazonaws.com"})
    assert laws.is_valid(implies(service, laws.request.caller.kinds[CallerKind.SERVICE]))
    assert laws.is_valid(negation(both(service, other)))
    assert laws.is_valid(implies(service, negation(has_account(laws.request))))


def test_not_principal_exempts_fewer_where_every_level_is_asked_for():
    """Rule A4-not-principal."""
    exempt = {}
    for is_on in (False, True):
        laws = Laws(switched=dict.fromkeys(Reading, is_on))
        listed = laws.applies(Principal={"AWS": ROLE})
        denied = applies_to_all_but(laws, ROLE)
        exempt[is_on] = laws.is_valid(implies(listed, negation(denied)))
        everybody = applies_to_all_but(laws, ROLE, SESSION, "111122223333")
        assert laws.is_valid(implies(both(session(laws), listed), negation(everybody)))
    assert exempt == {False: True, True: False}


def session(laws):
    return laws.applies(Principal={"AWS": SESSION})


def applies_to_all_but(laws, *names):
    """The one Deny statement of a policy applies, whose NotPrincipal has the names."""
    raw = {**statement(NotPrincipal={"AWS": list(names)}), "Effect": "Deny"}
    (found,) = policy_of({"policy": raw}).statements
    return statement_applies(found, laws.request)
