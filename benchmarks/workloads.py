"""The questions that every solver is asked: one assertion about one policy each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import adversarial
import generator

import policycheck as pc

API = "arn:aws:execute-api:us-east-1:123456789012:abcdef1234"
CALLER = "arn:aws:iam::000000000001:role/r1"
CALLED = f"{API}/prod/GET/pets"

_REGIONAL = {"endpoint": "regional"}
_ONE_CALLER = {"endpoint": "regional", "authorization": "iam", "arn": API}
ASSERTIONS = (
    {"id": "closed", "never_allowed": {"stage": "prod", "source_ip": "public"}},
    {"id": "open", "always_allowed": {"stage": "prod", "source_ip": "198.51.100.0/24"}},
    {"id": "reads-open", "sometimes_allowed": {"stage": "prod", "method": "GET"}},
    {"id": "admin-closed", "never_allowed": {"path": "/admin/*", "source_ip": "public"}},
)


@dataclass(frozen=True)
class Question:
    """One assertion about one policy, as texts; ``size``: statements, 0 where they differ.

    ``point``: the caller and the resource, where the question is about one of each.
    """

    workload: str
    size: int
    policy: str
    spec: str
    point: tuple[str, str] | None = None

    def parsed(self) -> tuple[pc.Policy, pc.Spec]:
        """The policy and the spec."""
        policy = pc.parse_policy(pc.Source("policy.json", self.policy))
        return policy, pc.parse_spec(pc.Source("spec.json", self.spec), Path())


def questions(sizes: tuple[int, ...], count: int, folder: Path | None) -> Iterator[Question]:
    """All questions, workload by workload, the small sizes first."""
    for variables in (False, True):
        name = "random, with variables" if variables else "random"
        for size in sizes:
            for seed in range(count):
                policy = generator.policy(size, seed, variables=variables)
                yield from _asked(name, size, policy)
    for size in sizes:
        for seed in range(count):
            yield _about_one_caller(size, generator.policy(size, seed))
    for name, family in adversarial.FAMILIES.items():
        for size in sizes:
            policy, predicate = family(size)
            for kind in ("never_allowed", "always_allowed"):
                yield _question(name, size, policy, {"id": kind, kind: predicate}, _REGIONAL)
    if folder is not None:
        yield from _found(folder)


def _asked(workload: str, size: int, policy: dict[str, Any]) -> Iterator[Question]:
    for assertion in ASSERTIONS:
        yield _question(workload, size, policy, assertion, _REGIONAL)


def _question(
    workload: str,
    size: int,
    policy: dict[str, Any],
    assertion: dict[str, Any],
    api: dict[str, Any],
) -> Question:
    spec = {"version": 1, "api": api, "assertions": [{"allow_vacuous": True, **assertion}]}
    return Question(workload, size, json.dumps(policy), json.dumps(spec))


def _about_one_caller(size: int, policy: dict[str, Any]) -> Question:
    """May this role get that path at all? IAMSpy can be asked that."""
    path = CALLED.removeprefix(API)
    parts = dict(zip(("stage", "method", "path"), path[1:].split("/", 2), strict=True))
    parts["path"] = "/" + parts["path"]
    asked = {"id": "one-caller", "sometimes_allowed": {**parts, "principal": CALLER}}
    made = _question("one caller", size, policy, asked, _ONE_CALLER)
    return Question(made.workload, size, made.policy, made.spec, (CALLER, CALLED))


def _found(folder: Path) -> Iterator[Question]:
    """Two questions about each policy of the folder that can be read."""
    for file in sorted(folder.glob("*.json")):
        try:
            text = file.read_text(encoding="utf-8")
            pc.parse_policy(pc.Source(file.name, text))
            policy = json.loads(text)
        except (pc.InputError, ValueError):
            continue
        for assertion in (ASSERTIONS[0], ASSERTIONS[2]):
            yield _question("corpus", 0, policy, assertion, _REGIONAL)
