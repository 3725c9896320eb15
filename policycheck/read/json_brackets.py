"""The brackets of a JSON text that are open."""

from __future__ import annotations

from policycheck.read.document import MAX_DEPTH
from policycheck.read.json_findings import Findings, Mistake
from policycheck.read.json_tokens import Token

CLOSING = {"{": "}", "[": "]"}
OPENING = {"}": "{", "]": "["}
NAMES = {"{": "object", "[": "list"}

_TOO_DEEP = Mistake(
    f"lists and objects are nested more than {MAX_DEPTH} deep",
    "too deep",
    "give the document that holds the policy alone",
    "NESTING_TOO_DEEP",
)


class Brackets:
    """A stack of opening brackets, the outermost first."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.open: list[Token] = []

    @property
    def innermost(self) -> str:
        """The bracket that was opened last, or the empty text."""
        return self.open[-1].text if self.open else ""

    def push(self, token: Token) -> bool:
        """Takes an opening bracket; False if the nesting is too deep now."""
        self.open.append(token)
        if len(self.open) > MAX_DEPTH:
            self.findings.at(token, _TOO_DEEP)
            return False
        return True

    def close(self, token: Token) -> None:
        """Takes a closing bracket; at least one bracket is open."""
        if self.innermost == OPENING[token.text]:
            self.open.pop()
        else:
            self._close_other(token)

    def _close_other(self, token: Token) -> None:
        """A bracket of the other kind: the right one is missing, or this one is wrong."""
        self.findings.unsure = True
        opener = self.open[-1]
        where = f"the {NAMES[opener.text]} of line {self.findings.line(opener)}"
        right = CLOSING[opener.text]
        meant = [i for i, one in enumerate(self.open) if one.text == OPENING[token.text]]
        depth = meant[-1] if meant else -1
        ends = depth == 0 and not self.findings.source.text[token.end :].strip()
        if depth > 0 or ends:
            mistake = Mistake(f"{where} is not closed", f"expected {right}", f"write {right} here")
            del self.open[depth:]
        else:
            mistake = Mistake(
                f"{where} is closed by {token.text}", "the wrong bracket", f"write {right}"
            )
            self.open.pop()
        self.findings.at(token, mistake)

    def finish(self, last: Token) -> None:
        """Says what is missing after the last token of the text."""
        if self.open and not self.findings.unsure:
            missing = "".join(CLOSING[one.text] for one in reversed(self.open))
            opener = self.open[-1]
            label = f"the {opener.text} of line {self.findings.line(opener)} is still open"
            mistake = Mistake("the text ends too early", label, f"write {missing} at the end")
            self.findings.after(last, mistake)
