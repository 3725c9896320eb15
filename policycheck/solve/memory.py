"""How much memory Z3 may take before the answer is "unknown"."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import z3

from policycheck.solve.limits import ExhaustedError, Limits

_SETTING = "memory_max_size"
_OUT_OF_MEMORY = ("out of memory", "model is not available")
"""What Z3 says where memory ends: the second if it ends while a model is built."""

_IN_FORCE = [0]
"""The bounds that hold in blocks within each other, in MiB; 0 for none."""
_ATTEMPTS = 64


@contextmanager
def bounded(limits: Limits) -> Iterator[None]:
    """While the block runs, Z3 takes no more memory than the limits say, in this process.

    Raises ExhaustedError where more would be needed. Z3 takes back what it was doing and can be
    used further, but a solver that was asked then is not to be asked again.
    """
    before = _IN_FORCE[-1]
    _set(limits.memory)
    _IN_FORCE.append(limits.memory)
    try:
        yield
    except MemoryError:
        raise ExhaustedError("the process has no memory left") from None
    except z3.Z3Exception as error:
        if not any(one in str(error) for one in _OUT_OF_MEMORY):
            raise
        message = f"the memory limit of {limits.memory} MiB was reached"
        raise ExhaustedError(message) from None
    finally:
        _IN_FORCE.pop()
        with suppress(ExhaustedError):  # whoever sets the next bound is told
            _set(before)


def _set(mebibytes: int) -> None:
    """Z3 may run out of memory while it takes the bound in, which it only warns of; then again.

    Raises ExhaustedError if it never does: then it does not find out of that any more, and all that
    follows in the process is unknown.
    """
    z3.Z3_toggle_warning_messages(False)
    try:
        attempts = (_takes(mebibytes) for _ in range(_ATTEMPTS))
        if not any(attempts):
            raise ExhaustedError("Z3 takes no bound on its memory any more")
    finally:
        z3.Z3_toggle_warning_messages(True)


def _takes(mebibytes: int) -> bool:
    z3.set_param(_SETTING, mebibytes)
    with suppress(z3.Z3Exception):
        return bool(z3.get_param(_SETTING) == str(mebibytes))
    return False
