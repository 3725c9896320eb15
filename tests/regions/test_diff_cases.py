"""What diff says of policies whose difference is known."""

import strategies
from agreement import tries
from hypothesis import given
from region_cases import ALL, GUARD, OFFICE, PRIVATE, PUBLIC, from_addresses, policy, statement
from region_checks import assert_difference

import policycheck as pc
from policycheck.model.address import Family
from policycheck.model.region import Choice

SMALL = pc.Limits(seconds=5, probes=20)


def test_a_policy_does_not_differ_from_itself():
    found = pc.diff(policy(ALL, GUARD), policy(GUARD, ALL), PUBLIC)
    assert found.same
    assert found.exit_code == 0


def test_what_opens_is_what_the_other_way_round_closes():
    old, new = policy(OFFICE), policy(ALL, GUARD)
    there, back = pc.diff(old, new, PUBLIC), pc.diff(new, old, PUBLIC)
    assert [one.predicate for one in there.closed] == [one.predicate for one in back.opened]
    assert there.opened == back.closed == ()
    assert there.exit_code == 1


def test_a_widened_block_opens_the_new_half():
    old = policy(statement(condition=from_addresses("203.0.113.0/25")))
    new = policy(statement(condition=from_addresses("203.0.113.0/24")))
    (region,) = pc.diff(old, new, PUBLIC).opened
    assert region.source_ip.count(Family.V4) == 128
    assert region.witness.baseline.decision == "ImplicitDeny"
    assert [one.index for one in region.because] == [0]
    assert region.formerly == ()


def test_a_guard_that_is_gone_is_the_reason():
    (region,) = pc.diff(policy(ALL, GUARD), policy(ALL), PUBLIC).opened
    assert [one.index for one in region.formerly] == [1]


def test_more_public_addresses_come_first():
    many = statement(resource="execute-api:/a/*", condition=from_addresses("198.51.100.0/24"))
    few = statement(resource="execute-api:/b/*", condition=from_addresses("198.51.100.0/28"))
    found = pc.diff(policy(statement("Deny")), policy(few, many), PUBLIC)
    counts = [one.source_ip.count(Family.V4) for one in found.opened]
    assert counts == sorted(counts, reverse=True)
    assert_difference(found, 3)


def test_a_difference_under_one_reading_is_shown_with_it():
    new = policy(statement(condition=from_addresses("10.0.0.0/8")))
    found = pc.diff(policy(statement("Deny")), new, PRIVATE)
    assert [one.value for one in found.under] == ["private-source-ip-present"]
    (region,) = found.opened
    assert region.source_ip.count(Family.V4) == 1 << 24
    assert_difference(found, 4)


def test_a_bare_ipv6_address_is_a_block_under_one_reading():
    bare, full = (
        policy(statement(condition=from_addresses(text))) for text in ("2600:1::1", "2600:1::1/128")
    )
    found = pc.diff(full, bare, PUBLIC)
    assert [one.value for one in found.under] == ["ipv6-bare-prefix-32"]
    (region,) = found.opened
    assert region.source_ip.count(Family.V6) == (1 << 96) - 1


def test_a_region_under_a_reading_says_what_it_is_under_it():
    """A6-not-resource-shorthand, B2-null-empty."""
    arn = "arn:aws:execute-api:us-east-1:210987654321:k3xq8w2v7d"
    allow = {name: value for name, value in ALL.items() if name != "Resource"}
    one, other = (
        policy(allow | {"NotResource": ["execute-api:/*", arn + tail]})
        for tail in ("/prod/*", "/*")
    )
    (region,) = pc.diff(one, other, PUBLIC).closed
    (choice,) = [each for each in region.constraints if isinstance(each, Choice)]
    assert {each.values for term in choice.terms for each in term.literals} == {
        (f"{arn}/prod/*",),
        (f"{arn}/*",),
    }
    empty = {"StringEquals": {"aws:Referer": ["", "a"]}}
    one = policy(statement(condition=empty | {"Null": {"aws:Referer": "false"}}))
    (region,) = pc.diff(one, policy(statement(condition=empty)), PUBLIC).opened
    (choice,) = [each for each in region.constraints if isinstance(each, Choice)]
    assert [each.relation for each in choice.terms[0].literals] == ["is", "is absent or empty"]


def test_adding_an_allow_only_opens_and_a_deny_only_closes():
    @tries(12)
    @given(strategies.statements(("address",)), strategies.statements(("address",)))
    def check(first, second):
        one = strategies.read({"Statement": [first]})
        both = strategies.read({"Statement": [first, second]})
        found = pc.diff(one, both, PUBLIC, SMALL)
        assert not (found.closed if second["Effect"] == "Allow" else found.opened)

    check()


def test_limits_make_it_unknown():
    found = pc.diff(policy(ALL), policy(GUARD), PUBLIC, pc.Limits(seconds=0.000001))
    assert found.unknown
    assert not found.same
    assert found.exit_code == 3


def test_a_variable_without_a_value_may_void_the_statement():
    absent = {"Null": {"aws:PrincipalOrgID": "true"}}
    tied = {"StringNotEquals": {"aws:UserAgent": "${aws:PrincipalOrgID}"}}
    old, new = policy(statement(condition=absent | tied)), policy(statement(condition=absent))
    found = pc.diff(old, new, PUBLIC)
    assert [one.value for one in found.under] == ["missing-variable-voids-statement"]
    assert found.opened
    assert not found.closed
    assert_difference(found, 5)


def test_every_reading_under_which_there_is_a_difference_is_named():
    endpoint = statement(condition={"StringEquals": {"aws:SourceVpce": "vpce-0a1b2c3d4e5f67890"}})
    crossing = statement(resource="arn:aws:execute-api:us-east-1:*:abcdef1234/")
    inside = statement(condition=from_addresses("10.0.0.0/8"))
    found = pc.diff(policy(endpoint, crossing), policy(endpoint, inside), PRIVATE)
    named = {one.value for one in (*found.under, *found.readings)}
    assert named == {"arn-star-crosses-colon", "private-source-ip-present"}
    assert not set(found.under) & set(found.readings)
