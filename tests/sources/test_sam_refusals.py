"""What SAM reads otherwise than it seems: the statements that it makes are not those one expects.

Each case was compared with what SAM's transform makes of the template
(aws/serverless-application-model, samtranslator 1.115).
"""

import json

import pytest
from source_texts import STATEMENT, codes, document, read

from policycheck.model.environment import Authorization
from policycheck.model.policy import Policy

CUSTOM = {"CustomStatements": [STATEMENT]}
BLOCK = {"Fn::If": ["Never", ["203.0.113.7"], {"Ref": "AWS::NoValue"}]}
ONE_BLOCK = {"Fn::If": ["Never", "203.0.113.7", {"Ref": "AWS::NoValue"}]}


def event(path="/pets", method="get", api=None, **auth):
    said = {"RestApiId": api or {"Ref": "Api"}, "Path": path, "Method": method}
    return {"Type": "Api", "Properties": {**said, **({"Auth": auth} if auth else {})}}


def sam(auth, *events, **properties):
    api = {"StageName": "prod", "Auth": auth, **properties}
    function = {"Events": {f"E{number}": one for number, one in enumerate(events or [event()])}}
    resources = {
        "Api": {"Type": "AWS::Serverless::Api", "Properties": api},
        "Function": {"Type": "AWS::Serverless::Function", "Properties": function},
    }
    never = {"Never": {"Fn::Equals": ["a", "b"]}}
    return read(json.dumps({"Conditions": never, "Resources": resources}))["Api"]


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        ({"SourceVpcBlacklist": "vpc-12345678"}, "DATA_TYPE_MISMATCH"),
        ({"IntrinsicVpcBlacklist": "vpc-12345678"}, "DATA_TYPE_MISMATCH"),
        ({"IntrinsicVpceBlacklist": {"Ref": "AWS::StackName"}}, "DATA_TYPE_MISMATCH"),
        ({"IpRangeBlacklist": BLOCK}, "EMPTY_LIST"),
        ({"IpRangeBlacklist": [ONE_BLOCK]}, "EMPTY_LIST"),
        ({"IntrinsicVpceBlacklist": [ONE_BLOCK]}, "EMPTY_LIST"),
        ({"Fn::If": ["Never", CUSTOM, {"IpRangeBlacklist": ["203.0.113.7"]}]}, "UNKNOWN_PROPERTY"),
    ],
)
def test_a_list_that_sam_does_not_take_for_one(policy, code):
    """swagger.py, add_resource_policy: the lists are looked at before any function is worked out;
    those of VPCs are walked through whatever they are."""
    assert codes(sam({"ResourcePolicy": policy})) == [code]
    assert codes(sam({}, event(ResourcePolicy=policy))) == [code]


def test_lists_that_were_empty_before_make_no_statements():
    policy = {**CUSTOM, "IpRangeBlacklist": [], "SourceVpcBlacklist": None}
    assert document(sam({"ResourcePolicy": policy}))["Statement"] == [STATEMENT]


@pytest.mark.parametrize(
    "one",
    [
        event(path={"Ref": "AWS::StackName"}, ResourcePolicy=CUSTOM),
        event(method={"Ref": "AWS::StackName"}, ResourcePolicy=CUSTOM),
        event(api={"Fn::Sub": "${Api}"}, ResourcePolicy=CUSTOM),
    ],
)
def test_the_policy_of_an_event_that_sam_refuses_is_not_passed_over(one):
    """push.py, Api.property_types: RestApiId, Path and Method are texts."""
    policy = {"IpRangeWhitelist": ["203.0.113.0/24"]}
    assert codes(sam({"ResourcePolicy": policy}, event("/a"), one)) == ["EVENT_NOT_PLAIN"]


def loop(**made):
    return ["Name", ["a"], made]


FUNCTION = {
    "Type": "AWS::Serverless::Function",
    "Properties": {"Events": {"E": event(ResourcePolicy=CUSTOM)}},
}


@pytest.mark.parametrize(
    "resources",
    [
        {"Fn::ForEach::Functions": loop(**{"F${Name}": FUNCTION})},
        {"F": {**FUNCTION, "Properties": {"Events": {"Fn::ForEach::E": loop(E=event())}}}},
        {"F": {**FUNCTION, "Properties": {"Fn::ForEach::P": loop(Events={})}}},
        {"F": {**FUNCTION, "Fn::Transform": {"Name": "AWS::Include"}}},
    ],
)
def test_events_that_a_loop_makes_have_policies_too(resources):
    """CFN/intrinsic-function-reference-foreach: also in properties; SAM gets what loops make."""
    api = {"StageName": "prod", "Auth": {"ResourcePolicy": CUSTOM}}
    known = {"Api": {"Type": "AWS::Serverless::Api", "Properties": api}}
    transform = ["AWS::LanguageExtensions", "AWS::Serverless-2016-10-31"]
    found = read(json.dumps({"Transform": transform, "Resources": {**known, **resources}}))
    assert codes(found["Api"]) == ["UNSUPPORTED_FUNCTION"]


def test_loops_without_events_of_apis_change_no_policy():
    tables = {"T${Name}": {"Type": "AWS::Serverless::SimpleTable"}}
    api = {"StageName": "prod", "Auth": {"ResourcePolicy": CUSTOM}}
    resources = {
        "Api": {"Type": "AWS::Serverless::Api", "Properties": api},
        "Fn::ForEach::T": loop(**tables),
    }
    assert document(read(json.dumps({"Resources": resources}))["Api"])["Statement"] == [STATEMENT]


DEFINITION = {"swagger": "2.0", "paths": {"/a": {"get": {}}}}
DENIED = {"ResourcePolicy": {"IpRangeWhitelist": ["203.0.113.7"]}}


@pytest.mark.parametrize(
    ("auth", "said", "count"),
    [
        (DENIED, {}, 3),
        (DENIED, {"DefinitionBody": {}}, 3),
        (DENIED, {"DefinitionBody": DEFINITION}, 1),
        (DENIED, {"DefinitionBody": DEFINITION, "MergeDefinitions": True}, 1),
        ({**DENIED, "OverrideApiAuth": False}, {"DefinitionBody": DEFINITION}, 1),
        ({**DENIED, "OverrideApiAuth": True}, {"DefinitionBody": DEFINITION}, 3),
        (
            {**DENIED, "OverrideApiAuth": True},
            {"DefinitionBody": DEFINITION, "MergeDefinitions": True},
            3,
        ),
    ],
)
def test_a_definition_passes_over_the_policies_of_events(auth, said, count):
    """push.py, Api.to_cloudformation: only what overrides the API's Auth is added to it."""
    found = sam({"ResourcePolicy": CUSTOM}, event("/a", **auth), **said)
    assert len(document(found)["Statement"]) == count


@pytest.mark.parametrize(
    ("auth", "said", "count"),
    [
        (DENIED, {"MergeDefinitions": True}, 1),
        (DENIED, {"MergeDefinitions": False}, 3),
        (DENIED, {"DefinitionBody": {}, "MergeDefinitions": True}, 1),
        ({**DENIED, "OverrideApiAuth": True}, {"MergeDefinitions": True}, 3),
    ],
)
def test_merged_methods_of_a_function_lose_their_policy(auth, said, count):
    """push.py, Api._add_swagger_integration: the policy is added to a skeleton that is merged, of
    which no more than the methods are taken."""
    found = sam({"ResourcePolicy": CUSTOM}, event("/a", **auth), **said)
    assert len(document(found)["Statement"]) == count


def machine(policy, **said):
    """An API with a policy, and an event of a state machine with one that overrides it."""
    api = {"StageName": "prod", "Auth": {"ResourcePolicy": policy}, "DefinitionBody": DEFINITION}
    events = {"E": event("/b", OverrideApiAuth=True, **DENIED)}
    resources = {
        "Api": {"Type": "AWS::Serverless::Api", "Properties": {**api, **said}},
        "Machine": {"Type": "AWS::Serverless::StateMachine", "Properties": {"Events": events}},
    }
    return document(read(json.dumps({"Resources": resources}))["Api"])["Statement"]


@pytest.mark.parametrize("said", [{}, {"MergeDefinitions": True}])
def test_events_of_state_machines_add_nothing_to_a_definition(said):
    """stepfunctions/events.py, Api.to_cloudformation: neither a method nor a statement."""
    assert machine(CUSTOM, **said) == [STATEMENT]
    (statement,) = machine({"AwsAccountWhitelist": ["111122223333"]}, **said)
    assert statement["Resource"] == ["execute-api:/prod/GET/a"]


@pytest.mark.parametrize("policy", [CUSTOM, DENIED["ResourcePolicy"]])
def test_the_version_of_a_definition_is_replaced_even_if_no_statement_is_new(policy):
    """swagger.py, SwaggerEditor._add_custom_statement: the version comes first."""
    made = document(sam({"ResourcePolicy": policy}, DefinitionBody=DEFINITION))
    own = {"Statement": made["Statement"]}
    written = {**DEFINITION, "x-amazon-apigateway-policy": own}
    found = document(sam({"ResourcePolicy": policy}, DefinitionBody=written))
    assert found["Version"] == "2012-10-17"


def test_what_is_merged_into_a_definition_without_paths_is_lost():
    """push.py, Api._get_merged_definitions: an empty mapping of paths is replaced by another."""
    policy = {**CUSTOM, "AwsAccountWhitelist": ["111122223333"]}
    said = {"DefinitionBody": {**DEFINITION, "paths": {}}, "MergeDefinitions": True}
    assert document(sam({"ResourcePolicy": policy}, **said))["Statement"] == [STATEMENT]


@pytest.mark.parametrize("paths", ["/a", "/b"])
def test_an_event_that_overrides_beside_others_that_are_merged(paths):
    """translator.py goes through a template in the order of hashes (py27hash_fix.py)."""
    said = {"DefinitionBody": DEFINITION, "MergeDefinitions": True}
    overriding = event("/a", "put", OverrideApiAuth=True, **DENIED)
    found = sam({}, overriding, event(paths), **said)
    if paths == "/a":
        assert codes(found) == ["UNSUPPORTED_DOCUMENT"]
    else:
        (resources,) = {tuple(one["Resource"]) for one in document(found)["Statement"]}
        assert resources == ("execute-api:/prod/GET/a", "execute-api:/prod/PUT/a")


def test_paths_that_a_slash_tells_apart():
    """api_generator.py, ApiGenerator._add_cors: only the first of them gets OPTIONS."""
    events = event("/a"), event("/a/")
    policy = {"ResourcePolicy": {"AwsAccountWhitelist": ["111122223333"]}}
    assert codes(sam(policy, *events, Cors="'*'")) == ["UNSUPPORTED_DOCUMENT"]
    assert len(document(sam(policy, *events))["Statement"]) == 2


def test_a_path_without_methods_answers_preflight_requests_too():
    """swagger.py, SwaggerEditor.add_cors: whatever keys the path has."""
    body = {"swagger": "2.0", "paths": {"/a": {"get": {}}, "/b": {"parameters": []}}}
    found = sam({"ResourcePolicy": CUSTOM}, DefinitionBody=body, Cors="'*'")
    assert {str(one) for one in found.facts.routes} >= {"OPTIONS /a", "OPTIONS /b"}


INCLUDED = {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://a/b"}}}


@pytest.mark.parametrize(
    "said",
    [
        {"DefinitionBody": INCLUDED},
        {"DefinitionBody": {"swagger": "2.0", "paths": {}, **INCLUDED}},
        {"DefinitionBody": {"Fn::If": ["Never", {}, {}]}},
        {"DefinitionUri": "s3://a/b"},
    ],
)
def test_a_policy_beside_a_definition_that_is_not_here(said):
    """swagger.py, SwaggerEditor: the policy of a definition is the one that is added to."""
    assert codes(sam({"ResourcePolicy": CUSTOM}, **said)) == ["DEFINITION_ELSEWHERE"]


def test_methods_that_a_function_makes():
    """base_editor.py, get_conditional_contents: SAM names the methods of both branches."""
    body = {"swagger": "2.0", "paths": {"/a": {"Fn::If": ["Never", {"get": {}}, {"put": {}}]}}}
    found = sam({"ResourcePolicy": {"AwsAccountWhitelist": ["111122223333"]}}, DefinitionBody=body)
    assert codes(found) == ["UNSUPPORTED_FUNCTION"]


def callers(auth, *events, **properties):
    found = sam({"ResourcePolicy": CUSTOM, **auth}, *events, **properties)
    assert isinstance(found, Policy), found
    return found.facts.authorizations


IAM, NONE, LAMBDA = Authorization.IAM, Authorization.NONE, Authorization.LAMBDA


def test_who_calls_the_methods_that_answer_preflight_requests():
    """swagger.py, set_path_default_authorizer: OPTIONS has it unless that is turned off."""
    default = {"DefaultAuthorizer": "AWS_IAM"}
    off = {**default, "AddDefaultAuthorizerToCorsPreflight": False}
    assert callers(default) == {IAM}
    assert callers(default, Cors="'*'") == {IAM}
    assert callers(off, Cors="'*'") == {IAM, NONE}
    assert callers(off, Cors="") == {IAM}
    assert callers({}, event(Authorizer="AWS_IAM"), Cors="'*'") == {IAM, NONE}


def body(security, method="get"):
    one = {} if security is None else {"security": security}
    return {"swagger": "2.0", "paths": {"/a": {method: one}}}


@pytest.mark.parametrize(
    ("definition", "found"),
    [
        (body(None), {IAM}),
        (body([{"NONE": []}]), {NONE}),
        (body([{"api_key": []}]), {IAM}),
        (body([{"Own": []}]), {LAMBDA}),
        (body([{"AWS_IAM": []}]), {IAM}),
        (body(None, "options"), {NONE}),
        ({**body(None), "security": [{"Own": []}]}, {IAM}),
        (body({"Fn::If": ["Never", [], []]}), {IAM, NONE}),
    ],
)
def test_who_calls_the_methods_of_a_definition(definition, found):
    """swagger.py, set_path_default_authorizer: what a method names itself comes first."""
    auth = {
        "DefaultAuthorizer": "AWS_IAM",
        "AddDefaultAuthorizerToCorsPreflight": False,
        "Authorizers": {"Own": {"FunctionArn": "arn:aws:lambda:us-east-1:111122223333:function:f"}},
    }
    other = event(api={"Ref": "Other"})
    assert callers(auth, other, DefinitionBody=definition) == found
