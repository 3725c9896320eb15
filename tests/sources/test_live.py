"""APIs of an account, on a server that plays AWS."""

import json

import pytest
from source_texts import STATEMENT

boto3 = pytest.importorskip("boto3")
server_module = pytest.importorskip("moto.server")

from policycheck.diagnostics import InputError  # noqa: E402
from policycheck.model.environment import Authorization, Endpoint  # noqa: E402
from policycheck.read.sources import live  # noqa: E402

POLICY = json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT]})

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def aws():
    server = server_module.ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def account(aws, monkeypatch, tmp_path):
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    return live.Account(region="eu-west-1")


@pytest.fixture
def apis(account):
    """The ids of two APIs with a policy; a third has none."""
    client = boto3.client("apigateway", region_name="eu-west-1")
    private = {"types": ["PRIVATE"]}
    first = client.create_rest_api(name="a", policy=POLICY, endpointConfiguration=private)["id"]
    second = client.create_rest_api(name="b", policy=POLICY)["id"]
    client.create_rest_api(name="c")
    (root,) = client.get_resources(restApiId=first)["items"]
    client.put_method(
        restApiId=first, resourceId=root["id"], httpMethod="GET", authorizationType="AWS_IAM"
    )
    yield first, second
    for one in client.get_rest_apis()["items"]:
        client.delete_rest_api(restApiId=one["id"])


def test_one_api(apis, account):
    (policy,) = live.policies(apis[0], account)
    assert policy.name == f"aws:{apis[0]}"
    assert json.loads(policy.text)["Statement"] == [STATEMENT]
    assert (policy.facts.endpoint, policy.facts.stages) == (Endpoint.PRIVATE, None)
    assert policy.facts.authorization is Authorization.IAM
    assert ":".join(map(str, policy.facts.arn)) == f"arn:aws:execute-api:eu-west-1:*:{apis[0]}"


def test_all_apis_that_have_a_policy(apis, account, monkeypatch):
    monkeypatch.setattr(live, "PAGE", 1)
    assert {one.name for one in live.policies("*", account)} == {f"aws:{one}" for one in apis}


def code(api, account):
    with pytest.raises(InputError) as caught:
        live.policies(api, account)
    (found,) = caught.value.diagnostics
    return found.code


def test_an_api_that_is_not_there(account):
    assert code("zzzzzzzzzz", account) == "AWS_API_NOT_FOUND"


def test_no_api_has_a_policy(account):
    assert code("*", account) == "NO_POLICY_IN_DOCUMENT"


def test_missing_credentials(account, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    assert code("abc", account) == "AWS_CREDENTIALS_MISSING"


def test_an_unknown_profile_and_a_missing_region(account):
    assert (
        code("abc", live.Account(profile="nobody", region="eu-west-1")) == "AWS_PROFILE_NOT_FOUND"
    )
    assert code("abc", live.Account()) == "AWS_REGION_MISSING"


def test_nobody_answers(account, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    assert code("abc", account) == "AWS_UNREACHABLE"
