"""Proofs of cvc5 as files that a checker reads.

Format: the Cooperating Proof Calculus, https://cvc5.github.io/docs/latest/proofs/output_cpc.html.
A step by the rule ``trust`` has no justification: its conclusion is to be believed.
"""

from __future__ import annotations

import hashlib
import re
import signal
from pathlib import Path

from policycheck.atomic_file import replacing_file
from policycheck.interrupts import postponed
from policycheck.model.certificate import Answer
from policycheck.solve.claims import Claim

_QUOTED = re.compile(r'"(?:[^"]|"")*"|\|[^|]*\||;[^\n]*')
"""Texts, quoted symbols and comments, in which anything may stand."""
_TRUST = re.compile(r":rule\s+trust(?![^\s()])")
_NO_FILE_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST = 60


def trusted(proof: str) -> int:
    """How many steps of a proof are by the rule ``trust``."""
    return len(_TRUST.findall(_QUOTED.sub('""', proof)))


def written(answer: Answer, claim: Claim, proof: str, name: str, directory: Path) -> Answer:
    """The answer with the files that its script and its proof were written to.

    ``name`` begins the names of the files, with what tells other scripts apart behind it. Raises
    OSError if a file cannot be written.
    """
    digest = hashlib.sha256(claim.script.encode()).hexdigest()[:12]
    plain = _NO_FILE_NAME.sub("_", name).strip("._")[-_LONGEST:]
    stem = f"{plain}-{digest}"
    script, file = directory / f"{stem}.smt2", directory / f"{stem}.cpc"
    _write(script, f"; {claim.sentence}\n{claim.script}")
    _write(file, f"; cvc5's proof of {script.name}\n; {claim.sentence}\n{_commands(proof)}\n")
    return Answer(answer.claim, answer.expected, answer.answer, script, file, trusted(proof))


def _commands(proof: str) -> str:
    """The commands of a proof, without the parentheses around all of them."""
    text = proof.strip()
    return text[1:-1].strip() if text.startswith("(\n") else text


def _write(path: Path, text: str) -> None:
    """Other processes may write the same file. An OSError names it, also if the disk is full."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with postponed(signal.SIGTERM), replacing_file(path) as file:
            file.write(text.encode())
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
