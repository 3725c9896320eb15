"""Random policies and specs for the soak, as JSON has them; the same for the same seed.

Alphabets and literals are few, so that patterns overlap, blocks nest and bounds meet. Specs speak
of what their policy says, so that many assertions hold and many nearly hold.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from policycheck.diagnostics import Source
from policycheck.model.assertion import Spec
from policycheck.model.policy import Policy
from policycheck.read.policy import parse_policy
from policycheck.read.spec import parse_spec

Json = Any

BASELINE = "baseline.json"

ACCOUNTS = ("111122223333", "444455556666")
CALLERS = (
    *ACCOUNTS,
    f"arn:aws:iam::{ACCOUNTS[0]}:root",
    f"arn:aws:iam::{ACCOUNTS[0]}:user/a",
    f"arn:aws:iam::{ACCOUNTS[1]}:user/x/a",
    f"arn:aws:iam::{ACCOUNTS[0]}:role/a",
    f"arn:aws:iam::{ACCOUNTS[0]}:role/x/a",
    f"arn:aws:sts::{ACCOUNTS[0]}:assumed-role/a/s",
    f"arn:aws:sts::{ACCOUNTS[1]}:federated-user/a",
)
BLOCKS = (
    "0.0.0.0/0",
    "0.0.0.0/1",
    "128.0.0.0/1",
    "10.0.0.0/8",
    "8.8.0.0/16",
    "8.8.8.0/24",
    "8.8.8.8",
    "8.8.8.8/31",
    "8.8.8.9/32",
    "203.0.113.7/24",
    "203.0.113.128/25",
    "198.18.0.0/14",
    "::/0",
    "2600::/16",
    "2600:1::/32",
    "2600:1::1",
    "2600:1::1/127",
    "::fffc:0:0/95",
    "fc00::/7",
)
INSTANTS = (
    "2026-11-24T09:30:00Z",
    "2026-11-24T10:30:00+01:00",
    "2026-11-24T09:30:00.9Z",
    "2026-11-24",
    "2026-11",
    "2027-01-01T00:00Z",
    "1795512600",
    "1795512601",
    "1969-12-31T23:59:59Z",
    "0",
)
NUMBERS = ("0", "1", "1.0", "1e0", "1.5", "-1", "2", "1795512600", "3600", "1e-3")
FLAGS = ("true", "false", "True")
AGENTS = ("a", "ab", "curl/8", "A", "b*", "a*b", "*bot*", "?", "a?", "*", "a/b:c", "é", "x*y*z")
ENDPOINTS = ("vpce-1", "vpce-2", "vpce-*", "vpce-?", "vpce-1a")
UNITS = ("o-a/r-1/*", "o-a/*", "o-?/r-1/a/", "*", "o-b/r-2/x/", "o-a/r-1/ou-1/")
GROUPS = ("a", "b", "a*", "?b", "ab", "A", "*")
ARNS = (
    f"arn:aws:iam::{ACCOUNTS[0]}:role/a",
    f"arn:aws:iam::{ACCOUNTS[0]}:role/*",
    f"arn:aws:iam::{ACCOUNTS[0]}:user/*",
    "arn:aws:iam::*:user/a",
    "arn:aws:iam::*:role/x/*",
    "arn:aws:iam::1111????3333:*",
    "arn:*:iam::444455556666:role/?",
    "arn:aws:*::*:*a",
)
VARIABLES = (
    "${aws:username}",
    "${aws:PrincipalTag/team}",
    "${aws:PrincipalTag/team, 'a'}",
    "${aws:SourceVpce, 'vpce-1'}",
    "${aws:UserAgent}",
    "${aws:userid}",
    "${custom:text, 'ab'}",
    "${*}",
    "${?}",
    "${$}",
)
TIES = (
    "${aws:username}",
    "${aws:PrincipalTag/team}",
    "${aws:PrincipalTag/team, 'a'}",
    "${custom:text}",
    "${aws:SourceVpce, 'b'}",
)
EQUAL = (*("StringEqualsIgnoreCase",) * 5, "StringEquals")
TIED = ("aws:UserAgent", "aws:Referer", "custom:text", "custom:groups")
BEFORE = (*("",) * 7, "a", "*", "a?")
AFTER = ("*", "*", "*", "*a", "*b", "b*", "?", "a", "")
DECLARED = {
    "custom:text": {"type": "string", "presence": "optional", "client_controlled": True},
    "custom:address": {"type": "ip", "presence": "optional", "client_controlled": True},
    "custom:count": {"type": "numeric", "presence": "optional", "client_controlled": False},
    "custom:moment": {"type": "date", "presence": "always"},
    "custom:flag": {"type": "bool", "presence": "optional", "client_controlled": True},
    "custom:groups": {"type": "string", "presence": "optional", "multivalued": True},
}
COMPARISONS = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan")
TEXT = (
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "StringNotLike",
    "StringLike",
    "StringNotLike",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
)
ARN = ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "StringLike", "StringNotLike")


@dataclass(frozen=True)
class Pair:
    """A policy, a spec, and the policy that the spec compares with, as JSON has them."""

    policy: Json
    spec: Json
    baseline: Json

    def read(self, folder: Path) -> tuple[Policy, Spec]:
        """What is read from their texts; ``folder`` is where the spec's baseline is put.

        Raises InputError if they do not suit each other.
        """
        put_baseline(self.baseline, folder)
        return policy_of(json.dumps(self.policy)), spec_of(json.dumps(self.spec), folder)


def put_baseline(baseline: Json, folder: Path) -> None:
    """Write what specs compare with where specs in the folder look for it."""
    (folder / BASELINE).write_text(json.dumps(baseline), encoding="utf-8")


def policy_of(text: str) -> Policy:
    """The policy that a text is."""
    return parse_policy(Source("policy.json", text))


def spec_of(text: str, folder: Path, name: str = "spec.json") -> Spec:
    """The spec that a text is, in JSON or YAML, as the name of its file says."""
    return parse_spec(Source(name, text), folder)


def pair(seed: str) -> Pair:
    """The policy and the spec of a seed."""
    random = Random(seed)
    made = _policy(random)
    baseline = edited(made, random)
    return Pair(made, _spec(made, random), baseline)


def edited(policy: Json, random: Random) -> Json:
    """The policy with few changes: a statement more or less, another value, or none at all."""
    found = copy.deepcopy(policy)
    statements = found["Statement"] = as_list(found["Statement"])
    match random.randrange(6):
        case 0:
            random.shuffle(statements)
        case 1 if len(statements) > 1:
            statements.pop(random.randrange(len(statements)))
        case 2:
            statements.insert(random.randint(0, len(statements)), _statement(random))
        case 3:
            chosen = random.choice(statements)
            chosen.pop("Condition", None)
        case 4:
            chosen = random.choice(statements)
            chosen["Condition"] = _block(random)
        case _:
            return _policy(random)
    return found


def as_list(value: Json) -> list[Json]:
    """The values, which may be given as one without a list."""
    return list(value) if isinstance(value, list) else [value]


def _some(random: Random, values: Sequence[str], most: int = 3) -> Json:
    count = random.choice((1, 1, 1, 1, 2, most))
    chosen = random.sample(values, min(count, len(values)))
    return chosen[0] if len(chosen) == 1 and random.random() < 0.5 else chosen


def _policy(random: Random) -> Json:
    version = random.choice(("2012-10-17",) * 6 + ("2008-10-17", None))
    count = random.choice((1, 1, 1, 2, 2, 2, 3, 3, 4, 6))
    statements = [_statement(random, first=index == 0) for index in range(count)]
    random.shuffle(statements)
    found: dict[str, Json] = {} if version is None else {"Version": version}
    is_single = len(statements) == 1 and random.random() < 0.5
    return {**found, "Statement": statements[0] if is_single else statements}


def _statement(random: Random, *, first: bool = False) -> Json:
    effect = "Allow" if first or random.random() < 0.45 else "Deny"
    principal = "NotPrincipal" if effect == "Deny" and random.random() < 0.12 else "Principal"
    action = random.choice(("Action",) * 9 + ("NotAction",))
    resource = random.choice(("Resource",) * 6 + ("NotResource",))
    found = {
        "Effect": effect,
        principal: _principal(random),
        action: _actions(random, action),
        resource: _some(random, [_resource(random) for _ in range(3)], 2),
    }
    if random.random() < 0.7:
        found["Condition"] = tied(random) if random.random() < 0.12 else _block(random)
    return found


def tied(random: Random) -> Json:
    """A Condition element that has several patterns with one or two variables in common, and
    mostly asks for texts that they match if the variables have one text."""
    shared, text = random.sample(TIES, 2), random.choice(("a", "b", "ab"))
    found: dict[str, dict[str, Json]] = {}
    for key in random.sample(TIED, random.choice((1, 2, 2, 2, 3))):
        operator = random.choice(("StringLike", "StringLike", "StringLike", "StringNotLike"))
        if key == "custom:groups":
            operator = random.choice(("ForAllValues:", "ForAnyValue:")) + operator
        count = random.choice((1, 1, 1, 2))
        values = [_around(random.choice((*shared[:1] * 4, *shared)), random) for _ in range(count)]
        found.setdefault(operator, {})[key] = values
        if key != "custom:groups" and random.random() < 0.85:
            asked = [_filled(random.choice(values), text, random) for _ in range(count)]
            found.setdefault(random.choice(EQUAL), {})[key] = asked
    return found


def _around(variable: str, random: Random) -> str:
    """A pattern that has the variable somewhere, or twice."""
    start, end = random.choice(BEFORE), random.choice(AFTER)
    return start + variable + end + (variable if random.random() < 0.15 else "")


def _filled(pattern: str, text: str, random: Random) -> str:
    """A text for a pattern whose variables have the text."""
    words = {"*": ("", "a", "b", "ab", "bb"), "?": ("a", "b")}
    bound = re.sub(r"\$\{[^}]*\}", text, pattern)
    return "".join(random.choice(words.get(one, (one,))) for one in bound)


def _principal(random: Random) -> Json:
    match random.randrange(8):
        case 0 | 1 | 2 | 3:
            return "*"
        case 4:
            return {"AWS": "*"}
        case 5:
            return {"Service": random.choice(("lambda.amazonaws.com", "s3.amazonaws.com"))}
        case _:
            return {"AWS": _some(random, CALLERS)}


def _actions(random: Random, element: str) -> Json:
    if element == "NotAction":
        return random.choice(("execute-api:InvalidateCache", "execute-api:M*", "s3:*"))
    usual = ("execute-api:Invoke", "execute-api:Invoke", "execute-api:*", "*")
    odd = ("Execute-API:invoke", "execute-api:Inv*", ["execute-api:Invoke", "execute-api:M*"])
    return random.choice((*usual, *usual, *odd))


def _resource(random: Random) -> str:
    if random.random() < 0.2:
        return random.choice(("*", "execute-api:/*", "arn:aws:execute-api:*:*:*"))
    stage = random.choice(("prod", "dev", "*", "p*", "?ro*"))
    method = random.choice(("GET", "POST", "*", "P*", "?ET"))
    path = random.choice(("", "*", "a", "a/*", "*/a", "a/?", "a*b", "b*", "a:b", "*c*"))
    if random.random() < 0.1:
        path += random.choice(VARIABLES)
    tail = f"{stage}/{method}/{path}"
    if random.random() < 0.6:
        return f"execute-api:/{tail}"
    region = random.choice(("us-east-1", "*", "us-*"))
    account = random.choice((*ACCOUNTS, "*", "1*"))
    return f"arn:aws:execute-api:{region}:{account}:{random.choice(('abc', '*', 'a?c'))}/{tail}"


def _block(random: Random, *, spec: bool = False) -> Json:
    """A Condition element; in a spec without variables and undeclared keys."""
    found: dict[str, dict[str, Json]] = {}
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        base, key, values = random.choice(ENTRIES)(random, spec)
        is_plural = key in {"aws:PrincipalOrgPaths", "custom:groups"}
        operator = _decorated(base, random, is_plural=is_plural)
        found.setdefault(operator, {})[key] = values
    return found


def _decorated(base: str, random: Random, *, is_plural: bool) -> str:
    if base == "Null":
        return base
    likely = 0.95 if is_plural else 0.05
    quantifier = (
        random.choice(("ForAllValues:", "ForAnyValue:")) if random.random() < likely else ""
    )
    return quantifier + base + ("IfExists" if random.random() < 0.15 else "")


Entry = tuple[str, str, Json]


def _address(random: Random, spec: bool) -> Entry:
    key = random.choice(("aws:SourceIp",) * 5 + ("aws:VpcSourceIp", "custom:address"))
    return random.choice(("IpAddress", "NotIpAddress")), key, _some(random, BLOCKS, 4)


def _text(random: Random, spec: bool) -> Entry:
    keys = ("aws:UserAgent", "aws:UserAgent", "aws:Referer", "custom:text", "aws:username")
    values = list(AGENTS)
    if not spec and random.random() < 0.25:
        values = [random.choice(("", "a", "*", "x/")) + one for one in VARIABLES]
    return random.choice(TEXT), random.choice(keys), _some(random, values)


def _identity(random: Random, spec: bool) -> Entry:
    key, values = random.choice(
        (
            ("aws:PrincipalAccount", (*ACCOUNTS, "anonymous", "1*")),
            ("aws:PrincipalType", ("User", "AssumedRole", "Anonymous", "A*")),
            ("aws:PrincipalOrgID", ("o-a", "o-b", "o-*")),
            ("aws:PrincipalTag/team", ("a", "b", "*", "")),
            ("aws:userid", ("AROA*:a", "*:s", "anonymous")),
        )
    )
    if "" in values and not spec:
        values = values[:-1]
    return random.choice(TEXT), key, _some(random, values)


def _endpoint(random: Random, spec: bool) -> Entry:
    if random.random() < 0.7:
        return random.choice(TEXT[:6]), "aws:SourceVpce", _some(random, ENDPOINTS)
    return random.choice(TEXT[:4]), "aws:SourceVpc", _some(random, ("vpc-1", "vpc-2", "vpc-*"))


def _arn(random: Random, spec: bool) -> Entry:
    key = random.choice(("aws:PrincipalArn", "aws:PrincipalArn", "aws:SourceArn"))
    return random.choice(ARN), key, _some(random, ARNS)


def _several(random: Random, spec: bool) -> Entry:
    if random.random() < 0.5:
        return random.choice(TEXT[:6]), "aws:PrincipalOrgPaths", _some(random, UNITS)
    return random.choice(TEXT), "custom:groups", _some(random, GROUPS)


def _date(random: Random, spec: bool) -> Entry:
    key = random.choice(("aws:CurrentTime",) * 4 + ("aws:EpochTime", "aws:TokenIssueTime"))
    return f"Date{random.choice(COMPARISONS)}", key, _some(random, INSTANTS, 2)


def _number(random: Random, spec: bool) -> Entry:
    key = random.choice(("aws:MultiFactorAuthAge", "custom:count", "aws:EpochTime"))
    return f"Numeric{random.choice(COMPARISONS)}", key, _some(random, NUMBERS, 2)


def _flag(random: Random, spec: bool) -> Entry:
    keys = ("aws:SecureTransport", "aws:MultiFactorAuthPresent", "custom:flag")
    return "Bool", random.choice(keys), random.choice(FLAGS)


def _null(random: Random, spec: bool) -> Entry:
    keys = ("aws:SourceIp", "aws:SourceVpce", "aws:UserAgent", "aws:PrincipalOrgID", "aws:username")
    return "Null", random.choice(keys), random.choice(("true", "false"))


ENTRIES: Sequence[Callable[[Random, bool], Entry]] = (
    *(_address,) * 5,
    *(_text,) * 3,
    *(_endpoint,) * 2,
    *(_several,) * 2,
    *(_date,) * 2,
    _identity,
    _arn,
    _number,
    _flag,
    _null,
)


def _spec(policy: Json, random: Random) -> Json:
    found: dict[str, Json] = {"version": 1, "api": _api(random), "keys": DECLARED}
    if random.random() < 0.08:
        found["workflow"] = _workflow(found["api"], random)
    count = random.choice((1, 1, 1, 1, 2))
    found["assertions"] = [
        {"id": f"a{number}", **_demand(policy, found["api"], random)} for number in range(count)
    ]
    return found


def _api(random: Random) -> Json:
    found: dict[str, Json] = {}
    if endpoint := random.choice((None, "edge", "regional", "regional", "private")):
        found["endpoint"] = endpoint
    if authorization := random.choice((None, None, "iam", "iam", "lambda", "cognito")):
        found["authorization"] = authorization
    if random.random() < 0.3:
        found["arn"] = random.choice(
            (
                f"arn:aws:execute-api:us-east-1:{ACCOUNTS[0]}:abc",
                f"arn:aws:execute-api:us-*:{ACCOUNTS[0]}:*",
                "arn:aws*:execute-api:*:*:abc",
            )
        )
    if random.random() < 0.2:
        found["stages"] = ["prod", "dev"]
    if random.random() < 0.2 and found.get("endpoint") != "private":
        found["ip_address_type"] = random.choice(("ipv4", "dualstack"))
    if random.random() < 0.15:
        found["routes"] = random.choice(
            (
                ["GET /a", "GET /a/{id}"],
                ["ANY /", "ANY /{proxy+}"],
                ["POST /a/{id}/c", "delete /b"],
                "get /",
            )
        )
    return found


def _workflow(api: Json, random: Random) -> Json:
    authorizer = api.get("authorization", "none")
    found: dict[str, Json] = {"authorizer": authorizer}
    if authorizer == "iam":
        found["caller"] = random.choice(("same_account", "cross_account", "any"))
        found["identity_policies"] = random.choice(("any", "none"))
    elif authorizer == "lambda":
        found["authorizer_result"] = random.choice(("any", "allow", "deny", "neither"))
    elif authorizer == "cognito":
        found["authorizer_result"] = random.choice(("any", "allow", "deny"))
    if api.get("endpoint") == "private":
        found["vpc_endpoint_policies"] = random.choice(("any", "default"))
    return found


KINDS = (
    *("never_allowed",) * 4,
    *("always_allowed",) * 3,
    *("sometimes_allowed",) * 3,
    *("no_broader_than",) * 2,
    *("equivalent_to",) * 1,
)


def _demand(policy: Json, api: Json, random: Random) -> Json:
    kind = random.choice(KINDS)
    if kind == "always_allowed" and random.random() < 0.5:
        allows = [one for one in as_list(policy["Statement"]) if one["Effect"] == "Allow"]
        return {kind: _of_statement(random.choice(allows), random, whole=True)}
    if kind not in {"no_broader_than", "equivalent_to"}:
        return {kind: predicate(policy, api, random)}
    found = {kind: BASELINE}
    if random.random() < 0.5:
        found["when"] = predicate(policy, api, random)
    return found


def predicate(policy: Json, api: Json, random: Random, depth: int = 2) -> Json:
    """A predicate of a spec; every second speaks of what some statement of the policy says."""
    if random.random() < 0.45:
        of_statement = _of_statement(random.choice(as_list(policy["Statement"])), random)
        return {"not": of_statement} if random.random() < 0.25 else of_statement
    match random.randrange(8) if depth else 4:
        case 0:
            return {"not": predicate(policy, api, random, depth - 1)}
        case 1 | 2 as form:
            name = ("all_of", "any_of")[form - 1]
            count = random.randint(1, 3)
            return {name: [predicate(policy, api, random, depth - 1) for _ in range(count)]}
        case 3:
            return {"condition": _block(random, spec=True)}
        case _:
            chosen = random.sample(LEAVES, random.choice((1, 1, 2)))
            return {name: value for leaf in chosen for name, value in leaf(random, api).items()}


def _of_statement(statement: Mapping[str, Json], random: Random, *, whole: bool = False) -> Json:
    """What a statement says of requests, or a part of it, as a predicate."""
    parts = []
    if block := statement.get("Condition"):
        known = _without_variables(block)
        parts += [{"condition": known}] if known else []
    if whole or random.random() < 0.6:
        parts += _targets(as_list(statement.get("Resource", "*")))
    ids = statement.get("Principal")
    if isinstance(ids, dict) and "AWS" in ids and (whole or random.random() < 0.5):
        named = [one for one in as_list(ids["AWS"]) if one != "*" and not one.endswith(":root")]
        parts += [{"principal": named}] if named else []
    if len(parts) > 1 and not whole and random.random() < 0.3:
        parts = [random.choice(parts)]
    return {"all_of": parts} if parts else {}


def _targets(resources: list[str]) -> list[Json]:
    found = []
    for one in resources:
        if one.startswith("execute-api:/") and one.count("/") >= 3:
            stage, method, path = one.removeprefix("execute-api:/").split("/", 2)
            named = {"stage": stage, "method": method, "path": f"/{path}"}
            found.append({name: text for name, text in named.items() if text != "*"})
        elif one.startswith("arn:aws"):
            found.append({"resource": one})
    return [{"any_of": found}] if found and "$" not in str(found) else []


def _without_variables(block: Mapping[str, Mapping[str, Json]]) -> Json:
    found = {
        operator: {key: value for key, value in entries.items() if "$" not in str(value)}
        for operator, entries in block.items()
    }
    return {operator: entries for operator, entries in found.items() if entries}


def _stage(random: Random, api: Json) -> Json:
    return {"stage": random.choice(("prod", "dev", ["prod", "dev"], "p*"))}


def _method(random: Random, api: Json) -> Json:
    return {"method": random.choice(("GET", ["GET", "POST"], "P*", "?ET"))}


def _path(random: Random, api: Json) -> Json:
    return {"path": _some(random, ("/", "/a", "/a/*", "/*b", "/?", "/a/?", "/*/a", "/*c*"))}


def _source(random: Random, api: Json) -> Json:
    names = ("public", "private", "any", "8.8.8.5 - 8.8.8.9")
    name = random.choice(("source_ip",) * 4 + ("vpc_source_ip",))
    return {name: random.choice(names) if random.random() < 0.4 else _some(random, BLOCKS, 4)}


def _vpce(random: Random, api: Json) -> Json:
    return {"source_vpce": _some(random, (*ENDPOINTS[:4], "present", "absent"), 2)}


def _time(random: Random, api: Json) -> Json:
    if random.random() < 0.5:
        return {"time": {"after": "2026-11-24T09:30:00Z", "before": "2026-12-01T00:00:00Z"}}
    return {"time": {"daily": "09:00-17:00", "days": ["mon", "fri"], "utc_offset": "+01:00"}}


def _caller(random: Random, api: Json) -> Json:
    arns = [one for one in ARNS if one.startswith("arn:aws:iam")]
    ids = ("anonymous", "authenticated", *ACCOUNTS, *arns, {"service": "lambda.amazonaws.com"})
    return {"principal": random.choice(ids)}


def _presence(random: Random, api: Json) -> Json:
    keys = ("aws:SourceIp", "aws:SourceVpce", "aws:UserAgent", "custom:text", "custom:groups")
    return {random.choice(("present", "absent")): random.choice(keys)}


def _other_action(random: Random, api: Json) -> Json:
    return {"action": random.choice(("execute-api:*", "execute-api:InvalidateCache"))}


LEAVES: Sequence[Callable[[Random, Json], Json]] = (
    _stage,
    _stage,
    _method,
    _path,
    _path,
    _source,
    _source,
    _source,
    _vpce,
    _time,
    _caller,
    _presence,
    _other_action,
)
