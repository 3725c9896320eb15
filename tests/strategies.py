"""Hypothesis strategies: whole policies as JSON has them, predicates, environments, requests.

Alphabets and literals are small, so that patterns overlap, blocks nest and bounds meet.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence

from hypothesis import strategies as st

from policycheck.concrete.environment import admits
from policycheck.diagnostics import Source
from policycheck.model.address import AddressBetween, Family
from policycheck.model.condition import Comparing, ConditionEntry
from policycheck.model.environment import (
    ACTIONS,
    Authorization,
    Endpoint,
    Environment,
    IpAddressType,
)
from policycheck.model.keys import Key, KeySpace, KeyType, Presence
from policycheck.model.order import SECONDS_A_DAY, Recurs
from policycheck.model.policy import Policy
from policycheck.model.predicate import (
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
from policycheck.model.reading import Reading
from policycheck.model.request import Request
from policycheck.model.route import Route
from policycheck.model.text import glob
from policycheck.read.policy import parse_policy
from policycheck.solve.probing import Prober
from policycheck.solve.probing_material import Material

ACCOUNTS = ("111122223333", "444455556666")
API = "arn:aws:execute-api:us-east-1:111122223333:abc"

DECLARED = KeySpace.of(
    [
        Key(
            "custom:text", KeyType.STRING, Presence.OPTIONAL, client_controlled=True, declared=True
        ),
        Key("custom:address", KeyType.IP, Presence.OPTIONAL, client_controlled=True, declared=True),
        Key(
            "custom:count",
            KeyType.NUMERIC,
            Presence.OPTIONAL,
            client_controlled=True,
            declared=True,
        ),
        Key("custom:moment", KeyType.DATE, Presence.ALWAYS, declared=True),
        Key("custom:flag", KeyType.BOOL, Presence.OPTIONAL, client_controlled=True, declared=True),
        Key("custom:arn", KeyType.ARN, Presence.OPTIONAL, client_controlled=True, declared=True),
        Key("custom:groups", KeyType.STRING, Presence.OPTIONAL, multivalued=True, declared=True),
        Key("custom:counts", KeyType.NUMERIC, Presence.OPTIONAL, multivalued=True, declared=True),
    ]
)
"""Keys that a spec may declare; without it they are unknown, and so in no request."""

VARIABLES = (
    "${aws:username}",
    "${aws:PrincipalTag/team}",
    "${aws:PrincipalTag/team, 'a'}",
    "${aws:SourceVpce, 'ab'}",
    "${aws:UserAgent}",
    "${custom:text, ''}",
    "${aws:SourceIp}",
    "${aws:SecureTransport}",
    "${aws:PrincipalArn}",
    "${aws:userid}",
    "${custom:count}",
    "${custom:groups}",
    "${custom:groups, 'a'}",
    "${custom:nowhere}",
    "${custom:nowhere, 'b'}",
    "${*}",
    "${?}",
    "${$}",
)

_LETTERS = ("a", "b", "A", "ab", "/", ":", "k", "é", "x", "a", "b", "\n", "\U0001f600")


def texts(*, variables: bool = False, wild: bool = True) -> st.SearchStrategy[str]:
    """Patterns over few letters."""
    pieces = [*_LETTERS, *(("*", "*", "?", "?") if wild else ())]
    plain = st.lists(st.sampled_from(pieces), min_size=1, max_size=4).map("".join)
    if not variables:
        return plain
    found = st.lists(st.sampled_from([*pieces, *VARIABLES]), min_size=1, max_size=4).map("".join)
    return plain | plain | found


BLOCKS = st.sampled_from(
    (
        "0.0.0.0/0",
        "10.0.0.0/8",
        "8.8.0.0/16",
        "8.8.8.0/24",
        "8.8.8.8",
        "8.8.8.8/31",
        "8.8.8.9/32",
        "203.0.113.7/24",
        "198.18.0.0/14",
        "::/0",
        "2600::/16",
        "2600:1::/32",
        "2600:1::1",
        "2600:1::1/127",
        "::fffc:0:0/95",
        "fc00::/7",
    )
)
INSTANTS = st.sampled_from(
    (
        "2026-11-24T09:30:00Z",
        "2026-11-24T10:30:00+01:00",
        "2026-11-24T09:30:00.9Z",
        "2026-11-24",
        "2026-11",
        "1795512600",
        "1795512601",
        "1969-12-31T23:59:59Z",
        "-1",
        "0",
        "9999-12-31T23:59:59Z",
    )
)
NUMBERS = st.sampled_from(("0", "-0", "1", "1.0", "1e0", "1.5", "-1", "2", "1795512600", "1e-3"))
FLAGS = st.sampled_from(("true", "false", "True"))
BYTES = st.sampled_from(("", "YQ==", "YWI=", "AA=="))


def arns(*, variables: bool = False) -> st.SearchStrategy[str]:
    """Patterns of the ARNs of identities and of other things."""
    last = st.sampled_from(
        ("*", "role/a", "role/x/a", "role/*", "user/a", "user/x/?", "user*", "root", "*a:*", "a:b")
    )
    tail = st.one_of(last, last, texts(variables=variables))
    account = st.sampled_from((*ACCOUNTS, "*", "1111????3333", ""))
    service = st.sampled_from(("iam", "iam", "sts", "*", "i?m", "s3"))
    head = st.sampled_from(("arn:aws", "arn:aws", "arn:*", "*:aws", "arn:aws-c?"))
    return st.builds("{}:{}::{}:{}".format, head, service, account, tail)


def resources(*, variables: bool = False) -> st.SearchStrategy[str]:
    """Entries of a Resource element in all forms."""
    stage = st.sampled_from(("prod", "dev", "*", "p*", "?ro*", "prod-1"))
    method = st.sampled_from(("GET", "POST", "*", "P*", "?ET", "P??T"))
    path = st.sampled_from(("", "*", "a", "a/*", "*/a", "a/?", "a*b")) | texts(variables=variables)
    tail = st.builds("{}/{}/{}".format, stage, method, path)
    region = st.sampled_from(("us-east-1", "*", "us-*", "??-east-1"))
    account = st.sampled_from((*ACCOUNTS, "*", "1*", "*3"))
    api = st.sampled_from(("abc", "*", "ab?", "a*"))
    whole = st.builds("arn:aws:execute-api:{}:{}:{}/{}".format, region, account, api, tail)
    odd = st.sampled_from(
        (
            "*",
            "execute-api:/*",
            "execute-api:/*/*/*",
            "execute-api:/prod/*",
            "execute-api:/*/a",
            "arn:aws:execute-api:*:*:*",
            "arn:aws:execute-api:us-east-1:1*:*/a",
            "arn:*:execute-api:*:*:abc/*",
            "arn:aws:execute-api:us-east-1:111122223333:abc",
            "arn:aws:s3:::a/*",
        )
    )
    return st.one_of(odd, tail.map("execute-api:/{}".format), whole)


def one_or_more(values: st.SearchStrategy[str], most: int = 3) -> st.SearchStrategy[object]:
    """One value, or a list of them."""
    return values | st.lists(values, min_size=1, max_size=most, unique=True)


USERS = (f"arn:aws:iam::{ACCOUNTS[0]}:user/a", f"arn:aws:iam::{ACCOUNTS[1]}:user/x/a")
PRINCIPAL_IDS = st.sampled_from(
    (
        "*",
        *ACCOUNTS,
        f"arn:aws:iam::{ACCOUNTS[0]}:root",
        *USERS,
        f"arn:aws:iam::{ACCOUNTS[0]}:role/a",
        f"arn:aws:iam::{ACCOUNTS[0]}:role/x/a",
        f"arn:aws:sts::{ACCOUNTS[0]}:assumed-role/a/a",
        f"arn:aws:sts::{ACCOUNTS[1]}:assumed-role/a/s",
        f"arn:aws:sts::{ACCOUNTS[0]}:federated-user/a",
        "AIDAEXAMPLEEXAMPLEAB",
    )
)


@st.composite
def principals(draw: st.DrawFn) -> object:
    """Values of a Principal element in all forms."""
    if draw(st.integers(0, 2)) == 0:
        return "*"
    return draw(
        st.fixed_dictionaries(
            {"AWS": one_or_more(PRINCIPAL_IDS) | st.sampled_from(USERS)},
            optional={"Service": st.just("lambda.amazonaws.com")},
        )
        | st.just({"Service": ["lambda.amazonaws.com", "s3.amazonaws.com"]})
    )


TEXT_KEYS = (
    "aws:UserAgent",
    "aws:useragent",
    "aws:Referer",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:username",
    "aws:userid",
    "aws:PrincipalAccount",
    "aws:PrincipalType",
    "aws:PrincipalOrgID",
    "aws:PrincipalTag/team",
    "aws:RequestTag/never",
    "aws:SourceAccount",
    "custom:text",
    "custom:nowhere",
)
SEVERAL_TEXT_KEYS = ("aws:PrincipalOrgPaths", "aws:CalledVia", "custom:groups")
ARN_KEYS = ("aws:PrincipalArn", "aws:SourceArn", "execute-api:viaDomainArn", "custom:arn")

_TEXT = ("StringEquals", "StringEqualsIgnoreCase", "StringLike")
_NOT_TEXT = ("StringNotEquals", "StringNotEqualsIgnoreCase", "StringNotLike")
_ARN = ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike")
_COMPARISONS = (
    "Equals",
    "NotEquals",
    "LessThan",
    "LessThanEquals",
    "GreaterThan",
    "GreaterThanEquals",
)

Entry = tuple[str, str, object]


def _special_texts(*, variables: bool) -> st.SearchStrategy[str]:
    """What keys of callers hold, among other texts."""
    named = st.sampled_from(
        (
            *ACCOUNTS,
            "a",
            "User",
            "Ass*",
            "o-a",
            "o-*",
            "vpce-1",
            "vpce-*",
            "AROA*:a",
            "*",
            "anonymous",
            "a?b",
            "a*/?",
        )
    )
    return named | texts(variables=variables)


def _entries(
    operators: Sequence[str], keys: Sequence[str], values: st.SearchStrategy[object]
) -> st.SearchStrategy[Entry]:
    quantified = st.sampled_from(("", "", "", "ForAllValues:", "ForAnyValue:"))
    suffix = st.sampled_from(("", "", "IfExists"))
    operator = st.builds("{}{}{}".format, quantified, st.sampled_from(operators), suffix)
    return st.tuples(operator, st.sampled_from(keys), values)


def _several(
    operators: Sequence[str], keys: Sequence[str], values: st.SearchStrategy[object]
) -> st.SearchStrategy[Entry]:
    quantified = st.sampled_from(("ForAllValues:", "ForAnyValue:"))
    suffix = st.sampled_from(("", "", "IfExists"))
    operator = st.builds("{}{}{}".format, quantified, st.sampled_from(operators), suffix)
    return st.tuples(operator, st.sampled_from(keys), values)


@functools.cache
def entries_of(family: str, *, variables: bool = True) -> st.SearchStrategy[Entry]:
    """Operator, key and values of one entry of a family: text, address, order, arn or null."""
    special = one_or_more(_special_texts(variables=variables))
    paths = one_or_more(st.sampled_from(("o-a/r-1/*", "o-a/*", "o-?/r-1/a", "*", "a", "b*")))
    numeric = [f"Numeric{one}" for one in _COMPARISONS]
    dates = [f"Date{one}" for one in _COMPARISONS]
    match family:
        case "text":
            return _entries((*_TEXT, *_NOT_TEXT, "StringLike", "StringNotLike"), TEXT_KEYS, special)
        case "several":
            return st.one_of(
                _several((*_TEXT, *_NOT_TEXT), SEVERAL_TEXT_KEYS, paths),
                _several(numeric, ["custom:counts"], one_or_more(NUMBERS)),
                _entries((*_TEXT, *_NOT_TEXT), ["custom:groups"], paths),
            )
        case "address":
            keys = ("aws:SourceIp", "aws:SourceIp", "AWS:vpcsourceip", "custom:address")
            return _entries(("IpAddress", "NotIpAddress"), keys, one_or_more(BLOCKS))
        case "arn":
            found = one_or_more(arns(variables=variables))
            return _entries(_ARN, ARN_KEYS, found) | _entries((*_TEXT, *_NOT_TEXT), ARN_KEYS, found)
        case "order":
            return st.one_of(
                _entries(numeric, ("aws:MultiFactorAuthAge", "custom:count"), one_or_more(NUMBERS)),
                _entries(numeric, ("aws:EpochTime",), one_or_more(NUMBERS)),
                _entries(dates, ("aws:CurrentTime", "aws:EpochTime"), one_or_more(INSTANTS)),
                _entries(dates, ("aws:TokenIssueTime", "custom:moment"), one_or_more(INSTANTS)),
                _entries(("Bool",), ("aws:SecureTransport", "custom:flag"), FLAGS),
                _entries(("Bool",), ("aws:MultiFactorAuthPresent",), FLAGS),
                _entries(("BinaryEquals",), ("custom:nothing",), BYTES),
            )
        case "null":
            keys = (*TEXT_KEYS, *SEVERAL_TEXT_KEYS, *ARN_KEYS, "aws:SourceIp", "aws:VpcSourceIp")
            operator = st.sampled_from(
                ("Null", "Null", "Null", "ForAllValues:Null", "ForAnyValue:Null")
            )
            return st.tuples(operator, st.sampled_from(keys), one_or_more(FLAGS, 2))
        case _:
            raise ValueError(family)


FAMILIES = ("text", "address", "order", "arn", "several", "null")


@st.composite
def condition_blocks(
    draw: st.DrawFn,
    families: Sequence[str] = FAMILIES,
    *,
    variables: bool = True,
    most: int = 3,
) -> dict[str, dict[str, object]]:
    """Condition elements as JSON has them."""
    block: dict[str, dict[str, object]] = {}
    for _ in range(draw(st.integers(1, most))):
        family = draw(st.sampled_from(families))
        operator, key, values = draw(entries_of(family, variables=variables))
        of_operator = block.setdefault(operator, {})
        if key.lower() not in {known.lower() for known in of_operator}:
            of_operator[key] = values
    return block


ACTION_PATTERNS = st.sampled_from(
    (
        "*",
        "execute-api:*",
        "execute-api:Invoke",
        "execute-api:Invoke",
        "Execute-API:invoke",
        "execute-api:Inv*",
        "execute-api:?nvalidateCache",
        "execute-api:ManageConnections",
        "s3:GetObject",
    )
)


@st.composite
def statements(
    draw: st.DrawFn, families: Sequence[str] = FAMILIES, *, variables: bool = True
) -> dict[str, object]:
    """Statements as JSON has them."""
    effect = draw(st.sampled_from(("Allow", "Deny")))
    names = ("Principal", "Principal", "NotPrincipal" if effect == "Deny" else "Principal")
    found: dict[str, object] = {
        "Effect": effect,
        draw(st.sampled_from(names)): draw(principals()),
        draw(st.sampled_from(("Action", "Action", "NotAction"))): draw(
            one_or_more(ACTION_PATTERNS)
        ),
        draw(st.sampled_from(("Resource", "Resource", "Resource", "NotResource"))): draw(
            one_or_more(resources(variables=variables))
        ),
    }
    if draw(st.booleans()):
        found["Condition"] = draw(condition_blocks(families, variables=variables, most=2))
    return found


@st.composite
def policies(
    draw: st.DrawFn, families: Sequence[str] = FAMILIES, *, most: int = 3
) -> dict[str, object]:
    """Whole policies as JSON has them; all of them can be read.

    Under an old version, or none, ``${...}`` is literal text.
    """
    version = draw(st.sampled_from(("2012-10-17", "2012-10-17", "2012-10-17", "2008-10-17", None)))
    made = st.lists(statements(families), min_size=1, max_size=most)
    found: dict[str, object] = {} if version is None else {"Version": version}
    chosen = draw(made)
    return {**found, "Statement": chosen[0] if len(chosen) == 1 else chosen}


def read(policy: object) -> Policy:
    """The model of a policy that is given as JSON has it."""
    return parse_policy(Source("<random>", json.dumps(policy)))


def entries(block: object) -> tuple[ConditionEntry, ...]:
    """The model of a Condition element that is given as JSON has it."""
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": "execute-api:/*",
        "Condition": block,
    }
    return read({"Version": "2012-10-17", "Statement": statement}).statements[0].conditions


def _part_like(part: Part, patterns: Sequence[str]) -> st.SearchStrategy[PartLike]:
    return st.sampled_from(patterns).map(lambda text: PartLike(part, glob(text)))


RECURRING = st.builds(
    Recurs,
    st.sampled_from((0, 9 * 3600, SECONDS_A_DAY - 1)),
    st.sampled_from((0, 1, 17 * 3600, SECONDS_A_DAY)),
    st.frozensets(st.integers(0, 6), min_size=1, max_size=3),
    st.sampled_from((0, 3600, -34_200)),
)
RANGES = st.sampled_from(
    (
        AddressBetween(Family.V4, 0x08080800, 0x08080809),
        AddressBetween(Family.V4, 0, 2**32 - 1),
        AddressBetween(Family.V6, 0x2600 << 112, (0x2600 << 112) + 5),
        AddressBetween(Family.V6, 0, 2**128 - 1),
    )
)


def beyond_policies() -> st.SearchStrategy[Conditions]:
    """Conditions that a spec can say and no policy."""
    times = st.lists(RECURRING, min_size=1, max_size=2).map(
        lambda found: Comparing("DateEquals", "aws:currenttime", tuple(found))
    )
    ranges = st.lists(RANGES, min_size=1, max_size=2).map(
        lambda found: Comparing("IpAddress", "aws:sourceip", tuple(found))
    )
    return (times | ranges).map(lambda entry: Conditions((entry,)))


def targets() -> st.SearchStrategy[object]:
    """Predicates over the resource and the action."""
    return st.one_of(
        _part_like(Part.STAGE, ("prod", "dev", "p*", "*")),
        _part_like(Part.METHOD, ("GET", "P*", "?ET", "ANY")),
        _part_like(Part.PATH, ("/", "/a", "/a/*", "*", "/*b", "/?")),
        _part_like(Part.API_ID, ("abc", "a*")),
        _part_like(Part.ACCOUNT, (ACCOUNTS[0], "1*")),
        _part_like(Part.REGION, ("us-*", "eu-central-1")),
        _part_like(Part.PARTITION, ("aws", "aws-*")),
        st.sampled_from((f"{API}/prod/*", "*/GET/*", "*", "arn:aws:execute-api:*:*a"))
        .map(glob)
        .map(ResourceLike),
        st.sampled_from(("execute-api:*", "execute-api:invoke", "*e")).map(glob).map(ActionLike),
    )


def callers() -> st.SearchStrategy[object]:
    """Predicates over the caller."""
    return st.one_of(
        st.just(CallerAnonymous()),
        st.sampled_from(ACCOUNTS).map(CallerAccount),
        arns().map(glob).map(CallerArn),
        st.sampled_from(("lambda.amazonaws.com", "*", "s3.*")).map(glob).map(CallerService),
    )


def leaves() -> st.SearchStrategy[object]:
    """Predicates without parts."""
    return st.one_of(
        condition_blocks().map(lambda block: Conditions(entries(block))),
        beyond_policies(),
        targets(),
        callers(),
    )


def predicates() -> st.SearchStrategy[object]:
    """Predicates of every form."""
    return st.recursive(
        leaves(),
        lambda part: st.one_of(
            st.lists(part, max_size=3).map(tuple).map(AllOf),
            st.lists(part, max_size=3).map(tuple).map(AnyOf),
            part.map(Not),
        ),
        max_leaves=4,
    )


ROUTES = tuple(
    tuple(route for text in texts if (route := Route.parse(text)))
    for texts in (
        ["GET /a", "ANY /a/{b}/c"],
        ["GET /", "POST /{all+}"],
        ["DELETE /pets/{id}", "GET /pets", "OPTIONS /pets/{id}/{rest+}"],
    )
)
"""Routes as a document has them."""


def environments() -> st.SearchStrategy[Environment]:
    """What a spec can say about an API."""
    fields = [glob(text) for text in ("arn", "aws", "execute-api", "us-*", ACCOUNTS[0], "ab?")]
    return st.builds(
        Environment,
        st.sampled_from((None, *Endpoint)),
        st.sampled_from((Authorization.IAM, Authorization.NONE, Authorization.LAMBDA)),
        st.sampled_from((None, None, tuple(fields))),
        st.sampled_from((None, None, ("prod", "dev"))),
        st.sampled_from(tuple(IpAddressType)),
        st.sampled_from((DECLARED, KeySpace())),
        routes=st.sampled_from((None, None, None, *ROUTES)),
    )


def readings() -> st.SearchStrategy[frozenset[Reading]]:
    """Subsets of the readings, often the default one."""
    return st.just(frozenset()) | st.frozensets(st.sampled_from(tuple(Reading)), max_size=4)


def requests(
    prober: Prober, switched_on: frozenset[Reading] = frozenset()
) -> st.SearchStrategy[Request]:
    """Requests near what the prober knows, which its environment admits; they shrink."""
    drawn = st.randoms(use_true_random=False).map(lambda random: prober.draw(random, switched_on))
    return drawn.filter(lambda one: admits(prober.material.environment, one, switched_on))


def prober(
    policies: Sequence[Policy], predicates: Sequence[object], environment: Environment
) -> Prober:
    """What draws requests near the policies, the predicates and the environment."""
    return Prober(Material(tuple(policies), tuple(predicates), environment))


def free_requests() -> st.SearchStrategy[Request]:
    """Requests of any kind, most of which no environment admits."""
    value = st.text(alphabet="ab/:*é1.", max_size=4)
    names = st.sampled_from((*TEXT_KEYS, *SEVERAL_TEXT_KEYS, *ARN_KEYS, "aws:SourceIp"))
    context = st.dictionaries(names, value | st.lists(value, max_size=3).map(tuple), max_size=3)
    return st.builds(
        Request,
        st.sampled_from((f"{API}/prod/GET/a", API, "")) | value,
        st.sampled_from(ACTIONS) | value,
        context=context,
    )
