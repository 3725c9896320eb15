"""Work on one policy as if it were the only one."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from policycheck.interrupts import postponed


@contextmanager
def alone() -> Iterator[None]:
    """What Z3 finds meanwhile does not depend on what it was asked before.

    Which of several counterexamples Z3 finds hangs on the terms that it has seen, so the results
    about a policy would depend on which others the same process had worked on. Nothing is done if
    Z3 is not loaded yet: then it has seen none.
    """
    if "z3" not in sys.modules:
        yield
        return
    from policycheck.symbolic.context import fresh_context  # noqa: PLC0415 -- loads Z3

    fresh = fresh_context()
    fresh.__enter__()
    try:
        yield
    finally:
        with postponed(signal.SIGINT):  # an exception in a destructor is printed, and lost
            fresh.__exit__(None, None, None)
