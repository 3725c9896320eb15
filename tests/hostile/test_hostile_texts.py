"""Texts that are deep, huge, self-referring or of another encoding: one error with its place."""

import json

import pytest
from command_line import ALLOW, API, policy_text, request

TF = 'resource "aws_api_gateway_rest_api" "a" {\n policy = jsonencode('
RESOURCES = "Resources:\n  A: {Type: AWS::ApiGateway::RestApi, Properties: {Policy: "


def spec_of(predicate):
    return f"version: 1\nassertions:\n  - {{id: a, never_allowed: {predicate}}}\n"


def bomb(levels=40):
    doubled = "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, levels))
    return f"Resources: {{}}\na0: &a0 [x, x]\n{doubled}"


DEEP = {
    "brackets.json": "[" * 500_000,
    "braces.json": '{"a":' * 200_000,
    "closed.json": "[" * 400_000 + "]" * 400_000,
    "flow.yaml": "Resources: " + "[" * 400_000,
    "block.yaml": "Resources:\n" + "".join(f"{' ' * i}a:\n" for i in range(1, 1300)),
    "dashes.yaml": "Resources:\n" + "- " * 300_000 + "x",
    "keys.yaml": "Resources: a\n" + "? " * 300_000 + "x",
    "bomb.yaml": bomb(),
    "brackets.tf": TF + "[" * 300_000,
    "closed.tf": TF + "[" * 20_000 + "]" * 20_000 + ")\n}\n",
    "parentheses.tf": TF + "(" * 20_000 + "1" + ")" * 20_000 + ")\n}\n",
    "negations.tf": TF + "!" * 20_000 + "true)\n}\n",
    "signs.tf": TF + "-" * 20_000 + "1)\n}\n",
    "conditionals.tf": TF + "true ? 1 : " * 20_000 + "1)\n}\n",
    "templates.tf": TF + '"${' * 5_000 + "x" + '}"' * 5_000 + ")\n}\n",
    "operators.tf": TF + "1 + " * 20_000 + "1)\n}\n",
    "members.tf": TF + "a" + ".b" * 50_000 + ")\n}\n",
    "indices.tf": TF + "a" + "[0]" * 50_000 + ")\n}\n",
    "calls.tf": TF + "join(" * 20_000 + ")" * 20_000 + ")\n}\n",
    "blocks.tf": "a {\n" * 20_000 + "}\n" * 20_000,
    "locals.tf": "locals {\n"
    + "".join(f"  a{i} = [local.a{i + 1}, local.a{i + 1}]\n" for i in range(60))
    + "  a60 = 1\n}\n"
    + TF
    + "local.a0)\n}\n",
    "loop.tf": "locals {\n  a = local.b\n  b = local.a\n}\n" + TF + "local.a)\n}\n",
    "sub.yaml": RESOURCES + "!Sub '" + "${a" * 100_000 + "'}}",
    "resolve.yaml": RESOURCES + "'" + "{{resolve:" * 90_000 + "}'}}",
    "label.tf": TF.replace('"a"', f'"a]{"[" * 500_000}"') + "[])\n}\n",
    "join.yaml": RESOURCES + "!Join ['', [" * 60 + "]]" * 60 + "}}",
    "escaped.json": json.dumps('"' * 200_000),
    "backslashes.json": '{"policy": "' + "\\" * 400_000 + '"}',
    "self.yaml": "service: s\nprovider: {stage: '${self:provider.stage}', apiGateway:"
    " {resourcePolicy: '${self:provider}'}}\n",
    "selves.yaml": "service: s\ncustom:\n"
    + "".join(f"  a{i}: '${{self:custom.a{i + 1}}}${{self:custom.a{i + 1}}}'\n" for i in range(60))
    + "  a60: x\nprovider: {apiGateway: {resourcePolicy: '${self:custom.a0}'}}\n",
}


@pytest.mark.parametrize("name", DEEP)
def test_a_document_that_is_deep_or_blows_up_is_refused(folder, run, name):
    (folder / name).write_text(DEEP[name])
    (done,) = run(("lint", name), seconds=10)
    assert done.code == 2, (done.code, done.seconds, done.text[:500])
    assert done.err.startswith(b"error["), done.text[:500]
    assert len(done.text) < 20_000
    assert done.kibibytes < 512 * 1024


SPECS = {
    "flow.yaml": spec_of("{not: " * 3_000 + "{}" + "}" * 3_000),
    "names.yaml": "version: 1\ndefine:\n  d0: {stage: a}\n"
    + "".join(f"  d{i}: {{any_of: [d{i - 1}, d{i - 1}]}}\n" for i in range(1, 40))
    + "assertions: [{id: a, never_allowed: d39}]\n",
    "itself.yaml": "version: 1\ndefine: {a: {not: b}, b: {not: a}}\n"
    "assertions: [{id: a, never_allowed: a}]\n",
    "version.yaml": f"version: {'9' * 100_000}\nassertions: []\n",
    "exponent.yaml": "version: 1e999999999\nassertions: []\n",
    "long.yaml": spec_of("{stage: " + "a" * 1_100_000 + "}"),
    "wild.yaml": spec_of(f"{{stage: '{'?' * 400_000}!'}}"),
    "arn.yaml": f'version: 1\napi: {{arn: "arn:{"?" * 400_000}\\n:x"}}\nassertions: []\n',
    "path.yaml": spec_of("{path: '/" + "{" * 400_000 + "', stage: '!'}"),
    "merge.yaml": spec_of("{<<: {stage: a}}"),
    "python.yaml": spec_of('!!python/object/apply:os.system ["touch owned"]'),
    "twice.yaml": spec_of("{stage: a, stage: b}"),
    "case.yaml": spec_of("{stage: a, Stage: b}"),
    "documents.yaml": spec_of("{}") + "---\nversion: 1\n",
    "surrogate.yaml": spec_of('{path: "/\\ud800"}'),
    "nul.yaml": spec_of("{path: '/\0'}"),
    "utf16.yaml": spec_of("{}").encode("utf-16"),
    "latin.yaml": spec_of("{path: '/é'}").encode("latin-1"),
}


@pytest.mark.parametrize("name", SPECS)
def test_a_hostile_spec_is_refused(folder, run, name):
    text = SPECS[name]
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    (done,) = run(("prove", "policy.json", name), seconds=10)
    assert done.code == 2, (done.code, done.seconds, done.text[:500])
    assert done.err.startswith(b"error["), done.text[:500]
    assert len(done.text) < 5_000
    assert not (folder / "owned").exists()


GOOD = policy_text(ALLOW)
ENCODED = {
    "utf16": (GOOD.encode("utf-16"), "FILE_NOT_UTF8"),
    "utf16le": (GOOD.encode("utf-16-le"), "JSON_SYNTAX_ERROR"),
    "utf32": (GOOD.encode("utf-32"), "FILE_NOT_UTF8"),
    "two-marks": (b"\xef\xbb\xbf" * 2 + GOOD.encode(), "JSON_SYNTAX_ERROR"),
    "overlong": (
        GOOD.replace("AllowAll", "\x01").encode().replace(b"\x01", b"\xc0\xaf"),
        "NOT_UTF8",
    ),
    "cesu": (
        GOOD.replace("AllowAll", "\x01").encode().replace(b"\x01", b"\xed\xa0\x80"),
        "NOT_UTF8",
    ),
    "half": (GOOD.replace("AllowAll", "\\udfff").encode(), "JSON_SYNTAX_ERROR"),
    "reversed": (GOOD.replace("AllowAll", "\\udc00\\ud800").encode(), "JSON_SYNTAX_ERROR"),
    "nul": (GOOD.encode() + b"\0", "JSON_SYNTAX_ERROR"),
    "twice": (GOOD.replace('"Effect"', '"Effect": "Deny", "Effect"').encode(), "DUPLICATE_KEY"),
    "case": (GOOD.replace('"Effect"', '"effect": "Deny", "Effect"').encode(), "INVALID_POLICY"),
    "escaped": (GOOD.replace('"Effect"', '"\\u0045ffect": "Deny", "Effect"').encode(), "DUPLICATE"),
}


def test_a_policy_of_another_encoding_or_with_a_key_twice_is_refused(folder, run):
    for name, (data, _) in ENCODED.items():
        (folder / f"{name}.json").write_bytes(data)
    for done in run(*(("lint", f"{name}.json") for name in ENCODED), seconds=5):
        code = ENCODED[done.arguments[1].removesuffix(".json")][1]
        assert done.code == 2, (done.arguments, done.text)
        assert code in done.text.splitlines()[0], (done.arguments, done.text)


def test_one_byte_order_mark_is_read_over(folder, run):
    (folder / "marked.json").write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    (folder / "marked.yaml").write_bytes(b"\xef\xbb\xbf" + (folder / "spec.yaml").read_bytes())
    for done in run(("lint", "marked.json"), ("prove", "policy.json", "marked.yaml")):
        assert done.code == 1, done.text


REQUESTS = {
    "deep": '{"context":{"a:b":' + "[" * 100_000,
    "digits": f'{{"resource":"{API}/a/GET/","context":{{"aws:EpochTime":{"9" * 99_999}}}}}',
    "exponent": f'{{"resource":"{API}/a/GET/","context":{{"aws:MultiFactorAuthAge":1e999999999}}}}',
    "nan": f'{{"resource":"{API}/a/GET/","context":{{"a:b":NaN}}}}',
    "twice": f'{{"resource":"a","resource":"{API}/a/GET/"}}',
    "case": f'{{"resource":"{API}/a/GET/","context":{{"a:b":"1","A:B":"2"}}}}',
    "half": f'{{"resource":"{API}/a/GET/\\ud800"}}',
    "nul": '{"resource": "x"\0}',
    "scope": f'{{"resource":"{API}/a/GET/","context":{{"aws:SourceIp":"fe80::1%eth0"}}}}',
    "octal": f'{{"resource":"{API}/a/GET/","context":{{"aws:SourceIp":"010.0.0.1"}}}}',
    "wide": f'{{"resource":"{API}/a/GET/","context":{{"aws:SourceIp":"\uff11.2.3.4"}}}}',
    "leap": f'{{"resource":"{API}/a/GET/","context":{{"aws:CurrentTime":"2016-12-31T23:59:60Z"}}}}',
    "long": '{"resource": "' + "a" * 1_048_576 + '"}',
}


def test_hostile_requests_are_told_and_the_rest_is_decided(folder, run):
    lines = [*REQUESTS.values(), json.dumps(request(SourceIp="203.0.113.9"))]
    data = "\n".join(lines).encode() + b'\n{"resource": "\xff"}\n'
    (done,) = run(("eval", "policy.json", "-"), stdin=data, seconds=10)
    *refused, good, latin = map(json.loads, done.out.splitlines())
    assert done.code == 2
    assert len(refused) == len(REQUESTS)
    assert all(one.keys() == {"error"} and len(one["error"]) < 1_000 for one in [*refused, latin])
    assert good == {"decision": "Allow", "statements": [0]}


ADDRESSES = [
    *("010.0.0.1/8", "10.0.0.01", "0x0a.0.0.1", "10.1", "167772161", "10.0.0.0/08", "10.0.0.0/+8"),
    *("10.0.0.0/255.0.0.0", "fe80::1%eth0", "fe80::1%eth0/64", "::ffff:010.0.0.1", "1::2::3"),
    *(
        "::/129",
        "1.2.3.4/33",
        "1.2.3.4/-1",
        "\uff11.2.3.4",
        "10.0.0.0/\uff18",
        " 10.0.0.1",
        "10.0.0.1\n",
    ),
    *("::1/", "/8", "10.0.0.0/8/8", "1.2.3.4\0"),
]


@pytest.mark.parametrize("kind", ["policy", "spec"])
def test_addresses_that_others_read_otherwise_are_refused(folder, run, kind):
    lines = []
    for number, text in enumerate(ADDRESSES):
        if kind == "policy":
            condition = {"IpAddress": {"aws:SourceIp": text}}
            (folder / f"{number}.json").write_text(policy_text({**ALLOW, "Condition": condition}))
            lines.append(("lint", f"{number}.json"))
        else:
            (folder / f"{number}.yaml").write_text(spec_of(json.dumps({"source_ip": text})))
            lines.append(("prove", "policy.json", f"{number}.yaml"))
    for done in run(*lines, seconds=5):
        assert done.code == 2, (done.arguments, done.text)
        assert b"error[TYPE_MISMATCH_IP_RANGE]" in done.err
        assert f"{done.arguments[-1]}:" in done.text


DATES = [
    *("0000-01-01T00:00:00Z", "9999-12-31T23:59:60Z", "2016-12-31T23:59:60Z", "2024-02-30"),
    *(
        "2023-02-29",
        "+10000-01-01T00:00:00Z",
        "9" * 20,
        "2024-01-01T24:00:00Z",
        "\uff12\uff10\uff12\uff14-01-01",
    ),
    *("1e10", "NaN", "2024-01-01T00:00:00+99:99", "-" + "9" * 30),
]
EDGES = ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "-1", "2024-02-29"]


def test_dates_at_the_edges(folder, run):
    lines = []
    for number, text in enumerate((*EDGES, *DATES)):
        condition = {"DateLessThan": {"aws:CurrentTime": text}}
        (folder / f"{number}.json").write_text(policy_text({**ALLOW, "Condition": condition}))
        lines.append(("prove", f"{number}.json", "spec.yaml"))
    done = run(*lines, seconds=10)
    for one in done[: len(EDGES)]:
        assert one.code == 1, one.text
    for one in done[len(EDGES) :]:
        assert one.code == 2, (one.arguments, one.text)
        assert b"error[TYPE_MISMATCH_DATE]" in one.err
