"""What is known about the API that a policy is attached to, and the cases that this leaves open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field, replace

from policycheck.dataclass import dataclass
from policycheck.model.condition import Comparing
from policycheck.model.environment import (
    Authorization,
    CallerAccount,
    Endpoint,
    Environment,
    IpAddressType,
)
from policycheck.model.facts import ApiFacts
from policycheck.model.keys import KeySpace
from policycheck.model.policy import Policy, PrincipalKind, Statement
from policycheck.model.route import Routes
from policycheck.model.text import Pattern
from policycheck.read.variables_used import variables_of


@dataclass(frozen=True)
class Setting:
    """An environment of which every part may be unknown (None).

    What is unknown is not assumed: a question is asked of each case that can be. ``said`` names the
    fields that a spec gives, of which ``routes: any`` leaves the routes open.
    """

    endpoint: Endpoint | None = None
    authorization: Authorization | None = None
    ip_address_type: IpAddressType | None = None
    arn: tuple[Pattern, ...] | None = None
    stages: tuple[str, ...] | None = None
    keys: KeySpace = field(default_factory=KeySpace)
    caller_account: CallerAccount = CallerAccount.ANY
    via_domain: bool = False
    routes: Routes | None = None
    said: frozenset[str] = frozenset()

    @classmethod
    def of(cls, known: Environment) -> Setting:
        """What a spec says; only the endpoint type may be open in one (contract section 4)."""
        return cls(
            known.endpoint,
            known.authorization,
            known.ip_address_type,
            known.arn,
            known.stages,
            known.keys,
            known.caller_account,
            known.via_domain,
            known.routes,
            known.said,
        )

    def knowing(self, facts: ApiFacts) -> Setting:
        """The same, with what the document around the policy says where this says nothing."""
        return replace(
            self,
            endpoint=self.endpoint or facts.endpoint,
            authorization=self.authorization or facts.authorization,
            arn=self.arn or facts.arn,
            stages=self.stages or facts.stages,
            routes=self.routes if "routes" in self.said else self.routes or facts.routes,
        )

    @property
    def needs_no_identity(self) -> bool:
        """Every caller is anonymous, as the methods do not use IAM authorization."""
        return self.authorization not in {None, Authorization.IAM}

    def cases(self, policy: Policy) -> tuple[Environment, ...]:
        """The environments that can be, those with a public endpoint and anonymous callers first.

        Identities are left out where the policy asks nothing of them.
        """
        return tuple(
            self.environment(endpoint, authorization)
            for endpoint in self._endpoints()
            for authorization in self._authorizations(policy)
        )

    def environment(
        self, endpoint: Endpoint | None, authorization: Authorization = Authorization.NONE
    ) -> Environment:
        """The environment with an endpoint type and an authorization type."""
        return Environment(
            endpoint,
            authorization,
            self.arn,
            self.stages,
            self.ip_address_type or IpAddressType.DUALSTACK,
            self.keys,
            self.caller_account,
            self.via_domain,
            self.routes,
        )

    def _endpoints(self) -> tuple[Endpoint, ...]:
        return (self.endpoint,) if self.endpoint else (Endpoint.REGIONAL, Endpoint.PRIVATE)

    def _authorizations(self, policy: Policy) -> Iterator[Authorization]:
        if self.authorization is not None:
            yield self.authorization
            return
        yield Authorization.NONE
        if asks_of_identities(policy, self.keys):
            yield Authorization.IAM

    def with_keys(self, keys: KeySpace) -> Setting:
        """The same setting with other condition keys."""
        return replace(self, keys=keys)


def asks_of_identities(policy: Policy, keys: KeySpace) -> bool:
    """Whether who calls matters to some statement: a principal, a key or a variable."""
    names = {principal.kind for s in policy.statements for principal in s.principal.ids}
    if names - {PrincipalKind.EVERYONE}:
        return True
    return any(map(keys.is_of_caller, keys_used(policy)))


def keys_used(policy: Policy) -> Iterator[str]:
    """The keys, in lower case, that conditions compare or that variables stand for."""
    for statement in policy.statements:
        yield from (entry.key for entry in statement.conditions)
        yield from variable_keys(statement)


def variable_keys(statement: Statement) -> Iterator[str]:
    """The keys, in lower case, that the statement's variables stand for."""
    for entry in statement.conditions:
        for relation in entry.relations if isinstance(entry, Comparing) else ():
            yield from (one.key for one in variables_of(relation))
    for resource in statement.resource.patterns:
        yield from (one.key for one in variables_of(resource))
