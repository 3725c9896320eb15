"""What the parts of a request can be made of: characters and lengths."""

from __future__ import annotations

from policycheck.symbolic.symbols import Domain

_DIGITS = frozenset("0123456789")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
LOWER = _LETTERS | _DIGITS | {"-"}
ALNUM = _LETTERS | frozenset(map(str.upper, _LETTERS)) | _DIGITS
STAGE_CHARACTERS = ALNUM | frozenset("_-")
ACCOUNT = Domain(allowed=_DIGITS, shortest=12, longest=12)
NAME = Domain(ALNUM | frozenset("_+=,.@-"), forbidden=frozenset("/"), shortest=1)
"""Names of users, roles, sessions and federated users (D4-names)."""
NOT_EMPTY = Domain(shortest=1)
DOMAIN_NAME = Domain(allowed=ALNUM | frozenset(".*_-"), shortest=1)
