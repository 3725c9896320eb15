"""The process ``policycheck``, which is ``python -m policycheck`` too."""

import gc
import sys
from typing import NoReturn

_BETWEEN_COLLECTIONS = 500_000
"""How many new objects start a search for unreachable cycles. Python's 700 would have it search
dozens of times while modules are loaded, and find nothing."""

_INTERRUPTED = 130


def run() -> NoReturn:
    """Runs the command line of the process, and ends it with the exit code."""
    gc.set_threshold(_BETWEEN_COLLECTIONS)
    code = _INTERRUPTED
    try:
        from policycheck.interrupts import interrupted_for_sure  # noqa: PLC0415 -- after that line

        with interrupted_for_sure():
            from policycheck.cli.process import end  # noqa: PLC0415
            from policycheck.cli.program import main  # noqa: PLC0415

            code = main()
            end(code)
    except KeyboardInterrupt:  # while modules are loaded, or when all is written
        sys.exit(code)


if __name__ == "__main__":
    run()
