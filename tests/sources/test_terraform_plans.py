"""What a plan of Terraform says of policies: of new APIs, of definitions, of what it destroys.

Sources: https://developer.hashicorp.com/terraform/internals/json-format (change representation,
after_unknown, errored), and the AWS provider's internal/service/apigateway/rest_api.go: ``policy``
is read back from API Gateway, so that a plan repeats the one that is there.
"""

import json

import pytest
from source_texts import STATEMENT, codes, document, read

from policycheck.model.environment import Authorization, Endpoint

POLICY = {"Version": "2012-10-17", "Statement": [STATEMENT]}
TEXT = json.dumps(POLICY)
API = "aws_api_gateway_rest_api"
BODY = json.dumps({"openapi": "3.0.1", "paths": {}, "x-amazon-apigateway-policy": POLICY})
OTHER = json.dumps({"openapi": "3.0.1", "paths": {}})


def resource(kind, name, **values):
    return {
        "address": f"{kind}.{name}",
        "mode": "managed",
        "type": kind,
        "name": name,
        "values": values,
    }


def change(kind, name, before, after, unknown=(), actions=("update",)):
    return {
        "address": f"{kind}.{name}",
        "type": kind,
        "name": name,
        "change": {
            "actions": list(actions),
            "before": before,
            "after": after,
            "after_unknown": dict.fromkeys(unknown, True),
        },
    }


def plan(planned, changes, configured, **more):
    expressions = {name: {} for name in configured}
    configuration = {"resources": [{"type": API, "name": "a", "expressions": expressions}]}
    root = {
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": planned}},
        "resource_changes": changes,
        "configuration": {"root_module": configuration},
        **more,
    }
    return read(json.dumps(root))


def changed(before, after, unknown=(), configured=("body",)):
    """The policy of an API that a plan makes (before: null) or changes."""
    planned = [resource(API, "a", **after)]
    return plan(planned, [change(API, "a", before, after, unknown)], configured)


def test_a_new_api_has_the_policy_of_its_definition():
    (one,) = changed(None, {"body": BODY}, ["policy", "id"]).values()
    assert document(one) == POLICY
    (none,) = changed(None, {"body": OTHER}, ["policy", "id"]).values()
    assert codes(none) == ["NO_POLICY_IN_DOCUMENT"]


@pytest.mark.parametrize(
    ("before", "after", "unknown"),
    [
        (None, {}, ["policy", "body"]),
        ({"body": OTHER, "policy": TEXT}, {"body": BODY, "policy": TEXT}, []),
        ({"body": OTHER, "policy": TEXT}, {"policy": TEXT}, ["body"]),
    ],
)
def test_a_definition_that_changes_may_have_another_policy(before, after, unknown):
    (one,) = changed(before, after, unknown).values()
    assert codes(one) == ["UNRESOLVED_POLICY"]


@pytest.mark.parametrize(
    ("before", "after", "configured"),
    [
        ({"body": BODY}, {"body": BODY}, ["body"]),
        ({"body": BODY}, {"body": OTHER}, ["body"]),
        ({"body": OTHER}, {"body": BODY}, ["body", "policy"]),
    ],
)
def test_a_policy_that_the_definition_leaves_is_read(before, after, configured):
    both = ({**one, "policy": TEXT} for one in (before, after))
    (one,) = changed(*both, configured=configured).values()
    assert document(one) == POLICY


DENIED = json.dumps({"Version": "2012-10-17", "Statement": [{**STATEMENT, "Effect": "Deny"}]})
OWN = {"rest_api_id": "x", "policy": TEXT}


@pytest.mark.parametrize(
    ("before", "after", "actions", "stays"),
    [
        (OWN, None, ["delete"], False),
        (OWN, OWN, ["delete", "create"], True),
        (OWN, OWN, ["no-op"], True),
        (OWN, {**OWN, "policy": DENIED}, ["update"], False),
        (OWN, {"rest_api_id": "x"}, ["update"], False),
        (OWN, {**OWN, "rest_api_id": "z"}, ["delete", "create"], False),
        (None, {**OWN, "policy": DENIED}, ["create"], False),
    ],
)
def test_a_policy_that_another_resource_changes_is_not_that_of_the_api(
    before, after, actions, stays
):
    """A plan repeats the policy of an API that was there before."""
    made = change(f"{API}_policy", "p", before, after, actions=actions)
    planned = [resource(API, "a", id="x", policy=TEXT), resource(API, "b", id="y", policy=TEXT)]
    found = plan(planned, [made], [])
    assert document(found[f"{API}.b"]) == POLICY
    if stays:
        assert document(found[f"{API}.a"]) == POLICY
    else:
        assert codes(found[f"{API}.a"]) == ["UNRESOLVED_POLICY"]


def test_a_plan_that_failed_is_none():
    found = plan([resource(API, "a", policy=TEXT)], [], ["policy"], errored=True)
    assert codes(*found.values()) == ["FAILED_PLAN"]


@pytest.mark.parametrize(
    ("values", "unknown", "others"),
    [
        ({"body": json.dumps({"openapi": "3.0.1", "paths": {"/": {"get": {}}}})}, [], {}),
        ({}, ["body"], {}),
        ({}, [], {"rest_api_id": None, "authorization": "NONE"}),
    ],
)
def test_methods_that_are_not_all_known_may_have_other_callers(values, unknown, others):
    method = "aws_api_gateway_method"
    place = {"resource_id": "r", "http_method": "GET"}
    planned = [
        resource(API, "a", id="x", root_resource_id="r", policy=TEXT, **values),
        resource(method, "m", rest_api_id="x", authorization="AWS_IAM", **place),
        *([resource(method, "n", **place, **others)] if others else []),
    ]
    changes = [change(API, "a", {"policy": TEXT}, {"policy": TEXT}, unknown)]
    facts = plan(planned, changes, ["policy"])[f"{API}.a"].facts
    assert facts.authorizations == {Authorization.IAM, Authorization.NONE}
    assert (facts.routes is None) == ("body" not in values)


@pytest.mark.parametrize(("apis", "endpoint"), [([{}], "private"), ([{"id": "x"}], None)])
def test_an_api_whose_id_is_not_known_is_a_new_one(apis, endpoint):
    private = {"endpoint_configuration": [{"types": ["PRIVATE"]}]}
    planned = [resource(API, str(number), **one, **private) for number, one in enumerate(apis)]
    planned.append(resource(f"{API}_policy", "p", policy=TEXT))
    (one,) = plan(planned, [], []).values()
    assert one.facts.endpoint == (Endpoint(endpoint) if endpoint else None)
