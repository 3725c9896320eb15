"""Manifests: what they say, and what is wrong with them."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import policycheck as pc
from policycheck.model.manifest import Entry
from policycheck.read.manifest import parse_manifest
from policycheck.read.schema import manifest_schema


def manifest(text, name="estate.yaml"):
    return parse_manifest(pc.Source(name, text), Path("estate"))


def test_entries_have_the_defaults_unless_they_say_otherwise():
    found = manifest(
        "version: 1\n"
        "defaults: {spec: spec.yaml, assertions: [a, b], timeout: 5}\n"
        "policies:\n"
        "  - one.json\n"
        "  - {policy: two/*.json, spec: ../other.yaml, assertions: c, timeout: 0.5}\n"
    )
    assert found.entries == (
        Entry("estate/one.json", Path("estate/spec.yaml"), ("a", "b"), 5.0),
        Entry("estate/two/*.json", Path("other.yaml"), ("c",), 0.5),
    )


def test_a_manifest_in_json():
    text = json.dumps({"version": 1, "policies": [{"policy": "/a.json", "spec": "/s.yaml"}]})
    assert manifest(text, "estate.json").entries == (Entry("/a.json", Path("/s.yaml")),)


WRONG = [
    ("[]", "1:1", "a manifest must be a mapping"),
    ("policies: [a.json]", "1:1", "this manifest has no version"),
    ("version: 2\npolicies: [a.json]", "1:10", "this is no version of manifests"),
    ("version: 1", "1:1", "this manifest has no policies"),
    ("version: 1\npolicies: []", "2:11", "a manifest without a policy"),
    ("version: 1\npolicies: a.json", "2:11", "policies must be a list"),
    ("version: 1\npolicies: [7]", "2:12", "an entry must be a mapping"),
    ("version: 1\npolicies: [{spec: s.yaml}]", "2:13", "this entry has no policy"),
    ("version: 1\npolicies: [{policy: '-'}]", "2:21", "cannot come from standard input"),
    ("version: 1\npolicies: [{policy: a, spce: b}]", "2:24", 'an entry has no field "spce"'),
    ("version: 1\npolicies: [{policy: a, timeout: 0}]", "2:33", "a timeout of 0 seconds"),
    ("version: 1\npolicies: [{policy: a, timeout: ten}]", "2:33", "timeout must be a number"),
    ("version: 1\npolicies: [{policy: a, assertions: []}]", "2:36", "assertions is an empty list"),
    ("version: 1\ndefaults: [x]\npolicies: [a]", "2:11", "defaults must be a mapping"),
    ("version: 1\npolicies: [a\n", "", ""),
]


@pytest.mark.parametrize(("text", "place", "message"), WRONG)
def test_what_is_wrong_is_said_with_its_place(text, place, message):
    with pytest.raises(pc.InputError) as caught:
        manifest(text)
    first = caught.value.diagnostics[0]
    assert message in first.message
    assert not place or str(first.span) == f"estate.yaml:{place}"


def accepted(data):
    return Draft202012Validator(manifest_schema()).is_valid(data)


def test_what_the_schema_refuses_the_reader_refuses_too():
    good = {"version": 1, "policies": ["a.json", {"policy": "b", "spec": "s", "timeout": 3}]}
    assert accepted(good)
    assert manifest(json.dumps(good), "estate.json")
    for change in ({"version": 2}, {"policies": []}, {"more": 1}, {"policies": [{"spec": "s"}]}):
        bad = {**good, **change}
        assert not accepted(bad)
        with pytest.raises(pc.InputError):
            manifest(json.dumps(bad), "estate.json")
