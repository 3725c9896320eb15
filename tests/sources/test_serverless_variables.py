"""The variables of a Serverless Framework file (serverless/serverless,
lib/configuration/variables). What each value becomes is what ``serverless package`` of version
3.40 writes."""

import json

import pytest
from source_texts import STATEMENT, codes, document, read

SERVICE = """
service: shop
provider:
  name: aws
  stage: qa
  apiGateway:
    resourcePolicy:
      - Effect: Allow
        Principal: '*'
        Action: execute-api:Invoke
        Resource: execute-api:/*
        Condition: {StringEquals: {aws:PrincipalTag/a: VALUE}}
custom:
  a: one
  nothing:
  number: 7
  escaped: 'WRITTEN'
  of: {qa: {a: two, tags: [three]}}
"""


def service(value, written="four", **parameters):
    text = SERVICE.replace("VALUE", value).replace("WRITTEN", written)
    return read(text, "serverless.yml", **parameters)[""]


def tag(value, written="four", **parameters):
    found = document(service(value, written, **parameters))
    return found["Statement"][0]["Condition"]["StringEquals"]["aws:PrincipalTag/a"]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (r"'\${aws:username}'", "${aws:username}"),
        (r"'\${self:custom.a}'", "${self:custom.a}"),
        (r"'\\${self:custom.a}'", "\\one"),
        (r"'\\\${aws:username}'", "\\${aws:username}"),
        (r"'\x${self:custom.a}'", r"\xone"),
        (r"'\$${self:custom.a}'", r"\$one"),
        ("'$${self:custom.a}'", "one"),
        ("'${Self:custom.a}'", "${Self:custom.a}"),
        ("'${self: custom.a}'", "one"),
        ("'${self:custom.a }'", "one"),
        ("'${self:\"custom.a\"}'", "one"),
    ],
)
def test_what_is_a_variable(value, found):
    """variables/parse.js: a backslash escapes, and so ``\\${aws:username}`` is a policy variable;
    what does not begin with a type in small letters and a colon is none."""
    assert tag(value) == found


@pytest.mark.parametrize("value", ["'${ self:custom.a }'", "'${name}'"])
def test_what_is_no_variable_reaches_the_policy(value):
    (found,) = service(value).diagnostics
    assert found.code in {"UNSUPPORTED_SPACE_IN_VARIABLE", "INVALID_CONDITION_KEY_FORMAT"}


@pytest.mark.parametrize(
    "value",
    [
        "'${self:custom.a'",
        "'${self:custom.none, word}'",
        "'${self:custom.none, ${self:custom.a}}'",
        "'${self:custom.none, \"a\\tb\"}'",
        "'${self:custom.a' x}'",
        "'" + "${self:custom." * 50 + "'",
        "'" + "${self:custom." * 50 + "a" + "}" * 50 + "'",
    ],
)
def test_what_the_framework_refuses_is_not_known(value):
    """variables/parse.js: UNTERMINATED_VARIABLE, INVALID_VARIABLE_LITERAL_SOURCE and the like."""
    text = SERVICE.replace("VALUE", json.dumps(value.strip("'")).replace("'", "''"))
    assert set(codes(read(text, "serverless.yml")[""])) == {"UNRESOLVED_REFERENCE"}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("'${self:custom.none, 5}'", "5"),
        ("'x-${self:custom.none, true}'", "x-true"),
        ("'${self:custom.nothing, self:custom.none, self:custom.a}'", "one"),
        ("\"${self:custom.none, '${self:custom.a}'}\"", "one"),
        ("\"${self:custom.none, ''}\"", ""),
        ("'${self:custom.number}'", "7"),
        ("'x-${self:custom.of.${sls:stage}.a}'", "x-two"),
        ("'${self:custom.of.${self:custom.none, \"qa\"}.a}'", "two"),
        ("'${self:custom.of.${sls:stage}.tags}'", ["three"]),
    ],
)
def test_what_a_variable_stands_for(value, found):
    made = tag(value)
    assert (str(made) if isinstance(made, int) else made) == found


def test_a_text_that_a_variable_gives_may_have_variables_again():
    """variables/resolve.js, findNestedVariables."""
    assert tag("'${self:custom.escaped}'", r"\${self:custom.a}") == "one"


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("2024-01-01", "2024-01-01T00:00:00.000Z"),
        ("2024-01-01T10:00:00Z", "2024-01-01T10:00:00.000Z"),
        ("2024-01-01 10:00:00.5 +02:00", "2024-01-01T08:00:00.500Z"),
        ("2024-01-01T01:00:00-05", "2024-01-01T06:00:00.000Z"),
        ("2024-1-1", "2024-1-1"),
        ("'2024-01-01'", "2024-01-01"),
    ],
)
def test_a_date_without_quotes(written, found):
    """js-yaml reads a time stamp, which JSON has in ISO 8601."""
    assert tag(written) == found
    text = SERVICE.replace("VALUE", "'x-${self:custom.escaped}'").replace("'WRITTEN'", written)
    (one,) = document(read(text, "serverless.yml")[""])["Statement"]
    assert one["Condition"]["StringEquals"]["aws:PrincipalTag/a"] == f"x-{found}"


def test_a_date_that_no_calendar_has():
    assert codes(service("2024-02-30")) == ["YAML_AMBIGUOUS"]


@pytest.mark.parametrize("number", ["1.0", "1.50", "0.0000001", "1234567890123456789", "-0"])
def test_a_number_that_is_written_otherwise(number):
    """JavaScript's Number: 1.0 is written 1, and few digits are kept."""
    root = {
        "service": "shop",
        "provider": {"resourcePolicy": [STATEMENT], "apiGateway": {"resourcePolicy": [STATEMENT]}},
        "custom": {"n": "NUMBER"},
    }
    root["provider"]["apiGateway"]["resourcePolicy"] = [
        {**STATEMENT, "Resource": "execute-api:/${self:custom.n}/*"}
    ]
    text = json.dumps(root).replace('"NUMBER"', number)
    assert codes(read(text, "serverless.json")[""]) == ["YAML_AMBIGUOUS"]
    found = read(text.replace(number, "1.5"), "serverless.json")[""]
    assert document(found)["Statement"][0]["Resource"] == "execute-api:/1.5/*"


RESOURCES = """
resources:
  Parameters:
    Given: {Type: String, Default: '${self:custom.a}'}
  Mappings:
    Map: {key: {value: '${self:custom.a}'}}
  Conditions:
    Quality: !Equals ['${sls:stage}', qa]
"""


@pytest.mark.parametrize(
    "value",
    [
        "!Sub '${self:custom.a}'",
        "!Sub ['${Name}', {Name: '${self:custom.a}'}]",
        "!Sub ['${Name}', {Name: !Sub '${self:custom.a}'}]",
        "!Ref Given",
        "!Sub '${Given}'",
        "!FindInMap [Map, key, value]",
        "!If [Quality, one, two]",
    ],
)
@pytest.mark.parametrize("resources", [RESOURCES, RESOURCES.replace(":\n", ":\n-\n- {}\n-\n", 1)])
def test_variables_inside_functions(value, resources):
    """Variables are filled in before CloudFormation sees the template, also for Fn::Sub."""
    text = SERVICE.replace("VALUE", value) + resources
    (one,) = document(read(text, "serverless.yml")[""])["Statement"]
    assert one["Condition"]["StringEquals"]["aws:PrincipalTag/a"] == "one"


def test_the_place_of_the_deployment_beside_a_variable():
    arn = "!Sub 'arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:*/${self:custom.a}/*'"
    text = SERVICE.replace("execute-api:/*", arn).replace("VALUE", "a")
    (one,) = document(read(text, "serverless.yml")[""])["Statement"]
    assert one["Resource"] == "arn:aws:execute-api:*:*:*/one/*"


MERGES = """
service: shop
more:
  open: &open {Effect: Allow, Principal: '*', Action: execute-api:Invoke, Resource: execute-api:/a}
  named: &named {Sid: Named, Effect: Deny}
  iam: &iam {path: q, authorizer: aws_iam}
provider:
  apiGateway:
    resourcePolicy:
      - *open
      - {Effect: Deny, <<: *open, Resource: execute-api:/b}
      - <<: [*named, *open]
functions:
  list:
    events:
      - http: {<<: *iam, path: b, method: get}
"""


def test_merge_keys():
    """js-yaml: entries of the mapping itself come first, wherever they stand, and then earlier
    mappings before later ones."""
    found = read(MERGES, "serverless.yml")[""]
    said = document(found)["Statement"]
    assert [(one["Effect"], one["Resource"], one.get("Sid")) for one in said] == [
        ("Allow", "execute-api:/a", None),
        ("Deny", "execute-api:/b", None),
        ("Deny", "execute-api:/a", "Named"),
    ]
    assert [str(one) for one in found.facts.routes] == ["GET /b"]
    assert found.facts.authorization.value == "iam"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("<<: [*named, *open]", "<<: word", "YAML_MERGE_KEY"),
        ("<<: [*named, *open]", "<<: [*named, word]", "YAML_MERGE_KEY"),
        ("{Effect: Deny, <<: *open,", "{Effect: Deny, <<: *open, Effect: Allow,", "DUPLICATE_KEY"),
        ("service: shop", "openapi: 3.0.1", "YAML_MERGE_KEY"),
        ("service: shop", "Resources: {}", "YAML_MERGE_KEY"),
    ],
)
def test_merge_keys_that_are_refused(old, new, code):
    assert code in codes(read(MERGES.replace(old, new), "serverless.yml")[""])
