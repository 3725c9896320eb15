import json
import subprocess
import time

import pytest
from command_line import request

INSIDE = request(SourceIp="203.0.113.9")
OUTSIDE = request(SourceIp="8.8.8.8")
ALLOWED = {"decision": "Allow", "statements": [0]}
DENIED = {"decision": "ExplicitDeny", "statements": [1]}


def lines(found):
    return [json.loads(line) for line in found.stdout.splitlines()]


@pytest.mark.parametrize(
    "text",
    [
        "{0}\n{1}\n",
        "{0}\n\n  \n{1}",
        "{0}\r\n{1}\r\n",
        "\ufeff{0}\n{1}",
        "[{0},{1}]",
        " [\n {0},\n {1}\n]\n",
        "\n\n{0}\n{1}",
    ],
)
def test_one_line_for_each_request_in_order(run, text):
    found = run("eval", "policy.json", "-", stdin=text.format(*map(json.dumps, (INSIDE, OUTSIDE))))
    assert (found.returncode, lines(found), found.stderr) == (0, [ALLOWED, DENIED], "")


@pytest.mark.parametrize("indent", [None, 2])
def test_one_object(run, folder, indent):
    (folder / "one.json").write_text(json.dumps(OUTSIDE, indent=indent))
    assert lines(run("eval", "policy.json", "one.json")) == [DENIED]


def test_the_lines_are_as_the_contract_has_them(run):
    found = run("eval", "policy.json", "request.json")
    assert found.stdout == '{"decision": "Allow", "statements": [0]}\n'


@pytest.mark.parametrize("text", ["", "\n \n", "[]", " [ ] "])
def test_no_requests(run, text):
    found = run("eval", "policy.json", "-", stdin=text)
    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")


def test_an_invalid_request_does_not_stop_the_rest(run):
    bad = ["nonsense", "{}", '{"resource": "arn:aws:execute-api:r:1:a", "x": 1}', "{", "[]", "null"]
    text = "\n".join([json.dumps(INSIDE), *bad, json.dumps(OUTSIDE)])
    found = run("eval", "policy.json", "-", stdin=text)
    first, *errors, last = lines(found)
    assert found.returncode == 2
    assert (first, last) == (ALLOWED, DENIED)
    assert [list(one) for one in errors] == [["error"]] * len(bad)


@pytest.mark.parametrize("first", ["nonsense", "{", '{"resource":', '{"resource": "a"', "}", "7"])
def test_an_invalid_first_line_does_not_stop_the_rest(run, first):
    found = run("eval", "policy.json", "-", stdin=f"{first}\n{json.dumps(OUTSIDE)}\n")
    error, decision = lines(found)
    assert (found.returncode, list(error), decision) == (2, ["error"], DENIED)


def test_an_invalid_element_does_not_stop_the_rest(run):
    text = f"[{json.dumps(INSIDE)}, {{]}}, 7, , {json.dumps(OUTSIDE)},]"
    found = run("eval", "policy.json", "-", stdin=text)
    assert found.returncode == 2
    assert [next(iter(one)) for one in lines(found)] == [
        "decision",
        "error",
        "error",
        "error",
        "decision",
        "error",
    ]


@pytest.mark.parametrize(
    ("end", "message", "place"),
    [
        (", \n", "the array of requests is not closed", "3:2"),
        (",", "the array of requests is not closed", "3:2"),
        ("]\n x", "something follows the array", "4:2"),
    ],
)
def test_an_array_without_its_end(run, end, message, place):
    text = f"[\n{json.dumps(INSIDE)}\n{end}"
    found = run("eval", "policy.json", "-", stdin=text)
    assert (found.returncode, lines(found)) == (2, [ALLOWED])
    assert message in found.stderr
    assert f"--> <stdin>:{place}\n" in found.stderr
    assert " = help: write " in found.stderr


def test_an_array_that_is_not_closed_after_a_request(run, folder):
    (folder / "many.json").write_text(f"[{json.dumps(INSIDE)}")
    found = run("eval", "policy.json", "many.json")
    assert f"--> many.json:1:{len(json.dumps(INSIDE)) + 2}\n" in found.stderr


PLACED = [
    ('{"a": 1}', 1, "a request has no field"),
    ('{"resource" 1}', 12, "a colon is missing"),
    ('{"é" 1}', 5, "a colon is missing"),
    ("nonsense", 1, "a text without quotes"),
    ("7", 1, "a request is an object"),
]


@pytest.mark.parametrize(("bad", "column", "message"), PLACED)
@pytest.mark.parametrize(
    ("form", "line", "before"),
    [("{0}\n\n{1}\n{0}\n", 3, 0), ("[{0},\n  {1}, {0}]", 2, 2), ("\ufeff{1}\n{0}", 1, 0)],
)
def test_an_error_says_where_in_the_stream(run, folder, bad, column, message, form, line, before):
    (folder / "many.json").write_text(form.format(json.dumps(INSIDE), bad), encoding="utf-8")
    found = run("eval", "policy.json", "many.json")
    (error,) = (one["error"] for one in lines(found) if "error" in one)
    assert error.startswith(f"many.json:{line}:{before + column}: {message}")


def test_errors_on_standard_input_and_for_people_have_their_place(run):
    found = run("eval", "policy.json", "-", "--format", "text", stdin="\n nonsense\n")
    assert found.stdout == "error         <stdin>:2:2: a text without quotes\n"


def test_text_for_people(run):
    found = run("eval", "policy.json", "request.json", "--format", "text")
    assert found.stdout == (
        "Allow         GET /pets on stage prod (anonymous, from 203.0.113.9) by 0\n"
    )


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("missing.jsonl", "error[FILE_NOT_FOUND]: there is no file missing.jsonl\n"),
        (".", "error[FILE_IS_DIRECTORY]: . is a directory\n"),
    ],
)
def test_requests_that_cannot_be_read(run, name, error):
    found = run("eval", "policy.json", name)
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr.startswith(error)


def test_a_policy_that_cannot_be_used(run, folder):
    (folder / "policy.json").write_text("{}")
    found = run("eval", "policy.json", "request.json")
    assert (found.returncode, found.stdout) == (2, "")
    assert "error[MISSING_STATEMENT]" in found.stderr


def test_each_answer_comes_before_the_next_question(start):
    process = start("eval", "policy.json", "-")
    for asked, answer in ((INSIDE, ALLOWED), (OUTSIDE, DENIED), (INSIDE, ALLOWED)):
        process.stdin.write(json.dumps(asked).encode() + b"\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline()) == answer


def test_memory_does_not_grow_with_the_requests(folder, start):
    resource = pytest.importorskip("resource")
    with (folder / "many.json").open("w") as file:
        file.write("[" + ",\n".join([json.dumps(INSIDE)] * 60_000) + "]")
    process = start("eval", "policy.json", "many.json", "-o", "out.jsonl", stdin=subprocess.DEVNULL)
    assert process.wait(60) == 0
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert (folder / "out.jsonl").read_text().count("\n") == 60_000
    assert used < 400 * 1024


def test_decisions_are_fast(folder, start):
    (folder / "many.jsonl").write_text((json.dumps(INSIDE) + "\n") * 20_000)
    began = time.monotonic()
    assert start("eval", "policy.json", "many.jsonl", "-o", "/dev/null").wait(60) == 0
    assert time.monotonic() - began < 10
