"""The targets of the comparison: which are met, and by how much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import log

from comparison import (
    Asked,
    Group,
    Limits,
    against,
    figure,
    geometric,
    groups,
    is_over,
    ratios,
    solve,
    table,
    total,
    whole,
)

FROM = 10
"""Statements, from which on a naive encoding is to be beaten."""
FACTOR = 100


def report(found: Group, limits: Limits) -> str:
    """The naive encoding by sizes, and the list of targets."""
    return _by_size(found, limits["naive"]) + "\n" + _targets(found, limits)


def sizes(found: Group) -> dict[int, list[Asked]]:
    """The questions of each size, of all workloads."""
    made: dict[int, list[Asked]] = {}
    for one in found:
        if one.size:
            made.setdefault(one.size, []).append(one)
    return dict(sorted(made.items()))


def _by_size(found: Group, limit: float) -> str:
    """policycheck against the naive encoding, all workloads of a size together."""
    head = ["naive: statements", "questions", "decided", "at the limit", "not counted"]
    head += ["solve : naive", "times", "all together", "times"]
    return table(head, [_size(size, group, limit) for size, group in sizes(found).items()])


def _size(size: int, group: Group, limit: float) -> list[str]:
    given = [one.answers["naive"] for one in group if "naive" in one.answers]
    over = sum(is_over(one, limit) for one in given)
    counted = ratios(group, "naive", solve, limit=limit)
    mean = geometric(counted)
    figures = (len(group), sum(one.decided for one in given), over, len(group) - len(counted))
    whole_group = total(group, "naive", solve, limit=limit)
    least, most = ("≥ ", "≤ ") if over else ("", "")
    times = [f"{least}{1 / ratio:.0f}" if ratio else "-" for ratio in (mean, whole_group)]
    together = "-" if whole_group is None else f"{most}{figure(whole_group, 5)}"
    shown = [against(group, "naive", limit), times[0], together, times[1]]
    return [*map(str, (size, *figures)), *shown]


def _targets(found: Group, limits: Limits) -> str:
    by_size = groups(found)
    means = {key: geometric(ratios(group, "cvc5", solve)) for key, group in by_size.items()}
    slower = [f"{name} {size} ({mean:.2f})" for (name, size), mean in means.items() if _over(mean)]
    most = max((ratio for ratio in ratios(found, "cvc5", solve)), default=0.0)
    over = sum(ratio > 3 for ratio in ratios(found, "cvc5", solve))
    open_here = sum(
        not one.answers["policycheck"].decided and one.answers["cvc5"].decided
        for one in found
        if {"policycheck", "cvc5"} <= set(one.answers)
    )
    disagreements = sum(_disagree(one) for one in found)
    rows = [
        ["geometric mean of solve at or below cvc5's, every size", *_met(not slower, slower)],
        ["never above three times cvc5", *_met(not over, [f"{over} questions, most {most:.1f}"])],
        ["no unknown where cvc5 decides", *_met(not open_here, [f"{open_here} questions"])],
        *_beaten(found, limits),
        ["time at most about linear in statements", *_met(*_linear(by_size))],
        ["no two solvers contradict each other", *_met(not disagreements, [str(disagreements)])],
    ]
    return table(["target", "met", "where not, or how much"], rows)


def _over(mean: float | None) -> bool:
    return mean is not None and mean > 1


def _met(met: bool, where: Sequence[str]) -> list[str]:
    return ["yes" if met else "no", ", ".join(where)]


def _disagree(one: Asked) -> bool:
    said = {a.said for solver, a in one.answers.items() if solver != "iamspy" and a.decided}
    return len(said) > 1


def _linear(by_size: Mapping[tuple[str, int], Group]) -> tuple[bool, list[str]]:
    """The slope of whole time against statements, both as logarithms, least squares."""
    slopes = {}
    for name in ("random", "random, with variables", "one caller"):
        points = [
            (log(size), log(value))
            for (workload, size), group in by_size.items()
            if workload == name and size >= 10
            if (value := geometric([whole(one.answers["policycheck"]) for one in group]))
        ]
        if len(points) > 1:
            slopes[name] = _slope(points)
    met = all(slope <= 1.15 for slope in slopes.values())
    return met, [f"{name}: exponent {slope:.2f}" for name, slope in slopes.items()]


def _slope(points: Sequence[tuple[float, float]]) -> float:
    middle_x, middle_y = (sum(values) / len(points) for values in zip(*points, strict=True))
    across = sum((x - middle_x) ** 2 for x, _ in points)
    return sum((x - middle_x) * (y - middle_y) for x, y in points) / across


def _beaten(found: Group, limits: Limits) -> Iterator[list[str]]:
    """The naive encoding by size and by workload; Z3's strings on the export by workload."""
    limit = limits["naive"]
    what = f"beaten {FACTOR} times from {FROM} statements on"
    by_size = {str(size): group for size, group in sizes(found).items() if size >= FROM}
    short = [f"{size} ({against(group, 'naive', limit)})" for size, group in by_size.items()]
    met = bool(short) and all(_is_beaten(one, "naive", limit) for one in by_size.values())
    yield [
        f"naive {what}, mean over all questions of a size (limit {limit:g} s)",
        *_met(met, short),
    ]
    together = {size: total(one, "naive", solve, limit=limit) for size, one in by_size.items()}
    met = bool(together) and all(one and one <= 1 / FACTOR for one in together.values())
    yield [
        f"naive {what}, all questions of a size together (limit {limit:g} s)",
        *_met(met, [f"{size} ({figure(one, 5)})" for size, one in together.items()]),
    ]
    classes = [group for (_, size), group in groups(found).items() if size >= FROM]
    for solver, name in {"naive": "naive", "z3": "Z3 strings on the export"}.items():
        most = limits[solver]
        beaten = sum(_is_beaten(group, solver, most) for group in classes)
        where = [f"{beaten} of {len(classes)} classes"]
        told = f"{name} {what}, each size of each workload (limit {most:g} s)"
        yield [told, *_met(0 < beaten == len(classes), where)]


def _is_beaten(group: Group, other: str, limit: float) -> bool:
    mean = geometric(ratios(group, other, solve, limit=limit))
    return mean is not None and mean <= 1 / FACTOR
