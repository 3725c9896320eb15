"""Whether the two readings of AWS agree on a policy."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Protocol

from policycheck.model.request import Request
from policycheck.report.json_results import request_data
from policycheck.report.page import Page, Style
from policycheck.report.requests import block
from policycheck.version import __version__

VERSION = 1
"""The version of the form of the JSON text."""


class Disagreement(Protocol):
    """A request on which the two readings differ, and what each of them says."""

    @property
    def request(self) -> Request:
        """The request."""

    @property
    def concrete(self) -> object:
        """What the concrete evaluator says."""

    @property
    def symbolic(self) -> object:
        """What the encoding for the solver says."""


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
                "request": request_data(one.request),
                "concrete": str(one.concrete),
                "symbolic": str(one.symbolic),
            }
            for one in found
        ],
    }
    return json.dumps(data, indent=2) + "\n"


def render_text(examples: int, found: Sequence[Disagreement], page: Page) -> str:
    """The comparison for people."""
    lines: list[str] = []
    for one in found:
        says = f"concretely {one.concrete}, symbolically {one.symbolic}"
        lines += [*page.paragraph(says, "DISAGREEMENT  ", Style.BAD), ""]
        lines += [*block(one.request, page, 4), ""]
    count = f"{len(found) or 'no'} disagreement{'' if len(found) == 1 else 's'}"
    lines.append(f"{examples} requests compared: {count}")
    return "".join(f"{line}\n" for line in lines)
