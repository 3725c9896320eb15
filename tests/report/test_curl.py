import shlex

import pytest
from reporting import API, request

from policycheck.model.request import Request
from policycheck.report.curl import curl


def command(found):
    lines = curl(found)
    return shlex.split(" ".join(line.removesuffix("\\") for line in lines if line[0] != "#"))


def url(found):
    return command(found)[-1]


def test_a_get_request():
    found = request(SourceIp="203.0.113.9", UserAgent="me")
    assert curl(found) == [
        "# from 203.0.113.9",
        "curl -H 'User-Agent: me' \\",
        "  https://abcdef1234.execute-api.us-east-1.amazonaws.com/prod/pets/7",
    ]


@pytest.mark.parametrize(
    ("path", "encoded"),
    [
        ("", ""),
        ("a b", "a%20b"),
        ("a?b#c%d", "a%3Fb%23c%25d"),
        ("a:b,c;d", "a:b,c;d"),
        ("[1-9]{a}", "%5B1-9%5D%7Ba%7D"),
        ("é", "%C3%A9"),
        ("'$(x)`\n", "'$(x)%60%0A"),
        ("a//b/", "a//b/"),
    ],
)
def test_the_path_is_encoded(path, encoded):
    assert url(request(f"/prod/GET/{path}")).endswith(f".amazonaws.com/prod/{encoded}")


@pytest.mark.parametrize(
    ("method", "options"),
    [("GET", []), ("POST", ["-X", "POST"]), ("OPTIONS", ["-X", "OPTIONS"]), ("HEAD", ["--head"])],
)
def test_the_method(method, options):
    assert command(request(f"/prod/{method}/x", UserAgent="a"))[1:-3] == options


def test_dots_in_a_path_stay():
    assert "--path-as-is" in command(request("/prod/GET/a/../b"))


@pytest.mark.parametrize(
    ("context", "headers"),
    [
        ({}, ["-H", "User-Agent:"]),
        ({"UserAgent": ""}, ["-H", "User-Agent;"]),
        (
            {"UserAgent": "it's", "Referer": "https://a/"},
            ["-H", "User-Agent: it's", "-H", "Referer: https://a/"],
        ),
    ],
)
def test_headers_are_there_or_not_as_the_keys_are(context, headers):
    assert command(request(**context))[1:-1] == headers


def test_china_has_a_domain_of_its_own():
    arn = "arn:aws-cn:execute-api:cn-north-1:123456789012:abc/prod/GET/x"
    assert url(Request(arn)) == "https://abc.execute-api.cn-north-1.amazonaws.com.cn/prod/x"


def test_a_private_api_is_called_through_its_endpoint():
    found = request(SourceVpce="vpce-1", SourceVpc="vpc-2", VpcSourceIp="10.0.0.5")
    assert url(found).startswith("https://abcdef1234-vpce-1.execute-api.us-east-1.")
    assert curl(found)[0] == "# in vpc-2, from 10.0.0.5"


@pytest.mark.parametrize(
    "found",
    [
        request(principal={"AWS": "123456789012"}),
        request(SecureTransport="false"),
        request(SourceArn="arn:aws:s3:::a"),
        request(UserAgent="two\nlines"),
        request(UserAgent=" blank"),
        request(Referer="é"),
        request(SourceVpce="vpce 1"),
        request("/prod/GET/\ud800"),
        Request(API),
        Request(f"{API}/prod/GET/", action="execute-api:InvalidateCache"),
        Request(f"{API}/prod/GET/", context={"my:key": "x"}),
        Request("arn:aws-iso:execute-api:us-iso-east-1:123456789012:a/prod/GET/"),
        Request("arn:aws:execute-api:us east:123456789012:a/prod/GET/"),
    ],
)
def test_what_curl_cannot_send_has_no_command(found):
    assert curl(found) == []


def test_a_comment_stays_on_its_line():
    found = request(SourceVpce="vpce-1", SourceVpc="vpc\nrm -rf x", VpcSourceIp="10.0.0.5")
    assert curl(found)[0] == "# in vpc\\x0arm -rf x, from 10.0.0.5"
