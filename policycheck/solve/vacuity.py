"""Why an assertion speaks of no request, as far as that shows without asking the solver."""

from __future__ import annotations

from policycheck.model.condition import Comparing, ConditionEntry
from policycheck.model.environment import Authorization, Environment
from policycheck.model.keys import KeySpace
from policycheck.model.predicate import (
    CallerAccount,
    CallerAnonymous,
    CallerArn,
    CallerService,
    Conditions,
    Not,
    Predicate,
    walk,
)

_NOTHING = "no possible request is one that the assertion speaks of"
_ANONYMOUS = "every caller is anonymous, as authorization is not iam"


def why_vacuous(predicate: Predicate, environment: Environment) -> str:
    """What to say of an assertion that speaks of the requests that ``predicate`` holds of, where
    there are none: also that no caller has an identity (D4-anonymous), if it asks for one."""
    is_anonymous = environment.authorization is not Authorization.IAM
    asks = any(_asks_for_identity(part, environment.keys) for part in walk(predicate))
    return f"{_NOTHING}; {_ANONYMOUS}" if is_anonymous and asks else _NOTHING


def _asks_for_identity(part: Predicate, keys: KeySpace) -> bool:
    match part:
        case CallerAccount() | CallerArn() | CallerService() | Not(CallerAnonymous()):
            return True
        case Conditions(entries):
            return any(_asks_for_key(entry, keys) for entry in entries)
        case _:
            return False


def _asks_for_key(entry: ConditionEntry, keys: KeySpace) -> bool:
    """The entry may hold because a key that tells of the caller is there."""
    is_wanted = isinstance(entry, Comparing) or False in entry.absent
    return is_wanted and keys.is_of_caller(entry.key)
