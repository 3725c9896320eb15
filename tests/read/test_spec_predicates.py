"""Every key of a predicate becomes the predicate that contract section 4 describes."""

from fractions import Fraction
from pathlib import Path

import pytest

from policycheck.diagnostics import Source
from policycheck.model.address import AddressBetween, AddressIn, Family
from policycheck.model.condition import Comparing, Existing
from policycheck.model.order import Comparison, InstantCompares, NumberCompares, Recurs
from policycheck.model.predicate import (
    ALWAYS,
    ActionLike,
    AllOf,
    AnyOf,
    CallerAccount,
    CallerAnonymous,
    CallerArn,
    CallerService,
    Conditions,
    Not,
    Part,
    PartLike,
    ResourceLike,
)
from policycheck.model.special_purpose import everything, private_use, public
from policycheck.model.text import TextLike, Variable, glob, pattern
from policycheck.read.predicates import KEYS
from policycheck.read.spec import parse_spec

INVOKE = ActionLike(glob("execute-api:invoke"))


def parse(predicate, head=""):
    text = f"version: 1\n{head}\nassertions: [{{id: a, never_allowed: {predicate}}}]\n"
    return parse_spec(Source("spec.yaml", text), Path())


def lowered(predicate, head=""):
    """The predicate without the restriction to invocations."""
    (assertion,) = parse(predicate, head).assertions
    match assertion.predicate:
        case AllOf((one, last)) if last == INVOKE:
            return one
        case AllOf((*parts, last)) if last == INVOKE:
            return AllOf(tuple(parts))
        case other:
            return other


def conditions(*entries):
    return Conditions(entries)


def compares(operator, key, *relations):
    return conditions(Comparing(operator, key, relations))


def addresses(*relations, key="aws:sourceip"):
    return compares("IpAddress", key, *relations)


def test_the_empty_predicate_is_every_request():
    assert lowered("{}") == ALWAYS


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("stage", "prod", Part.STAGE),
        ("stage", '"pr*d?"', Part.STAGE),
        ("method", "GET", Part.METHOD),
        ("method", '"P*"', Part.METHOD),
        ("path", "/", Part.PATH),
        ("path", '"/admin/*"', Part.PATH),
        ("path", "/a:b", Part.PATH),
        ("api_id", "abcdef1234", Part.API_ID),
        ("account", '"123456789012"', Part.ACCOUNT),
        ("account", "012345678901", Part.ACCOUNT),
        ("account", '"1234*"', Part.ACCOUNT),
        ("region", "us-gov-west-1", Part.REGION),
        ("region", '"eu-*"', Part.REGION),
        ("partition", "aws-cn", Part.PARTITION),
    ],
)
def test_parts_of_the_arn(name, value, part):
    assert lowered(f"{{{name}: {value}}}") == PartLike(part, glob(value.strip('"')))


def test_a_list_means_any_of_its_values():
    get, put = PartLike(Part.METHOD, glob("GET")), PartLike(Part.METHOD, glob("PUT"))
    assert lowered("{method: [GET, PUT]}") == AnyOf((get, put))
    assert lowered("{method: [GET]}") == get


def test_all_entries_must_hold():
    stage, method = PartLike(Part.STAGE, glob("b")), PartLike(Part.METHOD, glob("GET"))
    assert lowered("{stage: b, method: GET}") == AllOf((stage, method))


def test_a_leaf_knows_where_it_stands():
    assert lowered("{stage: prod}").span.text == "prod"


def test_stages_are_checked_only_if_the_api_lists_them():
    assert lowered("{stage: any-name}") == PartLike(Part.STAGE, glob("any-name"))
    assert lowered('{stage: "d*"}', "api: {stages: [dev]}") == PartLike(Part.STAGE, glob("d*"))


@pytest.mark.parametrize(
    "arn",
    ["*", "arn:aws:execute-api:*:*:*/prod/*", "arn:aws:execute-api:us-east-1:1:a/prod/GET/a:b"],
)
def test_resource_is_the_whole_arn(arn):
    assert lowered(f'{{resource: "{arn}"}}') == ResourceLike(glob(arn))


@pytest.mark.parametrize("action", ["execute-api:Invoke", "EXECUTE-API:INV*", "*", "execute-api:*"])
def test_action_ignores_case(action):
    assert lowered(f'{{action: "{action}"}}') in {ActionLike(glob(action.lower())), INVOKE}


PRINCIPALS = [
    ("anonymous", CallerAnonymous()),
    ("authenticated", Not(CallerAnonymous())),
    ("123456789012", CallerAccount("123456789012")),
    ('"012345678901"', CallerAccount("012345678901")),
    ("012345678901", CallerAccount("012345678901")),
    ("arn:aws:iam::123456789012:role/x", CallerArn(glob("arn:aws:iam::123456789012:role/x"))),
    ('"arn:aws:iam::*:role/*"', CallerArn(glob("arn:aws:iam::*:role/*"))),
    ('"arn:*"', CallerArn(glob("arn:*"))),
    ('"arn:aws:sts::*:assumed-role/r/*"', CallerArn(glob("arn:aws:sts::*:assumed-role/r/*"))),
    ("{service: lambda.amazonaws.com}", CallerService(glob("lambda.amazonaws.com"))),
    ('{service: ["*.amazonaws.com"]}', CallerService(glob("*.amazonaws.com"))),
    ("[anonymous, 123456789012]", AnyOf((CallerAnonymous(), CallerAccount("123456789012")))),
]


@pytest.mark.parametrize(("value", "predicate"), PRINCIPALS)
def test_principals(value, predicate):
    assert lowered(f"{{principal: {value}}}") == predicate


V4, V6 = Family.V4, Family.V6
ADDRESSES = [
    ("203.0.113.0/24", AddressIn(V4, 0xCB007100, 24)),
    ("203.0.113.9", AddressIn(V4, 0xCB007109, 32)),
    ('"2001:db8::/32"', AddressIn(V6, 0x20010DB8 << 96, 32)),
    ("2001:db8::1", AddressIn(V6, (0x20010DB8 << 96) + 1, 128)),
    ('"::/0"', AddressIn(V6, 0, 0)),
    ("10.0.0.1 - 10.0.0.9", AddressBetween(V4, 0x0A000001, 0x0A000009)),
    ("10.0.0.1-10.0.0.1", AddressBetween(V4, 0x0A000001, 0x0A000001)),
    ('"fd00:: - fd00::ff"', AddressBetween(V6, 0xFD << 120, (0xFD << 120) + 255)),
]


@pytest.mark.parametrize(("value", "relation"), ADDRESSES)
@pytest.mark.parametrize(
    ("name", "key"), [("source_ip", "aws:sourceip"), ("vpc_source_ip", "aws:vpcsourceip")]
)
def test_addresses(value, relation, name, key):
    assert lowered(f"{{{name}: {value}}}") == addresses(relation, key=key)


def test_an_address_of_a_spec_is_one_address_under_every_reading():
    (entry,) = lowered("{source_ip: 2001:db8::1}").entries
    assert [relation.bare for relation in entry.relations] == [False]


@pytest.mark.parametrize(
    ("name", "ranges"), [("public", public), ("private", private_use), ("any", everything)]
)
def test_named_sets_of_addresses(name, ranges):
    assert lowered(f"{{source_ip: {name}}}") == addresses(*ranges())


def test_blocks_ranges_and_names_in_one_list():
    found = lowered("{source_ip: [private, 203.0.113.9, 10.0.0.1 - 10.0.0.2]}")
    one, between = AddressIn(V4, 0xCB007109, 32), AddressBetween(V4, 0x0A000001, 0x0A000002)
    assert found == addresses(*private_use(), one, between)


IDS = [("source_vpc", "aws:sourcevpc", "vpc"), ("source_vpce", "aws:sourcevpce", "vpce")]


@pytest.mark.parametrize(("name", "key", "prefix"), IDS)
def test_ids_of_vpcs_and_endpoints(name, key, prefix):
    one, two = f"{prefix}-1a2b3c4d", f"{prefix}-0*"
    relations = TextLike(glob(one)), TextLike(glob(two))
    assert lowered(f'{{{name}: [{one}, "{two}"]}}') == compares("StringLike", key, *relations)


@pytest.mark.parametrize(("name", "key", "prefix"), IDS)
def test_present_and_absent_ids(name, key, prefix):
    absent, present = (
        conditions(Existing("Null", key, (flag,), undisputed=True)) for flag in (True, False)
    )
    assert lowered(f"{{{name}: absent}}") == absent
    assert lowered(f"{{{name}: present}}") == present
    ids = compares("StringLike", key, TextLike(glob(f"{prefix}-1a")))
    assert lowered(f"{{{name}: [{prefix}-1a, absent]}}") == AnyOf((absent, ids))


def test_presence_of_keys():
    vpc = conditions(Existing("Null", "aws:sourcevpc", (False,), undisputed=True))
    ip = conditions(Existing("Null", "aws:sourceip", (False,), undisputed=True))
    assert lowered("{present: aws:SourceVpc}") == vpc
    assert lowered("{present: [AWS:sourcevpc, aws:SourceIp]}") == AnyOf((vpc, ip))
    assert lowered("{absent: aws:SourceIp}") == conditions(
        Existing("Null", "aws:sourceip", (True,), undisputed=True)
    )


def instant(operator, comparison, seconds):
    return Comparing(operator, "aws:currenttime", (InstantCompares(comparison, seconds),))


AFTER = instant("DateGreaterThanEquals", Comparison.GREATER_EQUAL, 1_767_225_600)
BEFORE = instant("DateLessThan", Comparison.LESS, 1_769_904_000)


@pytest.mark.parametrize(
    ("value", "entries"),
    [
        ("{after: 2026-01-01, before: 2026-02-01}", (AFTER, BEFORE)),
        ("{after: 2026-01-01T01:00:00+01:00}", (AFTER,)),
        ("{after: 1767225600}", (AFTER,)),
        ('{before: "2026-02"}', (BEFORE,)),
    ],
)
def test_intervals_are_half_open(value, entries):
    assert lowered(f"{{time: {value}}}") == Conditions(entries)


def recurs(start, end, days, offset=0):
    return Comparing("Recurs", "aws:currenttime", (Recurs(start, end, frozenset(days), offset),))


WEEK = range(7)
RECURRENCES = [
    ('daily: "09:00-17:00"', recurs(32_400, 61_200, WEEK)),
    ("daily: 09:00-17:30", recurs(32_400, 63_000, WEEK)),
    ('daily: "00:00 - 24:00"', recurs(0, 86_400, WEEK)),
    ('daily: "22:00-06:00:30"', recurs(79_200, 21_630, WEEK)),
    ('daily: "22:00-00:00"', recurs(79_200, 0, WEEK)),
    ("days: [mon, fri]", recurs(0, 86_400, {0, 4})),
    ("days: mon-fri", recurs(0, 86_400, range(5))),
    ("days: [sat-mon, wed]", recurs(0, 86_400, {5, 6, 0, 2})),
    ("days: sun", recurs(0, 86_400, {6})),
    ('days: mon, utc_offset: "+01:00"', recurs(0, 86_400, {0}, 3600)),
    ("days: mon, utc_offset: -03:30", recurs(0, 86_400, {0}, -12_600)),
    ("days: mon, utc_offset: Z", recurs(0, 86_400, {0})),
]


@pytest.mark.parametrize(("value", "entry"), RECURRENCES)
def test_recurring_times(value, entry):
    assert lowered(f"{{time: {{{value}}}}}") == conditions(entry)


def test_an_interval_and_a_recurrence_must_both_hold():
    found = lowered("{time: {after: 2026-01-01, days: sat}}")
    assert found == conditions(AFTER, recurs(0, 86_400, {5}))


def test_several_times_mean_any_of_them():
    found = lowered("{time: [{after: 2026-01-01}, {days: sat}]}")
    assert found == AnyOf((conditions(AFTER), conditions(recurs(0, 86_400, {5}))))


def test_a_condition_block_is_read_as_in_a_policy():
    found = lowered(
        "{condition: {ForAnyValue:StringNotLikeIfExists: {aws:PrincipalOrgPaths: [o-1/*]}, "
        "NumericLessThan: {aws:MultiFactorAuthAge: 300}}}"
    )
    paths, age = found.entries
    assert (paths.negated, paths.if_exists, paths.quantifier.value) == (True, True, "ForAnyValue")
    assert age.relations == (NumberCompares(Comparison.LESS, Fraction(300)),)


def test_a_condition_block_may_hold_variables():
    found = lowered('{condition: {StringLike: {aws:UserAgent: "${aws:username}-*"}}}')
    wanted = pattern([Variable("aws:username"), *glob("-*").pieces])
    assert found == compares("StringLike", "aws:useragent", TextLike(wanted))


def test_a_condition_block_may_use_declared_keys():
    found = lowered(
        "{condition: {StringLike: {tenant: a}}, present: Tenant}",
        "keys: {tenant: {type: string}}",
    )
    existing = conditions(Existing("Null", "tenant", (False,), undisputed=True))
    assert found == AllOf((compares("StringLike", "tenant", TextLike(glob("a"))), existing))


def test_combinators():
    stage, method = PartLike(Part.STAGE, glob("b")), PartLike(Part.METHOD, glob("GET"))
    assert lowered("{not: {stage: b}}") == Not(stage)
    assert lowered("{any_of: [{stage: b}, {method: GET}]}") == AnyOf((stage, method))
    assert lowered("{all_of: [{stage: b}, {method: GET}]}") == AllOf((stage, method))
    assert lowered("{any_of: [{stage: b}], not: {method: GET}}") == AllOf((stage, Not(method)))


def test_a_name_stands_for_its_predicate():
    assert lowered("prod", "define: {prod: {stage: b}}") == PartLike(Part.STAGE, glob("b"))


def test_every_key_of_the_contract_is_there():
    assert set(KEYS) == {
        *("stage", "method", "path", "api_id", "account", "region", "partition"),
        *("resource", "action", "principal", "source_ip", "vpc_source_ip"),
        *("source_vpc", "source_vpce", "time", "condition", "present", "absent"),
        *("all_of", "any_of", "not"),
    }
