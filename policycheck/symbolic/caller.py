"""The unknown caller: who it is, and the texts that tell of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import z3

from policycheck.dataclass import dataclass
from policycheck.model.request import CallerKind
from policycheck.symbolic.boolean import both, negation, proposition
from policycheck.symbolic.domains import ACCOUNT, LOWER, NAME, NOT_EMPTY
from policycheck.symbolic.symbols import Domain, Text, TextSymbol


@dataclass(frozen=True)
class CallerSymbols:
    """The unknown caller: exactly one of ``kinds`` holds.

    ``nested``: the user or role has an IAM path. ``in_session``: the name of a role's session is
    known, as it is in every real request.
    """

    kinds: Mapping[CallerKind, z3.BoolRef]
    nested: z3.BoolRef
    in_session: z3.BoolRef
    partition: TextSymbol
    account: TextSymbol
    path: TextSymbol
    name: TextSymbol
    session: TextSymbol
    unique_id: TextSymbol
    federated_name: TextSymbol
    service: TextSymbol
    other: TextSymbol


def unknown_caller() -> CallerSymbols:
    """Symbols for everything that a request tells of its caller (D4-names)."""
    no_colon = Domain(forbidden=frozenset(":"), shortest=1)
    return CallerSymbols(
        kinds={kind: proposition(f"caller {kind.value}") for kind in CallerKind},
        nested=proposition("caller has a path"),
        in_session=proposition("caller in session"),
        partition=TextSymbol("caller partition", Domain(allowed=LOWER)),
        account=TextSymbol("caller account", ACCOUNT),
        path=TextSymbol("caller path"),
        name=TextSymbol("caller name", NAME),
        session=TextSymbol("caller session", NAME),
        unique_id=TextSymbol("caller unique id", no_colon),
        federated_name=TextSymbol("federated name", NAME),
        service=TextSymbol("caller service", NOT_EMPTY),
        other=TextSymbol("caller id", NOT_EMPTY),
    )


def principal_arns(
    caller: CallerSymbols,
) -> tuple[tuple[z3.BoolRef, tuple[Text, ...]], ...]:
    """The fields of aws:PrincipalArn for each kind of caller: for a session the role's ARN.

    Source: IAM/reference_policies_condition-keys (D4-principal-arn).
    """
    kinds = caller.kinds
    federated: Text = ("federated-user/", caller.federated_name)
    return (
        (kinds[CallerKind.ROOT], _arn((caller.partition,), caller, "iam", ("root",))),
        *_nestable(kinds[CallerKind.USER], caller, "user/"),
        *_nestable(kinds[CallerKind.ROLE], caller, "role/"),
        (kinds[CallerKind.FEDERATED_USER], _arn((caller.partition,), caller, "sts", federated)),
    )


def _nestable(
    is_kind: z3.BoolRef, caller: CallerSymbols, prefix: str
) -> Iterator[tuple[z3.BoolRef, tuple[Text, ...]]]:
    flat: Text = (prefix, caller.name)
    nested: Text = (prefix, caller.path, "/", caller.name)
    partition: Text = (caller.partition,)
    yield both(is_kind, negation(caller.nested)), _arn(partition, caller, "iam", flat)
    yield both(is_kind, caller.nested), _arn(partition, caller, "iam", nested)


def _arn(partition: Text, caller: CallerSymbols, service: str, resource: Text) -> tuple[Text, ...]:
    return (("arn",), ("aws", *partition), (service,), (), (caller.account,), resource)


def session_arn(caller: CallerSymbols) -> tuple[Text, ...]:
    """The fields of the ARN of a role's session, which lacks the role's path (A3-session)."""
    resource: Text = ("assumed-role/", caller.name, "/", caller.session)
    return _arn((caller.partition,), caller, "sts", resource)


def principal_types(caller: CallerSymbols) -> Iterator[tuple[z3.BoolRef, Text]]:
    """The value of aws:PrincipalType for each kind of caller that is an identity."""
    kinds = caller.kinds
    yield kinds[CallerKind.ROOT], ("Account",)
    yield kinds[CallerKind.USER], ("User",)
    yield kinds[CallerKind.ROLE], ("AssumedRole",)
    yield kinds[CallerKind.FEDERATED_USER], ("FederatedUser",)


def user_ids(caller: CallerSymbols) -> Iterator[tuple[z3.BoolRef, Text]]:
    """The value of aws:userid for each kind of caller that is an identity."""
    kinds = caller.kinds
    yield kinds[CallerKind.ROOT], (caller.account,)
    yield kinds[CallerKind.USER], (caller.unique_id,)
    yield kinds[CallerKind.ROLE], (caller.unique_id, ":", caller.session)
    yield kinds[CallerKind.FEDERATED_USER], (caller.account, ":", caller.federated_name)
