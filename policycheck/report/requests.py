"""A request as a block that is read from top to bottom: what is called, by whom, from where."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from policycheck.dataclass import dataclass
from policycheck.model.decision import Outcome
from policycheck.model.request import INVOKE, Caller, CallerKind, Request
from policycheck.model.workflow import Answers
from policycheck.report.characters import chunks, printable, width
from policycheck.report.page import Page, Style

_RESOURCE = (
    r"(?P<api>arn:(?P<partition>[^:]*):execute-api:(?P<region>[^:]*):[^:]*:(?P<api_id>[^:/]*))"
    r"/(?P<stage>[^/]*)/(?P<method>[^/]*)(?P<path>/.*)"
)
_PLAIN = r"[!-~](?:[ -~]*[!-~])?"
_WIDEST_NAME = 28
_LEAST_ROOM = 10


@dataclass(frozen=True)
class Target:
    """The parts of the ARN ``api/stage/method/path`` of a request; the path keeps its slash."""

    api: str
    partition: str
    region: str
    api_id: str
    stage: str
    method: str
    path: str


def target(request: Request) -> Target | None:
    """What a request calls, or None if its resource is no method of an API (semantics A6)."""
    found = re.fullmatch(_RESOURCE, request.resource, re.DOTALL)
    return Target(**found.groupdict()) if found else None


_SAID = {
    Outcome.ALLOW: "allow it",
    Outcome.EXPLICIT_DENY: "deny it",
    Outcome.IMPLICIT_DENY: "say nothing of it",
}
_SAYS = {
    Outcome.ALLOW: "allows it",
    Outcome.EXPLICIT_DENY: "denies it",
    Outcome.IMPLICIT_DENY: "says nothing of it",
}


def block(request: Request, page: Page, indent: int, answers: Answers | None = None) -> list[str]:
    """The request over several lines, none wider than the page, and what the other parts of a
    workflow say of it."""
    shown = [*rows(request), *(answer_rows(answers) if answers else ())]
    widest = min(_WIDEST_NAME, (page.columns - indent) // 2 - 2)
    names = min(max(width(name) for name, _ in shown), widest)
    lines = _headline(request, page, indent)
    for name, value in shown:
        lines.extend(_row(name, value, names, page, indent))
    return lines


def headline(request: Request) -> str:
    """One line: the method, the path and the stage, or the resource as it is."""
    called = target(request)
    if called is None:
        return printable(request.resource)
    return printable(f"{called.method} {called.path} on stage {called.stage}")


def origin(request: Request) -> str:
    """Who calls, and from where, as far as the request says it."""
    address = request.values.get("aws:sourceip") or request.values.get("aws:vpcsourceip")
    source = f", from {address[0]}" if address else ""
    return printable(spell_caller(request.principal) + source)


def spell_caller(caller: Caller) -> str:
    """Who calls, in words."""
    match caller.kind:
        case CallerKind.ANONYMOUS:
            return "anonymous"
        case CallerKind.ROOT:
            return f"the root user of account {caller.name}"
        case _:
            return caller.name


def _headline(request: Request, page: Page, indent: int) -> list[str]:
    margin = " " * indent
    parts = chunks(headline(request), max(page.columns - indent, _LEAST_ROOM))
    return [margin + page.paint(Style.STRONG, part) for part in parts]


def rows(request: Request) -> Iterator[tuple[str, str]]:
    """What a request says besides its headline, as printable names and values."""
    called = target(request)
    if called:
        yield "API", printable(called.api)
    if request.action != INVOKE:
        yield "action", printable(request.action)
    yield "caller", printable(spell_caller(request.principal))
    for key, value in request.context.items():
        yield printable(key), _value(value)


def answer_rows(answers: Answers) -> Iterator[tuple[str, str]]:
    """What the other parts of a workflow say of a request, likewise."""
    for name, outcome in answers.said:
        verbs = _SAID if name == "identity_policies" else _SAYS
        yield name.replace("_", " ").replace("vpc", "VPC"), verbs[outcome]


def _value(value: str | tuple[str, ...]) -> str:
    if not isinstance(value, str):
        return ", ".join(json.dumps(one) for one in value) or "(no value)"
    text = printable(value)
    return value if re.fullmatch(_PLAIN, value) else f'"{text}"'


def _row(name: str, value: str, names: int, page: Page, indent: int) -> Iterator[str]:
    """One row; a name that is wider than the column of names has lines of its own."""
    margin = " " * indent
    room = max(page.columns - indent, _LEAST_ROOM)
    first, *rest = chunks(value, max(room - names - 2, _LEAST_ROOM))
    beside = width(name) <= names
    for part in [] if beside else chunks(name, room):
        yield margin + page.paint(Style.FAINT, part)
    shown = page.paint(Style.FAINT, name) + " " * (names - width(name)) if beside else " " * names
    yield f"{margin}{shown}  {first}"
    yield from (f"{margin}{' ' * names}  {part}" for part in rest)
