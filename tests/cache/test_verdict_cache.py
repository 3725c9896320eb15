"""Verdicts come back as they were, and only if everything that they rest on is the same."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from kept import LIMITS, POLICY, SPEC, change, entries, policy, spec, told

import policycheck as pc
from policycheck.cache import verdicts as cache_module
from policycheck.cache.store import FILE, _digest
from policycheck.cache.verdicts import open_cache


@pytest.fixture
def cache(tmp_path):
    found = open_cache(tmp_path)
    yield found
    found.close()


@pytest.fixture(scope="module")
def proved(tmp_path_factory):
    """A directory with the verdicts about one policy, and these verdicts."""
    directory = tmp_path_factory.mktemp("proved")
    found = open_cache(directory)
    verdicts = pc.prove(policy(), spec(), cache=found).verdicts
    found.close()
    return directory, verdicts


@pytest.fixture
def filled(proved, tmp_path):
    """A cache with the verdicts about one policy, and these verdicts."""
    directory, verdicts = proved
    shutil.copy(directory / FILE, tmp_path)
    found = open_cache(tmp_path)
    yield found, verdicts
    found.close()


def recalled(cache, asked=None):
    return cache.recall(policy(), asked or spec(), LIMITS)


def all_anew(verdicts):
    return not any(one.cached for one in verdicts)


def test_verdicts_come_back_as_they_were(filled):
    cache, first = filled
    again = pc.prove(policy(), spec(), cache=cache).verdicts
    assert all(one.cached for one in again)
    assert told(again) == told(first)
    assert {one.status for one in again} == set(pc.Status) - {pc.Status.UNKNOWN}


def test_statements_are_those_of_the_policy_at_hand(filled):
    cache, _ = filled
    laid_out = policy(indent=4, name="elsewhere.json")
    again = pc.prove(laid_out, spec(), cache=cache).verdicts
    assert all(one.cached for one in again)
    assert all(one.policy is laid_out for one in again)
    shown = next(one for one in again if one.assertion.id == "violated").because
    assert [str(one.span).partition(":")[0] for one in shown] == ["elsewhere.json"] * len(shown)
    assert {one.span.line for one in shown} != {1}


def changed_policy():
    data = json.loads(json.dumps(POLICY))
    data["Statement"][1]["Condition"]["NotIpAddress"]["aws:SourceIp"] = "203.0.113.0/25"
    return data


@pytest.mark.parametrize(
    ("given", "asked", "limits"),
    [
        (policy(changed_policy()), spec(), LIMITS),
        (policy(), spec(SPEC.replace("regional", "edge")), LIMITS),
        (policy(), spec(SPEC.replace("regional}", "regional, authorization: iam}")), LIMITS),
        (policy(), spec(SPEC.replace("8.8.8.8", "8.8.4.4")), LIMITS),
        (policy(), spec(SPEC + "  - {id: more, never_allowed: {stage: x}}\n"), LIMITS),
        (policy(), spec(SPEC.replace("present}}", "present}, allow_vacuous: true}")), LIMITS),
        (policy(), spec(SPEC + "workflow: {authorizer: lambda}\n"), LIMITS),
        (policy(), spec(), replace(LIMITS, seconds=7.0)),
    ],
)
def test_another_question_is_decided_anew(filled, given, asked, limits):
    cache, _ = filled
    assert cache.recall(given, asked, limits) == (None,) * len(asked.assertions)


def baseline_spec(folder, text):
    (folder / "baseline.json").write_text(text)
    (folder / "spec.yaml").write_text(
        "version: 1\nassertions: [{id: same, equivalent_to: baseline.json}]\n"
    )
    return pc.load_spec(folder / "spec.yaml")


def test_another_baseline_is_decided_anew(cache, tmp_path):
    pc.prove(policy(), baseline_spec(tmp_path, json.dumps(POLICY)), cache=cache)
    other = baseline_spec(tmp_path, json.dumps(changed_policy()))
    (found,) = pc.prove(policy(), other, cache=cache).verdicts
    assert (found.cached, found.status) == (False, pc.Status.VIOLATED)


def test_another_workflow_policy_is_decided_anew(cache, tmp_path):
    identity = json.loads(json.dumps(POLICY))
    for one in identity["Statement"]:
        del one["Principal"]
        one["Resource"] = "arn:aws:execute-api:*:*:*"

    def asked():
        (tmp_path / "identity.json").write_text(json.dumps(identity))
        (tmp_path / "spec.yaml").write_text(
            SPEC + "workflow: {authorizer: iam, identity_policies: [identity.json]}\n"
        )
        return pc.load_spec(tmp_path / "spec.yaml")

    first = pc.prove(policy(), asked(), cache=cache).verdicts
    assert all(one.cached for one in pc.prove(policy(), asked(), cache=cache).verdicts)
    assert told(pc.prove(policy(), asked(), cache=cache).verdicts) == told(first)
    identity["Statement"].pop()
    assert all_anew(pc.prove(policy(), asked(), cache=cache).verdicts)


def test_another_program_is_asked_anew(filled, tmp_path):
    cache, _ = filled
    other = replace(cache, program=bytes(32))
    assert all_anew(pc.prove(policy(), spec(), cache=other).verdicts)


def test_unknown_verdicts_are_not_kept(cache, tmp_path):
    limits = pc.Limits(seconds=1e-9)
    (first, *_) = pc.prove(policy(), spec(), limits, cache=cache).verdicts
    assert first.status is pc.Status.UNKNOWN
    assert entries(tmp_path) == []


def test_what_is_unknown_alone_is_decided_again(filled, tmp_path, monkeypatch):
    cache, first = filled
    (entry,) = entries(tmp_path)
    data = json.loads(entry[2])
    data[1] = None
    forge(tmp_path, data)
    again = pc.prove(policy(), spec(), cache=cache).verdicts
    assert [one.cached for one in again] == [True, False, True, True, True]
    assert told(again) == told(first)


def forge(directory, data):
    """Puts other verdicts in the place of those kept, with the right digest."""
    ((key, _, _),) = entries(directory)
    payload = json.dumps(data).encode()
    change(directory, payload=payload, digest=_digest(key, payload))


@pytest.mark.parametrize("place", [0, 10, -2])
def test_a_flipped_bit_is_found_out(filled, tmp_path, place):
    cache, first = filled
    ((_, _, payload),) = entries(tmp_path)
    flipped = bytearray(payload)
    flipped[place] ^= 1
    change(tmp_path, payload=bytes(flipped))
    again = pc.prove(policy(), spec(), cache=cache).verdicts
    assert all_anew(again)
    assert told(again) == told(first)
    assert entries(tmp_path)[0][2] == payload


def test_a_forged_proof_with_a_wrong_digest_is_not_believed(filled, tmp_path):
    cache, _ = filled
    proved = json.dumps([{"status": "proved", "readings": [], "because": []}] * 5).encode()
    change(tmp_path, payload=proved)
    again = pc.prove(policy(), spec(), cache=cache).verdicts
    assert all_anew(again)
    assert again[1].status is pc.Status.VIOLATED


def test_an_entry_of_another_question_is_not_believed(filled, tmp_path):
    cache, _ = filled
    asked = spec(SPEC.replace("203.0.113.9", "8.8.4.4"))
    change(tmp_path, key=cache._key(policy(), asked, LIMITS))
    again = pc.prove(policy(), asked, cache=cache).verdicts
    assert all_anew(again)
    assert again[1].status is pc.Status.PROVED


REQUEST = {
    "resource": "arn:aws:execute-api:us-east-1:123456789012:abcdef1234/prod/GET/",
    "context": {"aws:SourceIp": "8.8.8.8"},
}


@pytest.mark.parametrize(
    "one",
    [
        {"status": "violated", "request": REQUEST, "readings": []},
        {"status": "violated", "request": {"resource": 7}, "readings": []},
        {"status": "violated", "request": REQUEST, "readings": ["no-such-reading"]},
        {"status": "violated", "readings": [], "because": []},
        {"status": "proved", "request": REQUEST, "readings": []},
        {"status": "proved", "readings": [], "because": [7]},
        {"status": "proved", "readings": [], "because": [1, 0]},
        {"status": "proved", "readings": [], "because": [True]},
        {"status": "proved", "readings": [], "because": [-1]},
        {"status": "proved", "readings": [], "because": [0], "reason": 7},
        {"status": "proved", "readings": [], "because": {}},
        {"status": "proved", "because": [0]},
        {"status": "unknown", "readings": [], "because": []},
        {"status": "sound"},
        {},
        7,
        [],
    ],
)
def test_what_does_not_fit_is_not_believed_even_with_the_right_digest(filled, tmp_path, one):
    cache, _ = filled
    ((_, _, payload),) = entries(tmp_path)
    data = json.loads(payload)
    data[1] = one
    forge(tmp_path, data)
    assert recalled(cache) == (None,) * 5
    assert entries(tmp_path) == []


@pytest.mark.parametrize("data", [[], [None] * 4, {}, None])
def test_another_number_of_verdicts_is_not_believed(filled, tmp_path, data):
    cache, _ = filled
    forge(tmp_path, data)
    assert recalled(cache) == (None,) * 5


def test_an_example_with_a_time_is_one_of_the_day(cache, monkeypatch):
    asked = spec(
        'version: 1\nassertions:\n  - {id: day, never_allowed: {time: {daily: "09:00-17:00"}}}\n'
    )
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    pc.prove(policy(), asked, cache=cache)
    assert pc.prove(policy(), asked, cache=cache).verdicts[0].cached
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    (found,) = pc.prove(policy(), asked, cache=cache).verdicts
    assert not found.cached
    assert found.counterexample.request.context["aws:CurrentTime"].startswith("2027-01-")


def test_nothing_is_kept_if_a_library_has_no_version(tmp_path, monkeypatch):
    monkeypatch.setattr(cache_module, "program", lambda: None)
    with pytest.raises(pc.CacheError, match="cannot be told"):
        open_cache(tmp_path)


UNLOADED = """
import sys
import policycheck as pc
cache = pc.open_cache(sys.argv[1])
sys.path.insert(0, sys.argv[2])
from kept import policy, spec
report = pc.prove(policy(), spec(), cache=cache)
print(all(one.cached for one in report.verdicts), "z3" in sys.modules)
"""


def test_kept_verdicts_do_not_load_the_solver(filled, tmp_path):
    found = subprocess.run(
        [sys.executable, "-c", UNLOADED, tmp_path, Path(__file__).parent],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.split() == ["True", "False"]


def test_the_file_belongs_to_the_user_alone(tmp_path):
    open_cache(tmp_path / "new" / "cache").close()
    assert (tmp_path / "new" / "cache").stat().st_mode & 0o077 == 0
    assert (tmp_path / "new" / "cache" / FILE).exists()
