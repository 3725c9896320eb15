"""Waivers: the companion file of a policy, which says what is left as it is and until when."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from policycheck.diagnostics import InputError, Source, by_position, nearest
from policycheck.model.policy import Statement
from policycheck.model.rule import rules
from policycheck.model.waiver import Waiver
from policycheck.read.directory import check_regular, read_member
from policycheck.read.document import ListNode, Node, NullNode, NumberNode, TextNode
from policycheck.read.files import STDIN, read_source
from policycheck.read.rule_names import check_rule
from policycheck.read.scope import Fields, Scope, named
from policycheck.read.yaml_text import parse_yaml

SUFFIX = ".waivers.yaml"
"""What the name of a companion file has in the place of the policy's .json."""

FIELDS = ("code", "statement", "sid", "reason", "owner", "expires")
NEEDED = ("code", "reason", "owner", "expires")

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")
_EXAMPLES = {
    "code": "write code: and the code of the finding",
    "reason": "write reason: and why it may stay",
    "owner": "write owner: and who answers for it",
    "expires": "write expires: and the last day, like 2027-03-31",
}
_FORM = "write - {code: ..., reason: ..., owner: ..., expires: 2027-03-31}"


def companion(path: str | Path) -> Path | None:
    """Where the waivers of the policy at ``path`` stand; None for standard input."""
    return None if str(path) == STDIN else Path(path).with_suffix(SUFFIX)


def read_waivers(path: str | Path, top: Path | None = None) -> Source | None:
    """The text of the waivers of the policy at ``path``; None if there are none.

    With ``top`` the policy is one of that directory, and no link is followed out of it. Raises
    InputError if the file cannot be read.
    """
    file = companion(path)
    if file is None or not (file.exists() or file.is_symlink()):
        return None
    if top is not None:
        return read_member(file, top)
    check_regular(file)
    return read_source(file)


def parse_waivers(source: Source, statements: Sequence[Statement]) -> tuple[Waiver, ...]:
    """The waivers that a YAML text lists, about a policy of these ``statements``.

    Raises InputError with everything that is wrong.
    """
    scope = Scope()
    found = tuple(_Reader(scope, statements).read(parse_yaml(source)))
    if scope.diagnostics:
        raise InputError(by_position(scope.diagnostics))
    return found


class _Reader:
    def __init__(self, scope: Scope, statements: Sequence[Statement]) -> None:
        self.scope = scope
        self.statements = statements

    def read(self, node: Node) -> Iterator[Waiver]:
        """The waivers of the whole document; an empty one has none."""
        if isinstance(node, NullNode):
            return
        if not isinstance(node, ListNode):
            self.scope.mismatch(node, "the waivers, a list", _FORM)
            return
        for item in node.items:
            if found := self._waiver(item):
                yield found

    def _waiver(self, node: Node) -> Waiver | None:
        mapping = self.scope.mapping(node, "a waiver, a mapping", _FORM)
        if mapping is None:
            return None
        fields = self.scope.fields(mapping, FIELDS, "a waiver")
        for name in NEEDED:
            if name not in fields:
                self.scope.missing(mapping, name, "this waiver", _EXAMPLES[name])
        code = self._code(fields)
        reason, owner = (self._text(fields, name) for name in ("reason", "owner"))
        expires = self._day(fields)
        statements, target, hint = self._target(fields)
        if not (code and reason and owner and expires):
            return None
        day, span = expires
        return Waiver(
            code.value, reason, owner, day, statements, target, hint, code.span, span.span
        )

    def _text(self, fields: Fields, name: str) -> str | None:
        node = named(fields, name)
        found = self.scope.text(node, name, _EXAMPLES[name]) if node else None
        if found and not found.value.strip():
            self.scope.error("EMPTY_VALUE", f"{name} is blank", found.span, "", _EXAMPLES[name])
        return found.value if found else None

    def _code(self, fields: Fields) -> TextNode | None:
        node = named(fields, "code")
        code = self.scope.text(node, "code", _EXAMPLES["code"]) if node else None
        if code is None:
            return None
        if code.value in rules("waivers"):
            message = f"{code.value} is about waivers, which cannot be waived"
            self.scope.error("NOT_WAIVABLE", message, code.span, "", "take the waiver out")
        else:
            check_rule(code, self.scope)
        return code

    def _day(self, fields: Fields) -> tuple[dt.date, TextNode] | None:
        node = named(fields, "expires")
        text = self.scope.text(node, "expires", _EXAMPLES["expires"]) if node else None
        if text is None:
            return None
        day = _parsed(text.value)
        if day is None:
            message = f'"{text.value}" is not a day written as YYYY-MM-DD'
            self.scope.error("INVALID_DATE", message, text.span, "", "write a day like 2027-03-31")
            return None
        return day, text

    def _target(self, fields: Fields) -> tuple[frozenset[int] | None, str, str]:
        """The statements that a waiver is about, how it names them, and what may be wrong."""
        index, sid = named(fields, "statement"), named(fields, "sid")
        if index and sid:
            message = "a waiver names a statement by its index or by its Sid, not by both"
            span = max(fields["statement"][0].span, fields["sid"][0].span, key=lambda s: s.start)
            self.scope.error("SEVERAL_TARGETS", message, span, "", "keep one of the two")
        elif index:
            return self._by_index(index)
        elif sid:
            return self._by_sid(sid)
        return None, "", ""

    def _by_index(self, node: Node) -> tuple[frozenset[int] | None, str, str]:
        if not isinstance(node, NumberNode) or not _INDEX.fullmatch(node.text):
            advice = "write the index of the statement, 0 for the first one"
            self.scope.mismatch(node, "statement, a number from 0", advice)
            return None, "", ""
        count = len(self.statements)
        hint = f"the last statement is {count - 1}" if int(node.text) >= count else ""
        return frozenset({int(node.text)}), f"statement {node.text}", hint

    def _by_sid(self, node: Node) -> tuple[frozenset[int] | None, str, str]:
        text = self.scope.text(node, "sid")
        if text is None:
            return None, "", ""
        found = frozenset(one.index for one in self.statements if one.sid == text.value)
        meant = nearest(text.value, [one.sid for one in self.statements if one.sid])
        advice = f'; write "{meant}" if that is meant' if meant else ""
        hint = "" if found else f"no statement has this Sid{advice}"
        return found, f'statement "{text.value}"', hint


def _parsed(text: str) -> dt.date | None:
    """The day that ``text`` is; None if it is none, or is written in another way."""
    try:
        return dt.date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None
