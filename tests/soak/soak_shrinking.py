"""Making a pair smaller that something does not hold of."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from soak_checks import Failure, Plan, examine
from soak_pairs import Pair

SECONDS = 30.0
"""How long a pair is made smaller at most."""


def smaller(
    given: Pair, failure: Failure, seed: str, number: int, plan: Plan, folder: Path
) -> Pair:
    """A pair with as little as greedy removal leaves that fails in the same way."""
    end = time.monotonic() + SECONDS
    found, is_smaller = given, True
    while is_smaller:
        is_smaller = False
        for candidate in _reductions(found):
            if time.monotonic() > end:
                return found
            examined = examine(candidate, seed, number, plan, folder)
            if any(one.kind == failure.kind for one in examined.failures):
                found, is_smaller = candidate, True
                break
    return found


def _reductions(pair: Pair) -> Iterator[Pair]:
    for part in ("spec", "policy", "baseline"):
        for fewer in _with_one_less(getattr(pair, part)):
            yield replace(pair, **{part: fewer})


def _with_one_less(data: Any, path: tuple = ()) -> Iterator[Any]:
    """The data without one entry of one of its lists and mappings, the largest ones first."""
    places = [(), *_places(data)]
    for place in sorted(places, key=len):
        holder = _at(data, place)
        for name in list(holder) if isinstance(holder, dict) else range(len(holder)):
            if len(holder) > 1:
                fewer = copy.deepcopy(data)
                del _at(fewer, place)[name]
                yield fewer


def _places(data: Any, path: tuple = ()) -> Iterator[tuple]:
    entries = data.items() if isinstance(data, dict) else enumerate(data)
    for name, value in entries:
        if isinstance(value, dict | list):
            yield (*path, name)
            yield from _places(value, (*path, name))


def _at(data: Any, path: tuple) -> Any:
    for name in path:
        data = data[name]
    return data
