import json

import pytest
from jsonschema import Draft202012Validator
from reporting import INSIDE, OUTSIDE, everything, policy, request, verdict

from policycheck.concrete.trace import trace
from policycheck.model.decision import Decision, Outcome
from policycheck.model.reading import Reading
from policycheck.model.request import Caller, CallerKind, Request
from policycheck.model.request_form import request_to_data
from policycheck.model.verdict import Report, Status
from policycheck.read.request import request_from
from policycheck.read.schema import request_schema, result_schema
from policycheck.report import agreement, decisions, explanation, json_results
from policycheck.report.page import Page


def test_results(golden):
    golden("verdicts.json", json_results.render(everything()))


def test_results_are_as_their_schema_says():
    Draft202012Validator(result_schema()).validate(json_results.results(everything()))


def test_no_verdicts_at_all():
    data = json_results.results(Report())
    assert data["summary"] == dict.fromkeys(
        ("proved", "violated", "vacuous", "unknown", "errors"), 0
    )
    assert data["results"] == []
    Draft202012Validator(result_schema()).validate(data)


def test_seconds_are_rounded():
    data = json_results.results(Report((verdict(Status.PROVED, seconds=0.123456),)))
    assert data["results"][0]["seconds"] == 0.123


REQUESTS = [
    INSIDE,
    OUTSIDE,
    request(principal={"Service": "lambda.amazonaws.com"}),
    request(principal={"AWS": "arn:aws:sts::123456789012:assumed-role/r/s"}),
    request(principal={"AWS": "123456789012"}),
    Request("arn:aws:execute-api:a:b:c", principal=Caller(CallerKind.CANONICAL_USER, "7" * 64)),
]


@pytest.mark.parametrize("found", REQUESTS)
def test_a_request_can_be_given_to_eval(found):
    data = request_to_data(found)
    Draft202012Validator(request_schema()).validate(data)
    assert request_from(data) == found


@pytest.mark.parametrize(("found", "name"), [(INSIDE, "allowed"), (OUTSIDE, "denied")])
def test_explanations(found, name, golden):
    told = trace(policy(), found)
    golden(f"explained_{name}.txt", explanation.render_text(told, Page()))
    golden(f"explained_{name}.json", explanation.render_json(told))


def test_an_explanation_of_what_nothing_allows():
    told = trace(policy(), Request("arn:aws:execute-api:us-east-1:123456789012:abc"))
    assert "ImplicitDeny: no statement applies" in explanation.render_text(told, Page())


def test_decisions_are_as_the_contract_has_them():
    line = decisions.decision_json(Decision(Outcome.EXPLICIT_DENY, (0, 2)))
    assert line == '{"decision": "ExplicitDeny", "statements": [0, 2]}\n'


def test_decisions_for_people():
    line = decisions.decision_text(Decision(Outcome.ALLOW, (0,)), INSIDE)
    assert (
        line == "Allow         POST /pets/a b/7 on stage prod (anonymous, from 203.0.113.9) by 0\n"
    )


class Differing:
    request = INSIDE
    concrete = Outcome.ALLOW.value
    symbolic = Outcome.IMPLICIT_DENY.value
    readings = frozenset({Reading.NOT_PRINCIPAL_STRICT})
    subject = "the policy"


def test_disagreements(golden):
    golden("disagreement.txt", agreement.render_text(10, [Differing()], Page()))
    data = json.loads(agreement.render_json("policy.json", 7, 10, [Differing()]))
    assert data["disagreements"][0]["request"] == request_to_data(INSIDE)
    assert (data["examples"], data["seed"]) == (10, 7)


def test_agreement():
    assert agreement.render_text(10, [], Page()) == "10 requests compared: no disagreements\n"
