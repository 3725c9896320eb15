"""What comes back from the work on one input."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from typing import Any

from policycheck.dataclass import dataclass
from policycheck.diagnostics import (
    Diagnostic,
    DisagreementError,
    InputError,
    PolicycheckError,
)
from policycheck.model.tally import Tally
from policycheck.report.characters import printable, shorten

_LONGEST = 300
"""How many characters of an unexpected error are told in reports."""


@dataclass(frozen=True)
class Outcome:
    """What is to be printed about one input, and what counts of it.

    ``pieces`` belong to the results, ``lists`` to the lists that follow them in JSON (``errors``
    and others), ``messages`` to standard error; ``tally`` counts. ``defect``: an error of
    policycheck, and what is printed says that nothing is decided. ``interrupted``: the run was
    stopped while it was at this input. ``whole`` is what was found itself, if a report is wanted
    that is made at the end.
    """

    pieces: tuple[str, ...] = ()
    lists: Mapping[str, Sequence[Mapping[str, object]]] = field(default_factory=dict)
    messages: str = ""
    tally: Any = field(default_factory=Tally)
    defect: Exception | None = None
    interrupted: bool = False
    whole: Any = None


def failing(told: Callable[[InputError], Outcome], error: Exception, name: str) -> Outcome:
    """What comes of an input that policycheck failed on: the error, and in the place of results
    what ``told`` makes of an input error."""
    return replace(told(_undecided(error, name)), defect=portable(error, name))


def portable(error: Exception, name: str) -> Exception:
    """An error that can travel between processes, with the name of the input it is about."""
    if isinstance(error, DisagreementError):
        return type(error)(f"{name}:\n{error}", error.material)
    if isinstance(error, PolicycheckError) or type(error).__module__ == "builtins":
        return error
    return RuntimeError(f"{type(error).__name__}: {error}")


def _undecided(error: Exception, name: str) -> InputError:
    """What reports have in the place of results about an input that policycheck failed on."""
    if isinstance(error, DisagreementError):
        what = f"{error.parties} disagree"
    else:
        what = shorten(printable(f"{type(error).__name__}: {error}"), _LONGEST).rstrip(": ")
    message = f"nothing is decided about {name}, by an internal error: {what}"
    return InputError([Diagnostic("INTERNAL_ERROR", message)])


def raise_unwritten(defects: Sequence[Exception]) -> None:
    """Raises the first of them that is of a file which could not be written."""
    for one in defects:
        if isinstance(one, OSError):
            raise one


def raise_defects(defects: Sequence[Exception]) -> None:
    """Raises the first of the errors that single inputs showed; disagreements all in one."""
    disagreements = [one for one in defects if isinstance(one, DisagreementError)]
    if disagreements:
        raise _together(disagreements)
    if defects:
        raise defects[0]


def _together(errors: Sequence[DisagreementError]) -> DisagreementError:
    """All in one, of the kind of the first; what each has to report is told apart by a number."""
    material = {
        (f"{number}-{name}" if len(errors) > 1 else name): text
        for number, error in enumerate(errors, 1)
        for name, text in error.material.items()
    }
    return type(errors[0])("\n".join(map(str, errors)), material)
