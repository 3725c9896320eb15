"""How the same function is applied to many items."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Protocol, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
_Taken_contra = TypeVar("_Taken_contra", contravariant=True)
_Given_co = TypeVar("_Given_co", covariant=True)

INTERRUPTED = "the run was interrupted"


class Work(Protocol[_Taken_contra, _Given_co]):
    """What is done with each item; an instance can be pickled, and its class is policycheck's."""

    def __call__(self, item: _Taken_contra) -> _Given_co:
        """The result for an item."""

    def lost(self, item: _Taken_contra, why: str) -> _Given_co:
        """What stands in the place of a result that there will be none of."""


class Engine(Protocol):
    """Applies a function to items. Results come in the order of the items, whatever the engine.

    Items are taken as they are needed, and results let go as they are given, so that memory does
    not grow with their number. On KeyboardInterrupt the results that are there come out, for the
    items that were begun and not finished those of ``lost``, then the exception.
    """

    def run(self, work: Work[Item, Result], items: Iterable[Item]) -> Iterator[Result]:
        """The result for each item, in order."""


def chunks(items: Iterable[Item], size: int) -> Iterator[tuple[Item, ...]]:
    """The items in pieces: the first ones of one item each, so that short runs are spread too."""
    rest = iter(items)
    count = 0
    while chunk := tuple(islice(rest, min(1 + count // size, size))):
        count += 1
        yield chunk


def apply(work: Work[Item, Result], chunk: Sequence[Item]) -> list[Result]:
    """The results for a piece."""
    return [work(item) for item in chunk]


class InOrder:
    """One item after the other, in this process."""

    def run(self, work: Work[Item, Result], items: Iterable[Item]) -> Iterator[Result]:
        """The result for each item, in order."""
        return map(work, items)
