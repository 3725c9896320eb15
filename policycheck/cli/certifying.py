"""The options --certify and --proof, and what they stand for."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from policycheck.cli.fleet import Fleet
from policycheck.dataclass import dataclass

if TYPE_CHECKING:
    from policycheck.certifying.certifier import Certifier

Run = Callable[..., int]


@dataclass(frozen=True)
class Certification:
    """Whether a second solver is asked, and the directory for its proofs, if they are wanted."""

    wanted: bool = False
    proofs: Path | None = None

    def check(self, fleet: Fleet) -> None:
        """Raises UsageError or InputError, before anything is done, if it cannot be."""
        if not self.wanted:
            if self.proofs is not None:
                raise click.UsageError("--proof needs --certify")
            return
        if self.proofs is not None and fleet.scheduler is not None:
            raise click.UsageError("--proof writes to this machine: not with --engine dask")
        from policycheck.solve.second_solver import require_cvc5  # noqa: PLC0415

        require_cvc5()
        if self.proofs is not None:
            try:
                self.proofs.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise click.FileError(str(self.proofs), error.strerror) from error

    def certifier(self) -> Certifier | None:
        """What asks the second solver; nothing is loaded if that is not wanted."""
        if not self.wanted:
            return None
        from policycheck.certifying.certifier import Certifier  # noqa: PLC0415

        return Certifier(self.proofs)


def certification(run: Run) -> Run:
    """Adds --certify and --proof, as ``certification``."""

    @functools.wraps(run)
    def command(*, certify: bool, proof: Path | None, **parameters: Any) -> int:
        return run(certification=Certification(certify, proof), **parameters)

    return _certify(_proof(command))


_certify = click.option(
    "--certify",
    is_flag=True,
    help="Ask cvc5 about every verdict as well (docs/certify.md). One that is proved and that "
    "cvc5 does not confirm counts as unknown. Kept verdicts are not used.",
)
_proof = click.option(
    "--proof",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="With --certify: write cvc5's proofs, and what they prove, into DIR.",
)
