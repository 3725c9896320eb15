"""The answers of several solvers side by side: tables and a plot."""

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
    "naive": "naive",
    "iamspy": "IAMSpy",
}
PEERS = ("cvc5", "z3", "naive")
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
Limits = Mapping[str, float]
"""The seconds that each solver may take for a question."""
Pick = Callable[[Answer], float]


def report(found: Group, limits: Limits) -> str:
    """All tables."""
    parts = [_legend(), _times(found, limits), _iamspy(found)]
    return "\n".join(part for part in parts if part)


def _legend() -> str:
    return (
        "`solve` is what the solvers have in common: the formulas and an empty solver are there "
        "(for cvc5 and Z3: parsed), and it is decided whether a request breaks the assertion. "
        "`whole` is all that is done for the verdict: for policycheck the formulas, solving, the "
        "replay of a counterexample or 200 attempts to refute a proof, the minimal reasons and the "
        "check for vacuity; for the others parsing, or the formulas, and solving. `Z3 strings` is "
        "Z3 on the file that `policycheck export` writes, in which ARNs have parts and texts are "
        "numbered; `naive` is Z3 on the formulas that one writes first (`naive.py`). Ratios are "
        "geometric means over questions that both decided; below "
        f"{LEAST * 1000:g} ms is noise and counts as that. Where a solver had no answer in time, "
        "its ratio takes the limit, and is marked with ≤; after one such question it is not asked "
        "the rest of that size, except naive, which is "
        "asked everything.\n"
    )


def _times(found: Group, limits: Limits) -> str:
    head = ["workload", "statements", "questions"]
    head += ["policycheck solve: median, 95 % (s)", "whole: median, 95 % (s)", "unknown"]
    for solver in PEERS:
        head += [f"{SOLVERS[solver]} solve: median, 95 % (s)", "unknown", "not asked"]
    head += ["solve : cvc5", "most", "whole : cvc5 whole", "solve : Z3 strings", "solve : naive"]
    rows = [_row(name, size, group, limits) for (name, size), group in groups(found).items()]
    return table(head, rows)


def groups(found: Group) -> dict[tuple[str, int], list[Asked]]:
    """The questions of each size of each workload."""
    made: dict[tuple[str, int], list[Asked]] = {}
    for one in found:
        made.setdefault((one.workload, one.size), []).append(one)
    return made


def _row(name: str, size: int, group: Group, limits: Limits) -> list[str]:
    cells = [name, str(size) if size else "-", str(len(group))]
    ours = [one.answers["policycheck"] for one in group if "policycheck" in one.answers]
    cells += [_spread(map(solve, ours)), _spread(map(whole, ours))]
    cells.append(str(sum(not one.decided for one in ours)))
    for solver in PEERS:
        given = [one.answers[solver] for one in group if solver in one.answers]
        unknown = sum(not one.decided for one in given)
        cells += [_spread(map(solve, given)), str(unknown), str(len(group) - len(given))]
    mutual = ratios(group, "cvc5", solve)
    cells += [figure(geometric(mutual)), figure(max(mutual, default=None))]
    cells.append(figure(geometric(ratios(group, "cvc5", whole))))
    cells += [against(group, solver, limits[solver]) for solver in ("z3", "naive")]
    return cells


def against(group: Group, other: str, limit: float) -> str:
    """The geometric mean of solving against another's, which may not have ended in time."""
    given = [one.answers[other] for one in group if other in one.answers]
    at_least = any(is_over(answer, limit) for answer in given)
    mean = geometric(ratios(group, other, solve, limit=limit))
    return ("≤ " if at_least else "") + figure(mean, 5)


def is_over(answer: Answer, limit: float) -> bool:
    """It had no answer in time; to give up earlier is another thing."""
    return answer.said == "unknown" and answer.whole >= limit


def solve(answer: Answer) -> float:
    """Seconds of solving."""
    return max(answer.solve, LEAST)


def whole(answer: Answer) -> float:
    """Seconds of all the work."""
    return max(answer.whole, LEAST)


def ratios(group: Group, other: str, pick: Pick, *, limit: float | None = None) -> list[float]:
    """policycheck's seconds to another's, question by question.

    With a ``limit``, questions that took the other longer count as if it had been the answer.
    """
    return [pick(ours) / pick(theirs) for ours, theirs in _counted(group, other, limit)]


def total(group: Group, other: str, pick: Pick, *, limit: float | None = None) -> float | None:
    """policycheck's seconds for all questions that count to another's; None if none counts."""
    pairs = _counted(group, other, limit)
    return sum(pick(o) for o, _ in pairs) / sum(pick(t) for _, t in pairs) if pairs else None


def _counted(group: Group, other: str, limit: float | None) -> list[tuple[Answer, Answer]]:
    """The answers of policycheck and another that can be compared."""
    pairs = [
        (one.answers["policycheck"], one.answers[other])
        for one in group
        if {"policycheck", other} <= set(one.answers)
    ]
    return [
        (ours, theirs)
        for ours, theirs in pairs
        if ours.decided and (theirs.decided or (limit is not None and is_over(theirs, limit)))
    ]


def geometric(values: Sequence[float]) -> float | None:
    """The geometric mean, None of nothing."""
    return exp(sum(map(log, values)) / len(values)) if values else None


def _spread(values: Iterable[float]) -> str:
    ordered = sorted(values)
    if not ordered:
        return "-"
    return f"{median(ordered):.4f}, {ordered[ceil(0.95 * len(ordered)) - 1]:.4f}"


def figure(value: float | None, places: int = 2) -> str:
    """The number, or a dash for none."""
    return "-" if value is None else f"{value:.{places}f}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
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
    return table(head, rows) if rows else ""


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
