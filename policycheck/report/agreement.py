"""Whether the two readings of AWS agree on a policy."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Protocol

from policycheck.model.reading import Reading
from policycheck.model.request import Request
from policycheck.model.request_form import request_to_data
from policycheck.report.page import Page, Style
from policycheck.report.requests import block
from policycheck.version import __version__

VERSION = 1
"""The version of the form of the JSON text."""


class Disagreement(Protocol):
    """A request on which the two readings differ: ``subject`` was asked about it.

    ``concrete`` and ``symbolic`` are the answers, under the disputed rules ``readings``.
    """

    @property
    def request(self) -> Request: ...  # noqa: D102
    @property
    def readings(self) -> frozenset[Reading]: ...  # noqa: D102
    @property
    def concrete(self) -> str: ...  # noqa: D102
    @property
    def symbolic(self) -> str: ...  # noqa: D102
    @property
    def subject(self) -> str: ...  # noqa: D102


def render_json(policy: str, seed: int, examples: int, found: Sequence[Disagreement]) -> str:
    """The comparison for programs; ``examples`` requests were compared."""
    data = {
        "version": VERSION,
        "tool": f"policycheck {__version__}",
        "policy": policy,
        "seed": seed,
        "examples": examples,
        "disagreements": [
            {
                "subject": one.subject,
                "request": request_to_data(one.request),
                "concrete": one.concrete,
                "symbolic": one.symbolic,
                "readings": _names(one),
            }
            for one in found
        ],
    }
    return json.dumps(data, indent=2) + "\n"


def render_text(
    examples: int, found: Sequence[Disagreement], page: Page, asked: int | None = None
) -> str:
    """The comparison for people; ``asked`` is how many requests were to be compared."""
    lines: list[str] = []
    for one in found:
        under = f", reading AWS by {', '.join(names)}" if (names := _names(one)) else ""
        says = f"{one.subject}: concretely {one.concrete}, symbolically {one.symbolic}{under}"
        lines += [*page.paragraph(says, "DISAGREEMENT  ", Style.BAD), ""]
        lines += [*block(one.request, page, 4), ""]
    count = f"{len(found) or 'no'} disagreement{'' if len(found) == 1 else 's'}"
    lines.append(f"{examples} request{'' if examples == 1 else 's'} compared: {count}")
    if asked is not None and examples < asked and not found:
        few = f"{asked:,} were asked for, but few near the policy were found that can exist"
        lines += page.paragraph(few)
    return "".join(f"{line}\n" for line in lines)


def _names(found: Disagreement) -> list[str]:
    return sorted(reading.value for reading in found.readings)
