"""What stands twice in one list, or is covered by arithmetic alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Protocol

from policycheck.analyse.lint.inspection import Inspection, counted, finding
from policycheck.concrete.text import glob_matches
from policycheck.diagnostics import Span
from policycheck.model.condition import Comparing
from policycheck.model.environment import ACTIONS
from policycheck.model.finding import Finding
from policycheck.model.order import Comparison, InstantCompares, NumberCompares
from policycheck.model.policy import ActionPattern, Statement


class _Spanned(Protocol):
    @property
    def span(self) -> Span | None: ...


def duplicate_values(inspection: Inspection) -> Iterator[Finding]:
    """Entries of one list that are equal once they are read."""
    for statement in inspection.policy.statements:
        lists: list[Sequence[_Spanned]] = [
            statement.principal.ids,
            statement.action.patterns,
            statement.resource.patterns,
        ]
        lists += [e.relations for e in statement.conditions if isinstance(e, Comparing)]
        for values in lists:
            yield from _repeated(values, statement)


def _repeated(values: Sequence[_Spanned], statement: Statement) -> Iterator[Finding]:
    again = [one for place, one in enumerate(values) if one in values[:place] and one.span]
    if not again:
        return
    span = again[0].span
    first = values[list(values).index(again[0])].span
    shown = span.text if span else ""
    others = f", as do {counted(len(again) - 1, 'other value')}" if len(again) > 1 else ""
    written = f" (there as {first.text})" if first and first.text != shown else ""
    where = f" on line {first.line}" if first else ""
    yield finding(
        "DUPLICATE_VALUE",
        f"{shown} stands in this list already{where}{written}{others}",
        span,
        statement=statement,
        label="again",
        advice="take it out",
    )


def redundant_actions(inspection: Inspection) -> Iterator[Finding]:
    """Actions that another entry covers, judged on the three actions that there are (A5)."""
    for statement in inspection.policy.statements:
        kept = list(statement.action.patterns)
        for one in reversed(statement.action.patterns):
            others = [other for other in kept if other is not one]
            covered = {name for other in others for name in _covered(other)}
            mine = _covered(one)
            if not mine or not mine <= covered or one in others:
                continue
            kept = others
            yield finding(
                "REDUNDANT_ACTION",
                f"the other actions of {_element(statement)} cover {one.spelled}",
                one.span,
                statement=statement,
                label="covered",
                evidence=f"of the service's {len(ACTIONS)} actions it matches "
                f"{', '.join(sorted(mine))}, and so do the others",
                advice="take it out",
            )


def _element(statement: Statement) -> str:
    return "NotAction" if statement.action.negated else "Action"


def _covered(entry: ActionPattern) -> frozenset[str]:
    return frozenset(name for name in ACTIONS if glob_matches(name.lower(), entry.wanted))


def redundant_numbers(inspection: Inspection) -> Iterator[Finding]:
    """Several bounds under one operator, of which only the widest decides (semantics F)."""
    for statement, entry in inspection.comparisons():
        bounds = [
            one
            for one in entry.relations
            if isinstance(one, NumberCompares | InstantCompares)
            and one.comparison is not Comparison.EQUAL
        ]
        if len(set(map(_bound, bounds))) < 2:
            continue
        upper = bounds[0].comparison in {Comparison.LESS, Comparison.LESS_EQUAL}
        pick = max if upper else min
        deciding = pick(bounds, key=_bound)
        shown = deciding.span.text if deciding.span else str(deciding.wanted)
        yield finding(
            "REDUNDANT_CONDITION_VALUE_NUM",
            f"of these {len(bounds)} bounds only {shown} decides, as any of them may hold",
            entry.span,
            statement=statement,
            label="several bounds",
            evidence="a value that is within another bound is within this one too",
            advice=f"write {shown} alone",
        )


def _bound(one: NumberCompares | InstantCompares) -> Fraction:
    return one.wanted if isinstance(one, NumberCompares) else one.wanted + one.fraction
