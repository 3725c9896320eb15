"""A commented spec of what a policy guarantees today, proved before it is handed out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from textwrap import wrap

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from policycheck.analyse.repair.layout import Json
from policycheck.analyse.starter.closed import closed, sources_of
from policycheck.analyse.starter.material import Material
from policycheck.analyse.starter.open import opened
from policycheck.analyse.starter.proposal import (
    EVERYBODY,
    NOBODY,
    Proposal,
    closed_methods,
    no_new_access,
)
from policycheck.analyse.starter.remarks import (
    API,
    ARN,
    ASSERTIONS,
    AUTHORIZATION,
    DEFINE,
    ENDPOINT_KNOWN,
    ENDPOINT_UNKNOWN,
    VPC_HINT,
    VPC_KEYS,
)
from policycheck.analyse.starter.yaml_layout import flow, scalar, written
from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic, InputError, Source
from policycheck.model.assertion import AssertionKind, Spec
from policycheck.model.environment import Environment
from policycheck.model.policy import Policy
from policycheck.model.route import METHODS
from policycheck.model.shown import Shown
from policycheck.model.verdict import Report, Status
from policycheck.proving import prove
from policycheck.read.spec import parse_spec
from policycheck.report.characters import printable
from policycheck.solve.limits import Limits

SCHEMA = "spec.schema.json"
"""The file that the modeline names; ``policycheck schema`` prints it."""

_HEAD = (
    f"yaml-language-server: $schema={SCHEMA}",
    f"policycheck schema > {SCHEMA} writes the schema; editors then check this file.",
)
_COMMENT_WIDTH = 92


@dataclass(frozen=True)
class StarterSpec(Shown):
    """The text of a spec, and the proof of all its assertions."""

    text: str
    report: Report


def starter_spec(
    policy: Policy,
    environment: Environment | None = None,
    *,
    baseline: str | None = None,
    directory: Path | None = None,
    limits: Limits | None = None,
) -> StarterSpec:
    """A spec with assertions that are all proved of the policy.

    ``environment``: the endpoint type and the authorization, if they are known. ``baseline`` is
    the path of a policy for ``no_broader_than``, relative to ``directory``, where the spec will
    stand. Assertions that are violated, vacuous or not decided within ``limits`` (for each) are
    left out. Raises InputError if the baseline cannot be read or nothing is left.
    """
    known = environment or Environment()
    draft = _Draft(policy, known, Material(policy), limits or Limits())
    chosen = draft.chosen()
    if baseline is not None:
        chosen.append(no_new_access(baseline))
    while chosen:
        text = written(_sections(draft, chosen), _HEAD)
        spec = parse_spec(Source("<starter>", text), directory or Path())
        report = prove(policy, spec, draft.limits)
        failed = {v.assertion.id for v in report.verdicts if v.status is not Status.PROVED}
        if not failed:
            return StarterSpec(text, report)
        chosen = [one for one in chosen if one.id not in failed]
    raise InputError([_nothing(policy)])


def _nothing(policy: Policy) -> Diagnostic:
    message = f"nothing could be proved of {policy.name}, so there is no spec that holds today"
    return Diagnostic("NOTHING_PROVED", message, help="name a policy to compare with: --baseline")


@dataclass(frozen=True)
class _Draft:
    policy: Policy
    known: Environment
    material: Material
    limits: Limits

    def chosen(self) -> list[Proposal]:
        """The proposals that are proved, the first of each group."""
        if self._proved([NOBODY]):
            return [NOBODY]
        if self._proved([EVERYBODY]):
            return [EVERYBODY]
        sources = dict(sources_of(self.material, self.known))
        offered = [*closed(self.material, self.known), *opened(self.material, sources)]
        proved = self._proved([one for group in offered for one in group])
        taken = [next((one for one in group if one in proved), None) for group in offered]
        found = [one for one in taken if one is not None]
        order = list(AssertionKind)
        return sorted([*found, *self._methods(found)], key=lambda one: order.index(one.kind))

    def _methods(self, found: Iterable[Proposal]) -> Iterator[Proposal]:
        """Methods that nobody can use, unless the routes say so already."""
        if any(one.id == "only-these-routes" for one in found):
            return
        singles = [replace(closed_methods([verb]), id=verb) for verb in METHODS]
        if proved := [one.id for one in self._proved(singles)]:
            yield closed_methods(proved)

    def _proved(self, proposals: Sequence[Proposal]) -> list[Proposal]:
        """Those that are proved; each is read as if it stood alone."""
        specs: dict[str, Spec] = {}
        for index, one in enumerate(proposals):
            with suppress(InputError):
                specs[str(index)] = self._alone(one, str(index))
        if not specs:
            return []
        first = next(iter(specs.values()))
        assertions = tuple(spec.assertions[0] for spec in specs.values())
        report = prove(self.policy, replace(first, assertions=assertions), self.limits)
        holding = {v.assertion.id for v in report.verdicts if v.status is Status.PROVED}
        return [one for index, one in enumerate(proposals) if str(index) in holding]

    def _alone(self, one: Proposal, name: str) -> Spec:
        data: dict[str, Json] = {"version": 1, "api": self.facts}
        if one.define:
            data["define"] = one.define
        data["assertions"] = [{"id": name, one.kind.value: one.demand}]
        return parse_spec(Source("draft.json", json.dumps(data)), Path())

    @cached_property
    def facts(self) -> dict[str, Json]:
        """What is known about the API, as a spec has it."""
        facts: dict[str, Json] = {}
        if self.known.endpoint:
            facts["endpoint"] = self.known.endpoint.value
        facts["authorization"] = self.known.authorization.value
        if self.material.api and _is_api(self.material.api):
            facts["arn"] = self.material.api
        return facts


def _is_api(arn: str) -> bool:
    """Whether a spec takes the ARN for that of an API."""
    data = {"version": 1, "api": {"arn": arn}, "assertions": [{"id": "a", "never_allowed": {}}]}
    try:
        parse_spec(Source("draft.json", json.dumps(data)), Path())
    except InputError:
        return False
    return True


def _sections(draft: _Draft, chosen: Sequence[Proposal]) -> CommentedMap:
    sections = CommentedMap()
    sections["version"] = 1
    sections["api"] = _api(draft)
    sections.yaml_set_comment_before_after_key("api", before="\n" + _wrapped(API))
    define = {name: value for one in chosen for name, value in one.define.items()}
    if define:
        sections["define"] = CommentedMap({name: flow(one) for name, one in define.items()})
        sections.yaml_set_comment_before_after_key("define", before="\n" + _wrapped(DEFINE))
    sections["assertions"] = _assertions(chosen)
    sections.yaml_set_comment_before_after_key("assertions", before="\n" + _wrapped(ASSERTIONS))
    return sections


def _api(draft: _Draft) -> CommentedMap:
    facts = CommentedMap({name: scalar(value) for name, value in draft.facts.items()})
    for name, comment in _api_comments(draft):
        facts.yaml_set_comment_before_after_key(name, before=_wrapped(comment), indent=2)
    return facts


def _api_comments(draft: _Draft) -> Iterator[tuple[str, str]]:
    if draft.known.endpoint:
        yield "endpoint", ENDPOINT_KNOWN
        yield "authorization", AUTHORIZATION
    else:
        hint = VPC_HINT if draft.material.mentions(*VPC_KEYS) else ""
        yield "authorization", f"{ENDPOINT_UNKNOWN}{hint}\n{AUTHORIZATION}"
    if "arn" in draft.facts:
        yield "arn", ARN


def _assertions(chosen: Sequence[Proposal]) -> CommentedSeq:
    found = CommentedSeq()
    for place, one in enumerate(chosen):
        entry = CommentedMap(
            id=one.id,
            description=scalar(one.description),
            severity=one.severity.value,
        )
        entry[one.kind.value] = flow(one.demand)
        found.append(entry)
        found.yaml_set_comment_before_after_key(
            place, before=("\n" if place else "") + _wrapped(one.comment), indent=2
        )
    return found


def _wrapped(text: str) -> str:
    return "\n".join(
        line for part in text.split("\n") for line in wrap(printable(part), _COMMENT_WIDTH)
    )
