"""Who calls the methods of an OpenAPI document."""

import json

import pytest
from source_texts import STATEMENT, read

from policycheck.model.environment import Authorization

POLICY = {"x-amazon-apigateway-policy": {"Version": "2012-10-17", "Statement": [STATEMENT]}}
SCHEMES = {
    "sigv4": {"type": "apiKey", "x-amazon-apigateway-authtype": "awsSigv4"},
    "pool": {"type": "apiKey", "x-amazon-apigateway-authtype": "cognito_user_pools"},
    "key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
}
SIGNED = {"get": {"security": [{"sigv4": []}]}}
IAM, NONE, COGNITO = Authorization.IAM, Authorization.NONE, Authorization.COGNITO


def callers(paths, **others):
    components = {"components": {"securitySchemes": SCHEMES}}
    document = {"openapi": "3.0.1", "paths": paths, **components, **POLICY, **others}
    return read(json.dumps(document))[""].facts.authorizations


def test_schemes_and_the_extension():
    assert callers({"/a": SIGNED}) == {IAM}
    assert callers({"/a": {"get": {"security": [{"sigv4": [], "key": []}]}}}) == {IAM}
    assert callers({"/a": {"get": {"x-amazon-apigateway-auth": {"type": "AWS_IAM"}}}}) == {IAM}
    assert callers({"/a": {"get": {"security": []}, "put": None}}) == {NONE}
    assert callers({"/a": {"get": {"security": [{"pool": []}]}}}) == {COGNITO}
    assert callers({}) == set()


def test_both_values_that_a_condition_chooses_from_count():
    """As SAM writes the methods of a function that has a condition."""
    nothing = {"Ref": "AWS::NoValue"}
    assert callers({"/a": {"Fn::If": ["A", SIGNED, nothing]}}) == {IAM}
    assert callers({"/a": {"Fn::If": ["A", SIGNED, {"get": {}}]}}) == {IAM, NONE}
    assert callers({"/a": {"get": {"Fn::If": ["A", SIGNED["get"], {}]}}}) == {IAM, NONE}


def test_security_of_the_whole_document_does_not_count():
    """APIGW/api-gateway-known-issues: API Gateway does not use it."""
    assert callers({"/a": {"get": {}}, "/b": SIGNED}, security=[{"sigv4": []}]) == {IAM, NONE}


@pytest.mark.parametrize(
    "paths",
    [
        {"/b": {"$ref": "other.yaml"}},
        {"/b": {"get": {"$ref": "other.yaml"}}},
        {"/b": {"Fn::If": ["A", {"Fn::Transform": {}}, {}]}},
        {"/b": {"get": {"Fn::GetAtt": ["A", "b"]}}},
        {"/b": {"get": {"security": {"Fn::If": ["A", [], []]}}}},
        {"/b": {"get": {"security": [{"Fn::If": ["A", {}, {}]}]}}},
        {"/b": {"get": {"security": [{"sigv4": []}, {"pool": []}]}}},
        {"/b": {"get": {"x-amazon-apigateway-auth": {"type": {"Ref": "Kind"}}}}},
        {"/b": ["get"]},
        {"Fn::Transform": {"Name": "AWS::Include"}},
    ],
)
def test_a_method_of_which_nothing_is_known_may_have_any_callers(paths):
    assert callers({"/a": SIGNED, **paths}) == {IAM, NONE}
    assert callers({"/a": {"get": {}}, **paths}) == {IAM, NONE}


def test_schemes_and_paths_that_are_not_here():
    unknown = {"components": {"securitySchemes": {"$ref": "schemes.yaml"}}}
    assert callers({"/a": {"get": {"security": [{"x": []}]}}}, **unknown) == {IAM, NONE}
    assert callers("paths.yaml") == {IAM, NONE}
