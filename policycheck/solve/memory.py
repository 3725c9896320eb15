"""How much memory Z3 may take before the answer is "unknown"."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import z3

from policycheck.solve.limits import ExhaustedError, Limits

_SETTING = "memory_max_size"
_OUT_OF_MEMORY = "out of memory"


@contextmanager
def bounded(limits: Limits) -> Iterator[None]:
    """While the block runs, Z3 takes no more memory than the limits say, in this process.

    Raises ExhaustedError where more would be needed. Z3 takes back what it was doing and can be
    used further, but a solver that was asked then is not to be asked again.
    """
    before = z3.get_param(_SETTING)
    z3.set_param(_SETTING, limits.memory)
    try:
        yield
    except MemoryError:
        raise ExhaustedError("the process has no memory left") from None
    except z3.Z3Exception as error:
        if _OUT_OF_MEMORY not in str(error):
            raise
        message = f"the memory limit of {limits.memory} MiB was reached"
        raise ExhaustedError(message) from None
    finally:
        z3.set_param(_SETTING, before)
