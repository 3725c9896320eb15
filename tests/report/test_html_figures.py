"""The map, the matrix and the grids of weeks of the HTML report."""

import random
from ipaddress import ip_address, ip_network
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import policycheck as pc
from policycheck.concrete.order import parse_instant
from policycheck.diagnostics import Source
from policycheck.model.address import AddressBetween, Family, merged, minus
from policycheck.model.environment import Endpoint, Environment
from policycheck.model.order import Recurs
from policycheck.model.region import SOURCE_IP, By
from policycheck.read.policy import parse_policy
from policycheck.report.html import maps, weeks
from policycheck.report.html.addresses import shares
from policycheck.report.html.hilbert import SIDE, position, tiles
from policycheck.report.html.matrix import matrix

REGIONAL = Environment(endpoint=Endpoint.REGIONAL)
API = "arn:aws:execute-api:us-east-1:123456789012:abcdef1234"
POLICY = """{"Version": "2012-10-17", "Statement": [
 {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*",
  "Condition": {"IpAddress": {"aws:SourceIp": ["8.8.0.0/16", "2a00::/16"]}}},
 {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke",
  "Resource": "execute-api:/prod/GET/pets/*",
  "Condition": {"IpAddress": {"aws:SourceIp": ["9.0.0.0/8", "8.8.8.0/24"]},
   "DateLessThan": {"aws:CurrentTime": "2026-11-27T17:30:00Z"}}},
 {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke",
  "Resource": "execute-api:/*/GET/health"},
 {"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*",
  "Condition": {"IpAddress": {"aws:SourceIp": "9.9.0.0/16"}}}]}"""


@pytest.fixture(scope="module")
def reached():
    about = parse_policy(Source("policy.json", POLICY))
    return pc.reach(about, REGIONAL, By.ROUTE)


def between(block):
    network = ip_network(block)
    return AddressBetween(Family(network.version), int(network[0]), int(network[-1]))


@pytest.mark.parametrize("order", [1, 2, 3, 5])
def test_the_curve_visits_every_cell_once_and_only_moves_to_neighbours(order):
    path = [position(step, order) for step in range(4**order)]
    assert len(set(path)) == 4**order
    assert all(0 <= value < 2**order for cell in path for value in cell)
    steps = pairwise(path)
    assert all(abs(a - c) + abs(b - d) == 1 for (a, b), (c, d) in steps)


def test_a_part_of_a_block_is_drawn_within_the_block():
    for block in ("8.0.0.0/8", "8.0.0.0/7", "203.0.112.0/21", "0.0.0.0/0", "128.0.0.0/1"):
        (whole,) = tiles([between(block)])
        for part in ip_network(block).subnets(prefixlen_diff=3):
            (tile,) = tiles([between(str(part))])
            assert whole.x <= tile.x
            assert tile.x + tile.width <= whole.x + whole.width
            assert whole.y <= tile.y
            assert tile.y + tile.height <= whole.y + whole.height


def test_the_area_of_a_block_is_its_share_of_the_addresses():
    for block in ("10.0.0.0/8", "10.0.0.0/9", "8.0.0.0/13", "1.2.3.4/32"):
        (tile,) = tiles([between(block)])
        share = ip_network(block).num_addresses / 2**32
        assert tile.width * tile.height == pytest.approx(share * SIDE**2)


RANGES = st.lists(
    st.tuples(st.integers(0, 99), st.integers(0, 99)).map(
        lambda ends: AddressBetween(Family.V4, min(ends), max(ends))
    ),
    max_size=5,
)


@given(RANGES, RANGES)
def test_what_is_left_of_ranges(one, other):
    def within(ranges):
        return {n for each in ranges for n in range(each.first, each.last + 1)}

    assert within(minus(one, other)) == within(one) - within(other)
    assert within(merged([*one, *other])) == within(one) | within(other)


def test_shares_are_disjoint_and_hold_every_possible_address(reached):
    parted = shares(reached.regions)
    total = sum(one.addresses.count(Family.V4) for one in parted)
    whole = reached.regions[0].source_ip
    assert total == sum(
        each.last - each.first + 1
        for each in (*whole.ranges, *whole.others)
        if each.family is Family.V4
    )


def _place(table, reached, address):
    """The row of the matrix that an address is in."""
    value = int(ip_address(address))
    family = Family(ip_address(address).version)
    parted = shares(reached.regions)
    rows = [
        number
        for number, one in enumerate(parted)
        if any(
            each.family is family and each.first <= value <= each.last
            for each in one.addresses.ranges
        )
    ]
    assert len(rows) == 1
    return table.rows[rows[0]]


def test_the_matrix_says_what_single_requests_are_answered(reached):
    table = matrix(reached)
    routes = {
        "/prod/GET/pets/*": "/prod/GET/pets/7",
        "/*/GET/health": "/dev/GET/health",
        "any, but not /prod/GET/pets/*": "/dev/POST/else",
    }
    columns = {name: number for number, names in enumerate(table.columns) for name in names[:1]}
    assert set(columns) == set(routes)
    rng = random.Random(5)
    addresses = ["8.8.4.4", "8.8.8.8", "9.1.1.1", "9.9.1.1", "1.1.1.1", "2a00::1", "2c00::1"]
    addresses += [str(ip_address(rng.randrange(2**24, 2**29))) for _ in range(30)]
    seen = set()
    for address in addresses:
        if address.startswith("10."):
            continue
        row = _place(table, reached, address)
        for name, target in routes.items():
            cell = row.cells[columns[name]]
            seen.add(cell.state)
            allowed = {
                pc.evaluate(
                    reached.policy,
                    pc.Request(API + target, context={SOURCE_IP: address, "aws:CurrentTime": time}),
                ).decision
                == "Allow"
                for time in ("2026-11-27T17:29:59Z", "2026-11-27T17:30:00Z")
            }
            expected = {"allowed": {True}, "denied": {False}, "conditional": {True, False}}
            assert allowed == expected[cell.state], (address, name, cell)
    assert seen == {"allowed", "denied", "conditional"}


def test_conditions_of_all_regions_are_said_once():
    text = POLICY.replace('"Effect": "Deny"', '"Effect": "Deny", "Sid": "x"').replace(
        '"IpAddress": {"aws:SourceIp": "9.9.0.0/16"}', '"StringLike": {"aws:UserAgent": "*bot*"}'
    )
    found = pc.reach(parse_policy(Source("p.json", text)), REGIONAL, By.ROUTE)
    table = matrix(found)
    assert "All of it only if aws:UserAgent is not like *bot*, or is absent." in table.notes
    assert not [
        part
        for row in table.rows
        for cell in row.cells
        for parts in cell.conditions
        for part in parts
        if "bot" in part
    ]


def test_the_map_has_the_addresses_of_the_regions(reached):
    first, *others = maps.reach_views(reached)
    layers = {one.name: one for one in first.layers}
    assert layers["allowed"].count == reached.source_ip.count(Family.V4)
    assert len(others) == len(reached.groups)
    views = {view.title: {one.name: one for one in view.layers} for view in others}
    (bound,) = [view for title, view in views.items() if title.startswith("/prod/GET/pets/*")]
    assert bound["allowed"].count == 2**16
    assert bound["conditional"].count == 2**24 - 2**16


def test_a_change_has_layers_for_what_opens_and_closes():
    old = parse_policy(Source("old.json", POLICY))
    new = parse_policy(Source("new.json", POLICY.replace("9.9.0.0/16", "8.8.0.0/17")))
    (view,) = maps.difference_views(pc.diff(old, new, REGIONAL), None)
    layers = {one.name: one for one in view.layers}
    assert layers["opened"].blocks == ["9.9.0.0/16"]
    assert layers["closed"].blocks == ["8.8.0.0/17"]


def test_nobody_has_no_matrix_and_no_map():
    nobody = pc.reach(parse_policy(Source("p", POLICY.replace("Allow", "Deny"))), by=By.ROUTE)
    assert matrix(nobody) is None
    assert maps.reach_views(nobody) == []


def test_private_apis_have_a_row_without_addresses():
    found = pc.reach(
        parse_policy(Source("p", POLICY)), Environment(endpoint=Endpoint.PRIVATE), By.ROUTE
    )
    assert [row.network for row in matrix(found).rows] == [("requests without aws:SourceIp",)]
    assert maps.reach_views(found) == []


def test_only_weeks_of_which_the_calendar_has_every_day_are_drawn():
    bounds = ["0001-01-01T00:00:00+01:00", "0001-01-01T00:00:00Z"]
    bounds += ["9999-12-26T23:59:59Z", "9999-12-27T00:00:00Z", "9999-12-31T23:59:59-01:00"]
    first, second, third, fourth, fifth = map(parse_instant, bounds)
    drawn = list(weeks._weeks([(None, first), (second, third), (fourth, fifth)]))
    assert [one.title for one in drawn] == ["Week of 0001-01-01", "Week of 9999-12-20"]


def test_a_time_is_a_week_with_the_hour_cut(reached):
    (found,) = weeks.of_matrix(matrix(reached))
    assert found.lines == ("before 2026-11-27T17:30:00Z",)
    (week,) = found.weeks
    assert week.title == "Week of 2026-11-23"
    friday = week.days[4]
    assert friday.name == "Fri 27"
    assert friday.hours == ("on",) * 17 + ("part",) + ("off",) * 6
    assert {hour for day in week.days[:4] for hour in day.hours} == {"on"}
    assert {hour for day in week.days[5:] for hour in day.hours} == {"off"}


def test_hours_that_recur_past_midnight():
    week = weeks._recurring(Recurs(22 * 3600, 6 * 3600 + 1800, frozenset({6}), 3600))
    on = {(d.name, n): s for d in week.days for n, s in enumerate(d.hours) if s != "off"}
    assert on == {
        ("Sun", 22): "on", ("Sun", 23): "on", **{("Mon", n): "on" for n in range(6)},
        ("Mon", 6): "part",
    }  # fmt: skip


def test_hours_of_assertions_are_drawn():
    spec = pc.parse_spec(
        Source(
            "s.yaml",
            "version: 1\nassertions: [{id: a, never_allowed: {not: {time: "
            '{daily: "08:00-18:00", days: [mon-fri], utc_offset: "-05:30"}}}}]',
        ),
        None,
    )
    (found,) = weeks.of_assertions(spec.assertions)
    assert found.lines == ("Mon, Tue, Wed, Thu, Fri, 08:00 to 18:00, UTC-05:30",)
