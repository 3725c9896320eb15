"""Writes docs/readings.md from policycheck/model/reading.py.

python docs/readings.py
"""

from __future__ import annotations

from pathlib import Path

from policycheck.model.reading import DISPUTES, Dispute, Reading

PAGE = Path(__file__).with_suffix(".md")
HEAD = """# Disputed rules

Written by `docs/readings.py` from `policycheck/model/reading.py`; do not edit.

AWS's pages contradict each other on some points and are silent on others. policycheck does not
pick one answer: each such rule is a reading with two answers, and a verdict has to hold under both.
If it does not, the worse verdict is reported and names the reading, with both answers and which of
them the request that is shown belongs to. `eval` and `explain`, which decide one request, use the
usual answer.

The points (such as X-8) refer to [semantics.md](semantics.md).
"""


def page() -> str:
    """The whole page."""
    return HEAD + "".join(_section(reading, DISPUTES[reading]) for reading in Reading)


def _section(reading: Reading, dispute: Dispute) -> str:
    return (
        f"\n## {reading.value}\n\n"
        f"- usual: {dispute.default}\n"
        f"- otherwise: {dispute.alternative}\n"
        f"- point {dispute.point}, source: {dispute.source}\n"
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
