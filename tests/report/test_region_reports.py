"""Regions as text, JSON and Markdown."""

import dataclasses
import json

import pytest
from jsonschema import Draft202012Validator
from region_cases import ALL, GUARD, IAM, OFFICE, PUBLIC, from_addresses, policy, statement

import policycheck as pc
from policycheck.model.address import AddressBetween, Family
from policycheck.model.region import Addresses
from policycheck.report import amounts, region_json, region_markdown, region_text
from policycheck.report.page import Page

ADMIN = statement(
    "Deny",
    "execute-api:/prod/*/admin/*",
    {"StringNotEquals": {"aws:PrincipalAccount": "111122223333"}},
    Sid="GuardAdmin",
)
WINDOW = statement(
    resource="execute-api:/dev/*",
    condition={
        "DateLessThan": {"aws:CurrentTime": "2027-01-01T00:00:00Z"},
        "StringLike": {"aws:UserAgent": "curl/*"},
    },
)


@pytest.fixture(autouse=True)
def _one_day(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")


def without_time(found):
    return dataclasses.replace(found, seconds=0.5)


@pytest.fixture(scope="module")
def reached():
    return without_time(pc.reach(policy(OFFICE, ADMIN, WINDOW), IAM))


@pytest.fixture(scope="module")
def grouped():
    return without_time(pc.reach(policy(OFFICE, ADMIN, WINDOW), IAM, "route"))


@pytest.fixture(scope="module")
def different():
    return without_time(pc.diff(policy(OFFICE, name="old"), policy(ALL, GUARD, name="new"), PUBLIC))


def test_reach_for_people(reached, golden):
    golden("reach.txt", region_text.render_reach(reached, Page()))


def test_details_for_people(reached, golden):
    golden("reach_details.txt", region_text.render_reach(reached, Page(), details=True))


def test_groups_for_people(grouped, golden):
    golden("reach_by_route.txt", region_text.render_reach(grouped, Page()))


def test_a_difference_for_people(different, golden):
    golden("difference.txt", region_text.render_difference(different, Page()))


def test_a_difference_for_a_pull_request(different, golden):
    golden("difference.md", region_markdown.render_difference(different))


def test_reach_in_markdown(reached, golden):
    golden("reach.md", region_markdown.render_reach(reached))


def test_json_keeps_to_its_schemas(reached, grouped, different):
    for schema, data in (
        (pc.reach_schema(), region_json.reach_data(reached)),
        (pc.reach_schema(), region_json.reach_data(grouped)),
        (pc.diff_schema(), region_json.difference_data(different)),
    ):
        Draft202012Validator.check_schema(schema)
        Draft202012Validator(schema).validate(json.loads(json.dumps(data)))


def test_no_line_is_wider_than_the_page(reached, different):
    for columns in (40, 60, 100):
        page = Page(columns)
        text = region_text.render_reach(reached, page, details=True)
        text += region_text.render_difference(different, page)
        assert max(map(len, text.splitlines())) <= columns


def test_colour_only_where_it_is_wanted(different):
    assert "\x1b[" in region_text.render_difference(different, Page(colour=True))
    assert "\x1b" not in region_text.render_difference(different, Page())


def test_names_move_no_cursor():
    odd = policy(ALL, name="\x1b[31m|<b>.json")
    found = pc.reach(odd, PUBLIC)
    assert "\x1b" not in region_text.render_reach(found, Page())
    assert "\x1b" not in region_markdown.render_reach(found)
    assert "<b>" not in region_markdown.render_reach(found)


@pytest.mark.parametrize(
    ("first", "last", "wanted"),
    [
        (0, 255, ["0.0.0.0/24"]),
        (256, 256, ["0.0.1.0"]),
        (1, 3, ["0.0.0.1", "0.0.0.2/31"]),
        (1, 1000, ["0.0.0.1 - 0.0.3.232"]),
    ],
)
def test_ranges_are_blocks_unless_those_are_many(first, last, wanted):
    assert amounts.blocks([AddressBetween(Family.V4, first, last)]) == wanted


def test_a_share_is_never_rounded_to_all_or_none():
    everything = policy(ALL)
    (region,) = pc.reach(everything, PUBLIC).regions
    (most,) = pc.reach(
        policy(ALL, statement("Deny", condition=from_addresses("8.8.8.8"))), PUBLIC
    ).regions
    assert amounts.share(region.source_ip, Family.V4) == "all"
    assert amounts.share(most.source_ip, Family.V4) == "nearly 100 %"
    one = Addresses("aws:sourceip", (AddressBetween(Family.V4, 0x08080808, 0x08080808),))
    assert amounts.share(one, Family.V4) == "under 0.0001 %"
    assert amounts.share(one, Family.V6) == "none"
