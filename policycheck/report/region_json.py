"""Regions for programs: what ``reach`` and ``diff`` print with ``--format json``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import assert_never

from policycheck.model.address import AddressBetween, Family
from policycheck.model.order import instant_text
from policycheck.model.policy import Statement
from policycheck.model.region import (
    Actions,
    Addresses,
    BroadFinding,
    Choice,
    Constraint,
    Difference,
    Group,
    Literal,
    Reach,
    Region,
    Times,
)
from policycheck.report import json_rows
from policycheck.report.amounts import cidrs, public_total
from policycheck.report.json_results import DIGITS, because, example
from policycheck.report.json_rows import VERSION
from policycheck.version import __version__

Data = dict[str, object]


def render_reach(found: Reach) -> str:
    """The answer of ``reach`` as a JSON text, in ASCII."""
    return json.dumps(reach_data(found), indent=2) + "\n"


def reach_row(found: Reach) -> str:
    """The answer of ``reach`` about one of several policies, as an entry of a list."""
    return json_rows.row(_about(found))


def render_difference(found: Difference) -> str:
    """The answer of ``diff`` as a JSON text, in ASCII."""
    return json.dumps(difference_data(found), indent=2) + "\n"


def _head() -> Data:
    return {"version": VERSION, "tool": f"policycheck {__version__}"}


def reach_data(found: Reach) -> Data:
    """The answer of ``reach`` as JSON has it."""
    return _head() | _about(found)


def _about(found: Reach) -> Data:
    status = "unknown" if found.unknown else "nobody" if found.nobody else "somebody"
    data: Data = {"policy": found.policy.name, "status": status}
    if found.unknown:
        return data | {"reason": found.unknown, "seconds": round(found.seconds, DIGITS)}
    data |= {
        "source_ip": _addresses(found.source_ip),
        "findings": [_finding(one) for one in found.findings],
        "regions": [_region(one) for one in found.regions],
    }
    if found.groups:
        places = {id(one): number for number, one in enumerate(found.regions)}
        data["groups"] = [_group(one, places) for one in found.groups]
    return data | _tail(found)


def difference_data(found: Difference) -> Data:
    """The answer of ``diff`` as JSON has it."""
    status = "unknown" if found.unknown else "same" if found.same else "different"
    data = _head() | {"old": found.old.name, "new": found.new.name, "status": status}
    if found.unknown:
        return data | {"reason": found.unknown, "seconds": round(found.seconds, DIGITS)}
    data |= {
        "opened": [_compared(one) for one in found.opened],
        "closed": [_compared(one) for one in found.closed],
    }
    if found.under:
        data["under"] = [one.value for one in found.under]
    return data | _tail(found)


def _tail(found: Reach | Difference) -> Data:
    readings = [one.value for one in found.readings]
    return {"readings": readings, "seconds": round(found.seconds, DIGITS)}


def _finding(one: BroadFinding) -> Data:
    return _parts(one) | {"exact": one.exact, "witness": example(one.witness)}


def _region(one: Region) -> Data:
    return _parts(one) | {"witness": example(one.witness), "because": _statements(one.because)}


def _compared(one: Region) -> Data:
    """A region of a difference: ``denied_by`` are the other policy's statements."""
    return _region(one) | {"denied_by": _statements(one.formerly)}


def _statements(given: Iterable[Statement]) -> list[Data]:
    return [because(one) for one in given]


def _parts(one: Region | BroadFinding) -> Data:
    return {
        "source_ip": _addresses(one.source_ip),
        "constraints": [_constraint(each) for each in one.constraints],
    }


def _group(group: Group, places: dict[int, int]) -> Data:
    constraint = group.constraint
    return {
        "constraint": None if constraint is None else _constraint(constraint),
        "source_ip": _addresses(group.source_ip),
        "regions": [places[id(one)] for one in group.regions],
    }


def _addresses(found: Addresses) -> Data:
    """Exact counts, and the fewest CIDR blocks."""
    families = {f"ipv{family.value}": _family(found, family) for family in Family}
    return {"absent": found.absent, "any": found.everything, **families}


def _family(found: Addresses, family: Family) -> Data:
    public = found.public_count(family)
    return {
        "count": found.count(family),
        "public": public,
        "public_share": public / public_total(family),
        "blocks": list(_blocks(one for one in found.ranges if one.family is family)),
    }


def _blocks(ranges: Iterable[AddressBetween]) -> Iterator[str]:
    for one in ranges:
        yield from cidrs(one)


def _constraint(constraint: Constraint) -> Data:
    match constraint:
        case Actions(names):
            return {"kind": "action", "any_of": list(names)}
        case Addresses(key):
            return {"kind": "addresses", "key": key, **_addresses(constraint)}
        case Times(periods):
            return {"kind": "time", "any_of": [_period(*one) for one in periods]}
        case Choice(subject, terms):
            return {
                "kind": subject.value,
                "any_of": [[_literal(one) for one in term.literals] for term in terms],
            }
    assert_never(constraint)


def _period(first: int | None, end: int | None) -> Data:
    bounds = {"from": first, "until": end}
    return {name: instant_text(second) for name, second in bounds.items() if second is not None}


def _literal(one: Literal) -> Data:
    return {
        "subject": one.subject,
        "relation": one.relation,
        "negated": one.negated,
        "values": list(one.values),
        "or_absent": one.or_absent,
    }
