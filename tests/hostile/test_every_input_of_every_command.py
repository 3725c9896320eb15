"""Every command with every hostile text in each place where it takes an input."""

import json
import re
import unicodedata

import click
import pytest
from command_inputs import AT, BAD, LIKE_ANOTHER, PLACES, SPOKEN, VALUES, WITHOUT_INPUTS, WRITTEN
from hostile_inputs import TEXTS
from laid_out import ENDINGS, commit, lay_out

from policycheck.cli.group import policycheck


def test_every_command_has_a_row():
    assert {*PLACES, *WITHOUT_INPUTS, *LIKE_ANOTHER} == set(policycheck.list_commands(None))


def commands():
    return {name: policycheck.get_command(None, name) for name in PLACES}


def test_every_option_that_takes_a_file_is_in_a_row():
    """An option that takes a text is a file's, unless its metavar is known to be something else."""
    for name, command in commands().items():
        taking = {
            one.opts[-1]
            for one in command.params
            if isinstance(one, click.Option)
            and isinstance(one.type, click.Path | click.types.StringParamType)
            and one.metavar not in VALUES
        }
        given = {one for row in PLACES[name] for one in row if one.startswith("--")}
        assert taking - WRITTEN <= given, name


def test_every_argument_is_hostile_in_a_row():
    for name, command in commands().items():
        arguments = [one for one in command.params if isinstance(one, click.Argument)]
        places = {row.index(BAD) for row in PLACES[name] if BAD in row and row[0][:2] != "--"}
        assert places >= set(range(len(arguments))), name


def test_a_command_that_is_like_another_has_its_inputs():
    for name, other in LIKE_ANOTHER.items():
        params = [policycheck.get_command(None, one).params for one in (name, other)]
        assert params[0] == params[1]


RIGHT = {
    ("empty", "eval", ("policy.json", BAD)): 0,
    ("large", "eval", ("policy.json", BAD)): 0,
    ("empty", "lint", ("policy.json", "--config", BAD)): 1,
    ("empty", "lint", ("policy.json", "@.policycheck.yaml")): 1,
    ("empty", "lint", ("policy.json", "@pyproject.toml")): 1,
    ("empty", "lint", ("policy.json", "@policy.waivers.yaml")): 1,
    ("empty", "lint", ("several", "@several/policy.waivers.yaml")): 1,
    ("digits", "prove", ("several", "spec.yaml", "@several/bad.json")): 1,
    ("escaped", "prove", ("several", "spec.yaml", "@several/bad.json")): 1,
    **dict.fromkeys(
        [
            (name, "prove", ("several/*", "spec.yaml", "@several/bad.tf"))
            for name in ("empty", "twice", "digits", "escaped")
        ],
        1,
    ),
    **dict.fromkeys(
        [
            (name, "reach", ("several", "@several/bad.yaml"))
            for name in TEXTS.keys() - {"not-utf8", "overlong", "utf16", "twice", "large"}
        ],
        0,
    ),
}
"""Where the text is no error: blanks hold no request, a configuration and waivers may say nothing,
and files of a directory are passed over that are no policies."""

WITHOUT_POSITION = {"FILE_TOO_LARGE", "GIT_FAILED"}
"""Errors about a whole file, which name the file alone."""

ERROR = re.compile(
    r"^error\[(\w+)\]: .*\n(?:(?!error|warning|\n| +--> ).+\n)*(?: +--> (.+))?", re.MULTILINE
)
"""The head of an error, and the place that it names below."""

ROWS = [(command, *place) for command, places in PLACES.items() for place in places]


def refused(run, work, row, texts, expected):
    """Asserts that the row with each text in its place ends with the exit code that is expected of
    its name, and, if that is 2, that one error says where and what to write instead."""
    for number, name in enumerate(texts):
        laid = lay_out(work, number, row, TEXTS[name], ENDINGS[(number + len(row)) % len(ENDINGS)])
        if row[1].startswith("git:"):
            commit(laid.folder)
        before = laid.contents()
        (done,) = run(laid.line, place=laid.folder, stdin=laid.stdin, seconds=10)
        about = (name, done.arguments, done.code, done.text[:300])
        code = expected(name)
        assert done.code == code, about
        if code == 2:
            assert any(one in done.text for one in laid.names), about
            assert not unplaced(done.text), (*about, unplaced(done.text))
            assert not helpless(done.text), (*about, helpless(done.text))
        assert b"internal error" not in done.err + done.out
        assert not moving(done.text), about
        assert len(done.text) < 20_000
        assert laid.contents() == before, about
        assert not (laid.folder / "owned").exists()


@pytest.mark.parametrize("row", ROWS, ids=" ".join)
def test_a_hostile_text_is_refused(folder, run, row):
    command, *place = row
    refused(run, folder, row, TEXTS, lambda name: RIGHT.get((name, command, tuple(place)), 2))


FEW = ["empty", "deep", "nul", "not-utf8", "half", "escapes", "aliases", "large"]
PIPED = [
    (*(one.replace(BAD, "-") for one in row), f"{AT}-")
    for row in ROWS
    if BAD in row and not {"--write", "--baseline"} & set(row)
]


@pytest.mark.parametrize("row", PIPED, ids=" ".join)
def test_a_hostile_text_on_standard_input_is_refused(folder, run, row):
    right = {(name, command, *place): code for (name, command, place), code in RIGHT.items()}
    file = tuple(BAD if one == "-" else one for one in row[:-1])
    refused(run, folder, row, FEW, lambda name: right.get((name, *file), 2))


@pytest.mark.parametrize("name", TEXTS)
def test_each_error_of_a_stream_of_requests_has_its_place(folder, run, name):
    (folder / "bad.json").write_bytes(TEXTS[name])
    (done,) = run(("eval", "policy.json", "bad.json"), seconds=10)
    errors = [json.loads(line)["error"] for line in done.out.splitlines()]
    assert done.code == (2 if errors or done.err else 0)
    for one in errors:
        assert re.match(r"bad\.json:[1-9]\d*:[1-9]\d*: .", one), one[:300]


AMONG_OTHERS = [
    ("prove", "several", "spec.yaml", "@several/bad.json"),
    ("prove", "several/*", "spec.yaml", "@several/bad.json"),
    ("prove", BAD, "several/policy.json", "spec.yaml"),
    ("prove", "--manifest", "policies.yaml"),
    ("lint", "several", "@several/bad.json"),
    ("lint", "--manifest", "policies.yaml"),
    ("reach", "several", "@several/bad.json"),
    ("reach", "--manifest", "policies.yaml"),
]


@pytest.mark.parametrize("row", AMONG_OTHERS, ids=" ".join)
def test_a_hostile_policy_does_not_stop_the_rest(folder, run, row):
    """The other policy has its results, and the error is in the list of errors."""
    for number, name in enumerate(["deep", "not-utf8", "half", "large"]):
        laid = lay_out(folder, number, row, TEXTS[name], ".json")
        (done,) = run((*laid.line, "-f", "json"), place=laid.folder, seconds=10)
        found = json.loads(done.out)
        assert done.code == 2
        assert {one["policy"].endswith("policy.json") for one in found["results"]} == {True}
        assert {one["policy"].endswith("bad.json") for one in found["errors"]} == {True}


@pytest.mark.parametrize("command", ["prove", "lint", "reach"])
@pytest.mark.parametrize("name", ["missing.json", "several/../several/x.json", "a\\0b", "*.none"])
def test_a_policy_that_a_manifest_names_and_that_is_not_there_has_its_place(
    folder, run, command, name
):
    (folder / "list.yaml").write_text(
        f'version: 1\ndefaults: {{spec: spec.yaml}}\npolicies:\n - "{name}"\n - policy.json\n'
    )
    (done,) = run((command, "--manifest", "list.yaml"))
    assert done.code == 2
    assert " --> list.yaml:4:4\n" in done.text
    assert b"policy.json" in done.out


NO_ARGUMENTS = {"empty", "nul", "utf16", "objects", "digits", "bomb"}
"""An argument has no NUL; others here would say no more than those that are left."""


@pytest.mark.parametrize("row", SPOKEN, ids=" ".join)
def test_a_hostile_text_as_an_argument_is_refused(folder, run, row):
    for number, name in enumerate(one for one in TEXTS if one not in NO_ARGUMENTS):
        laid = lay_out(folder, number, row, TEXTS[name], ".json")
        (done,) = run(laid.line, place=laid.folder, seconds=10)
        about = (name, row, done.code, done.text[:300])
        assert done.code == 2, about
        assert b"internal error" not in done.err, about
        assert b"Traceback" not in done.err, about
        assert not moving(done.text), about
        assert len(done.text) < 20_000, about


def moving(text):
    """The characters that move a cursor or turn the direction of writing."""
    return {one for one in text if one != "\n" and unicodedata.category(one) in {"Cc", "Cf", "Cs"}}


def unplaced(text):
    """The errors that do not name file, line and column, though they are about a place."""
    return [
        (code, place)
        for code, place in ERROR.findall(text)
        if code not in WITHOUT_POSITION and not re.fullmatch(r"\S+:[1-9]\d*:[1-9]\d*", place)
    ]


def helpless(text):
    """The errors that do not say what to write instead."""
    return [
        one.partition("\n")[0]
        for one in re.split(r"^(?=error\[|warning\[)", text, flags=re.MULTILINE)
        if one.startswith("error[") and " = help: " not in one
    ]


def test_an_error_without_a_place_is_noticed():
    assert unplaced("error[A]: a long\n    message\n --> f.json:1:2\n  |\n\nerror[B]: b\n\n") == [
        ("B", "")
    ]
    assert unplaced("error[A]: a\n --> f.json\n") == [("A", "f.json")]


def test_an_error_without_help_is_noticed():
    assert helpless("error[A]: a\n  = help: b\n\nerror[B]: b\n\nwarning[C]: c\n") == ["error[B]: b"]
