"""The symbols of an unknown request: what each is called, and what it can be."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
import z3
from cited import KEYS

from policycheck.model.address import Family
from policycheck.model.condition import Comparing, Existing, Quantifier
from policycheck.model.environment import VIA_DOMAIN, CallerAccount, Endpoint, Environment
from policycheck.model.keys import Key, KeySpace, KeyType, Presence, aws_keys
from policycheck.model.predicate import Part
from policycheck.model.reading import Reading
from policycheck.model.request import CallerKind
from policycheck.symbolic.boolean import Formula
from policycheck.symbolic.domains import (
    ACCOUNT,
    ALNUM,
    DOMAIN_NAME,
    LOWER,
    NAME,
    NOT_EMPTY,
    STAGE_CHARACTERS,
)
from policycheck.symbolic.request import Request, slots_needed
from policycheck.symbolic.symbols import AddressSymbol, Domain, TextSymbol
from policycheck.symbolic.values import AddressValue, ArnValue, FlagValue, TextValue

OPEN = Environment(keys=KEYS)
ANY = Domain()
NO_COLON = Domain(forbidden=frozenset(":"), shortest=1)
FIELD = Domain(forbidden=frozenset(":"))

CALLER = {
    "partition": ("caller partition", Domain(allowed=LOWER)),
    "account": ("caller account", ACCOUNT),
    "path": ("caller path", ANY),
    "name": ("caller name", NAME),
    "session": ("caller session", NAME),
    "unique_id": ("caller unique id", NO_COLON),
    "federated_name": ("federated name", NAME),
    "service": ("caller service", NOT_EMPTY),
    "other": ("caller id", NOT_EMPTY),
}
PARTS = {
    Part.PARTITION: ("partition", Domain(allowed=LOWER)),
    Part.REGION: ("region", Domain(allowed=LOWER, shortest=1)),
    Part.ACCOUNT: ("account", ACCOUNT),
    Part.API_ID: ("api id", Domain(allowed=ALNUM, shortest=1)),
    Part.STAGE: ("stage", Domain(allowed=STAGE_CHARACTERS, shortest=1, longest=128)),
    Part.METHOD: (
        "method",
        Domain(choices=("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")),
    ),
    Part.PATH: ("path", ANY),
}


def assert_is(symbol, name, domain, loose=False):
    """Symbols compare by their names alone."""
    assert symbol == TextSymbol(name)
    assert symbol.domain == domain
    assert symbol.loose is loose


def test_the_caller():
    """Rule D4-iam-caller."""
    caller = Request(OPEN).caller
    for field, (name, domain) in CALLER.items():
        assert_is(getattr(caller, field), name, domain)
    assert {f.name for f in fields(caller)} == {*CALLER, "kinds", "nested", "in_session"}
    assert str(caller.nested) == "caller has a path"
    assert str(caller.in_session) == "caller in session"
    kinds = {kind: str(one) for kind, one in caller.kinds.items()}
    assert kinds == {kind: f"caller {kind.value}" for kind in CallerKind}


def test_the_parts_of_the_resource():
    """Rules A6-request-arn, D2-api."""
    request = Request(OPEN)
    for part, (name, domain) in PARTS.items():
        assert_is(request.parts[part][-1], name, domain)
    assert request.parts[Part.PARTITION][0] == "aws"
    assert request.parts[Part.PATH][0] == "/"
    stages = Request(Environment(stages=("a", "b"))).parts[Part.STAGE]
    assert_is(stages[0], "stage", Domain(choices=("a", "b")))


def test_the_resource_and_the_private_domain():
    """Rules A6-request-arn, C6-resource."""
    request = Request(OPEN)
    named = [[getattr(piece, "name", piece) for piece in text] for text in request.resource]
    shared = [["arn"], ["aws", "partition"], ["execute-api"], ["region"], ["account"]]
    assert named == [*shared, ["api id", "/", "stage", "/", "method", "/", "path"]]
    domain = [[getattr(piece, "name", piece) for piece in text] for text in request.domain]
    assert domain == [*shared, ["/domainnames/", "custom domain", "+", "custom domain id"]]
    assert_is(request.domain[-1][1], "custom domain", DOMAIN_NAME)
    assert_is(request.domain[-1][-1], "custom domain id", DOMAIN_NAME)
    seen = request.to_domain()
    assert seen.resource == request.domain
    assert seen.covered == {}
    assert seen.covered is not request.covered
    assert seen.keys is request.keys


def test_the_action_and_the_clock():
    """Rules A5-actions, D4-clock."""
    request = Request(OPEN)
    assert_is(
        request.action,
        "action",
        Domain(
            choices=(
                "execute-api:invoke",
                "execute-api:invalidatecache",
                "execute-api:manageconnections",
            )
        ),
    )
    assert request.clock.eq(z3.Int("clock"))
    for name in ("aws:CurrentTime", "aws:EpochTime"):
        assert request.key(name).slots[0].value.seconds.eq(request.clock)
    assert str(request.key("aws:TokenIssueTime").slots[0].value.seconds) == (
        "time key aws:tokenissuetime"
    )


def test_in_one_account_the_callers_account_is_the_apis():
    """Rule C4-account."""
    same = Request(replace(OPEN, caller_account=CallerAccount.SAME))
    assert same.caller.account is same.api_account
    assert same.api_account == TextSymbol("account")
    for other in (CallerAccount.ANY, CallerAccount.CROSS):
        request = Request(replace(OPEN, caller_account=other))
        assert request.caller.account == TextSymbol("caller account")


def test_one_value_of_each_type():
    """Rules D1-typed, D1-declared. What the caller may send malformed says so of itself."""
    request = Request(OPEN)
    assert str(request.key("x:n").slots[0].value.number) == "number key x:n"
    assert str(request.key("x:t").slots[0].value.seconds) == "time key x:t"
    for name in ("x:n", "x:t", "x:b", "x:arn"):
        slot = request.key(name).slots[0]
        assert str(slot.malformed) == f"malformed key {name}"
        assert str(slot.empty) == f"empty key {name}"
        assert z3.is_true(slot.filled)
        assert str(request.key(name).present) == f"has {name}"
    flag = request.key("x:b").slots[0].value
    assert isinstance(flag, FlagValue)
    assert str(flag.flag) == "flag key x:b"
    arn = request.key("x:arn").slots[0].value
    assert isinstance(arn, ArnValue)
    ((guard, row),) = arn.rows
    assert z3.is_true(guard)
    assert row[0] == ("arn",)
    for (symbol,), part in zip(
        row[1:5], ("partition", "service", "region", "account"), strict=True
    ):
        assert_is(symbol, f"key x:arn {part}", FIELD)
    assert_is(row[5][0], "key x:arn resource", ANY)
    assert_is(arn.other, "malformed key x:arn", ANY, loose=True)
    assert str(arn.malformed) == "malformed key x:arn"
    text = request.key("x:bytes").slots[0]
    assert z3.is_false(text.malformed)
    assert z3.is_false(text.empty)


def test_several_values_have_a_slot_each():
    """Rule D1-single."""
    request = Request(OPEN, {"x:address": 3, "x:list": 1, "x:n": 4})
    key = request.key("X:Address")
    assert request.keys == {"x:address": key}
    assert len(key.slots) == 3
    assert len(request.key("x:list").slots) == 2
    assert len(request.key("aws:CalledVia").slots) == 2
    assert len(request.key("x:n").slots) == 1
    for index, slot in enumerate(key.slots):
        label = f"slot {index} of key x:address"
        assert str(slot.filled) == f"filled {label}"
        assert str(slot.malformed) == f"malformed {label}"
        assert str(slot.empty) == f"empty {label}"
        value = slot.value
        assert isinstance(value, AddressValue)
        assert str(value.is_v6) == f"v6 {label}"
        assert value.v4 == AddressSymbol(f"a4 {label}", Family.V4)
        assert value.v6 == AddressSymbol(f"a6 {label}", Family.V6)
        assert value.v4.ranges is value.v6.ranges is None
    assert isinstance(key.present, Formula)
    assert [str(part) for part in key.present.parts] == [str(one.filled) for one in key.slots]


TEXTS = [
    ("aws:Referer", "key aws:referer", ANY),
    ("aws:PrincipalTag/team", "key aws:principaltag/team", ANY),
    ("x:bytes", "key x:bytes", ANY),
    ("aws:SourceAccount", "key aws:sourceaccount", NOT_EMPTY),
    ("aws:SourceVpce", "key aws:sourcevpce", NOT_EMPTY),
    ("aws:PrincipalOrgID", "organization", NOT_EMPTY),
    ("aws:username", "caller name", NAME),
]


@pytest.mark.parametrize(("name", "symbol", "domain"), TEXTS)
def test_only_the_caller_chooses_an_empty_text(name, symbol, domain):
    """Rule D1-not-empty."""
    value = Request(OPEN).key(name).slots[0].value
    assert isinstance(value, TextValue)
    ((guard, (text,)),) = value.texts
    assert z3.is_true(guard)
    assert_is(text, symbol, domain)


def named(alternatives):
    return {
        str(guard): [getattr(piece, "name", piece) for piece in text]
        for guard, text in alternatives
    }


SIGNED = ("root", "user", "role", "federated-user")
OF_THE_CALLER = {
    "aws:PrincipalAccount": ("anonymous", {"": ["caller account"]}),
    "aws:PrincipalType": (
        "Anonymous",
        dict(
            zip(
                SIGNED,
                (["Account"], ["User"], ["AssumedRole"], ["FederatedUser"]),
                strict=True,
            )
        ),
    ),
    "aws:userid": (
        "anonymous",
        {
            "root": ["caller account"],
            "user": ["caller unique id"],
            "role": ["caller unique id", ":", "caller session"],
            "federated-user": ["caller account", ":", "federated name"],
        },
    ),
}


@pytest.mark.parametrize("name", OF_THE_CALLER)
def test_keys_that_tell_of_the_caller_are_made_of_its_symbols(name):
    """Rules D4-account, D4-principal-type, D4-userid, D4-anonymous-keys."""
    anonymous, identities = OF_THE_CALLER[name]
    found = named(Request(OPEN).key(name).slots[0].value.texts)
    expected = {"caller anonymous": [anonymous]}
    for kind, text in identities.items():
        own = f"And(Not(caller anonymous), caller {kind})" if kind else "Not(caller anonymous)"
        expected[own] = text
    assert found == expected


def test_a_key_that_every_request_has_is_there():
    """Rule D1-always."""
    request = Request(OPEN)
    for name in ("aws:SecureTransport", "aws:CurrentTime", "aws:EpochTime"):
        assert z3.is_true(request.key(name).present)


def test_the_paths_of_an_organization_lie_below_it():
    """Rule D4-organization."""
    slots = Request(OPEN).key("aws:PrincipalOrgPaths").slots
    for index, slot in enumerate(slots):
        ((guard, (organization, slash, below)),) = slot.value.texts
        assert z3.is_true(guard)
        assert_is(organization, "organization", NOT_EMPTY)
        assert slash == "/"
        assert_is(below, f"slot {index} of key aws:principalorgpaths below", ANY)


def test_declared_by_name_a_key_may_be_empty_and_malformed_only_where_the_client_sets_it():
    """Rules D1-declared, D1-not-empty."""
    keys = KeySpace.of(
        Key(f"y:{kind.value}", kind, Presence.OPTIONAL, declared=True)
        for kind in (KeyType.STRING, KeyType.NUMERIC, KeyType.ARN)
    )
    request = Request(Environment(keys=keys))
    assert_is(request.key("y:string").slots[0].value.texts[0][1][0], "key y:string", ANY)
    for name in ("y:numeric", "y:arn", "y:string"):
        assert z3.is_false(request.key(name).slots[0].malformed)
        assert z3.is_false(request.key(name).slots[0].empty)
    assert len(request.key("y:arn").slots[0].value.texts) == 1


def test_the_arn_of_a_private_domain_is_that_of_the_domain():
    """Rule C6-resource."""
    via = Request(replace(OPEN, via_domain=True))
    ((guard, row),) = via.key(VIA_DOMAIN).slots[0].value.rows
    assert z3.is_true(guard)
    assert row == via.domain
    ((_, free),) = Request(OPEN).key(VIA_DOMAIN).slots[0].value.rows
    assert free[5] == (TextSymbol("key execute-api:viadomainarn resource"),)


@pytest.mark.parametrize("endpoint", [None, *Endpoint])
def test_the_addresses_of_an_endpoint(endpoint):
    """Rules D2-public-source-ip, D2-private-source-ip, D3-not-public."""
    request = Request(Environment(endpoint))
    value = request.key("aws:SourceIp").slots[0].value
    if endpoint is None:
        assert value.v4.ranges is value.v6.ranges is None
    else:
        is_private = endpoint is Endpoint.PRIVATE
        assert value.v4.admits(0x0A000001) is is_private
        assert value.v4.admits(0x08080808) is not is_private
        assert value.v6.admits(0xFD00 << 112) is is_private
        assert value.v6.admits(0x2600 << 112) is not is_private
        for symbol in (value.v4, value.v6):
            assert {one.family for one in symbol.ranges} == {symbol.family}
    other = request.key("aws:VpcSourceIp").slots[0].value
    assert other.v4.ranges is other.v6.ranges is None


def test_a_reading_is_a_choice_of_the_solver_unless_it_is_switched():
    request = Request(OPEN, None, {Reading.EMPTY_VALUE_IS_NULL: True})
    assert z3.is_true(request.reading(Reading.EMPTY_VALUE_IS_NULL))
    assert request.readings == {}
    free = request.reading(Reading.NOT_PRINCIPAL_STRICT)
    assert str(free) == f"reading {Reading.NOT_PRINCIPAL_STRICT.value}"
    assert request.readings == {Reading.NOT_PRINCIPAL_STRICT: free}
    assert request.reading(Reading.NOT_PRINCIPAL_STRICT) is free


def test_what_is_asked_of_and_what_is_only_shown():
    request = Request(OPEN)
    request.show("aws:Referer")
    assert request.asked == set()
    assert request.key("AWS:referer") is request.show("aws:Referer")
    assert request.asked == {"aws:referer"}
    for never in ("aws:TagKeys", "x:unknown"):
        assert request.key(never) is None
        assert request.show(never) is None
        assert request.spelling(never) == ()
        assert z3.is_false(request.has_one_value(never))
    assert request.asked == {"aws:referer"}
    assert set(request.keys) == {"aws:referer"}


def test_no_two_symbols_share_a_name():
    """Where two did, what is said of one would hold of the other."""
    request = Request(OPEN, {"x:address": 3})
    names = []
    for name in (*aws_keys(), *KEYS.declared):
        if (key := request.key(name)) is None or name.startswith("aws:principal"):
            continue
        if not key.key.multivalued and not z3.is_true(key.present):
            names.append(str(key.present))
        for slot in key.slots:
            names += [str(one) for one in (slot.filled, slot.malformed, slot.empty)]
            match slot.value:
                case TextValue(texts) | ArnValue(texts=texts) if len(texts) == 1:
                    names += [one.name for one in texts[0][1] if isinstance(one, TextSymbol)]
                case AddressValue(is_v6, v4, v6):
                    names += [str(is_v6), v4.name, v6.name]
                case _:
                    pass
    names = [one for one in names if one not in {"True", "False"}]
    assert len(names) == len(set(names)) > 50


QUANTIFIED = [
    ((), {}),
    ((Comparing("StringEquals", "x:list", ()),), {"x:list": 2}),
    ((Comparing("StringEquals", "x:list", (), quantifier=Quantifier.FOR_ALL),), {"x:list": 3}),
    ((Comparing("StringEquals", "x:list", (), quantifier=Quantifier.FOR_ALL),) * 2, {"x:list": 3}),
    (
        (
            Comparing("StringEquals", "x:list", (), quantifier=Quantifier.FOR_ALL),
            Comparing("StringEquals", "x:list", (), quantifier=Quantifier.FOR_ANY),
            Comparing("StringEquals", "x:list", ()),
            Comparing("IpAddress", "x:address", (), quantifier=Quantifier.FOR_ANY),
        ),
        {"x:list": 4, "x:address": 3},
    ),
    ((Existing("Null", "x:list", (True,)),), {}),
]


@pytest.mark.parametrize(("entries", "needed"), QUANTIFIED)
def test_each_quantified_entry_needs_a_slot_and_all_of_them_two_more(entries, needed):
    """Rules B5-for-all, B5-for-any, B5-several-values."""
    assert slots_needed(entries) == needed
    assert slots_needed(iter(entries)) == needed
