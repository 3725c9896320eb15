"""Every command with every hostile text in each place where it takes an input."""

import re
import unicodedata

import pytest
from command_inputs import BAD, LIKE_ANOTHER, PLACES, SPECS, WITHOUT_INPUTS
from hostile_inputs import TEXTS

from policycheck.cli.group import policycheck

ENDINGS = (".json", ".yaml", ".tf")


def test_every_command_has_a_row():
    assert {*PLACES, *WITHOUT_INPUTS, *LIKE_ANOTHER} == set(policycheck.list_commands(None))


RIGHT = {
    ("empty", "eval", ("policy.json", BAD)): 0,
    ("large", "eval", ("policy.json", BAD)): 0,
    ("empty", "lint", ("policy.json", "--config", BAD)): 1,
}
"""Where the text is no error: blanks hold no request, and a configuration may say nothing."""

WITHOUT_POSITION = {"FILE_NOT_UTF8", "FILE_TOO_LARGE"}
"""Errors about a whole file, which name the file alone."""

AS_STREAM = ("eval", BAD)
"""The command whose last input is a stream of requests, which are errors one by one."""

ERROR = re.compile(
    r"^error\[(\w+)\]: .*\n(?:(?!error|warning|\n| +--> ).+\n)*(?: +--> (.+))?", re.MULTILINE
)
"""The head of an error, and the place that it names below."""

ROWS = [(command, place) for command, places in PLACES.items() for place in places]


@pytest.mark.parametrize(
    ("command", "place"), ROWS, ids=lambda one: "-".join(one) if isinstance(one, tuple) else one
)
def test_a_hostile_text_is_refused(folder, run, command, place):
    lines = []
    for number, text in enumerate(TEXTS.values()):
        name = f"bad{number}{ENDINGS[number % 2]}"
        (folder / name).write_bytes(text)
        for spec, form in SPECS.items():
            (folder / f"{number}{spec}").write_text(form.replace("BAD", name))
        given = [name if one == BAD else f"{number}{one}" if one in SPECS else one for one in place]
        lines.append((command, *given, "-o", "out"))
    for done, name in zip(run(*lines, seconds=10), TEXTS, strict=True):
        bad = next(one for one in done.arguments if one[:3] == "bad" or one[:1].isdigit())
        expected = RIGHT.get((name, command, place), 2)
        assert done.code == expected, (name, done.arguments, done.code, done.text[:300])
        if expected == 2 and (command, place[-1]) != AS_STREAM:
            assert bad in done.text, (name, done.arguments, done.text[:300])
            assert not unplaced(done.text), (name, done.arguments, unplaced(done.text))
        assert b"internal error" not in done.err + done.out
        assert not moving(done.text), (name, done.arguments, done.text[:300])
        assert len(done.text) < 20_000
    assert not [one.name for one in folder.iterdir() if one.name.startswith(".out")]
    assert not (folder / "owned").exists()


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


def test_an_error_without_a_place_is_noticed():
    assert unplaced("error[A]: a long\n    message\n --> f.json:1:2\n  |\n\nerror[B]: b\n\n") == [
        ("B", "")
    ]
    assert unplaced("error[A]: a\n --> f.json\n") == [("A", "f.json")]
