"""The regions of a question as products of sets of cells, as few as are found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, permutations

from policycheck.analyse.regions.axes import Axis, Cells
from policycheck.analyse.regions.diagram import Diagram, Path, Question, Role
from policycheck.dataclass import dataclass
from policycheck.solve.limits import Deadline, UndecidedError

MOST_BOXES = 1_000
"""How many regions there may be; with more of them nothing is decided."""

_ORDERS = 120
_CHEAP = 400

Box = tuple[Cells, ...]
"""For each axis, the cells."""


@dataclass(frozen=True)
class _Level:
    """An axis whose cells are grouped by the statements that hold there."""

    number: int
    masks: tuple[int, ...]
    groups: tuple[Cells, ...]


def boxes(
    axes: Sequence[Axis],
    roles: Sequence[Role],
    question: Question,
    first: int | None,
    deadline: Deadline,
) -> tuple[Box, ...]:
    """Disjoint boxes that hold exactly the requests of which the question's answer is yes.

    ``first`` is the number of an axis on which boxes are to be alike or disjoint. Raises
    UndecidedError beyond the limits.
    """
    levels = [_level(number, axis.masks) for number, axis in enumerate(axes)]
    alike = [one for one in levels if len(one.masks) == 1]
    ahead = [*alike, *(one for one in levels if one.number == first and one not in alike)]
    rest = [one for one in levels if one not in ahead]
    order, best = _best(ahead, rest, roles, question, deadline)
    if best.path_count > MOST_BOXES:
        raise UndecidedError(f"what is allowed falls into over {MOST_BOXES} regions")
    everything = tuple(frozenset(range(len(axis.masks))) for axis in axes)
    found = [_box(path, order, everything) for path in best.paths()]
    return tuple(_merged(found, first))


def _level(number: int, masks: Sequence[int]) -> _Level:
    groups: dict[int, set[int]] = {}
    for cell, mask in enumerate(masks):
        groups.setdefault(mask, set()).add(cell)
    return _Level(number, tuple(groups), tuple(map(frozenset, groups.values())))


def _best(
    ahead: list[_Level],
    rest: list[_Level],
    roles: Sequence[Role],
    question: Question,
    deadline: Deadline,
) -> tuple[list[_Level], Diagram]:
    """The order of the axes, of those tried, whose diagram has the fewest paths."""
    best: tuple[list[_Level], Diagram] | None = None
    for behind in islice(_orders(rest), _ORDERS):
        deadline.check()
        order = [*ahead, *behind]
        diagram = Diagram([one.masks for one in order], roles, question)
        if best is None or diagram.path_count < best[1].path_count:
            best = (order, diagram)
        if best[1].path_count <= 1 or len(diagram.nodes) > _CHEAP:
            break
    if best is None:
        raise AssertionError("there is always one order")
    return best


def _orders(rest: list[_Level]) -> Iterator[Sequence[_Level]]:
    """Axes with few groups first, then all other orders."""
    yield from permutations(sorted(rest, key=lambda one: len(one.masks)))


def _box(path: Path, order: Sequence[_Level], everything: Box) -> Box:
    cells = list(everything)
    for level, groups in path:
        taken = order[level]
        cells[taken.number] = frozenset().union(*(taken.groups[group] for group in groups))
    return tuple(cells)


def _merged(found: list[Box], first: int | None) -> list[Box]:
    """The boxes, those that differ on one axis alone made one. The axis ``first`` stays as is."""
    while True:
        before = len(found)
        for axis in range(len(found[0]) if found else 0):
            if axis != first:
                found = _merged_along(axis, found)
        if len(found) == before:
            return found


def _merged_along(axis: int, found: list[Box]) -> list[Box]:
    together: dict[Box, set[int]] = {}
    for box in found:
        rest = (*box[:axis], *box[axis + 1 :])
        together.setdefault(rest, set()).update(box[axis])
    return [(*rest[:axis], frozenset(cells), *rest[axis:]) for rest, cells in together.items()]
