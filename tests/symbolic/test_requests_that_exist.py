"""Which requests exist by the formulas and by the evaluator: real ones, with one thing changed."""

from __future__ import annotations

from dataclasses import replace

import pytest
import z3
from cited import KEYS
from known_callers import ARN, CALLERS, CLOCK, FEDERATED, ROLE, ROOT, SESSION, TOKEN, USER

from policycheck.concrete.environment import objection
from policycheck.model.environment import (
    VIA_DOMAIN,
    Authorization,
    CallerAccount,
    Endpoint,
    Environment,
    IpAddressType,
)
from policycheck.model.keys import Presence
from policycheck.model.reading import DEFAULT_READINGS, Reading
from policycheck.model.request import Caller, CallerKind, Request
from policycheck.model.route import Route
from policycheck.model.text import glob
from policycheck.symbolic.binding import bindings
from policycheck.symbolic.boolean import every
from policycheck.symbolic.environment import admits
from policycheck.symbolic.pinning import truth
from policycheck.symbolic.request import Request as Symbols

ORGANIZATION = {
    "aws:PrincipalOrgID": "o-1",
    "aws:PrincipalOrgPaths": ("o-1/r-1/", "o-1/r-1/ou-2/"),
}
MFA = {"aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "0"}
VPC = {"aws:SourceVpc": "vpc-1", "aws:SourceVpce": "vpce-1", "aws:VpcSourceIp": "10.0.0.1"}
DOMAIN = "arn:aws:execute-api:us-east-1:111122223333:/domainnames/a.example+x1"
OTHER_VALUES = {
    "aws:CurrentTime": ("2026-01-01T00:00:00.5Z", "2025-12-31T23:59:59Z", "yesterday"),
    "aws:EpochTime": ("1767225600.9", "1767225601"),
    "aws:TokenIssueTime": (
        *("2026-01-01T00:00:01Z", "2025-12-31T00:00:00Z", "now"),
        *("-62135596800", "-62135596801", "0001-01-01T00:00:00+01:00"),
        *("-999999999999999999", "9999-12-31T23:59:59-01:00", "999999999999999999"),
    ),
    "aws:MultiFactorAuthPresent": ("false", "TRUE", "maybe"),
    "aws:MultiFactorAuthAge": ("-1", "-0", "1e2", "0.5", "old"),
    "aws:PrincipalAccount": ("444455556666", "anonymous", "1", "", (ROOT, ROOT)),
    "aws:PrincipalArn": (
        *(USER, ROLE, FEDERATED, SESSION, f"arn:aws:iam::{ROOT}:root", "arn", "root"),
        *(f"arn:aws-cn:iam::{ROOT}:root", "arn:aws-cn:iam::444455556666:root"),
        *("arn:aws:iam::444455556666:role/r", "arn:aws:iam::111122223333:role/a/b/r"),
        *("arn:aws-cn:iam::111122223333:role/r", "arn:aws:iam::111122223333:role//r"),
    ),
    "aws:PrincipalType": ("User", "Account", "AssumedRole", "FederatedUser", "Anonymous", ""),
    "aws:userid": ("AIDA", "AROA:s", "AROA:t", "AROA:", ":s", f"{ROOT}:f", ROOT, "a:b:s", ""),
    "aws:username": ("ada", "Ada", "team/ada", "", "*"),
    "aws:PrincipalOrgID": ("o-1", "o-2", ""),
    "aws:PrincipalOrgPaths": (("o-1/r-1/",), ("o-1/r", "o-2/r"), ("o-1",), ("o-1/",), ("",)),
    "aws:PrincipalTag/team": ("", "a"),
    "aws:SourceIp": ("8.8.8.8", "10.0.0.1", "2600::1", "fd00::1", "::ffff:8.8.8.8", "1", ""),
    "aws:VpcSourceIp": ("10.0.0.1", "8.8.8.8", "fd00::1", "any"),
    "aws:SourceVpc": ("vpc-1", ""),
    "aws:SourceVpce": ("vpce-1", ""),
    "aws:Referer": ("", "a", ("a", "b")),
    "aws:CalledVia": (("a.amazonaws.com", "b.amazonaws.com"), ("",)),
    "aws:SourceAccount": ("a", ""),
    "aws:SecureTransport": ("false", "False", "no", ""),
    "aws:TagKeys": ("a",),
    "x:unknown": ("a",),
    VIA_DOMAIN: (
        *(DOMAIN, DOMAIN.replace("us-", "eu-"), DOMAIN.replace("3333", "3334"), f"{DOMAIN}/"),
        *("arn:aws:execute-api:us-east-1:111122223333:/domainnames/", ARN, "arn:aws", ""),
        DOMAIN.replace("aws:", "aws-cn:", 1),
        *(DOMAIN.replace("a.example+x1", one) for one in ("a.example", "a+", "+x1", "a+x+1")),
        *(DOMAIN.replace("a.example+x1", one) for one in ("*.a-b_c+x_1", "a+x/1", "a b+x1")),
    ),
    "x:address": (("10.0.0.1", "none"), ("::1",), ("", "0.0.0.0")),
    "x:arn": ("arn:aws:s3:::a", "arn:a", ""),
    "x:b": ("true", "TRUE", "perhaps", ""),
    "x:list": (("a", "", "b"),),
    "x:n": ("1", "one", ""),
    "x:t": (
        *("2026-01-01", "never", "0", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
        *("253402300800", "-62135596801"),
    ),
}
NAMES = [
    (CallerKind.ANONYMOUS, ""),
    *((CallerKind.ROOT, one) for one in (ROOT, "1", "", "444455556666")),
    *((CallerKind.SERVICE, one) for one in ("events.amazonaws.com", "")),
    *((CallerKind.FEDERATED, one) for one in ("accounts.google.com", "")),
    (CallerKind.CANONICAL_USER, "79a5"),
    *((CallerKind.FEDERATED_USER, one) for one in (FEDERATED, USER, f"{FEDERATED}/g", "f")),
    *((CallerKind.USER, one) for one in (USER, ROLE, USER.replace("team/", ""), f"{USER}/")),
    *((CallerKind.USER, USER.replace(one, "")) for one in ("aws", "iam", "1", "user/", ":user")),
    (CallerKind.USER, USER.replace("aws", "aws-cn")),
    *((CallerKind.ROLE, one) for one in (ROLE, SESSION, USER, f"{SESSION}/t", "r")),
    *((CallerKind.ROLE, SESSION.replace(*one)) for one in (("/r", "/q"), ("/s", "/t"), ("/s", ""))),
    *((CallerKind.ROLE, ROLE.replace(*one)) for one in (("team/", ""), ("/r", "/"), ("1", "2"))),
]
RESOURCES = [
    "arn:aws:execute-api:us-east-1:111122223333:abc/prod/GET/a",
    "arn:aws:execute-api:us-east-1:111122223333:abc/prod/POST/a",
    "arn:aws:execute-api:us-east-1:111122223333:abc/prod/GET/a/b",
    "arn:aws:execute-api:us-east-1:111122223333:abc/prod/POST/a/b/c",
    "arn:aws:execute-api:us-east-1:111122223333:abc/prod/GET/a/",
    "arn:aws:execute-api:us-east-1:111122223333:abc/prod/GET/%61",
    "arn:aws:execute-api:us-east-1:111122223333:abc/prod/GET//x\ny:*",
    "arn:aws:execute-api:us-east-1:111122223333:abc/prod/get/",
    "arn:aws:execute-api:us-east-1:111122223333:abc/prod/ANY/",
    "arn:aws:execute-api:us-east-1:111122223333:abc/prod/GET",
    "arn:aws:execute-api:us-east-1:111122223333:abc//GET/",
    "arn:aws:execute-api:us-east-1:111122223333:abc/dev-1_A/GET/",
    "arn:aws:execute-api:us-east-1:111122223333:abc/$default/GET/",
    "arn:aws:execute-api:us-east-1:111122223333:abc/a.b/GET/",
    f"arn:aws:execute-api:us-east-1:111122223333:abc/{'s' * 128}/GET/",
    f"arn:aws:execute-api:us-east-1:111122223333:abc/{'s' * 129}/GET/",
    "arn:aws:execute-api:us-east-1:111122223333:Abc9/prod/GET/",
    "arn:aws:execute-api:us-east-1:111122223333:a-c/prod/GET/",
    "arn:aws:execute-api:us-east-1:111122223333:/prod/GET/",
    "arn:aws:execute-api:us-east-1:444455556666:abc/prod/GET/",
    "arn:aws:execute-api:us-east-1:11112222333:abc/prod/GET/",
    "arn:aws:execute-api:us-east-1:1111222233334:abc/prod/GET/",
    "arn:aws:execute-api:us-east-1:11112222333a:abc/prod/GET/",
    "arn:aws:execute-api:eu-west-2:111122223333:abc/prod/GET/",
    "arn:aws:execute-api:EU:111122223333:abc/prod/GET/",
    "arn:aws:execute-api::111122223333:abc/prod/GET/",
    "arn:aws-cn:execute-api:us-east-1:111122223333:abc/prod/GET/",
    "arn:awsX:execute-api:us-east-1:111122223333:abc/prod/GET/",
    "arn:google:execute-api:us-east-1:111122223333:abc/prod/GET/",
    "arn:aws:s3:us-east-1:111122223333:abc/prod/GET/",
    "execute-api:/prod/GET/",
]
ACTIONS = ["execute-api:InvalidateCache", "execute-api:ManageConnections", "execute-api:Other"]

IAM = Environment(authorization=Authorization.IAM, keys=KEYS)
SIGNED = {
    name: Request(ARN, principal=who, context={**CLOCK, **keys})
    for name, (who, keys) in CALLERS.items()
}
MEMBER = replace(SIGNED["session"], context={**SIGNED["session"].context, **ORGANIZATION, **MFA})
WITHOUT_MFA = [
    replace(one, context={k: v for k, v in one.context.items() if "Multi" not in k})
    for one in (SIGNED["session"], SIGNED["federated user"])
]
ANONYMOUS = Request(ARN, context=CLOCK)
ANONYMOUS_KEYS = {
    "aws:PrincipalAccount": "anonymous",
    "aws:PrincipalType": "Anonymous",
    "aws:userid": "anonymous",
}
AS_ANONYMOUS = Request(ARN, context={**CLOCK, **ANONYMOUS_KEYS})


def with_keys(request, keys):
    return replace(request, context={**request.context, **keys})


def routes(*texts):
    return tuple(Route.parse(text) for text in texts)


OWN = tuple(map(glob, ("arn", "aws", "execute-api", "us-*", ROOT, "ab?")))
FOREIGN = tuple(map(glob, ("arn", "aws-*", "execute-api", "*", "4*", "*")))
OPEN = Environment(keys=KEYS)
IDENTITY = {
    key: OTHER_VALUES[key]
    for key in OTHER_VALUES
    if key.startswith(("aws:Principal", "aws:user", "aws:Multi", "aws:Token"))
}
SOURCES = {key: OTHER_VALUES[key] for key in ("aws:SourceIp", *VPC)}
REST = {key: OTHER_VALUES[key] for key in OTHER_VALUES.keys() - IDENTITY.keys() - SOURCES.keys()}
DOMAINS = {VIA_DOMAIN: OTHER_VALUES[VIA_DOMAIN]}
DEFAULT = DEFAULT_READINGS
WITH_KEYS = frozenset({Reading.ANONYMOUS_PRINCIPAL_KEYS})
WITH_ADDRESS = frozenset({Reading.PRIVATE_SOURCE_IP_PRESENT})
SPELLED = frozenset({Reading.ROUTE_SPELLED_OTHERWISE})
GET_A = routes("GET /a", "ANY /a/{b}/c", "GET /")
DEEPER = routes("POST /a/{b}/{c}", "GET /{all+}")
SAME = replace(IAM, caller_account=CallerAccount.SAME)
CROSS = replace(IAM, caller_account=CallerAccount.CROSS)
PUBLIC = Request(ARN, context={**CLOCK, "aws:SourceIp": "8.8.8.8"})
PRIVATE = Request(ARN, context={**CLOCK, **VPC})
ENDS = [
    *(("0001-01-01T00:00:00Z", -62_135_596_800), ("9999-12-31T23:59:59Z", 253_402_300_799)),
    ("0001-01-01T00:00:00+01:00", -62_135_600_400),
    ("9999-12-31T23:59:59-01:00", 253_402_304_399),
    *((str(seconds), seconds) for seconds in (1 - 10**18, 10**18 - 1)),
]
AT_THE_ENDS = [
    with_keys(
        SIGNED["session"],
        {"aws:CurrentTime": text, "aws:EpochTime": str(seconds), "aws:TokenIssueTime": text},
    )
    for text, seconds in ENDS
]
THROUGH_DOMAIN = Request(ARN, context={**PRIVATE.context, VIA_DOMAIN: DOMAIN})


def other_keys(request, values):
    """The request without each of its keys, and with other values of some."""
    context = dict(request.context)
    for key in context:
        yield replace(request, context={k: v for k, v in context.items() if k != key})
    for key in sorted(values):
        for value in values[key]:
            yield replace(request, context={**context, key: value})


def other_targets(request, _):
    """The request for other resources, and with other actions."""
    for resource in RESOURCES:
        yield replace(request, resource=resource)
    for action in ACTIONS:
        yield replace(request, action=action)


def other_callers(request, _):
    """The request by others, and with all the keys that may be there together."""
    for kind, name in NAMES:
        yield replace(request, principal=Caller(kind, name))
    for keys in (ANONYMOUS_KEYS, ORGANIZATION, TOKEN, MFA):
        yield replace(request, context={**request.context, **keys})


CASES = [
    (OPEN, ANONYMOUS, DEFAULT, REST, other_keys),
    (OPEN, ANONYMOUS, WITH_KEYS, IDENTITY, other_callers),
    (OPEN, AS_ANONYMOUS, WITH_KEYS, IDENTITY, other_keys),
    (OPEN, ANONYMOUS, DEFAULT, IDENTITY, other_keys),
    (OPEN, ANONYMOUS, DEFAULT, {}, other_targets),
    (Environment(stages=("prod", "dev-1_A")), ANONYMOUS, DEFAULT, {}, other_targets),
    (Environment(stages=()), ANONYMOUS, DEFAULT, {}, other_targets),
    (Environment(arn=OWN), ANONYMOUS, DEFAULT, {}, other_targets),
    (Environment(arn=FOREIGN), ANONYMOUS, DEFAULT, {}, other_targets),
    (Environment(routes=GET_A), ANONYMOUS, DEFAULT, {}, other_targets),
    (Environment(routes=GET_A), ANONYMOUS, SPELLED, {}, other_targets),
    (Environment(routes=DEEPER), ANONYMOUS, DEFAULT, {}, other_targets),
    (Environment(routes=DEEPER), ANONYMOUS, SPELLED, {}, other_targets),
    (
        Environment(authorization=Authorization.COGNITO),
        ANONYMOUS,
        DEFAULT,
        IDENTITY,
        other_callers,
    ),
    (SAME, SIGNED["user"], DEFAULT, IDENTITY, other_callers),
    (SAME, SIGNED["user"], DEFAULT, IDENTITY, other_targets),
    (SAME, SIGNED["service"], DEFAULT, IDENTITY, other_callers),
    (CROSS, SIGNED["user"], DEFAULT, IDENTITY, other_callers),
    (CROSS, SIGNED["root"], DEFAULT, IDENTITY, other_targets),
    (CROSS, SIGNED["service"], DEFAULT, IDENTITY, other_callers),
    *((IAM, one, DEFAULT, IDENTITY, other_keys) for one in SIGNED.values()),
    *((IAM, SIGNED[one], DEFAULT, IDENTITY, other_callers) for one in ("user", "session", "role")),
    (IAM, MEMBER, DEFAULT, IDENTITY, other_keys),
    *((IAM, one, DEFAULT, IDENTITY, other_keys) for one in WITHOUT_MFA),
    (IAM, SIGNED["service"], WITH_KEYS, IDENTITY, other_callers),
    *((IAM, one, DEFAULT, IDENTITY, other_keys) for one in AT_THE_ENDS),
    *(
        (Environment(one, ip_address_type=family), base, readings, SOURCES, other_keys)
        for one, base in [(None, PUBLIC), *((end, PUBLIC) for end in Endpoint)]
        for family in IpAddressType
        for readings in (DEFAULT, WITH_ADDRESS)
    ),
    *(
        (Environment(one, ip_address_type=family), PRIVATE, readings, SOURCES, other_keys)
        for one in (None, *Endpoint)
        for family in IpAddressType
        for readings in (DEFAULT, WITH_ADDRESS)
    ),
    (
        Environment(Endpoint.PRIVATE, via_domain=True),
        THROUGH_DOMAIN,
        DEFAULT,
        {**SOURCES, **DOMAINS},
        other_keys,
    ),
    (
        Environment(Endpoint.PRIVATE, via_domain=True),
        THROUGH_DOMAIN,
        DEFAULT,
        {**SOURCES, **DOMAINS},
        other_targets,
    ),
]


class Existence:
    """The formula that a request of the environment exists, some keys being in use.

    That each session has a name is left out: a request may name a role alone.
    """

    def __init__(self, environment, readings, keys):
        switched = {reading: reading in readings for reading in Reading}
        self.symbols = Symbols(environment, {"x:address": 3, "x:list": 3}, switched)
        for name in keys:
            self.symbols.key(name)
        exists = every(admits(environment, self.symbols))
        self.formula = z3.substitute(exists, (self.symbols.caller.in_session, z3.BoolVal(True)))
        used = self.symbols.keys.items()
        self.always = {name for name, one in used if one.key.presence is Presence.ALWAYS}

    def of(self, request):
        held = {name for name, values in request.values.items() if values}
        if not self.always <= held <= self.symbols.keys.keys():
            return False
        try:
            return truth(self.formula, bindings(self.symbols, request))
        except ValueError:
            return False


@pytest.mark.parametrize(("environment", "base", "readings", "values", "others"), CASES)
def test_a_request_exists_as_the_evaluator_has_it(environment, base, readings, values, others):
    """Rules D1 to D4, A6-request-arn, A5-actions, C4-account, C6-resource."""
    existence = Existence(environment, readings, sorted({*CLOCK, *values, *base.context}))
    for request in (base, *others(base, values)):
        reason = objection(environment, request, readings)
        assert existence.of(request) is (reason is None), (request, reason)


def test_of_times_that_no_formula_asks_about_nothing_is_said():
    """Rule D4-token-time. In a model all of them are the same."""
    shown, asked = Symbols(IAM), Symbols(IAM)
    for name in ("aws:CurrentTime", "aws:TokenIssueTime", "x:t"):
        shown.show(name)
        asked.key(name)
    said = [str(one) for one in admits(IAM, shown)]
    assert not any("time key" in one or "clock" in one for one in said)
    said = [str(one) for one in admits(IAM, asked)]
    assert sum("time key x:t" in one for one in said) == 2
    assert any("clock" in one and "time key aws:tokenissuetime" in one for one in said)


def test_what_is_tied_to_a_key_is_shown_with_it():
    """Rules D4-organization, D4-temporary, D4-mfa-age."""
    issued, told = "aws:tokenissuetime", "aws:multifactorauthpresent"
    for name, others in [
        ("aws:PrincipalOrgID", {"aws:principalorgpaths"}),
        ("aws:PrincipalOrgPaths", {"aws:principalorgid"}),
        ("aws:MultiFactorAuthPresent", {issued}),
        ("aws:MultiFactorAuthAge", {issued, told}),
    ]:
        symbols = Symbols(IAM)
        symbols.key(name)
        list(admits(IAM, symbols))
        assert set(symbols.keys) == {name.lower(), *others}
        assert symbols.asked == {name.lower()}
