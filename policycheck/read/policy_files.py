"""The policy files that a spec names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from policycheck.dataclass import dataclass
from policycheck.diagnostics import InputError, Level
from policycheck.model.policy import Policy
from policycheck.model.workflow import PolicyKind
from policycheck.read.document import TextNode
from policycheck.read.files import STDIN
from policycheck.read.keys_used import check_keys
from policycheck.read.policy import load_policy
from policycheck.read.scope import Scope


@dataclass(frozen=True)
class PolicyFiles:
    """Loads files for a spec; names are relative to ``directory``.

    ``noun`` says what the policies are to the spec, ``code`` is the error where one is unreadable.
    """

    scope: Scope
    directory: Path
    noun: str
    code: str
    kind: PolicyKind = PolicyKind.RESOURCE

    def load(self, text: TextNode) -> Policy | None:
        """The policy in the file; None if it cannot be used, which is noted in the scope."""
        path = self.directory / text.value
        if str(path) == STDIN:
            message = f"a {self.noun} cannot come from standard input"
            advice = "write the path of a policy file, relative to this spec"
            self.scope.error("INVALID_VALUE", message, text.span, "", advice)
            return None
        try:
            policy = load_policy(path, self.kind)
        except InputError as error:
            self._unreadable(text, error)
            return None
        found = check_keys(policy, self.scope.keys)
        self.scope.diagnostics.extend(one for one in found if one.level is Level.ERROR)
        return policy

    def _unreadable(self, text: TextNode, error: InputError) -> None:
        errors = [one for one in error.diagnostics if one.level is Level.ERROR]
        if any(one.span for one in errors):
            message = f"the {self.noun} {text.value} cannot be read"
            advice = "correct the errors that follow"
            self.scope.error(self.code, message, text.span, "", advice)
        self.scope.diagnostics.extend(replace(one, span=one.span or text.span) for one in errors)
