"""The naive encoding that policycheck is measured against says the same, where it says anything."""

from __future__ import annotations

import json

import pytest
import solver_process
import workloads
import z3
from naive import formulas
from naive_texts import UnsaidError
from workloads import Question

RESOURCES = 3_000_000
"""Z3's units of work for a question; what takes more is unknown."""

REGIONAL = {"endpoint": "regional"}
IAM = {"endpoint": "regional", "authorization": "iam", "arn": workloads.API}


def question(statements, assertion, api):
    policy = {"Version": "2012-10-17", "Statement": statements}
    spec = {
        "version": 1,
        "api": api,
        "assertions": [{"id": "a", "allow_vacuous": True} | assertion],
    }
    return Question("", 0, json.dumps(policy), json.dumps(spec))


def statement(effect="Allow", **elements):
    where = {} if "NotResource" in elements else {"Resource": "execute-api:/*"}
    return {"Effect": effect, "Principal": "*", "Action": "execute-api:Invoke", **where, **elements}


def said(asked):
    solver = z3.Solver()
    solver.set(rlimit=RESOURCES)
    solver.add(*formulas(*asked.parsed()))
    return str(solver.check())


def when(operator, key, *values, effect="Allow"):
    return statement(effect, Condition={operator: {key: list(values)}})


NEVER = {"never_allowed": {}}
ALWAYS = {"always_allowed": {}}
EVERYBODY = statement()

CASES = {
    "nothing is allowed": ([when("IpAddress", "aws:SourceIp", "10.0.0.0/8")], NEVER, REGIONAL),
    "documentation addresses exist": (
        [when("IpAddress", "aws:SourceIp", "203.0.113.0/24")],
        NEVER,
        REGIONAL,
    ),
    "IPv6 gets past a list of IPv4": (
        [EVERYBODY, when("IpAddress", "aws:SourceIp", "0.0.0.0/0", effect="Deny")],
        NEVER,
        REGIONAL,
    ),
    "both families are everybody": (
        [EVERYBODY, when("IpAddress", "aws:SourceIp", "0.0.0.0/0", "::/0", effect="Deny")],
        NEVER,
        REGIONAL,
    ),
    "negated operators hold of absent keys": (
        [when("StringNotEquals", "aws:SourceVpce", "vpce-1")],
        ALWAYS,
        REGIONAL,
    ),
    "others do not": ([when("StringEquals", "aws:SourceVpce", "vpce-1")], NEVER, REGIONAL),
    "private endpoints have them": (
        [when("StringEquals", "aws:SourceVpce", "vpce-1")],
        NEVER,
        {"endpoint": "private"},
    ),
    "IfExists": ([when("StringLikeIfExists", "aws:SourceVpce", "vpce-*")], ALWAYS, REGIONAL),
    "a header may be absent": ([when("StringLike", "aws:UserAgent", "*")], ALWAYS, REGIONAL),
    "case is ignored": (
        [
            when("StringEqualsIgnoreCase", "aws:UserAgent", "Bot-1"),
            when("StringEquals", "aws:UserAgent", "bOT-1", effect="Deny"),
        ],
        {"always_allowed": {"condition": {"StringEquals": {"aws:UserAgent": "BOT-1"}}}},
        REGIONAL,
    ),
    "times": (
        [
            when("DateLessThan", "aws:CurrentTime", "2026-01-01T00:00:00Z"),
            when("NumericLessThan", "aws:EpochTime", "1767225600", effect="Deny"),
        ],
        NEVER,
        REGIONAL,
    ),
    "the path is not anchored": (
        [statement(Resource="execute-api:/*/GET/admin")],
        {"never_allowed": {"method": "POST"}},
        REGIONAL,
    ),
    "a question mark is one character": (
        [statement(Resource="execute-api:/prod/GET/a?c")],
        {"never_allowed": {"path": ["/ac", "/abbc", "/a"]}},
        REGIONAL,
    ),
    "NotResource": (
        [EVERYBODY, statement("Deny", NotResource=["execute-api:/prod/*"])],
        {"never_allowed": {"not": {"stage": "prod"}}},
        REGIONAL,
    ),
    "fields of an ARN end at colons": (
        [statement(Resource="arn:aws:execute-api:*:*:abcdef1234/*")],
        {"never_allowed": {"api_id": "zzz"}},
        REGIONAL,
    ),
    "anonymous callers are no roles": (
        [statement(Principal={"AWS": workloads.CALLER})],
        NEVER,
        REGIONAL,
    ),
    "that role is": (
        [statement(Principal={"AWS": workloads.CALLER})],
        {"never_allowed": {"principal": workloads.CALLER}},
        IAM,
    ),
    "its account too": (
        [statement(Principal={"AWS": "000000000001"})],
        {"never_allowed": {"principal": workloads.CALLER}},
        IAM,
    ),
    "another account is not": (
        [statement(Principal={"AWS": "000000000002"})],
        {"never_allowed": {"principal": workloads.CALLER}},
        IAM,
    ),
    "some of no values": (
        [when("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "*")],
        NEVER,
        REGIONAL,
    ),
    "all of no values": (
        [when("ForAllValues:StringLike", "aws:PrincipalOrgPaths", "o-a/*")],
        ALWAYS,
        REGIONAL,
    ),
    "variables have defaults": (
        [when("StringLike", "aws:Referer", "${aws:PrincipalTag/team, 'nobody'}-*")],
        {"never_allowed": {"condition": {"StringLike": {"aws:Referer": "somebody-*"}}}},
        REGIONAL,
    ),
    "or no value": (
        [statement(Resource="execute-api:/prod/GET/${aws:username}")],
        NEVER,
        REGIONAL,
    ),
    "Null": ([when("Null", "aws:SourceIp", "false")], ALWAYS, REGIONAL),
}
NO_REQUEST = {
    "nothing is allowed",
    "both families are everybody",
    "negated operators hold of absent keys",
    "others do not",
    "IfExists",
    "case is ignored",
    "times",
    "a question mark is one character",
    "NotResource",
    "fields of an ARN end at colons",
    "anonymous callers are no roles",
    "another account is not",
    "some of no values",
    "all of no values",
    "variables have defaults",
    "or no value",
    "Null",
}


@pytest.mark.parametrize("name", CASES)
def test_small_policies(name):
    assert said(question(*CASES[name])) == ("unsat" if name in NO_REQUEST else "sat")


@pytest.mark.parametrize("name", CASES)
def test_policycheck_says_so_too(name):
    asked = question(*CASES[name])
    answer = solver_process.policycheck(
        {"policy": asked.policy, "spec": asked.spec, "limit": 60},
    )
    assert answer()[0] == ("unsat" if name in NO_REQUEST else "sat")


UNSAID = {
    "routes": ([EVERYBODY], NEVER, REGIONAL | {"routes": ["GET /pets"]}),
    "a session": (
        [statement(Principal={"AWS": "arn:aws:sts::000000000001:assumed-role/r/s"})],
        NEVER,
        IAM,
    ),
    "aws:userid": ([when("StringLike", "aws:userid", "A*")], NEVER, IAM),
    "aws:TokenIssueTime": (
        [when("DateLessThan", "aws:TokenIssueTime", "2026-01-01T00:00:00Z")],
        NEVER,
        IAM,
    ),
}


@pytest.mark.parametrize("name", UNSAID)
def test_what_it_cannot_say_is_refused(name):
    with pytest.raises(UnsaidError):
        said(question(*UNSAID[name]))


@pytest.mark.parametrize(
    "asked", [*workloads.questions((3,), 2, None)], ids=lambda one: one.workload
)
def test_nothing_contradicts_policycheck(asked):
    answer = said(asked)
    if answer == "unknown":
        return
    ours = solver_process.policycheck({"policy": asked.policy, "spec": asked.spec, "limit": 60})
    assert ours()[0] == answer


def test_every_workload_is_said():
    for asked in workloads.questions((3, 10), 1, None):
        assert formulas(*asked.parsed())
