"""The cited decisions of this folder's YAML files, as model objects.

Every row names its ``rule``. Its other entries are one of these forms:

a decision     Keys with a capital letter are the elements of a statement (or ``policy`` is a whole
               policy), ``resource``, ``action``, ``principal`` and ``context`` are the request's.
               ``applies`` says whether the one Allow statement applies, or ``decision`` what the
               policy decides.
a refusal      as above, with ``refused``, the code of the error that reading the policy gives.
a whole one    ``workflow`` is a spec's, ``own`` what the resource policy says, ``identity``,
               ``endpoints`` and ``domains`` are the other policies: a statement, or ``allow``,
               ``neither`` or ``deny`` for all requests. ``whole`` lists the possible decisions.
an admission   ``api``, ``keys`` and ``workflow`` are a spec's, ``admitted`` says whether the
               request can exist.
a predicate    ``predicate`` is a spec's, ``holds`` says whether it holds of the request.
an assertion   ``assertion`` is a spec's kind, with ``policy``, ``baseline`` and ``when``;
               ``breaks`` says whether the request contradicts it (bears it out, if it is
               ``sometimes_allowed``).

``resource_bytes`` pads the resource to that length in UTF-8. ``readings`` are switched on;
``under`` maps a reading to the answer while it is on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from policycheck.diagnostics import Source
from policycheck.model.assertion import Assertion, AssertionKind
from policycheck.model.decision import Outcome
from policycheck.model.environment import Authorization, Environment
from policycheck.model.keys import Key, KeySpace, KeyType, Presence
from policycheck.model.policy import Policy
from policycheck.model.predicate import ALWAYS, Predicate
from policycheck.model.reading import Reading
from policycheck.model.request import Request
from policycheck.model.workflow import PolicyKind, Workflow
from policycheck.read.policy import parse_policy
from policycheck.read.request import request_from
from policycheck.read.spec import parse_spec
from policycheck.read.workflow import RESULTS

FOLDER = Path(__file__).parent
ARN = "arn:aws:execute-api:us-east-1:111122223333:abcdef1234/prod/GET/pets"
STATEMENT = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "execute-api:Invoke",
    "Resource": "execute-api:/*",
}
REQUEST_FIELDS = ("resource", "action", "principal", "context")

KEYS = KeySpace.of(
    Key(name, kind, Presence.OPTIONAL, multivalued=several, client_controlled=True, declared=True)
    for name, kind, several in (
        ("x:address", KeyType.IP, True),
        ("x:arn", KeyType.ARN, False),
        ("x:b", KeyType.BOOL, False),
        ("x:bytes", KeyType.STRING, False),
        ("x:list", KeyType.STRING, True),
        ("x:n", KeyType.NUMERIC, False),
        ("x:t", KeyType.DATE, False),
    )
)
"""The keys that AWS does not have and decisions use; their values may be malformed."""


@dataclass(frozen=True)
class Row:
    """What every row has: where it stands, its rule, a request, and the readings."""

    name: str
    rule: str
    request: Request
    readings: frozenset[Reading]


@dataclass(frozen=True)
class Case(Row):
    """The policy's decision about the request."""

    policy: Policy
    outcome: Outcome


@dataclass(frozen=True)
class Whole(Row):
    """The decisions that a workflow may come to about the request."""

    workflow: Workflow
    policy: Policy
    outcomes: frozenset[Outcome]


@dataclass(frozen=True)
class Admission(Row):
    """Whether the request can exist in the environment."""

    environment: Environment
    admitted: bool


@dataclass(frozen=True)
class Holding(Row):
    """Whether the predicate holds of the request."""

    predicate: Predicate
    holds: bool


@dataclass(frozen=True)
class Breaking(Row):
    """Whether the request contradicts the assertion (bears it out, if it is SOMETIMES_ALLOWED)."""

    assertion: Assertion
    policy: Policy
    breaks: bool


@dataclass(frozen=True)
class Refusal:
    """A policy that is not evaluated, and the code of the error."""

    name: str
    rule: str
    text: str
    code: str


def load_cases() -> list[Case]:
    """Every decision: (rule, policy, request, outcome, readings)."""
    return [
        Case(row_name, raw["rule"], _request(raw), readings, policy_of(raw), _outcome(answer))
        for row_name, raw, answer, readings in _answered("applies", "decision")
    ]


def load_wholes() -> list[Whole]:
    """Every decision of a workflow."""
    return [
        Whole(
            row_name,
            raw["rule"],
            _request(raw),
            readings,
            _workflow(raw),
            _said(raw["own"]),
            frozenset(map(Outcome, answer)),
        )
        for row_name, raw, answer, readings in _answered("whole")
    ]


def load_admissions() -> list[Admission]:
    """Every row that says whether a request can exist."""
    return [
        Admission(row_name, raw["rule"], _request(raw), readings, _environment(raw), answer)
        for row_name, raw, answer, readings in _answered("admitted")
    ]


def load_holdings() -> list[Holding]:
    """Every row that says whether a predicate holds."""
    return [
        Holding(row_name, raw["rule"], _request(raw), readings, _predicate(raw), answer)
        for row_name, raw, answer, readings in _answered("holds")
    ]


def load_breakings() -> list[Breaking]:
    """Every row that says whether a request breaks an assertion."""
    return [
        Breaking(
            row_name, raw["rule"], _request(raw), readings, _assertion(raw), policy_of(raw), answer
        )
        for row_name, raw, answer, readings in _answered("breaks")
    ]


def load_refusals() -> list[Refusal]:
    """Every policy that is refused."""
    return [
        Refusal(name, raw["rule"], _policy_text(raw), raw["refused"])
        for name, raw in _rows()
        if "refused" in raw
    ]


def _answered(*fields: str) -> Iterator[tuple[str, dict[str, Any], Any, frozenset[Reading]]]:
    for name, raw in _rows():
        for field in fields:
            if field in raw:
                on = frozenset(map(Reading, raw.get("readings", ())))
                yield name, raw, raw[field], on
                for reading, answer in raw.get("under", {}).items():
                    yield f"{name} under {reading}", raw, answer, on | {Reading(reading)}


@cache
def _rows() -> list[tuple[str, dict[str, Any]]]:
    reader = YAML(typ="safe", pure=True)
    return [
        (f"{path.stem}[{index}] {raw['rule']}", raw)
        for path in sorted(FOLDER.glob("*.yaml"))
        for index, raw in enumerate(reader.load(path.read_text(encoding="utf-8")))
    ]


def policy_of(raw: dict[str, Any]) -> Policy:
    """The policy of a row."""
    return parse_policy(Source("<case>", _policy_text(raw)))


def _policy_text(raw: dict[str, Any]) -> str:
    if "policy" in raw:
        policy = raw["policy"]
        statements = policy if isinstance(policy, list) else [policy]
    else:
        statements = [raw]
    version = raw.get("version", "2012-10-17")
    body = {"Version": version, "Statement": [_statement(one) for one in statements]}
    return json.dumps(body if version else {"Statement": body["Statement"]})


def _statement(raw: dict[str, Any]) -> dict[str, Any]:
    own = {key: value for key, value in raw.items() if key[0].isupper()}
    rest = {key: value for key, value in STATEMENT.items() if f"Not{key}" not in own}
    return {**rest, **own}


def _request(raw: dict[str, Any]) -> Request:
    fields = {name: raw[name] for name in REQUEST_FIELDS if name in raw}
    return request_from({"resource": _padded(raw.get("resource_bytes", 0)), **fields})


def _padded(length: int) -> str:
    missing = max(length - len(ARN), 0)
    return ARN + "\N{LATIN SMALL LETTER E WITH ACUTE}" * (missing // 2) + "x" * (missing % 2)


def _outcome(answer: bool | str) -> Outcome:
    if isinstance(answer, bool):
        return Outcome.ALLOW if answer else Outcome.IMPLICIT_DENY
    return Outcome(answer)


def _spec(**sections: Any):
    text = json.dumps({"version": 1, "assertions": [_never({})], **sections})
    return parse_spec(Source("<case>", text), FOLDER)


def _never(predicate: object) -> dict[str, Any]:
    return {"id": "case", "never_allowed": predicate}


def _workflow(raw: dict[str, Any]) -> Workflow:
    """The workflow, with the policies that the row gives in place of files."""
    found = raw.get("workflow", {})
    result = found.get("authorizer_result")
    open_parts = {name for name, said in found.items() if said == "any"}
    endpoints = None if "vpc_endpoint_policies" in open_parts else ()
    domains = None if "custom_domain_policies" in open_parts else ()
    return Workflow(
        Authorization(found.get("authorizer", "none")),
        _policies(raw, "identity", PolicyKind.IDENTITY, None),
        RESULTS[result] if result else None,
        _policies(raw, "endpoints", PolicyKind.VPC_ENDPOINT, endpoints),
        _policies(raw, "domains", PolicyKind.DOMAIN, domains),
    )


def _policies(raw: dict[str, Any], name: str, kind: PolicyKind, left_out: Any) -> Any:
    if name not in raw:
        return left_out
    given = raw[name] if isinstance(raw[name], list) else [raw[name]]
    return tuple(_said(one, kind) for one in given)


_ALL = {
    "allow": [{"Effect": "Allow"}],
    "deny": [{"Effect": "Allow"}, {"Effect": "Deny"}],
    "neither": [{"Effect": "Allow", "Action": "execute-api:ManageConnections"}],
}


def _said(said: str | dict[str, Any], kind: PolicyKind = PolicyKind.RESOURCE) -> Policy:
    """A policy that says the same of all requests, or one of one statement."""
    resource = "execute-api:/*" if kind in {PolicyKind.RESOURCE, PolicyKind.DOMAIN} else "*"
    statements = [
        {**STATEMENT, "Resource": resource, **one}
        for one in (_ALL[said] if isinstance(said, str) else [said])
    ]
    if kind is PolicyKind.IDENTITY:
        statements = [{k: v for k, v in one.items() if k != "Principal"} for one in statements]
    body = {"Version": "2012-10-17", "Statement": statements}
    return parse_policy(Source("<case>", json.dumps(body)), kind)


def _environment(raw: dict[str, Any]) -> Environment:
    sections = {name: raw[name] for name in ("api", "keys", "workflow") if name in raw}
    return _spec(**sections).environment


def _predicate(raw: dict[str, Any]) -> Predicate:
    return _spec(assertions=[_never(raw["predicate"])]).assertions[0].predicate


def _assertion(raw: dict[str, Any]) -> Assertion:
    scope = _predicate({"predicate": raw["when"]}) if "when" in raw else ALWAYS
    baseline = policy_of({"policy": raw["baseline"]}) if "baseline" in raw else None
    return Assertion("case", AssertionKind(raw["assertion"]), scope, baseline)


def rules_with_cases() -> set[str]:
    """The rules that the rows name."""
    return {raw["rule"] for _, raw in _rows()}
