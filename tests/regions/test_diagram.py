"""Decision diagrams and covers against every possibility."""

from itertools import product
from random import Random

import pytest

from policycheck.analyse.regions.cover import cover
from policycheck.analyse.regions.diagram import Diagram, Role
from policycheck.solve.limits import UndecidedError


def answers(masks, roles):
    alive = -1
    for mask in masks:
        alive &= mask
    return [bool(alive & role.allow) and not alive & role.deny for role in roles]


def new_only(allowed):
    return allowed[0] and not allowed[1]


@pytest.mark.parametrize("seed", range(40))
def test_paths_are_disjoint_and_exactly_what_is_asked(seed):
    random = Random(seed)
    levels = [[random.randrange(64) | random.randrange(64) for _ in range(3)] for _ in range(4)]
    roles = (Role(0b000101, 0b000010), Role(0b011000, 0b100000))
    diagram = Diagram(levels, roles, new_only)
    paths = [dict(path) for path in diagram.paths()]
    assert len(paths) == diagram.path_count
    for cells in product(range(3), repeat=4):
        held = sum(all(cells[level] in groups for level, groups in path.items()) for path in paths)
        masks = [levels[level][cell] for level, cell in enumerate(cells)]
        assert held == new_only(answers(masks, roles))


def test_a_large_diagram_is_refused(monkeypatch):
    monkeypatch.setattr("policycheck.analyse.regions.diagram.MOST_NODES", 3)
    levels = [[0b1111 ^ 1 << n, 0b1111] for n in range(4)]
    with pytest.raises(UndecidedError, match="over 3 nodes"):
        _ = Diagram(levels, (Role(0b0101, 0b1010),), lambda allowed: allowed[0]).root


@pytest.mark.parametrize("seed", range(40))
def test_a_cover_holds_what_it_must_and_nothing_else(seed):
    random = Random(seed)
    feasible = random.sample(range(32), 14)
    inside, outside = set(feasible[:6]), set(feasible[6:])
    cubes = cover(inside, outside, range(10))
    for value in feasible:
        held = any(value & care == bits for care, bits in cubes)
        assert held == (value in inside)
    assert len(cubes) <= len(inside)


def test_everything_needs_no_literal():
    assert cover({0, 1, 3}, (), range(4)) == ((0, 0),)
