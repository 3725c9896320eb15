import json

import pytest
from command_line import API, request


@pytest.mark.parametrize("given", ["request.json", "-", " {inline}"])
def test_a_request_from_a_file_from_standard_input_or_inline(run, given):
    text = json.dumps(request(SourceIp="8.8.8.8"))
    argument = text if "inline" in given else given
    found = run("explain", "policy.json", argument, stdin=text)
    assert found.returncode == 0
    assert f"  API           {API}\n" in found.stdout or f"API           {API}\n" in found.stdout
    assert "statement 1: Deny, " in found.stdout


def test_json(run):
    data = json.loads(run("explain", "policy.json", "request.json", "--format", "json").stdout)
    assert (data["decision"], data["statements"]) == ("Allow", [0])
    assert [one["applies"] for one in data["trace"]] == [True, False]
    condition = data["trace"][1]["elements"][-1]
    assert (condition["element"], condition["key"], condition["holds"]) == (
        "NotIpAddress",
        "aws:SourceIp",
        False,
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{", "bad.json:1:2"),
        ('{\n "resource": 7\n}', "bad.json:1:1"),
        ('{"a": tru}', "bad.json:1:7"),
    ],
)
def test_a_bad_request_is_shown_with_its_file(run, folder, text, place):
    (folder / "bad.json").write_text(text)
    found = run("explain", "policy.json", "bad.json")
    assert (found.returncode, found.stdout) == (2, "")
    assert f"--> {place}" in found.stderr


def test_a_missing_request(run):
    assert "there is no file missing.json" in run("explain", "policy.json", "missing.json").stderr
