"""The schemas say what the readers read, and explain every property."""

import json
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from policycheck.diagnostics import Diagnostic, InputError, Source
from policycheck.model.assertion import Assertion, AssertionKind, Severity
from policycheck.model.decision import Decision, Outcome
from policycheck.model.environment import (
    ACTIONS,
    Authorization,
    Endpoint,
    IpAddressType,
)
from policycheck.model.keys import KeyType
from policycheck.model.reading import Reading
from policycheck.model.route import METHODS
from policycheck.model.verdict import Example, Failure, Report, Status, Verdict
from policycheck.model.workflow import Answers
from policycheck.read.assertions import FIELDS as ASSERTION_FIELDS
from policycheck.read.assertions import KINDS
from policycheck.read.document import BooleanNode, ListNode, MapNode, NumberNode, TextNode
from policycheck.read.environment import API_FIELDS, KEY_FIELDS, PRESENCES
from policycheck.read.operators import bases
from policycheck.read.policy import parse_policy
from policycheck.read.predicate_principal import NAMES as CALLERS
from policycheck.read.predicate_source import NAMES as ADDRESSES
from policycheck.read.predicate_source import PRESENCE
from policycheck.read.predicate_time import DAYS
from policycheck.read.predicate_time import FIELDS as TIME_FIELDS
from policycheck.read.predicates import KEYS
from policycheck.read.request import request_from
from policycheck.read.schema import (
    diff_schema,
    findings_schema,
    manifest_schema,
    reach_schema,
    repair_schema,
    request_schema,
    result_schema,
    spec_schema,
)
from policycheck.read.spec import FIELDS as SPEC_FIELDS
from policycheck.read.spec import parse_spec
from policycheck.read.workflow import ANY, RESULTS
from policycheck.read.workflow import FIELDS as WORKFLOW_FIELDS
from policycheck.read.yaml_text import parse_yaml
from policycheck.report.json_results import results

SPECS = Path(__file__).parents[2] / "specs"
SCHEMAS = [spec_schema(), request_schema(), result_schema()]
SPEC = Draft202012Validator(spec_schema())
REQUEST = Draft202012Validator(request_schema())
RESULT = Draft202012Validator(result_schema())
DEFS = spec_schema()["$defs"]


def data(node):
    """The node as a program that loads YAML has it."""
    match node:
        case MapNode(entries):
            return {key.value: data(value) for key, value in entries}
        case ListNode(items):
            return [data(item) for item in items]
        case NumberNode(text):
            return int(text) if text.lstrip("-").isdigit() else float(text)
        case TextNode(value) | BooleanNode(value):
            return value
        case _:
            return None


def is_read(text):
    try:
        parse_spec(Source("spec.yaml", text), Path())
    except InputError:
        return False
    return True


def properties(schema, root):
    """Every property of a schema, with a validator for its values."""
    if isinstance(schema, dict):
        for name, value in schema.get("properties", {}).items():
            yield name, value, Draft202012Validator({**value, "$defs": root.get("$defs", {})})
        for value in schema.values():
            yield from properties(value, root)
    elif isinstance(schema, list):
        for value in schema:
            yield from properties(value, root)


PROPERTIES = [one for schema in SCHEMAS for one in properties(schema, schema)]


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema["title"])
def test_a_schema_is_one_and_names_its_draft(schema):
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"]
    assert schema["description"]


@pytest.mark.parametrize(("name", "schema", "validator"), PROPERTIES)
def test_every_property_is_explained_with_valid_examples(name, schema, validator):
    assert schema["title"], name
    assert schema["description"].endswith("."), name
    assert schema["examples"], name
    for example in schema["examples"]:
        validator.validate(example)


ALONE = [spec_schema, request_schema, result_schema, manifest_schema, reach_schema, diff_schema]
ALL = [*ALONE, findings_schema, repair_schema]


def explained(schema, root):
    """Every property of a schema, with what it refers to; those of a condition are none."""
    if isinstance(schema, dict):
        for name, value in schema.get("properties", {}).items():
            target = value.get("$ref", "").removeprefix("#/$defs/")
            yield name, {**root.get("$defs", {}).get(target, {}), **value}
        for key, value in schema.items():
            if key != "if":
                yield from explained(value, root)
    elif isinstance(schema, list):
        for value in schema:
            yield from explained(value, root)


@pytest.mark.parametrize("schema", ALL, ids=lambda one: one.__name__)
def test_every_property_of_every_schema_is_described(schema):
    Draft202012Validator.check_schema(schema())
    found = list(explained(schema(), schema()))
    assert found
    assert [name for name, one in found if not one.get("description", "").endswith(".")] == []
    assert [name for name, one in found if not one.get("title")] == []


@pytest.mark.parametrize("schema", ALONE, ids=lambda one: one.__name__)
def test_every_example_of_every_schema_is_valid(schema):
    root = schema()
    for name, _, validator in properties(root, root):
        for example in validator.schema.get("examples", ()):
            assert validator.is_valid(example), (name, example)


def test_every_property_of_a_manifest_has_an_example():
    root = manifest_schema()
    assert [name for name, one in explained(root, root) if not one.get("examples")] == []


@pytest.mark.parametrize(
    ("found", "known"),
    [
        (spec_schema()["properties"], SPEC_FIELDS),
        (spec_schema()["properties"]["api"]["properties"], API_FIELDS),
        (spec_schema()["properties"]["workflow"]["properties"], WORKFLOW_FIELDS),
        (
            spec_schema()["properties"]["workflow"]["properties"]["authorizer_result"]["enum"],
            [ANY, *RESULTS],
        ),
        (
            result_schema()["$defs"]["example"]["properties"]["workflow"]["properties"],
            [one.name for one in fields(Answers)],
        ),
        (DEFS["assertion"]["properties"], ASSERTION_FIELDS),
        (DEFS["key"]["properties"], KEY_FIELDS),
        (DEFS["key"]["properties"]["type"]["enum"], [one.value for one in KeyType]),
        (DEFS["key"]["properties"]["presence"]["enum"], PRESENCES),
        (DEFS["entries"]["properties"], KEYS),
        (DEFS["time"]["properties"], TIME_FIELDS),
        (DEFS["day"]["anyOf"][0]["enum"], DAYS),
        (DEFS["address"]["anyOf"][0]["enum"], ADDRESSES),
        (DEFS["principal"]["anyOf"][0]["enum"], CALLERS),
        (DEFS["vpc"]["anyOf"][0]["enum"], PRESENCE),
        (DEFS["method"]["anyOf"][0]["enum"], METHODS),
        (DEFS["action"]["anyOf"][0]["enum"], ACTIONS),
        ([one["required"][0] for one in DEFS["assertion"]["oneOf"]], KINDS),
        (
            DEFS["assertion"]["properties"]["severity"]["enum"],
            [one.value for one in Severity],
        ),
        (
            result_schema()["$defs"]["result"]["properties"]["status"]["enum"],
            [one.value for one in Status],
        ),
    ],
)
def test_the_schema_lists_what_the_reader_knows(found, known):
    assert list(found) == list(known) or set(found) == set(known)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("endpoint", Endpoint),
        ("authorization", Authorization),
        ("ip_address_type", IpAddressType),
    ],
)
def test_the_schema_lists_the_choices_of_api(name, kind):
    found = spec_schema()["properties"]["api"]["properties"][name]["enum"]
    assert found == [one.value for one in kind]


@pytest.mark.parametrize("operator", bases())
@pytest.mark.parametrize("form", ["{}", "ForAnyValue:{}", "ForAllValues:{}", "{}IfExists"])
def test_the_schema_knows_every_operator(operator, form):
    if (operator, form) != ("Null", "{}IfExists"):
        predicate = {"condition": {form.format(operator): {"aws:SourceIp": "x"}}}
        SPEC.validate({"version": 1, "assertions": [{"id": "a", "never_allowed": predicate}]})


@pytest.mark.parametrize("path", sorted(SPECS.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_specs_of_the_library_are_valid(path):
    SPEC.validate(data(parse_yaml(Source(path.name, path.read_text(encoding="utf-8")))))


WRONG = [
    "version: 2",
    "version: '1'",
    "api: {endpoint: public}",
    "api: {arn: execute-api}",
    "api: {stages: []}",
    "api: {stages: 'a*'}",
    "api: {name: x}",
    "api: {routes: []}",
    "api: {routes: pets}",
    "api: {routes: [any]}",
    "api: {routes: ['GET /pets/']}",
    "api: {routes: ['GET /{proxy+}/pets']}",
    "api: null",
    "define: []",
    "define: {a: []}",
    "keys: {a b: {type: string}}",
    "keys: {a: {}}",
    "keys: {a: {type: text}}",
    "workflow: []",
    "workflow: {authorizer: saml}",
    "workflow: {authorizer: iam, caller: everyone}",
    "workflow: {authorizer: iam, identity_policies: []}",
    "workflow: {authorizer: iam, identity_policies: policy.json}",
    "workflow: {authorizer: lambda, authorizer_result: yes}",
    "workflow: {authoriser: iam}",
    "assertions: []",
    "assertions: {id: a}",
    "assertions: [{never_allowed: {}}]",
    "assertions: [{id: a}]",
    "assertions: [{id: a, never_allowed: {}, always_allowed: {}}]",
    "assertions: [{id: a, never_allowed: {}, when: {}}]",
    "assertions: [{id: a, never_allowed: {}, severity: worst}]",
    "assertions: [{id: a, never_allowed: {}, allow_vacuous: 1}]",
    "assertions: [{id: '', never_allowed: {}}]",
    "assertions: [{id: a, no_broader_than: {}}]",
]
WRONG_PREDICATES = [
    *("null", "[]", "1", "{stge: b}", "{stage: []}", "{stage: a b}", "{stage: 1}"),
    *("{method: get}", "{method: ANY}", "{path: admin}", "{api_id: a-b}", "{account: 'x'}"),
    *("{account: 1.5}", "{region: here}", "{partition: gcp}", "{resource: execute-api:/}"),
    *("{action: Invoke}", "{principal: someone}", "{principal: {AWS: '*'}}", "{principal: {}}"),
    *("{source_ip: publik}", "{source_ip: 7}", "{source_vpc: vpce-1}", "{source_vpce: vpc-1}"),
    *("{time: {}}", "{time: []}", "{time: '09:00-17:00'}", "{time: {daily: 9-17}}"),
    *("{time: {days: monday}}", "{time: {utc_offset: '1'}}", "{time: {after: 1.5}}"),
    *("{condition: []}", "{condition: {Equals: {a: b}}}", "{condition: {Bool: {}}}"),
    *("{condition: {Bool: {aws:SecureTransport: null}}}", "{present: []}", "{absent: [1]}"),
    *("{all_of: {}}", "{any_of: []}", "{not: []}", "{all_of: [[]]}"),
]
WRONG_SPECS = [
    *(
        f"{text}\n" + "".join(f"{key}: {value}\n" for key, value in REST.items() if key not in text)
        for REST in [{"version": "1", "assertions": "[{id: a, never_allowed: {}}]"}]
        for text in WRONG
    ),
    *(f"version: 1\nassertions: [{{id: a, never_allowed: {one}}}]" for one in WRONG_PREDICATES),
]


@pytest.mark.parametrize("text", WRONG_SPECS)
def test_what_the_schema_refuses_the_reader_refuses(text):
    assert not SPEC.is_valid(data(parse_yaml(Source("spec.yaml", text))))
    assert not is_read(text)


texts = st.sampled_from(
    [
        *("prod", "p*d", "GET", "get", "ANY", "/a", "a", "*", "", "b c", "x-1", "aws", "eu-west-1"),
        *("123456789012", "arn:*", "arn:aws:iam::123456789012:role/x", "anonymous", "public"),
        *("203.0.113.0/24", "::/0", "1.1.1.1 - 1.1.1.2", "vpc-1a", "vpce-1a", "present", "absent"),
        *("execute-api:Invoke", "execute-api:*", "2026-01-01", "09:00-17:00", "mon", "sat - mon"),
        *("+01:00", "aws:SourceIp", "aws:UserAgent", "lambda.amazonaws.com", "office", "true"),
    ]
)
scalars = st.one_of(
    texts, texts, texts, st.integers(0, 20), st.just(123456789012), st.booleans(), st.none()
)
values = st.one_of(scalars, st.lists(scalars, max_size=3))
times = st.dictionaries(st.sampled_from(TIME_FIELDS), values, max_size=3)
blocks = st.dictionaries(
    st.sampled_from(["IpAddress", "StringLike", "Null", "Bool", "Equals"]),
    st.dictionaries(st.sampled_from(["aws:SourceIp", "aws:UserAgent", "x"]), values, max_size=2),
    max_size=2,
)
leaves = st.sampled_from([key for key in KEYS if key not in {"all_of", "any_of", "not"}])
predicates = st.recursive(
    st.dictionaries(leaves, values | times | blocks | st.just({"service": "*"}), max_size=2),
    lambda inner: (
        st.fixed_dictionaries(
            {}, optional={"all_of": st.lists(inner, max_size=2), "not": inner, "stage": values}
        )
        | inner
        | st.just("office")
    ),
    max_leaves=4,
)


@given(predicates)
@settings(max_examples=1500, deadline=None)
def test_what_the_reader_reads_the_schema_allows(predicate):
    spec = {
        "version": 1,
        "define": {"office": {}},
        "assertions": [{"id": "a", "never_allowed": predicate}],
    }
    if is_read(json.dumps(spec)):
        SPEC.validate(spec)


def is_request(value):
    try:
        request_from(value)
    except InputError:
        return False
    return True


ARN = "arn:aws:execute-api:us-east-1:123456789012:abcdef1234/prod/GET/pets/7"
REQUESTS = [
    {"resource": ARN},
    {"resource": ARN, "action": "execute-api:InvalidateCache", "principal": "*"},
    {"resource": ARN, "principal": {"AWS": "123456789012"}},
    {"resource": ARN, "principal": {"Service": "lambda.amazonaws.com"}},
    {"resource": ARN, "context": {"aws:SourceIp": "203.0.113.9", "aws:TagKeys": ["a", "b"]}},
    {"resource": ARN, "context": {"aws:MultiFactorAuthAge": 7, "aws:SecureTransport": True}},
]


@pytest.mark.parametrize("request_data", REQUESTS)
def test_requests_are_valid(request_data):
    REQUEST.validate(request_data)
    assert is_request(request_data)


@pytest.mark.parametrize(
    "request_data",
    [
        {},
        [],
        {"resource": "x"},
        {"resource": ARN, "action": "Invoke"},
        {"resource": ARN, "actions": "execute-api:Invoke"},
        {"resource": ARN, "principal": "someone"},
        {"resource": ARN, "principal": {}},
        {"resource": ARN, "principal": {"User": "x"}},
        {"resource": ARN, "principal": {"AWS": ["123456789012"]}},
        {"resource": ARN, "context": []},
        {"resource": ARN, "context": {"aws:UserAgent": None}},
        {"resource": ARN, "context": {"aws:TagKeys": [{}]}},
    ],
)
def test_what_the_schema_of_requests_refuses_the_reader_refuses(request_data):
    assert not REQUEST.is_valid(request_data)
    assert not is_request(request_data)


RESULTS = {
    "version": 1,
    "tool": "policycheck 1.0.0",
    "summary": {"proved": 3, "violated": 1, "vacuous": 0, "unknown": 0, "errors": 0},
    "results": [
        {
            "policy": "policy.json",
            "assertion": "no-public-prod",
            "status": "violated",
            "severity": "high",
            "description": "No public address can invoke /prod",
            "counterexample": {"request": REQUESTS[0], "decision": "Allow"},
            "because": [{"statement": 1, "sid": "AllowAll", "line": 14, "column": 5}],
            "readings": [Reading.PRIVATE_SOURCE_IP_PRESENT.value],
            "seconds": 0.004,
        }
    ],
}


def test_the_result_of_the_contract_is_valid():
    RESULT.validate(RESULTS)


def test_the_results_that_are_printed_are_valid():
    statement = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    policy = parse_policy(Source("policy.json", json.dumps({"Statement": [statement]})))
    assertion = Assertion("a", AssertionKind.NO_BROADER_THAN, baseline=policy)
    decisions = Decision(Outcome.ALLOW, (0,)), Decision(Outcome.IMPLICIT_DENY, ())
    example = Example(request_from(REQUESTS[4]), *decisions)
    readings = (Reading.PRIVATE_SOURCE_IP_PRESENT,)
    verdicts = (
        Verdict(policy, assertion, Status.VIOLATED, example, None, policy.statements, readings),
        Verdict(policy, assertion, Status.PROVED, witness=example, notes=("a note",)),
        Verdict(policy, assertion, Status.UNKNOWN, reason="a limit", seconds=1.5),
    )
    mistake = Diagnostic("MISSING_EFFECT", "a message", policy.statements[0].span)
    failures = (Failure("other.json", (mistake, Diagnostic("FILE_NOT_FOUND", "a message"))),)
    RESULT.validate(results(Report(verdicts, failures)))


@pytest.mark.parametrize("name", ["version", "tool", "summary", "results"])
def test_a_result_needs_its_parts(name):
    assert not RESULT.is_valid({key: value for key, value in RESULTS.items() if key != name})


def test_a_misspelt_entry_of_a_predicate_is_named():
    spec = {"version": 1, "assertions": [{"id": "a", "never_allowed": {"not": {"stag": "prod"}}}]}
    [error] = SPEC.iter_errors(spec)
    messages = [one.message for one in (error, *(error.context or ()))]
    assert any("'stag' was unexpected" in message for message in messages)
