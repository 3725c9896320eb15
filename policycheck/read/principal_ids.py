"""The entries of Principal and NotPrincipal (semantics A3)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from policycheck.model.arn import ACCOUNT, NAME, PARTITION, is_wild
from policycheck.model.policy import PrincipalId, PrincipalKind
from policycheck.read.literal_error import LiteralError

EVERYONE = "*"

# Texts, not compiled patterns: `re` compiles each when it is first needed, and keeps it.
_UNIQUE_ID = r"A[A-Z]{3}[A-Z0-9]{12,124}"
_SERVICE = (
    r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:amazonaws\.com(?:\.cn)?|amazon\.com|aws\.internal|"
    r"c2s\.ic\.gov|sc2s\.sgov\.gov)"
)
_RESOURCES = {
    "iam": (
        (r"root", PrincipalKind.ACCOUNT),
        (rf"user/(?:[!-~]+/)?{NAME}", PrincipalKind.USER),
        (rf"role/(?:[!-~]+/)?{NAME}", PrincipalKind.ROLE),
    ),
    "sts": (
        (rf"assumed-role/{NAME}/{NAME}", PrincipalKind.SESSION),
        (rf"federated-user/{NAME}", PrincipalKind.FEDERATED_USER),
    ),
}
_FORMS = (
    "write *, an account id of 12 digits, or an ARN like arn:aws:iam::123456789012:role/name "
    "or arn:aws:sts::123456789012:assumed-role/role/session"
)


def parse_aws_principal(text: str) -> PrincipalId:
    """An entry under ``AWS``: ``*``, an account id, or the ARN or unique id of an identity.

    Raises LiteralError under AWS's code.
    """
    if text == EVERYONE:
        return PrincipalId(PrincipalKind.EVERYONE)
    if re.fullmatch(ACCOUNT, text):
        return PrincipalId(PrincipalKind.ACCOUNT, text)
    if "${" in text:
        raise LiteralError(
            "a principal holds no variables",
            help="write the principal itself",
            code="VARIABLE_UNSUPPORTED_IN_ELEMENT",
        )
    if is_wild(text):
        raise _wildcard('write "*" and restrict it by a condition on aws:PrincipalArn')
    if re.fullmatch(_UNIQUE_ID, text):
        return PrincipalId(PrincipalKind.UNIQUE_ID, text)
    return _identity(text)


def _identity(text: str) -> PrincipalId:
    fields = text.split(":", 5)
    if len(fields) != 6 or fields[0] != "arn":
        raise _not_a_principal(text)
    _, partition, service, region, account, resource = fields
    if not re.fullmatch(PARTITION, partition):
        raise LiteralError(
            f'"{partition}" is no partition',
            help="write aws, aws-cn or aws-us-gov",
            code="INVALID_PARTITION",
            part=_field(fields, 1),
        )
    if service not in _RESOURCES or region:
        raise _format(f"{text} is not the ARN of an identity")
    if not re.fullmatch(ACCOUNT, account):
        raise LiteralError(
            f'"{account}" is not an account id, which has 12 digits',
            help="write the 12 digits",
            code="INVALID_ARN_ACCOUNT",
            part=_field(fields, 4),
        )
    for form, kind in _RESOURCES[service]:
        if re.fullmatch(form, resource, re.ASCII):
            return PrincipalId(kind, account if kind is PrincipalKind.ACCOUNT else text)
    raise _no_identity(resource, _field(fields, 5))


def _field(fields: list[str], index: int) -> tuple[int, int]:
    start = sum(map(len, fields[:index])) + index
    return start, start + len(fields[index])


def _wildcard(advice: str) -> LiteralError:
    message = "a principal holds no wildcards, except * alone under AWS"
    return LiteralError(message, help=advice, code="UNSUPPORTED_WILDCARD_IN_PRINCIPAL")


def _format(message: str) -> LiteralError:
    return LiteralError(message, help=_FORMS, code="INVALID_PRINCIPAL_FORMAT")


def _not_a_principal(text: str) -> LiteralError:
    if not re.fullmatch(r"[0-9]+", text):
        return _format(f'"{text}" is not a principal')
    return LiteralError(
        f'"{text}" is not an account id, which has 12 digits',
        help="write the 12 digits",
        code="INVALID_PRINCIPAL_FORMAT",
    )


def _no_identity(resource: str, part: tuple[int, int]) -> LiteralError:
    reason = (
        "a group cannot be a principal"
        if resource.startswith("group/")
        else (f'"{resource}" is no user, role or session')
    )
    return LiteralError(reason, help=_FORMS, code="INVALID_PRINCIPAL_FORMAT", part=part)


def is_service(text: str) -> bool:
    """Whether ``text`` has the form of an AWS service's name."""
    return re.fullmatch(_SERVICE, text) is not None


def parse_service(text: str) -> PrincipalId:
    """An entry under ``Service``: the name of an AWS service. Raises LiteralError."""
    if is_wild(text):
        raise _wildcard("write the name of a service")
    if not is_service(text):
        raise LiteralError(
            f'"{text}" is not the name of a service',
            help="write a name like lambda.amazonaws.com",
            code="INVALID_SERVICE_PRINCIPAL_FORMAT",
        )
    return PrincipalId(PrincipalKind.SERVICE, text)


def _named(kind: PrincipalKind, text: str) -> PrincipalId:
    if not text:
        raise _format("a principal without a name")
    if is_wild(text):
        raise _wildcard("write the name itself")
    return PrincipalId(kind, text)


def parse_federated(text: str) -> PrincipalId:
    """An entry under ``Federated``. Raises LiteralError."""
    return _named(PrincipalKind.FEDERATED, text)


def parse_canonical_user(text: str) -> PrincipalId:
    """An entry under ``CanonicalUser``. Raises LiteralError."""
    return _named(PrincipalKind.CANONICAL_USER, text)


PARSERS: Mapping[str, Callable[[str], PrincipalId]] = {
    "AWS": parse_aws_principal,
    "Service": parse_service,
    "Federated": parse_federated,
    "CanonicalUser": parse_canonical_user,
}
"""The kinds of principals, each with the function that reads an entry of it."""
