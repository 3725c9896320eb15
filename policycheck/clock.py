"""The present, which SOURCE_DATE_EPOCH can replace so that a run can be repeated."""

from __future__ import annotations

import datetime as dt
import os
import re
import time

from policycheck.diagnostics import Diagnostic, InputError

VARIABLE = "SOURCE_DATE_EPOCH"
"""Source: https://reproducible-builds.org/specs/source-date-epoch/."""

_LAST = 253_402_300_799
"""The last second of the year 9999."""


def now() -> int:
    """The present instant in seconds since 1970-01-01T00:00:00Z.

    Raises InputError if SOURCE_DATE_EPOCH is set and is no such number.
    """
    given = os.environ.get(VARIABLE)
    if not given:
        return int(time.time())
    if not re.fullmatch(r"[0-9]{1,12}", given) or int(given) > _LAST:
        message = f"the environment variable {VARIABLE} is not a count of seconds since 1970"
        advice = "write a whole number up to the year 9999, or unset it"
        raise InputError([Diagnostic("INVALID_ENVIRONMENT_VARIABLE", message, help=advice)])
    return int(given)


def today() -> dt.date:
    """The present day in UTC. Raises InputError as ``now`` does."""
    return dt.datetime.fromtimestamp(now(), dt.UTC).date()
