"""What is needed to report a disagreement, as files."""

from __future__ import annotations

import tempfile
from pathlib import Path

from policycheck.diagnostics import DisagreementError
from policycheck.report.characters import printable

_INPUTS = "the policy and the spec"


def to_report(error: DisagreementError) -> str:
    """What is to be reported with the lines of the error: the inputs, or a directory, which is
    made, with everything in it."""
    if not error.material:
        return _INPUTS
    try:
        directory = Path(tempfile.mkdtemp(prefix="policycheck-disagreement-"))
        for name, text in error.material.items():
            (directory / name).write_text(text, encoding="utf-8", errors="surrogatepass")
    except OSError as failure:
        return f"{_INPUTS} (they could not be written to a directory: {failure.strerror})"
    return f"with the files in {printable(str(directory))}"
