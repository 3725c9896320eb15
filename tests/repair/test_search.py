"""What is proposed, of what kind and in which order; and when nothing is."""

import json

import pytest
from repair_texts import ALLOW, DENY, best, policy_of, spec_of

import policycheck as pc
from policycheck.analyse.repair.effect import change
from policycheck.solve.limits import Limits

CLOSED = {"never_allowed": {"path": "/admin/*"}}
FEW = pc.RepairLimits(edits=2, breadth=12, ranked=5)
OFFICE = {"source_ip": "203.0.113.0/24"}


def condition(statement, operator, key, values):
    return statement | {"Condition": {operator: {key: values}}}


CASES = {
    "a deny list that forgot ipv6": (
        [ALLOW, condition(DENY, "IpAddress", "aws:SourceIp", ["0.0.0.0/0"])],
        [{"never_allowed": {"stage": "prod"}}],
        "statement 1 compare IpAddress on aws:SourceIp with ::/0 as well",
    ),
    "a resource without its end": (
        [ALLOW | {"Resource": "execute-api:/prod"}],
        [{"always_allowed": {"stage": "prod"}}],
        "write execute-api:/prod/* for execute-api:/prod",
    ),
    "ANY for a method": (
        [ALLOW | {"Resource": "execute-api:/prod/ANY/pets"}],
        [{"always_allowed": {"stage": "prod", "path": "/pets"}}],
        "and 3 more for execute-api:/prod/ANY/pets",
    ),
    "equals with a wildcard": (
        [condition(ALLOW, "StringEquals", "aws:UserAgent", "curl/*")],
        [{"always_allowed": {"condition": {"StringLike": {"aws:UserAgent": "curl/*"}}}}],
        "write StringLike for StringEquals on aws:UserAgent",
    ),
    "a key of a private endpoint": (
        [condition(ALLOW, "IpAddress", "aws:VpcSourceIp", "203.0.113.0/24")],
        [{"always_allowed": OFFICE}, {"never_allowed": {"not": OFFICE}}],
        "write the key aws:SourceIp for aws:VpcSourceIp",
    ),
    "an allow that is missing": (
        [DENY],
        [{"always_allowed": {"stage": "dev", "method": "GET"}}],
        "an Allow statement on execute-api:/dev/GET/*",
    ),
    "networks that an allow does not name": (
        [ALLOW],
        [{"never_allowed": {"not": OFFICE}}, {"always_allowed": OFFICE}],
        "the condition IpAddress aws:SourceIp 203.0.113.0/24",
    ),
    "a guard for paths": (
        [ALLOW],
        [CLOSED, {"always_allowed": {"stage": "prod", "method": "GET", "path": "/pets"}}],
        "add a Deny statement on execute-api:/*/*/admin/*",
    ),
    "a deny that shuts out the office": (
        [ALLOW, DENY],
        [{"always_allowed": OFFICE}, {"never_allowed": {"not": OFFICE, "stage": "prod"}}],
        "add to statement 1 the condition NotIpAddress aws:SourceIp 203.0.113.0/24",
    ),
    "stages that are known": (
        [ALLOW],
        [{"never_allowed": {"stage": "prod"}}, {"always_allowed": {"stage": "dev"}}],
        "execute-api:/dev/*",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_one_edit(name):
    statements, assertions, words = CASES[name]
    repair = best(policy_of(*statements), spec_of(*assertions, stages=["dev", "prod"]))
    [sentence] = repair.edits
    assert words in sentence


def test_two_edits_where_one_does_not_do():
    spec = spec_of(CLOSED, {"always_allowed": {"stage": "dev", "path": "/pets"}})
    policy = policy_of(ALLOW | {"Resource": "execute-api:/prod/*"})
    repair = best(policy, spec)
    assert len(repair.edits) == 2
    assert pc.repair(policy, spec, limits=pc.RepairLimits(edits=1)).outcome is (
        pc.RepairOutcome.NOT_FOUND
    )


def test_the_wrong_key_of_a_private_endpoint():
    policy = policy_of(condition(ALLOW, "IpAddress", "aws:SourceIp", "10.0.0.0/16"))
    spec = spec_of({"always_allowed": {"vpc_source_ip": "10.0.0.0/16"}}, endpoint="private")
    assert "the key aws:VpcSourceIp for aws:SourceIp" in best(policy, spec).edits[0]


def test_a_deny_on_a_missing_key():
    policy = policy_of(
        ALLOW, condition(DENY, "StringNotEquals", "aws:PrincipalOrgID", "o-1234567890")
    )
    spec = spec_of({"always_allowed": {"absent": ["aws:PrincipalOrgID"]}}, authorization="iam")
    repair = best(policy, spec)
    assert "Null aws:PrincipalOrgID false" in repair.edits[0]


def test_what_it_takes_away_besides_is_shown():
    wide = policy_of(ALLOW | {"Resource": ["execute-api:/*/*/admin/*", "execute-api:/dev/GET/a"]})
    found = pc.repair(wide, spec_of(CLOSED), alternatives=4, limits=FEW)
    for repair in found.repairs:
        taken = repair.change.taken
        if taken is not None:
            assert pc.evaluate(wide, taken.request).decision == "Allow"
            assert pc.evaluate(repair.policy, taken.request).decision != "Allow"
    assert any(repair.change.taken for repair in found.repairs)


def test_what_was_demanded_is_no_change_besides():
    old = policy_of(ALLOW)
    new = policy_of(ALLOW | {"Resource": "execute-api:/dev/*"})
    spec = spec_of({"never_allowed": {"stage": "prod"}}, stages=["dev", "prod"])
    assert change(old, new, spec, Limits()).taken is None
    assert change(new, old, spec, Limits()).opened is not None


def test_a_repair_that_opens_nothing_comes_before_one_that_does():
    spec = spec_of({"always_allowed": OFFICE})
    found = pc.repair(
        policy_of(condition(ALLOW, "IpAddress", "aws:SourceIp", "8.8.8.8")),
        spec,
        alternatives=20,
        limits=pc.RepairLimits(edits=1),
    )
    opens = [one.change.opened is not None for one in found.repairs if len(one.edits) == 1]
    assert opens == sorted(opens)
    assert {True, False} == set(opens)


def test_fewer_edits_come_first_and_shutting_everybody_out_last():
    found = pc.repair(policy_of(ALLOW), spec_of(CLOSED), alternatives=5, limits=FEW)
    places = [(one.change.shuts_out, len(one.edits)) for one in found.repairs]
    assert places == sorted(places)


def test_shutting_everybody_out_is_no_repair_where_there_is_another():
    office = condition(
        DENY | {"Resource": "execute-api:/*"}, "NotIpAddress", "aws:SourceIp", "8.8.8.8"
    )
    spec = spec_of(CLOSED, {"never_allowed": {"not": OFFICE}})
    repair = best(policy_of(ALLOW, office), spec)
    assert not repair.change.shuts_out
    assert len(repair.edits) == 2
    alone = best(policy_of(ALLOW, office), spec, limits=pc.RepairLimits(edits=1))
    assert alone.change.shuts_out


def test_nothing_to_do():
    found = pc.repair(policy_of(ALLOW), spec_of({"always_allowed": {}}))
    assert (found.outcome, found.exit_code) == (pc.RepairOutcome.NOTHING_TO_DO, 0)


def test_what_no_policy_can_say_is_said():
    hours = {"time": {"daily": "09:00-17:00"}}
    found = pc.repair(
        policy_of(ALLOW), spec_of({"never_allowed": {"not": hours}}, {"sometimes_allowed": hours})
    )
    assert found.outcome is pc.RepairOutcome.NOT_FOUND
    assert found.exit_code == 1
    assert any("a time of day or a weekday that recurs" in one for one in found.reasons)


def test_no_time_is_undecided():
    found = pc.repair(policy_of(ALLOW), spec_of(CLOSED), limits=pc.RepairLimits(seconds=0.001))
    assert found.outcome is pc.RepairOutcome.UNDECIDED
    assert found.exit_code == 3
    assert not found.repairs


def test_new_statements_have_sids_of_their_own_where_others_have():
    named = [ALLOW | {"Sid": "A0"}]
    repair = best(policy_of(*named), spec_of(CLOSED, {"sometimes_allowed": {}}))
    sids = [one.sid for one in repair.policy.statements]
    assert len(set(sids)) == len(sids)
    assert None not in sids


def test_a_policy_compared_with_gives_what_is_missing(tmp_path):
    (tmp_path / "baseline.json").write_text(
        json.dumps({"Version": "2012-10-17", "Statement": [ALLOW, DENY]})
    )
    text = "version: 1\nassertions: [{id: same, equivalent_to: baseline.json}]"
    spec = pc.parse_spec(pc.Source("spec.yaml", text), tmp_path)
    repair = best(policy_of(ALLOW), spec)
    assert "add a Deny statement on execute-api:/prod/*" in repair.edits[0]
    assert repair.change.taken is None


def bounded_twice(directory, *scopes):
    """Two demands to stay within policies that let one network in, each where its scope says."""
    office = ALLOW | {"Condition": {"IpAddress": {"aws:SourceIp": "8.8.4.0/24"}}}
    written = json.dumps({"Version": "2012-10-17", "Statement": [office]})
    (directory / "office.json").write_text(written)
    rows = [
        {"id": f"a{place}", "no_broader_than": "office.json", "when": scope}
        for place, scope in enumerate(scopes)
    ]
    api = {"endpoint": "regional", "ip_address_type": "ipv4"}
    data = json.dumps({"version": 1, "api": api, "assertions": rows})
    return pc.parse_spec(pc.Source("spec.json", data), directory)


def test_what_either_of_two_policies_demands_is_no_change_besides(tmp_path):
    spec = bounded_twice(tmp_path, {"stage": "prod"}, {"not": {"stage": "prod"}})
    repair = best(policy_of(ALLOW), spec)
    assert (repair.change.taken, repair.change.undecided) == (None, ())
    assert repair.difference.closed


def test_what_neither_of_two_policies_demands_is_shown(tmp_path):
    spec = bounded_twice(tmp_path, {"stage": "prod"}, {"stage": "dev"})
    repair = best(policy_of(ALLOW), spec)
    taken = repair.change.taken
    assert taken is None or taken.request.resource.split("/")[1] not in {"prod", "dev"}
    assert repair.change.undecided == ()


def test_what_is_kept_of_a_list_stays_as_it_is_written():
    values = ["a${*}", "b", "${$}{aws:userid}"]
    allow = ALLOW | {"Condition": {"StringLike": {"aws:Referer": values}}}
    never = {"never_allowed": {"condition": {"StringEquals": {"aws:Referer": "b"}}}}
    found = pc.repair(policy_of(allow), spec_of(never, {"sometimes_allowed": {}}), alternatives=4)
    [shorter] = [one for one in found.repairs if "compare StringLike" in one.edits[0]]
    assert shorter.edits == (
        "in statement 0 compare StringLike on aws:Referer with a${*}, ${$}{aws:userid} instead",
    )
    assert '"a${*}"' in shorter.policy.source.text
    assert not shorter.difference.opened


def test_a_further_statement_is_described_with_its_conditions():
    never = {"never_allowed": {"stage": "prod", "not": {"source_ip": "8.8.4.0/24"}}}
    found = pc.repair(policy_of(ALLOW), spec_of(never, {"always_allowed": {"stage": "dev"}}))
    assert found.repairs[0].edits == (
        "add a Deny statement on execute-api:/prod/* if NotIpAddress aws:SourceIp 8.8.4.0/24",
    )


def test_what_changes_besides_is_told_of_every_action():
    allow = ALLOW | {"Action": "execute-api:ManageConnections"}
    spec = spec_of({"sometimes_allowed": {"stage": "dev"}})
    found = change(policy_of(DENY), policy_of(DENY, allow), spec, pc.Limits())
    assert found.opened.request.action == "execute-api:ManageConnections"
