"""What reach says of policies whose regions are known."""

import pytest
from region_cases import ALL, GUARD, IAM, OFFICE, PRIVATE, PUBLIC, from_addresses, policy, statement
from region_checks import assert_reach

import policycheck as pc
from policycheck.concrete.order import parse_instant
from policycheck.model.address import Family
from policycheck.model.region import Actions, Addresses, Choice, Subject, Times
from policycheck.model.special_purpose import public
from policycheck.model.text import glob
from policycheck.report.amounts import cidrs
from policycheck.report.page import Page
from policycheck.report.region_text import render_reach


def total(family):
    return sum(one.last - one.first + 1 for one in public() if one.family is family)


def constraint(region, kind):
    return next(one for one in region.constraints if isinstance(one, kind))


def routes(region):
    found = next(
        c for c in region.constraints if isinstance(c, Choice) and c.subject is Subject.ROUTE
    )
    return [[(one.values, one.negated) for one in term.literals] for term in found.terms]


def test_addresses_are_counted_exactly():
    found = pc.reach(policy(OFFICE), PUBLIC)
    (region,) = found.regions
    assert region.source_ip.count(Family.V4) == 256
    assert region.source_ip.count(Family.V6) == 4
    assert [block for one in region.source_ip.ranges for block in cidrs(one)] == [
        "203.0.113.0/24",
        "2001:db8::/126",
    ]


def test_everybody_is_every_public_address():
    (region,) = pc.reach(policy(ALL), PUBLIC).regions
    assert region.source_ip.everything
    for family in Family:
        assert region.source_ip.count(family) == total(family)
        assert region.source_ip.public_count(family) == total(family)


def test_a_guard_leaves_what_it_names():
    found = pc.reach(policy(ALL, GUARD), PUBLIC)
    assert found.source_ip.count(Family.V4) == 256
    assert found.source_ip.count(Family.V6) == 0


def test_what_is_denied_is_taken_out_of_a_block():
    inner = statement("Deny", condition=from_addresses("203.0.113.64/26"))
    found = pc.reach(policy(OFFICE, inner), PUBLIC)
    assert found.source_ip.count(Family.V4) == 192
    ranges = [one for one in found.source_ip.ranges if one.family is Family.V4]
    assert [block for one in ranges for block in cidrs(one)] == [
        "203.0.113.0/26",
        "203.0.113.128/25",
    ]


@pytest.mark.parametrize(
    "statements",
    [
        [statement("Deny")],
        [ALL, statement("Deny")],
        [statement(condition=from_addresses("10.0.0.0/8"))],
        [statement(condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}})],
        [statement(Action="execute-api:Invok")],
        [statement(Principal={"AWS": "111122223333"})],
    ],
)
def test_nobody_is_said(statements):
    found = pc.reach(policy(*statements), PUBLIC)
    assert found.nobody
    assert found.findings == ()


def test_routes_are_patterns_with_exceptions():
    admin = statement("Deny", "execute-api:/prod/*/admin/*")
    (region,) = pc.reach(policy(statement(resource="execute-api:/prod/*"), admin), PUBLIC).regions
    assert routes(region) == [
        [(("execute-api:/prod/*",), False), (("execute-api:/prod/*/admin/*",), True)]
    ]


def test_time_is_a_period():
    window = {
        "DateGreaterThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"},
        "NumericLessThan": {"aws:EpochTime": "1800000000"},
    }
    (region,) = pc.reach(policy(statement(condition=window)), PUBLIC).regions
    assert constraint(region, Times).periods == ((1767225601, 1800000000),)


@pytest.mark.parametrize("end", ["0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"])
def test_a_period_may_end_beyond_the_calendar(end):
    window = {"DateLessThan": {"aws:CurrentTime": end}}
    found = pc.reach(policy(statement(condition=window)), PUBLIC)
    seconds = parse_instant(end)
    assert constraint(found.regions[0], Times).periods == ((None, seconds),)
    assert f"before {seconds}" in render_reach(found, Page())


def test_actions_are_named():
    (region,) = pc.reach(policy(statement(Action="execute-api:I*")), PUBLIC).regions
    names = ("execute-api:Invoke", "execute-api:InvalidateCache")
    assert constraint(region, Actions).names == names


def test_callers_are_named():
    principal = {"AWS": ["111122223333", "arn:aws:iam::444455556666:role/x"]}
    (region,) = pc.reach(policy(statement(Principal=principal)), IAM).regions
    choice = next(
        c for c in region.constraints if isinstance(c, Choice) and c.subject is Subject.CALLER
    )
    ((one,),) = [term.literals for term in choice.terms]
    assert one.values == ("account 111122223333", "arn:aws:iam::444455556666:role/x")


def test_a_private_endpoint_has_no_source_address():
    found = pc.reach(policy(OFFICE, statement(resource="execute-api:/open/*")), PRIVATE)
    (region,) = found.regions
    assert region.source_ip == Addresses("aws:sourceip", (), absent=True, everything=True)
    assert [one.value for one in found.readings] == ["private-source-ip-present"]


def test_a_reading_that_lets_others_in_is_named():
    private = statement(condition=from_addresses("10.0.0.0/8"))
    found = pc.reach(policy(private), PRIVATE)
    assert found.nobody
    assert [one.value for one in found.readings] == ["private-source-ip-present"]


def test_a_key_with_presence():
    agent = statement(condition={"Null": {"aws:UserAgent": "false"}})
    (region,) = pc.reach(policy(agent), PUBLIC).regions
    ((one,),) = [t.literals for t in constraint(region, Choice).terms if len(region.constraints)]
    assert one.values or one.relation


@pytest.mark.parametrize("by", ["route", "network", "principal"])
def test_groups_hold_every_region_once(by):
    second = statement(resource="execute-api:/b/*", condition=from_addresses("198.51.100.0/25"))
    found = pc.reach(policy(statement(resource="execute-api:/a/*"), second), PUBLIC, by)
    grouped = [region for group in found.groups for region in group.regions]
    assert sorted(map(id, grouped)) == sorted(map(id, found.regions))
    assert len(found.groups) == (1 if by == "principal" else 2)


def test_a_network_that_reaches_more_is_a_group_of_its_own():
    second = statement(resource="execute-api:/b/*", condition=from_addresses("198.51.100.0/25"))
    first = statement(resource="execute-api:/a/*")
    found = pc.reach(policy(first, second), PUBLIC, "network")
    assert [group.source_ip.count(Family.V4) for group in found.groups] == [
        total(Family.V4) - 128,
        128,
    ]


def test_findings_are_few_and_cover_everything():
    blocks = [f"198.51.{n}.0/24" for n in range(0, 40, 2)]
    many = [
        statement(resource=f"execute-api:/{n}/*", condition=from_addresses(block))
        for n, block in enumerate(blocks)
    ]
    found = pc.reach(policy(ALL, GUARD, *many), PUBLIC)
    assert len(found.findings) == 1
    found = pc.reach(policy(*many[:4], statement(resource="execute-api:/2/*")), PUBLIC)
    assert_reach(found, 0)
    assert len(found.findings) <= len(found.regions)
    assert found.findings[0].source_ip.everything


def test_a_policy_variable_is_shown_as_it_is():
    own = statement(resource="execute-api:/prod/GET/${aws:username}/*")
    found = pc.reach(policy(own), IAM)
    assert not found.unknown
    assert_reach(found, 1)
    assert routes(found.regions[0]) == [[(("execute-api:/prod/GET/${aws:username}/*",), False)]]


def test_limits_make_it_unknown_and_no_part_is_shown():
    found = pc.reach(policy(ALL, GUARD), PUBLIC, limits=pc.Limits(seconds=0.000001))
    assert found.unknown
    assert found.regions == found.findings == ()
    assert not found.nobody


def test_an_environment_without_requests():
    fields = ("arn", "none", "execute-api", "*", "*", "*")
    nowhere = pc.Environment(arn=tuple(map(glob, fields)))
    assert pc.reach(policy(ALL), nowhere).nobody


def test_a_pattern_of_a_text_is_told_from_that_of_an_arn():
    """B3-text-like, B3-arn-colon: only the one runs past colons."""
    text, arn = (
        {operator: {"aws:SourceArn": "arn:aws:sns:*:210987654321:news"}}
        for operator in ("StringLike", "ArnNotLike")
    )
    (region,) = pc.reach(policy(statement(condition=text | arn)), PUBLIC).regions
    literals = [(one.relation, one.negated) for one in constraint(region, Choice).terms[0].literals]
    assert literals == [("is like", False), ("is an ARN like", True)]
