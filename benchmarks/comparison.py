"""The answers of several solvers side by side: tables, targets and a plot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, exp, log
from pathlib import Path
from statistics import median

SOLVERS: Mapping[str, str] = {
    "policycheck": "policycheck",
    "cvc5": "cvc5",
    "z3": "Z3 strings",
    "iamspy": "IAMSpy",
}
LEAST = 0.0005
"""Times below this, in seconds, count as this: they are noise."""


@dataclass(frozen=True)
class Answer:
    """What a solver said, and the processor seconds of the whole and of solving."""

    said: str
    whole: float
    solve: float

    @property
    def decided(self) -> bool:
        """Whether it was sat or unsat."""
        return self.said in {"sat", "unsat"}


@dataclass(frozen=True)
class Asked:
    """One question of a workload, by statements, with the answers."""

    workload: str
    size: int
    answers: Mapping[str, Answer]


Group = Sequence[Asked]
Pick = Callable[[Answer], float]


def report(found: Group, limit: float) -> str:
    """All tables and the list of targets."""
    parts = [_legend(), _times(found), _iamspy(found), _targets(found, limit)]
    return "\n".join(part for part in parts if part)


def _legend() -> str:
    return (
        "`solve` is what the solvers have in common: the formulas are there (for cvc5 and Z3: "
        "parsed), and it is decided whether a request breaks the assertion. `whole` is all that is "
        "done for the verdict: for policycheck the formulas, solving, the replay of a "
        "counterexample or 200 attempts to refute a proof, the minimal reasons and the check for "
        "vacuity; for the others parsing and solving. Ratios are geometric means over questions "
        f"that both decided; below {LEAST * 1000:g} ms is noise and counts as that. Where a solver "
        "had no answer in time, its ratio takes the limit, and is marked with ≤; after one such "
        "question it is not asked the rest of that size.\n"
    )


def _times(found: Group) -> str:
    head = ["workload", "statements", "questions"]
    head += ["policycheck solve: median, 95 % (s)", "whole: median, 95 % (s)", "unknown"]
    for solver in ("cvc5", "z3"):
        head += [f"{SOLVERS[solver]} solve: median, 95 % (s)", "unknown", "not asked"]
    head += ["solve : cvc5", "most", "whole : cvc5 whole", "solve : Z3 strings"]
    rows = [_row(name, size, group) for (name, size), group in groups(found).items()]
    return _table(head, rows)


def groups(found: Group) -> dict[tuple[str, int], list[Asked]]:
    """The questions of each size of each workload."""
    made: dict[tuple[str, int], list[Asked]] = {}
    for one in found:
        made.setdefault((one.workload, one.size), []).append(one)
    return made


def _row(name: str, size: int, group: Group) -> list[str]:
    cells = [name, str(size) if size else "-", str(len(group))]
    ours = [one.answers["policycheck"] for one in group if "policycheck" in one.answers]
    cells += [_spread(map(solve, ours)), _spread(map(whole, ours))]
    cells.append(str(sum(not one.decided for one in ours)))
    for solver in ("cvc5", "z3"):
        given = [one.answers[solver] for one in group if solver in one.answers]
        unknown = sum(not one.decided for one in given)
        cells += [_spread(map(solve, given)), str(unknown), str(len(group) - len(given))]
    mutual = ratios(group, "cvc5", solve)
    cells += [_figure(geometric(mutual)), _figure(max(mutual, default=None))]
    cells.append(_figure(geometric(ratios(group, "cvc5", whole))))
    at_least = any(not one.answers["z3"].decided for one in group if "z3" in one.answers)
    against_z3 = geometric(ratios(group, "z3", solve, unknown_too=True))
    cells.append(("≤ " if at_least else "") + _figure(against_z3, 5))
    return cells


def solve(answer: Answer) -> float:
    """Seconds of solving."""
    return max(answer.solve, LEAST)


def whole(answer: Answer) -> float:
    """Seconds of all the work."""
    return max(answer.whole, LEAST)


def ratios(group: Group, other: str, pick: Pick, *, unknown_too: bool = False) -> list[float]:
    """policycheck's seconds to another's, question by question."""
    pairs = [
        (one.answers["policycheck"], one.answers[other])
        for one in group
        if {"policycheck", other} <= set(one.answers)
    ]
    return [
        pick(ours) / pick(theirs)
        for ours, theirs in pairs
        if ours.decided and (theirs.decided or (unknown_too and theirs.said == "unknown"))
    ]


def geometric(values: Sequence[float]) -> float | None:
    """The geometric mean, None of nothing."""
    return exp(sum(map(log, values)) / len(values)) if values else None


def _spread(values: Iterable[float]) -> str:
    ordered = sorted(values)
    if not ordered:
        return "-"
    return f"{median(ordered):.4f}, {ordered[ceil(0.95 * len(ordered)) - 1]:.4f}"


def _figure(value: float | None, places: int = 2) -> str:
    return "-" if value is None else f"{value:.{places}f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def _iamspy(found: Group) -> str:
    """How often IAMSpy is right, beside its time."""
    rows = []
    for (name, size), group in groups(found).items():
        both = [one for one in group if "iamspy" in one.answers]
        if not both:
            continue
        given = [one.answers["iamspy"] for one in both]
        wrong = sum(
            one.answers["iamspy"].decided
            and one.answers["iamspy"].said != one.answers["policycheck"].said
            for one in both
        )
        unknown = sum(one.said == "unknown" for one in given)
        errors = len(given) - unknown - sum(one.decided for one in given)
        ours = [one.answers["policycheck"] for one in both]
        times = [_spread(map(whole, ours)), _spread(whole(one) for one in given if one.decided)]
        figures = (len(given) - unknown - errors - wrong, wrong, unknown, errors)
        rows.append([name, str(size), str(len(both)), *times, *map(str, figures)])
    head = ["IAMSpy", "statements", "questions", "policycheck whole: median, 95 % (s)"]
    head += ["IAMSpy whole: median, 95 % (s)", "right", "wrong", "unknown", "errors"]
    return _table(head, rows) if rows else ""


def _targets(found: Group, limit: float) -> str:
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
    naive = {
        f"{name} {size}": geometric(ratios(group, "z3", solve, unknown_too=True))
        for (name, size), group in by_size.items()
        if size >= 10
    }
    beaten = sum(value is not None and value <= 0.01 for value in naive.values())
    disagreements = sum(_disagree(one) for one in found)
    rows = [
        ["geometric mean of solve at or below cvc5's, every size", *_met(not slower, slower)],
        ["never above three times cvc5", *_met(not over, [f"{over} questions, most {most:.1f}"])],
        ["no unknown where cvc5 decides", *_met(not open_here, [f"{open_here} questions"])],
        [
            f"Z3 strings beaten 100 times from 10 statements on (limit {limit:g} s)",
            *_met(beaten == len(naive), [f"{beaten} of {len(naive)} classes"]),
        ],
        ["time at most about linear in statements", *_met(*_linear(by_size))],
        ["no two solvers contradict each other", *_met(not disagreements, [str(disagreements)])],
    ]
    return _table(["target", "met", "where not, or how much"], rows)


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


def plot(path: Path, found: Group) -> None:
    """Median seconds of solving against statements, random policies, for each solver."""
    from matplotlib import pyplot as plt  # noqa: PLC0415 -- an extra

    figure, axes = plt.subplots(figsize=(7, 4.5))
    for solver, label in SOLVERS.items():
        workload = "one caller" if solver == "iamspy" else "random"
        points = [
            (size, median(solve(one.answers[solver]) for one in group if solver in one.answers))
            for (name, size), group in groups(found).items()
            if name == workload and any(solver in one.answers for one in group)
        ]
        if points:
            axes.plot(*zip(*points, strict=True), marker="o", label=label)
    axes.set(xscale="log", yscale="log", xlabel="statements", ylabel="processor seconds, median")
    axes.set_title("Solving one assertion about a random policy")
    axes.grid(visible=True, alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
