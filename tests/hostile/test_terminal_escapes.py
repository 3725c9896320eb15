"""Escapes, marks of direction and line breaks in every name: none of them reaches a terminal."""

import json
import unicodedata

import pytest
from command_line import ALLOW, API, DENY

from policycheck.cli.reports import FORMS

EVIL = "\x1b[31mX\x1b]0;t\x07\u202eRTL\u2066\x9b2J\r\n::error::\u2028\ufeff\x00"
QUIET = "\x1b[31mn\u202e\n::error::x"
MOVING = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def moving(data):
    """The characters that move a cursor or turn the direction of writing, line breaks aside."""
    return {char for char in data.decode() if char != "\n" and unicodedata.category(char) in MOVING}


def valid():
    conditions = {
        "StringEquals": {"aws:Referer": EVIL},
        "StringNotLike": {"aws:UserAgent": "\u202e*\x1b[2J"},
    }
    paths = {**DENY, "Resource": "execute-api:/*/GET/\u202e\u2066\x1b[2J*"}
    return {"Version": "2012-10-17", "Statement": [ALLOW, {**DENY, "Condition": conditions}, paths]}


def invalid():
    wrong = {**DENY, "Sid": EVIL, EVIL: EVIL, "Condition": {EVIL: {EVIL: EVIL}}}
    principal = {**ALLOW, "Principal": {EVIL: EVIL}, "Action": EVIL, "Effect": EVIL}
    return {"Version": EVIL, "Statement": [wrong, principal, {**ALLOW, "Resource": EVIL}]}


SPEC = r"""
version: 1
assertions:
  - id: a
    description: "d\e]0;x\a\u2028\u009b\u202e"
    never_allowed: {condition: {StringLike: {"aws:Referer": "\e[3*\u202e?"}}}
  - id: b
    sometimes_allowed: {path: "/\u202e\u2066\e*"}
"""
BAD_SPEC = r"""
version: "\e[31m"
"k\e\u202e": 1
define: {"d\e\u202e": {stage: "\e", "x\e": 1}}
assertions:
  - {id: "a\e\u202e", never_allowed: "p\e\u202e", "q\e": 1}
  - {id: b, never_allowed: {source_ip: "\e\u202e", method: "\e", principal: "\e", time: "\e"}}
  - {id: c, no_broader_than: "x\e\u202e.json"}
"""


@pytest.fixture
def evil(folder):
    (folder / "valid.json").write_text(json.dumps(valid()))
    (folder / "raw.json").write_text(json.dumps(valid(), ensure_ascii=False, indent=1))
    (folder / f"{QUIET}.json").write_text(json.dumps(valid()))
    (folder / "invalid.json").write_text(json.dumps(invalid()))
    (folder / f"bad{QUIET}.json").write_text('{"Statement": [{"Sid": "\x1b[31m\u202e", }')
    (folder / QUIET).mkdir()
    (folder / QUIET / "a.json").write_text(json.dumps(valid()))
    (folder / "evil.yaml").write_text(SPEC)
    (folder / "bad.yaml").write_text(BAD_SPEC)
    (folder / f"{QUIET}.yaml").write_text("assertions: [\x1b[31m")
    context = {
        f"aws:RequestTag/{EVIL}": EVIL,
        "aws:Referer": EVIL,
        "aws:UserAgent": "\u202ex\x1b[2J",
    }
    asked = {"resource": f"{API}/prod/GET/\u202e\u2066\x1b[2J{EVIL}", "context": context}
    (folder / "evil_request.json").write_text(json.dumps(asked))
    wrong = {"resource": EVIL, "context": {EVIL: [[]], "aws:SourceIp": EVIL}, EVIL: 1}
    lines = [json.dumps(wrong), json.dumps({EVIL: 1}), "{\x1b[31m}", json.dumps(asked)]
    (folder / "wrong.jsonl").write_text("\n".join(lines))
    return folder


def lines_of(policy):
    return [
        ("prove", policy, "evil.yaml"),
        ("prove", policy, "evil.yaml", "--format", "markdown"),
        ("prove", policy, "evil.yaml", "--format", "github"),
        ("lint", policy),
        ("lint", policy, "--format", "markdown"),
        ("lint", policy, "--format", "github"),
        ("reach", policy),
        ("reach", policy, "--details"),
        ("reach", policy, "--format", "markdown"),
        ("diff", "policy.json", policy),
        ("diff", policy, "policy.json"),
        ("explain", policy, "evil_request.json"),
        ("eval", policy, "wrong.jsonl", "--format", "text"),
        ("eval", policy, "wrong.jsonl"),
        ("init", policy),
        ("repair", policy, "evil.yaml", "--timeout", "5"),
    ]


@pytest.mark.parametrize("policy", ["valid.json", "raw.json", f"{QUIET}.json"], ids="abc")
def test_no_result_moves_the_cursor(evil, run, policy):
    for done in run(*lines_of(policy), seconds=40):
        assert done.code in {0, 1, 2}, (done.arguments, done.text)
        assert done.code != 2 or done.arguments[0] in {"eval", "repair"}, (
            done.arguments,
            done.text,
        )
        assert not moving(done.out), (done.arguments, moving(done.out))
        assert not moving(done.err), (done.arguments, moving(done.err))
        assert not any(line.startswith(b"::error::") for line in done.out.splitlines())


def template():
    """A template in which everything that has a name has a hostile one."""
    name = EVIL[:-1]
    statement = {
        **ALLOW,
        "Sid": name,
        "Condition": {"StringEquals": {"aws:Referer": {"Ref": name}}},
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    api = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Policy": policy}}
    method = {
        "RestApiId": {"Ref": name},
        "HttpMethod": "GET",
        "ResourceId": {"Fn::GetAtt": [name, "RootResourceId"]},
    }
    stage = {"RestApiId": {"Ref": name}, "StageName": "prod"}
    return {
        "Parameters": {name: {"Type": "String"}},
        "Resources": {
            name: api,
            "S": {"Type": "AWS::ApiGateway::Stage", "Properties": stage},
            "M": {"Type": "AWS::ApiGateway::Method", "Properties": method},
        },
    }


@pytest.mark.parametrize("form", FORMS)
def test_no_name_in_a_document_moves_the_cursor(evil, run, form):
    (evil / "t.json").write_text(json.dumps(template()))
    given = ("--parameter", f"{EVIL[:-1]}={EVIL[:-1]}")
    lines = [
        ("prove", "t.json", "spec.yaml", "-f", form),
        ("prove", f"t.json#{EVIL[:-1]}", "spec.yaml", "-f", form),
        ("prove", "t.json", "spec.yaml", *given, "-f", form),
        ("lint", "t.json", "-f", form),
    ]
    for done in run(*lines, seconds=40):
        assert done.code in {0, 1, 2, 3}, (done.arguments, done.text)
        assert not moving(done.out), (done.arguments, moving(done.out))
        assert not moving(done.err), (done.arguments, moving(done.err))
        assert not any(line.startswith(b"::error::") for line in done.out.splitlines())


WRONG = [
    *(("lint", name) for name in ("invalid.json", f"bad{QUIET}.json", QUIET, f"no{QUIET}.json")),
    *(("prove", "policy.json", name) for name in ("bad.yaml", f"{QUIET}.yaml", f"no{QUIET}.yaml")),
    ("prove", QUIET, "evil.yaml"),
    ("explain", "policy.json", "wrong.jsonl"),
    ("explain", "policy.json", f'{{"resource": "{EVIL[:20]}"}}'),
    ("eval", "policy.json", f"{QUIET}.jsonl"),
    ("rules", EVIL[:-1]),
    (EVIL[:-1],),
    ("prove", f"--{QUIET}"),
    ("prove", "policy.json", "spec.yaml", "-a", QUIET),
    ("prove", "policy.json", "spec.yaml", "--format", QUIET),
    ("prove", "policy.json", "spec.yaml", "-o", f"/no/{QUIET}"),
    ("prove", "--manifest", QUIET),
    ("lint", f"git:{QUIET}:{QUIET}"),
    ("lint", f"valid.json#{QUIET}"),
    ("lint", f"*{QUIET}*.nothing"),
    ("lint", "--select", QUIET, "policy.json"),
    ("lint", "policy.json", "--parameter", f"{QUIET}=x"),
    ("lint", "policy.json", "--config", QUIET),
]


def test_no_message_moves_the_cursor(evil, run):
    for done in run(*WRONG, seconds=20):
        assert done.code in {1, 2}, (done.arguments, done.text)
        assert done.code == 2 or done.arguments[1] == QUIET, (done.arguments, done.text)
        assert not moving(done.out), (done.arguments, moving(done.out))
        assert not moving(done.err), (done.arguments, moving(done.err))
        assert not any(line.startswith(b"::error::") for line in done.err.splitlines())


def test_a_name_with_a_line_break_writes_nothing_into_a_starter_spec(evil, run):
    name = "x\nassertions: []\n.json"
    (evil / name).write_text((evil / "policy.json").read_text())
    (done,) = run(("init", name))
    assert done.code == 0, done.text
    assert done.out.count(b"\nassertions:") == 1
    assert b"\nassertions: []" not in done.out
