"""Requests near what policies and specs say."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from pathlib import Path

import generator
import pytest
import strategies

from policycheck.concrete.environment import admits
from policycheck.concrete.policy import evaluate
from policycheck.concrete.predicate import holds
from policycheck.diagnostics import InputError, Source
from policycheck.model.decision import Outcome
from policycheck.model.environment import Authorization, Endpoint, Environment
from policycheck.model.keys import Key, KeySpace, KeyType, Presence
from policycheck.model.predicate import AllOf, CallerArn, Not, Part, PartLike
from policycheck.model.reading import Reading
from policycheck.model.request import CallerKind
from policycheck.model.text import glob
from policycheck.read.policy import parse_policy
from policycheck.solve.probing import probes

HERE = Path(__file__)
CORPUS = HERE.parents[3] / "shared" / "corpus"
ENVIRONMENTS = [
    Environment(endpoint, authorization)
    for endpoint in (None, *Endpoint)
    for authorization in (Authorization.NONE, Authorization.IAM)
]
ANY = Environment()
ENVIRONMENTS += [Environment(routes=routes) for routes in strategies.ROUTES]
IAM = Environment(authorization=Authorization.IAM)


def policy_of(statement):
    whole = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke"}
    statements = [{**whole, "Resource": "execute-api:/*", **statement}]
    return parse_policy(Source("p", json.dumps({"Version": "2012-10-17", "Statement": statements})))


def near(statement, environment=ANY, readings=frozenset(), count=300):
    found = probes([policy_of(statement)], [], environment, 1, count, readings)
    return [one for one in found if admits(environment, one, readings)]


def values(key, entry, **options):
    return {one.values.get(key.lower()) for one in near({"Condition": entry}, **options)}


def generated(statements, seed):
    made = generator.policy(statements, seed, variables=True)
    return parse_policy(Source("generated", json.dumps(made)))


@pytest.mark.parametrize("readings", [frozenset(), frozenset(Reading)], ids=["default", "all"])
@pytest.mark.parametrize("environment", ENVIRONMENTS, ids=str)
def test_nearly_all_are_admitted(environment, readings):
    found = list(probes([generated(10, 1)], [], environment, 0, 400, readings))
    assert sum(admits(environment, one, readings) for one in found) >= 0.97 * len(found)


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        ("aws:username", "b*"),
        ("aws:userid", "*:ci-*"),
        ("aws:PrincipalArn", "arn:aws:iam::*:user/*"),
        ("aws:PrincipalArn", "arn:aws:sts::111122223333:assumed-role/*/x*"),
    ],
)
def test_callers_near_a_pattern_have_names_that_there_are(key, wanted):
    found = near({"Condition": {"StringLike": {key: wanted}}}, environment=IAM, count=400)
    assert len(found) >= 0.97 * 400


def test_same_arguments_same_requests():
    policy = generated(5, 2)
    first, second = (list(probes([policy], [], IAM, 7, 50)) for _ in range(2))
    assert first == second
    assert first != list(probes([policy], [], IAM, 8, 50))


def outcomes(policy):
    return Counter(evaluate(policy, one).outcome for one in probes([policy], [], IAM, 0, 200))


def test_every_outcome_occurs_often():
    found = sum((outcomes(generated(6, seed)) for seed in range(10)), Counter())
    assert all(found[outcome] >= 200 for outcome in Outcome), found


def corpus_policies():
    for path in sorted(CORPUS.glob("*.json")):
        with contextlib.suppress(InputError):
            yield parse_policy(Source(path.name, path.read_text(encoding="utf-8")))


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
def test_most_real_policies_allow_something_and_refuse_something():
    seen = [outcomes(policy) for policy in corpus_policies()]
    assert len(seen) > 30
    assert sum(found[Outcome.ALLOW] > 10 for found in seen) > 0.6 * len(seen)
    assert sum(found[Outcome.ALLOW] < 190 for found in seen) > 0.6 * len(seen)


def test_addresses_at_the_edges_of_a_block_and_beside():
    found = values("aws:SourceIp", {"IpAddress": {"aws:SourceIp": "8.8.8.0/24"}})
    edges = {"8.8.7.255", "8.8.8.0", "8.8.8.255", "8.8.9.0"}
    assert {(edge,) for edge in edges} | {None} <= found


def test_addresses_of_a_public_endpoint_are_public():
    entry = {"IpAddress": {"aws:SourceIp": "10.0.0.0/7"}}
    found = values("aws:SourceIp", entry, environment=Environment(Endpoint.REGIONAL))
    assert {("11.0.0.0",), ("11.255.255.255",), ("9.255.255.255",), ("12.0.0.0",)} <= found


def test_instants_at_the_bound_and_one_second_beside():
    entry = {"DateLessThan": {"aws:CurrentTime": "2026-11-24T09:30:00Z"}}
    found = values("aws:EpochTime", entry)
    assert {("1795512599",), ("1795512600",), ("1795512601",)} <= found


def test_instants_beyond_the_calendar():
    entry = {"DateLessThan": {"aws:CurrentTime": "253402300801"}}
    found = values("aws:CurrentTime", entry)
    assert {("253402300800",), ("253402300801",)} <= found


def test_text_with_its_case_swapped_and_a_letter_more():
    found = values("aws:UserAgent", {"StringEquals": {"aws:UserAgent": "Curl"}})
    assert {("Curl",), ("cURL",), ("Curlx",), ("Cur",), None} <= found


def test_globs_are_filled_in():
    found = values("aws:UserAgent", {"StringLike": {"aws:UserAgent": "a*b"}}, count=600)
    assert {("ab",), ("aab",), ("ax/yb",)} <= found


def test_values_of_a_key_with_several_values():
    entry = {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": ["o-a/r-1/*"]}}
    found = values("aws:PrincipalOrgPaths", entry, environment=IAM)
    assert {None} <= found
    assert {1, 2, 3} <= {len(one) for one in found if one}


def test_numbers_at_the_bound_and_beside():
    key = Key("custom:count", KeyType.NUMERIC, Presence.OPTIONAL, declared=True)
    environment = Environment(keys=KeySpace.of([key]))
    entry = {"NumericLessThanEquals": {"custom:count": "10"}}
    found = values("custom:count", entry, environment=environment)
    assert {("10",), ("9",), ("11",), ("9999e-3",)} <= found


def test_declared_keys_that_callers_control_may_be_malformed():
    key = Key(
        "custom:count", KeyType.NUMERIC, Presence.OPTIONAL, client_controlled=True, declared=True
    )
    environment = Environment(keys=KeySpace.of([key]))
    found = values(
        "custom:count", {"NumericEquals": {"custom:count": "1"}}, environment=environment
    )
    assert ("malformed:",) in found


def test_variables_stand_for_the_value_of_their_key():
    statement = {
        "Resource": "execute-api:/prod/GET/${aws:username}/*",
        "Condition": {"StringLike": {"aws:UserAgent": "${aws:PrincipalTag/team}-*"}},
    }
    found = near(statement, environment=IAM)
    names = [one for one in found if "aws:username" in one.values]
    assert sum(f"/{one.values['aws:username'][0]}/" in one.resource for one in names) > 20
    assert sum(evaluate(policy_of(statement), one).outcome is Outcome.ALLOW for one in found) > 20


def test_callers_of_every_kind_that_a_policy_names():
    account = "111122223333"
    ids = [account, f"arn:aws:iam::{account}:role/x/a", f"arn:aws:sts::{account}:federated-user/b"]
    found = near(
        {"Principal": {"AWS": ids, "Service": "s3.amazonaws.com"}}, environment=IAM, count=600
    )
    names = {one.principal.name for one in found}
    session = f"arn:aws:sts::{account}:assumed-role/a/a"
    assert {*ids, session, "s3.amazonaws.com"} <= names
    kinds = {one.principal.kind for one in found}
    assert kinds >= {CallerKind.ROOT, CallerKind.USER, CallerKind.ROLE, CallerKind.FEDERATED_USER}


def test_principals_and_their_keys_agree():
    wanted = {"StringEquals": {"aws:username": "bob", "aws:PrincipalAccount": "111122223333"}}
    statement = {"Principal": {"AWS": "111122223333"}, "Condition": wanted}
    policy = policy_of(statement)
    found = near(statement, environment=IAM, count=400)
    assert any(evaluate(policy, one).outcome is Outcome.ALLOW for one in found)


def test_stars_of_an_arn_may_run_past_the_colon():
    crossing = frozenset({Reading.ARN_STAR_CROSSES_COLON})
    policy = policy_of({"Resource": "arn:aws:execute-api:us-east-1:1*:abc/prod/GET/a"})
    found = list(probes([policy], [], Environment(), 0, 300))
    assert any(evaluate(policy, one) != evaluate(policy, one, crossing) for one in found)


def test_requests_satisfy_a_predicate_and_its_negation():
    predicate = AllOf(
        (
            PartLike(Part.STAGE, glob("st?ge")),
            Not(PartLike(Part.METHOD, glob("GET"))),
            CallerArn(glob("arn:aws:iam::*:role/deploy")),
        )
    )
    found = [holds(predicate, one) for one in probes([], [predicate], IAM, 0, 300)]
    assert 40 < sum(found) < 290


def test_nothing_to_ask_about_still_gives_requests():
    assert len(list(probes([], [], Environment(), 0, 10))) == 10
