"""``policycheck prove`` on many policies, as a process."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from estate import SPEC, write_policies
from jsonschema import Draft202012Validator

from policycheck.read.schema import result_schema

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path):
    write_policies(tmp_path / "policies", 12)
    (tmp_path / "policies" / "00005.json").write_text('{"Statement": [{"Effect": "Alow"}]}')
    (tmp_path / "spec.yaml").write_text(SPEC)
    return tmp_path


def settings(**changes):
    return {**os.environ, "PYTHONPATH": str(ROOT), "POLICYCHECK_CACHE_DIR": "", **changes}


def run_policycheck(folder, *arguments, **changes):
    """The finished process of a command line."""
    return subprocess.run(
        [sys.executable, "-m", "policycheck", *map(str, arguments)],
        cwd=folder,
        env=settings(COLUMNS="100", **changes),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def prove(folder):
    def proving(*arguments, **changes):
        return run_policycheck(folder, "prove", *arguments, **changes)

    return proving


def steady(text):
    """The text without times, which differ from run to run."""
    text = re.sub(r'"seconds": [0-9.e-]+', '"seconds": 0', text)
    return re.sub(r"\s\([0-9.]+\ss", " (0 s", text)


@pytest.mark.parametrize("form", ["json", "text"])
def test_results_do_not_depend_on_the_number_of_processes(prove, form):
    alone = prove("policies", "spec.yaml", "--format", form)
    spread = prove("policies", "spec.yaml", "--format", form, "--jobs", "3")
    assert alone.returncode == spread.returncode == 2
    assert steady(alone.stdout) == steady(spread.stdout)
    assert alone.stderr == spread.stderr
    assert "policies/00005.json:1:27" in spread.stderr


def test_json_of_many_policies_is_as_its_schema_says(prove):
    data = json.loads(prove("policies", "spec.yaml", "--format", "json", "--jobs", "2").stdout)
    Draft202012Validator(result_schema()).validate(data)
    names = [one["policy"] for one in data["results"]]
    assert names == sorted(names)
    assert len(set(names)) == 11
    assert data["summary"]["errors"] == 1


def test_a_glob_stands_for_what_it_matches(prove, folder):
    write_policies(folder / "more" / "deep", 2)
    for pattern in ("more/**/*.json", "mor*", "more/**", "more/*/*.json"):
        found = json.loads(prove(pattern, "spec.yaml", "--format", "json").stdout)
        assert [one["policy"] for one in found["results"]] == [
            f"more/deep/0000{number}.json" for number in (0, 0, 1, 1)
        ]


def test_a_glob_that_matches_nothing_is_an_error(prove):
    found = prove("no*.json", "spec.yaml")
    assert found.returncode == 2
    assert "no file matches no*.json" in found.stderr


def test_a_second_run_takes_verdicts_from_the_cache(prove, folder):
    first = prove("policies", "spec.yaml", "--cache-dir", folder / "kept")
    again = prove("policies", "spec.yaml", "--cache-dir", folder / "kept", "--jobs", "2")
    assert "22 from the" in again.stdout
    assert steady(first.stdout) == re.sub(r",\s22\sfrom\sthe\scache", "", steady(again.stdout))
    anew = prove("policies", "spec.yaml", "--no-cache", POLICYCHECK_CACHE_DIR=folder / "kept")
    assert steady(anew.stdout) == steady(first.stdout)


def test_two_runs_at_once_share_a_cache(folder):
    command = [sys.executable, "-m", "policycheck", "prove", "policies", "spec.yaml", "-f", "json"]
    running = [
        subprocess.Popen(
            command,
            cwd=folder,
            env=settings(POLICYCHECK_CACHE_DIR=str(folder / "kept")),
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    texts = [one.communicate(timeout=120)[0] for one in running]
    told = [re.sub(r'\s*"cached": true,', "", steady(text)) for text in texts]
    assert told[0] == told[1]


def test_a_cache_that_cannot_be_used_is_one_note(prove, folder):
    (folder / "file").write_text("")
    found = prove("policies/00001.json", "spec.yaml", "--cache-dir", "file", "--jobs", "2")
    assert found.returncode in {0, 1}
    assert re.fullmatch(r"policycheck: working without the cache in .*\n", found.stderr)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--no-cache", "--cache-dir", "x"], "exclude each other"),
        (["--engine", "dask"], "go together"),
        (["--scheduler", "tcp://127.0.0.1:1"], "go together"),
        (["--jobs", "-1"], "-1 is not in the range"),
        (["--manifest", "estate.yaml"], "there are no policies as arguments"),
    ],
)
def test_a_wrong_call(prove, options, message):
    found = prove("policies", "spec.yaml", *options)
    assert found.returncode == 2
    assert message in found.stderr
    assert found.stdout == ""


MANIFEST = """
version: 1
defaults: {spec: spec.yaml, timeout: 20}
policies:
  - policies/00001.json
  - {policy: "policies/0000[23].json", assertions: [used]}
  - {policy: policies/00005.json}
  - {policy: policies/00004.json, spec: missing.yaml}
  - {policy: policies/00006.json, assertions: [usde]}
"""


def test_a_manifest_says_what_each_policy_is_judged_by(prove, folder):
    (folder / "estate.yaml").write_text(MANIFEST)
    found = prove("--manifest", "estate.yaml", "--format", "json", "--jobs", "2")
    assert found.returncode == 2
    judged = [(one["policy"], one["assertion"]) for one in json.loads(found.stdout)["results"]]
    assert judged == [
        ("policies/00001.json", "closed"),
        ("policies/00001.json", "used"),
        ("policies/00002.json", "used"),
        ("policies/00003.json", "used"),
    ]
    assert "estate.yaml:8:" in found.stderr
    errors = {one["message"] for one in json.loads(found.stdout)["errors"]}
    assert "spec.yaml: the spec has no assertion usde; did you mean used?" in errors
    assert "estate.yaml:9:" in found.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupted_run_prints_what_is_decided(folder, jobs):
    write_policies(folder / "many", 300, statements=6)
    options = ["--format", "json", "--jobs", jobs]
    with subprocess.Popen(
        [sys.executable, "-m", "policycheck", "prove", "many", "spec.yaml", *options],
        cwd=folder,
        env=settings(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        first = "".join(process.stdout.readline() for _ in range(30))
        os.killpg(process.pid, signal.SIGINT)
        data = json.loads(first + process.stdout.read())
        messages = process.stderr.read()
    assert process.returncode == 130
    Draft202012Validator(result_schema()).validate(data)
    assert data["summary"]["interrupted"] is True
    assert 0 < len(data["results"]) < 600
    assert {one.get("reason") for one in data["results"]} <= {None, "the run was interrupted"}
    assert "interrupted: inputs after those of the results were not looked at" in messages
    assert "Traceback" not in messages
    assert is_gone(process.pid)


def is_gone(group):
    """Whether no process of the group is left, after a while."""
    for _ in range(50):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False
