"""How much a question may cost before the answer is "unknown"."""

from __future__ import annotations

import math
import time
from dataclasses import field

from policycheck.dataclass import dataclass

_LONGEST = 4_000_000.0
"""Seconds whose milliseconds fit into 32 bits."""


@dataclass(frozen=True)
class Limits:
    """Limits for one assertion.

    ``seconds``: wall-clock time. ``glob_states``: states of a product automaton for one symbol.
    ``rounds``: exchanges between Z3 and the texts. ``probes``: concrete requests that try to refute
    a proof. ``reading_combinations``: combinations of disputed rules that a ``sometimes_allowed``
    is checked under. ``memory``: what Z3 may take in this process, in MiB; it does not bear less
    than 64.
    """

    seconds: float = 60.0
    glob_states: int = 20_000
    rounds: int = 20_000
    probes: int = 200
    reading_combinations: int = 256
    memory: int = 2048


class UndecidedError(Exception):
    """A question went over its limits; the text says which."""


class ExhaustedError(UndecidedError):
    """There was not enough memory; the solver that ran out of it is not to be asked again."""


@dataclass
class Deadline:
    """The point in time at which the work on an assertion ends."""

    seconds: float
    started: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> float:
        """Seconds that are left, at least 0."""
        return max(0.0, self.started + self.seconds - time.monotonic())

    @property
    def milliseconds(self) -> int:
        """What is left as Z3 takes it: rounded up, so that Z3 never gives up before the deadline,
        which would look like an interruption, and no more than its integers hold."""
        return int(min(self.left, _LONGEST) * 1000) + 2

    def check(self) -> None:
        """Raise :class:`UndecidedError` when the time is up."""
        if self.left <= 0:
            raise UndecidedError(f"the time limit of {self.seconds:g} seconds was reached")


NEVER = Deadline(math.inf)
"""The deadline of work that is not limited in time."""
