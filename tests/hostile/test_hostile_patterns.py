"""Patterns made to blow automata and regular expressions up: an answer or UNKNOWN, soon."""

import json

import pytest
from command_line import ALLOW, API, policy_text

LONG = {"aws:Referer": "a" * 10_000, "aws:UserAgent": "a" * 10_000}
HIT = {"resource": f"{API}/a/GET/{'a' * 400}", "context": LONG}


def deny(**elements):
    return {**ALLOW, "Sid": "No", "Effect": "Deny", **elements}


def like(*patterns, operator="StringLike"):
    return deny(Condition={operator: {"aws:Referer": list(patterns)}})


STARS = ["*a" * count + "*b" for count in range(1, 150)]
WINDOWS = [f"*{'?' * count}a{'?' * (200 - count)}*" for count in range(1, 100)]
POLICIES = {
    "stars": [ALLOW, like(*STARS)],
    "windows": [ALLOW, like(*WINDOWS), like(*WINDOWS, operator="StringNotLike")],
    "paths": [
        {**ALLOW, "Resource": [f"execute-api:/*{'a*' * n}b/GET/*" for n in range(1, 60)]},
        deny(Resource=[f"execute-api:/*/GET/{'*a' * n}*" for n in range(1, 60)]),
    ],
    "questions": [ALLOW, deny(Resource="execute-api:/" + "?" * 1400)],
    "long": [ALLOW, like("?" * 3_000 + "*" + "?" * 3_000)],
    "interleaved": [ALLOW, like("*a?" * 300 + "b"), like("*?a" * 300 + "c")],
    "variables": [ALLOW, like("${aws:UserAgent}*${aws:UserAgent}" * 20 + "x", "*${aws:Referer}*")],
}


@pytest.mark.parametrize("name", POLICIES)
def test_patterns_that_blow_up(folder, run, name):
    (folder / "hostile.json").write_text(policy_text(*POLICIES[name]))
    (folder / "hit.json").write_text(json.dumps(HIT))
    lines = [
        ("eval", "hostile.json", "hit.json"),
        ("explain", "hostile.json", "hit.json"),
        ("prove", "hostile.json", "spec.yaml", "-t", "2", "-a", "closed"),
        ("reach", "hostile.json", "-t", "2"),
    ]
    decided, told, proved, reached = run(*lines, seconds=30)
    assert decided.code == told.code == 0, decided.text
    assert decided.seconds < 5
    assert proved.code in {0, 1, 3}, proved.text
    assert reached.code in {0, 3}, reached.text
    for done in (proved, reached):
        assert done.kibibytes < 1024 * 1024


def test_lint_of_many_entries_has_an_end(folder, run):
    """Each of the questions is easy, and there are too many of them."""
    resources = [f"execute-api:/a/GET/{number}" for number in range(1_500)]
    (folder / "many.json").write_text(policy_text({**ALLOW, "Resource": resources}))
    (done,) = run(("lint", "many.json", "-t", "0.1"), seconds=60)
    assert done.code in {1, 3}, done.text
    assert "questions undecided" in done.text
