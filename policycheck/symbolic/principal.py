"""Callers as formulas: at which of its levels an entry of a Principal element names it."""

from __future__ import annotations

import re
from typing import assert_never

import z3

from policycheck.model.arn import fields_of
from policycheck.model.policy import PrincipalElement, PrincipalId, PrincipalKind
from policycheck.model.reading import Reading
from policycheck.model.request import CallerKind
from policycheck.model.text import Pattern
from policycheck.symbolic import arn
from policycheck.symbolic.boolean import both, either, every, false, implies, negation, true
from policycheck.symbolic.caller import principal_arns, session_arn
from policycheck.symbolic.request import Request
from policycheck.symbolic.symbols import Glob, Text
from policycheck.symbolic.text import glob_matches, glob_of, symbol_matches
from policycheck.symbolic.values import joined

_NAMED_BY = {
    PrincipalKind.USER: CallerKind.USER,
    PrincipalKind.ROLE: CallerKind.ROLE,
    PrincipalKind.FEDERATED_USER: CallerKind.FEDERATED_USER,
    PrincipalKind.SERVICE: CallerKind.SERVICE,
    PrincipalKind.FEDERATED: CallerKind.FEDERATED,
    PrincipalKind.CANONICAL_USER: CallerKind.CANONICAL_USER,
}

_HAS_ACCOUNT = (CallerKind.ROOT, CallerKind.USER, CallerKind.ROLE, CallerKind.FEDERATED_USER)


def element_matches(wanted: PrincipalElement, request: Request) -> z3.BoolRef:
    """Principal or NotPrincipal covers the caller.

    Rules: A4-not-principal, A4-not-principal-anonymous.
    """
    listed = either(id_matches(entry, request) for entry in wanted.ids)
    if not wanted.negated:
        return listed
    strict = request.reading(Reading.NOT_PRINCIPAL_STRICT)
    exempt = either(
        (both(negation(strict), listed), both(strict, _all_levels_listed(wanted, request)))
    )
    return negation(exempt)


def _all_levels_listed(wanted: PrincipalElement, request: Request) -> z3.BoolRef:
    """Everyone is listed, or every level of the caller is (A4-not-principal)."""
    if any(entry.kind is PrincipalKind.EVERYONE for entry in wanted.ids):
        return true()
    levels = {
        kind: either(id_matches(entry, request) for entry in wanted.ids if _tells(entry, kind))
        for kind in PrincipalKind
    }
    return both(
        negation(request.caller.kinds[CallerKind.ANONYMOUS]),
        every(
            implies(_has_level(kind, request), named)
            for kind, named in levels.items()
            if kind not in {PrincipalKind.EVERYONE, PrincipalKind.UNIQUE_ID}
        ),
    )


def _tells(entry: PrincipalId, level: PrincipalKind) -> bool:
    """Whether the entry may name a caller at the level (A3-user-federated)."""
    is_user = entry.kind is PrincipalKind.USER
    return entry.kind is level or (is_user and level is PrincipalKind.FEDERATED_USER)


def _has_level(level: PrincipalKind, request: Request) -> z3.BoolRef:
    """The caller has an id of the kind."""
    caller, kinds = request.caller, request.caller.kinds
    match level:
        case PrincipalKind.EVERYONE:
            return true()
        case PrincipalKind.UNIQUE_ID:
            return false()
        case PrincipalKind.ACCOUNT:
            return either(kinds[kind] for kind in _HAS_ACCOUNT)
        case PrincipalKind.SESSION:
            return both(kinds[CallerKind.ROLE], caller.in_session)
        case _:
            return kinds[_NAMED_BY[level]]


def id_matches(wanted: PrincipalId, request: Request) -> z3.BoolRef:
    """One entry names the caller.

    Rules: A3-everyone, A3-anonymous, A3-account, A3-user, A3-user-federated, A3-role, A3-session,
    A3-federated-user, A3-service, A3-other-identity, A3-unique-id.
    """
    caller = request.caller
    has_level = _has_level(wanted.kind, request)
    match wanted.kind:
        case PrincipalKind.EVERYONE | PrincipalKind.UNIQUE_ID:
            return has_level
        case PrincipalKind.ACCOUNT:
            return both(has_level, account_is(wanted.value, request))
        case PrincipalKind.USER | PrincipalKind.ROLE | PrincipalKind.FEDERATED_USER:
            arns = (
                both(guard, _is(joined(fields), wanted.value, request))
                for guard, fields in principal_arns(caller)
            )
            own = both(has_level, either(arns))
            if wanted.kind is not PrincipalKind.USER:
                return own
            by_name = request.reading(Reading.USER_NAMES_ITS_FEDERATED_SESSIONS)
            return either((own, both(by_name, id_matches(_session_of(wanted), request))))
        case PrincipalKind.SESSION:
            return both(has_level, _is(joined(session_arn(caller)), wanted.value, request))
        case PrincipalKind.SERVICE:
            return both(has_level, _is((caller.service,), wanted.value, request))
        case PrincipalKind.FEDERATED | PrincipalKind.CANONICAL_USER:
            return both(has_level, _is((caller.other,), wanted.value, request))
    assert_never(wanted.kind)


def _session_of(user: PrincipalId) -> PrincipalId:
    """The federated-user session that has the user's name (A3-user-federated)."""
    found = re.fullmatch("arn:([^:]*):iam::([^:]*):user/(?:.*/)?([^/]*)", user.value)
    if found is None:
        raise ValueError(user.value)
    session = "arn:{}:sts::{}:federated-user/{}".format(*found.groups())
    return PrincipalId(PrincipalKind.FEDERATED_USER, session)


def has_account(request: Request) -> z3.BoolRef:
    """The caller is an identity of some account."""
    return _has_level(PrincipalKind.ACCOUNT, request)


def account_is(wanted: str, request: Request) -> z3.BoolRef:
    """The caller's account has the id ``wanted``; says nothing of whether it has an account."""
    return symbol_matches(request.caller.account, Glob(tuple(wanted)), request.atoms)


def arn_matches(wanted: Pattern, request: Request) -> z3.BoolRef:
    """One of the caller's ARNs is as wanted (S1-caller-arn)."""
    caller = request.caller
    session = both(
        _has_level(PrincipalKind.SESSION, request), _in(session_arn(caller), wanted, request)
    )
    return either(
        (
            session,
            *(both(guard, _in(arn, wanted, request)) for guard, arn in principal_arns(caller)),
        )
    )


def _in(fields: tuple[Text, ...], wanted: Pattern, request: Request) -> z3.BoolRef:
    by_field = fields_of(wanted)
    if by_field is None:
        return glob_matches(joined(fields), glob_of(wanted), request.atoms)
    return arn.fields_match(fields, by_field, request)


def _is(actual: Text, wanted: str, request: Request) -> z3.BoolRef:
    return glob_matches(actual, Glob(tuple(wanted)), request.atoms)
