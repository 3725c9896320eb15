"""An assertion that a policy may meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field

from policycheck.analyse.repair.layout import Json
from policycheck.analyse.starter.material import Route
from policycheck.dataclass import dataclass
from policycheck.model.assertion import AssertionKind, Severity

NEVER, ALWAYS, SOMETIMES = (
    AssertionKind.NEVER_ALLOWED,
    AssertionKind.ALWAYS_ALLOWED,
    AssertionKind.SOMETIMES_ALLOWED,
)


@dataclass(frozen=True)
class Proposal:
    """An assertion for a spec, if it is proved.

    ``demand`` is the predicate as a spec has it; names in it are those of ``define``.
    ``comment`` says in plain language what it means and when to change it.
    """

    id: str
    kind: AssertionKind
    demand: Json
    severity: Severity
    description: str
    comment: str
    define: dict[str, Json] = field(default_factory=dict)


Group = tuple[Proposal, ...]
"""Proposals of which the first one that is proved is taken."""

NOBODY = Proposal(
    "nobody-gets-in",
    NEVER,
    {},
    Severity.INFO,
    "No request at all is allowed",
    "The policy allows nothing, to nobody. When it is to let somebody in, replace this.",
)
EVERYBODY = Proposal(
    "open-to-everybody",
    ALWAYS,
    {},
    Severity.INFO,
    "Every request is allowed",
    "The policy lets everybody in, whatever they call. If that is not meant, take this out and say "
    "with never_allowed what is to be closed.",
)


def no_new_access(baseline: str) -> Proposal:
    """That a policy allows nothing that a reviewed one does not."""
    return Proposal(
        "no-new-access",
        AssertionKind.NO_BROADER_THAN,
        baseline,
        Severity.HIGH,
        "The policy allows nothing that the reviewed policy does not",
        f"The last line of defence: {baseline} is the reviewed policy. Keep it as a copy, and "
        "replace it when a review has passed; a policy compared with itself always holds.",
    )


def predicates(routes: Sequence[Route]) -> tuple[Json, ...]:
    """The routes part by part, if all have parts; and as globs over whole ARNs."""
    globs: Json = {"resource": [route.glob for route in routes]}
    parts = [route.parts for route in routes if route.parts]
    if len(parts) != len(routes):
        return (globs,)
    plain: Json = dict(parts[0]) if len(parts) == 1 else {"any_of": [dict(p) for p in parts]}
    return (plain, globs)


def closed_methods(methods: Sequence[str]) -> Proposal:
    """That nobody can use some methods."""
    return Proposal(
        "closed-methods",
        NEVER,
        {"method": list(methods)},
        Severity.MEDIUM,
        "Nobody can use these methods",
        "A method that is to be opened has to be taken out here.",
    )
