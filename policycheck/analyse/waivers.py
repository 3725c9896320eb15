"""Findings and the waivers beside the policy that they are about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence

from policycheck.model.finding import Finding
from policycheck.model.rule import finding_type
from policycheck.model.waiver import Judgement, WaivedFinding, Waiver


def apply_waivers(
    findings: Iterable[Finding],
    waivers: Sequence[Waiver],
    today: dt.date,
    codes: Collection[str] | None = None,
) -> Judgement:
    """Which of the ``findings`` are silenced by ``waivers``, and what is wrong with these.

    A waiver that has not run out silences the findings that it concerns. One that has is an error,
    WAIVER_EXPIRED; one that concerns no finding is a warning, WAIVER_UNUSED, unless its code is not
    among ``codes``, those that were looked for (None: all).
    """
    found = tuple(findings)
    in_force = [one for one in waivers if one.holds_on(today)]
    kept: list[Finding] = []
    waived: list[WaivedFinding] = []
    for finding in found:
        waiver = next((one for one in in_force if one.concerns(finding)), None)
        if waiver is None:
            kept.append(finding)
        else:
            waived.append(WaivedFinding(finding, waiver))
    looked_for = [one for one in waivers if codes is None or one.code in codes]
    return Judgement(tuple(kept), tuple(waived), tuple(_problems(found, looked_for, today)))


def _problems(
    findings: Sequence[Finding], waivers: Iterable[Waiver], today: dt.date
) -> Iterator[Finding]:
    for waiver in waivers:
        if not waiver.holds_on(today):
            yield _expired(waiver)
        elif not any(map(waiver.concerns, findings)):
            yield _unused(waiver)


def _expired(waiver: Waiver) -> Finding:
    code = "WAIVER_EXPIRED"
    return Finding(
        code,
        finding_type(code),
        f"the waiver of {_name(waiver)} ran out on {waiver.expires}",
        waiver.expires_span,
        "over",
        f"{waiver.owner} waived it: {waiver.reason}",
        "mend the policy, or decide again and write a new date",
        _only(waiver),
    )


def _unused(waiver: Waiver) -> Finding:
    code = "WAIVER_UNUSED"
    return Finding(
        code,
        finding_type(code),
        f"no finding is {_name(waiver)}, so the waiver silences nothing",
        waiver.span,
        "not found",
        f"{waiver.owner} waived it: {waiver.reason}",
        waiver.hint or "take the waiver out",
        _only(waiver),
    )


def _name(waiver: Waiver) -> str:
    return f"{waiver.code} in {waiver.target}" if waiver.target else waiver.code


def _only(waiver: Waiver) -> int | None:
    """The one statement that a waiver is about, if there is one."""
    found = waiver.statements or frozenset()
    return next(iter(found)) if len(found) == 1 else None
