"""Equal data has one canonical form, and different data another."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from kept import SPEC, policy, spec

from policycheck.cache.canonical import digest
from policycheck.cache.directory import default_directory
from policycheck.cache.program import _version, program

ROOT = Path(__file__).parents[2]
VALUES = [
    None,
    True,
    False,
    0,
    1,
    1.0,
    "",
    "1",
    "None",
    b"1",
    (),
    ("",),
    ("", ""),
    (("",), ""),
    ("ab", "c"),
    ("a", "bc"),
    {},
    {"a": 1},
    {"a": "1"},
    frozenset(),
    frozenset({"a"}),
]


def test_different_values_have_different_digests():
    assert len({digest(one) for one in VALUES}) == len(VALUES)


def test_the_order_of_mappings_and_sets_does_not_count():
    names = [str(number) for number in range(100)]
    shuffled = random.Random(0).sample(names, len(names))
    assert digest(dict.fromkeys(names)) == digest(dict.fromkeys(shuffled))
    assert digest(frozenset(names)) == digest(frozenset(shuffled))


def test_what_has_no_form_is_an_error():
    with pytest.raises(TypeError, match="no canonical form"):
        digest(object())


HASHED = """
import sys
sys.path.insert(0, sys.argv[1])
from kept import policy, spec
from policycheck.cache.canonical import digest
from policycheck.cache.program import program
print(digest(policy(), spec(), program()).hex())
"""


def test_every_process_comes_to_the_same_digest():
    def digest_under(seed):
        settings = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", HASHED, str(Path(__file__).parent)]
        return subprocess.run(command, env=settings, capture_output=True, check=True).stdout

    assert digest_under("1") == digest_under("2") != b""


def test_the_spelling_of_blanks_does_not_count_and_the_content_does():
    assert digest(policy()) == digest(policy(indent=2))
    assert digest(spec()) == digest(spec(SPEC + "\n# a comment\n"))
    assert digest(spec()) != digest(spec(SPEC.replace("stage: dev", "stage: test")))


def test_the_program_has_a_digest_and_its_libraries_versions():
    assert len(program()) == 32
    assert _version("z3").split(".")[0].isdigit()
    assert _version("no_such_module") == ""


@pytest.mark.skipif(sys.platform != "linux", reason="XDG")
def test_the_default_directory_is_that_of_the_specification(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_directory({}) == tmp_path / ".cache" / "policycheck"
    assert default_directory({"XDG_CACHE_HOME": "/x"}) == Path("/x/policycheck")
    assert default_directory({"XDG_CACHE_HOME": "x"}) == tmp_path / ".cache" / "policycheck"
