"""What a spec says becomes an environment and assertions (contract section 4)."""

from pathlib import Path

import pytest

from policycheck.diagnostics import InputError, Source
from policycheck.model.assertion import AssertionKind, Severity
from policycheck.model.environment import Authorization, Endpoint, Environment, IpAddressType
from policycheck.model.keys import KeyType, Presence
from policycheck.model.predicate import ActionLike, AllOf
from policycheck.model.route import Route
from policycheck.model.text import glob
from policycheck.read.spec import load_spec, parse_spec

INVOKE = ActionLike(glob("execute-api:invoke"))
POLICY = """{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*",
 "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}]}"""

CONTRACT = """\
version: 1
api:
  endpoint: regional
  authorization: none
  arn: arn:aws:execute-api:us-east-1:123456789012:abcdef1234
  stages: [dev, prod]
  ip_address_type: dualstack
define:
  office: {source_ip: [203.0.113.0/24, "2001:db8::/32"]}
  production: {stage: prod}
assertions:
  - id: no-public-prod
    description: No public address can invoke /prod
    severity: high
    never_allowed:
      all_of: [production, {source_ip: public}]
  - id: office-reads
    always_allowed: {all_of: [production, office, {method: GET}]}
  - id: someone-gets-in
    sometimes_allowed: {stage: prod}
  - id: no-new-access
    no_broader_than: baseline.json
  - id: same-as-before
    equivalent_to: baseline.json
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "baseline.json").write_text(POLICY, encoding="utf-8")
    return tmp_path


def parse(text, folder=Path()):
    return parse_spec(Source("spec.yaml", text), folder)


def spec(assertion="{id: a, never_allowed: {}}", head=""):
    return parse(f"version: 1\n{head}\nassertions:\n  - {assertion}\n")


def environment(api):
    return spec(head=f"api: {api}").environment


def test_the_spec_of_the_contract(folder):
    found = parse(CONTRACT, folder)
    assert [(one.id, one.kind.value) for one in found.assertions] == [
        ("no-public-prod", "never_allowed"),
        ("office-reads", "always_allowed"),
        ("someone-gets-in", "sometimes_allowed"),
        ("no-new-access", "no_broader_than"),
        ("same-as-before", "equivalent_to"),
    ]
    assert not found.warnings


def test_the_environment_of_the_contract(folder):
    found = parse(CONTRACT, folder).environment
    fields = ("arn", "aws", "execute-api", "us-east-1", "123456789012", "abcdef1234")
    assert found == Environment(
        Endpoint.REGIONAL,
        Authorization.NONE,
        tuple(map(glob, fields)),
        ("dev", "prod"),
        IpAddressType.DUALSTACK,
    )


def test_without_api_nothing_is_assumed():
    assert spec().environment == Environment()
    assert environment("{}") == Environment()


@pytest.mark.parametrize("endpoint", list(Endpoint))
def test_every_endpoint(endpoint):
    assert environment(f"{{endpoint: {endpoint.value}}}") == Environment(endpoint)


@pytest.mark.parametrize("authorization", list(Authorization))
def test_every_authorization(authorization):
    assert environment(f"{{authorization: {authorization.value}}}").authorization is authorization


def test_ipv4_only():
    assert environment("{ip_address_type: ipv4}").ip_address_type is IpAddressType.IPV4


def test_wildcards_in_the_arn_of_the_api():
    arn = environment('{arn: "arn:*:execute-api:us-*:*:ab?d"}').arn
    assert arn == tuple(map(glob, ("arn", "*", "execute-api", "us-*", "*", "ab?d")))


def test_one_stage_needs_no_list_and_repeats_count_once():
    assert environment("{stages: prod}").stages == ("prod",)
    assert environment("{stages: [b, a, b]}").stages == ("b", "a")


def test_routes_may_be_open_one_or_several():
    assert environment("{routes: any}").routes is None
    assert environment("{routes: GET /}").routes == (Route("GET", "/"),)
    several = environment("{routes: [get /a, 'ANY /a/{b}', GET /a]}").routes
    assert several == (Route("GET", "/a"), Route("ANY", "/a/{b}"))


def test_what_an_assertion_has_by_default():
    (found,) = spec().assertions
    assert found.kind is AssertionKind.NEVER_ALLOWED
    assert found.severity is Severity.HIGH
    assert (found.description, found.allow_vacuous, found.baseline) == ("", False, None)


@pytest.mark.parametrize("severity", list(Severity))
def test_every_severity(severity):
    (found,) = spec(f"{{id: a, severity: {severity.value}, never_allowed: {{}}}}").assertions
    assert found.severity is severity


def test_description_and_allow_vacuous():
    (found,) = spec("{id: a, description: b, allow_vacuous: true, never_allowed: {}}").assertions
    assert (found.description, found.allow_vacuous) == ("b", True)


def test_an_assertion_knows_where_it_stands():
    (found,) = spec().assertions
    assert (found.span.line, found.span.column, found.span.text[:7]) == (4, 5, "{id: a,")


def test_an_assertion_speaks_of_invocations():
    assert spec().assertions[0].predicate == AllOf((INVOKE,))


def test_an_assertion_that_names_an_action_speaks_of_that():
    (found,) = spec("{id: a, never_allowed: {not: {action: execute-api:Inv*}}}").assertions
    assert INVOKE not in getattr(found.predicate, "parts", ())


def test_a_comparison_without_when_speaks_of_every_invocation(folder):
    found = parse(CONTRACT, folder).assertions[3]
    assert found.predicate == AllOf((INVOKE,))
    assert found.baseline.name == str(folder / "baseline.json")


def test_when_narrows_a_comparison(folder):
    text = "{id: a, equivalent_to: baseline.json, when: {action: '*'}}"
    (found,) = parse(f"version: 1\nassertions: [{text}]", folder).assertions
    assert found.predicate == ActionLike(glob("*"))


def test_the_same_policy_is_read_once(folder):
    _, _, _, one, two = parse(CONTRACT, folder).assertions
    assert one.baseline is two.baseline


def test_a_policy_is_found_beside_the_spec(folder):
    path = folder / "spec.yaml"
    path.write_text(CONTRACT, encoding="utf-8")
    assert load_spec(path).assertions[3].baseline is not None


def test_errors_of_a_policy_to_compare_with_follow_those_of_the_spec(folder):
    (folder / "baseline.json").write_text(POLICY.replace("Allow", "Alow"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        parse(CONTRACT + "  - {id: a}\n", folder)
    names = [Path(one.span.source.name).name for one in caught.value.diagnostics]
    assert names == ["spec.yaml", "spec.yaml", "baseline.json"]


def test_a_policy_that_misuses_a_declared_key_is_refused(folder):
    condition = '"Condition": {"StringEquals": {"custom:Level": "3"}}, "Resource"'
    (folder / "baseline.json").write_text(POLICY.replace('"Resource"', condition), encoding="utf-8")
    assert parse(CONTRACT, folder)
    with pytest.raises(InputError, match="StringEquals compares text, but custom:Level"):
        parse(CONTRACT + "keys: {custom:Level: {type: numeric}}\n", folder)


@pytest.mark.parametrize("directory", ["", ".", "./"])
def test_a_policy_to_compare_with_is_no_stream(directory):
    with pytest.raises(InputError, match="standard input"):
        parse("version: 1\nassertions: [{id: a, equivalent_to: ./-}]", Path(directory))


def test_a_definition_may_refer_to_others_in_any_order():
    head = "define:\n  a: {not: b}\n  b: {any_of: [c, {method: GET}]}\n  c: {stage: prod}"
    (found,) = spec("{id: x, never_allowed: a}", head).assertions
    (same,) = spec(
        "{id: x, never_allowed: {not: {any_of: [{stage: prod}, {method: GET}]}}}"
    ).assertions
    assert found.predicate == same.predicate


def test_an_unused_definition_is_a_warning():
    found = spec(head="define: {a: {stage: b}, c: a}").warnings
    assert [(one.code, one.span.text) for one in found] == [
        ("UNUSED_DEFINITION", "a"),
        ("UNUSED_DEFINITION", "c"),
    ]


def test_a_definition_is_not_called_unused_where_its_use_may_be_what_is_wrong():
    with pytest.raises(InputError) as caught:
        spec("{id: x, never_alowed: [a]}", head="define: {a: {stage: b}}")
    assert "UNUSED_DEFINITION" not in [one.code for one in caught.value.diagnostics]


@pytest.mark.parametrize(
    ("assertion", "advice"),
    [
        ("{id: x, never_allowed: {stage:prod}}", "write a blank after the colon: stage: prod"),
        ("{id: x, never_allowed: stage:prod}", "write a blank after the colon: stage: prod"),
        ("{id:x, never_allowed: {stage: prod}}", "write a blank after the colon: id: x"),
        ("{id: x, never_allowed: {path:/a:b}}", "write a blank after the colon: path: /a:b"),
    ],
)
def test_a_colon_without_a_blank(assertion, advice):
    with pytest.raises(InputError) as caught:
        spec(assertion)
    assert advice in [one.help for one in caught.value.diagnostics]


def test_declared_keys_have_the_widest_meaning_by_default():
    keys = spec(head="keys: {custom:Tenant: {type: string}}").environment.keys
    found = keys.find("CUSTOM:tenant")
    assert (found.name, found.type) == ("custom:Tenant", KeyType.STRING)
    assert (found.presence, found.multivalued, found.client_controlled, found.declared) == (
        Presence.OPTIONAL,
        False,
        True,
        True,
    )


@pytest.mark.parametrize("kind", list(KeyType))
def test_every_type_of_key(kind):
    keys = spec(head=f"keys: {{c:K: {{type: {kind.value}, presence: always}}}}").environment.keys
    assert (keys.find("c:K").type, keys.find("c:K").presence) == (kind, Presence.ALWAYS)


@pytest.mark.parametrize(
    "key",
    [
        "aws:TagKeys: {type: string, multivalued: true}",
        "aws:ViaAWSService: {type: bool}",
        "t: {type: ip}",
    ],
)
def test_keys_that_api_gateway_does_not_promise_can_be_declared(key):
    name = key.partition(": ")[0]
    assert spec(head=f"keys: {{{key}}}").environment.keys.find(name).declared


@pytest.mark.parametrize("name", ["spec.json", "spec.yaml"])
def test_a_spec_may_be_json(name):
    text = '{"version": 1,\n\t"assertions": [{"id": "\\ud83d\\ude00", "never_allowed": {}}]}'
    (found,) = parse_spec(Source(name, text), Path()).assertions
    assert found.id == "\N{GRINNING FACE}"


def test_a_json_spec_has_the_messages_of_json():
    with pytest.raises(InputError) as caught:
        parse_spec(Source("spec.json", '{"version": 1,}'), Path())
    assert caught.value.diagnostics[0].code == "JSON_SYNTAX_ERROR"


def test_aliases_stand_for_predicates():
    found = parse(
        "version: 1\nassertions:\n"
        "  - {id: a, never_allowed: &prod {stage: prod}}\n"
        "  - {id: b, always_allowed: *prod}\n"
    )
    assert found.assertions[0].predicate == found.assertions[1].predicate


def test_deep_chains_of_definitions_are_refused():
    chain = "\n".join(f"  a{i}: a{i + 1}" for i in range(500))
    with pytest.raises(InputError, match="64 levels deep"):
        spec("{id: x, never_allowed: a0}", f"define:\n{chain}\n  a500: {{}}")


def test_definitions_that_double_are_refused():
    lines = "\n".join(f"  a{i}: {{all_of: [a{i + 1}, a{i + 1}]}}" for i in range(25))
    with pytest.raises(InputError, match="more than 20000 predicates"):
        spec("{id: x, never_allowed: a0}", f"define:\n{lines}\n  a25: {{stage: b}}")


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "---\n", "null"])
def test_an_empty_spec_is_refused(text):
    with pytest.raises(InputError) as caught:
        parse(text)
    assert [(one.code, one.label) for one in caught.value.diagnostics] == [
        ("DATA_TYPE_MISMATCH", "this is null")
    ]


def test_a_predicate_may_be_nested_as_deep_as_yaml_allows():
    depth = 50
    nested = "{not: " * depth + "{}" + "}" * depth
    (found,) = spec(f"{{id: a, never_allowed: {nested}}}").assertions
    assert str(found.predicate).count("Not(") == depth
