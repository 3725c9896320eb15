"""What the document around a policy says of the API that the policy is attached to."""

from __future__ import annotations

from dataclasses import replace

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic
from policycheck.model.environment import Authorization, Endpoint, Environment
from policycheck.model.route import Routes
from policycheck.model.text import Pattern

MOST_LISTED = 8
"""How many routes are named where facts are shown."""


@dataclass(frozen=True)
class ApiFacts:
    """Facts about an API, None where the document says nothing.

    ``authorizations`` are the types that its methods have, empty where that is not known. ``arn``
    holds the patterns of the six fields of the API's ARN: those that the reading of the policy
    relies on, such as the partition that a template writes.
    """

    endpoint: Endpoint | None = None
    authorizations: frozenset[Authorization] = frozenset()
    stages: tuple[str, ...] | None = None
    arn: tuple[Pattern, ...] | None = None
    routes: Routes | None = None

    @property
    def authorization(self) -> Authorization | None:
        """The authorization of all methods; None if it is not known or they do not agree."""
        return next(iter(self.authorizations)) if len(self.authorizations) == 1 else None

    @property
    def has_mixed_callers(self) -> bool:
        """Some methods have callers with an identity, and others anonymous ones (D4-anonymous)."""
        return Authorization.IAM in self.authorizations and len(self.authorizations) > 1

    def __bool__(self) -> bool:
        return any((self.endpoint, self.authorizations, self.stages, self.arn, self.routes))

    def __str__(self) -> str:
        said = {
            "endpoint": self.endpoint and self.endpoint.value,
            "authorization": " and ".join(sorted(one.value for one in self.authorizations)),
            "stages": self.stages and "[" + ", ".join(self.stages) + "]",
            "arn": self.arn and ":".join(map(str, self.arn)),
            "routes": self.routes and _listed(self.routes),
        }
        return ", ".join(f"{name}: {value}" for name, value in said.items() if value)

    def fill(self, known: Environment) -> Environment:
        """``known`` with these facts where it says nothing.

        Fields of the ARN that are literal here narrow those with wildcards there. Check
        ``contradicts`` first.
        """
        authorization = None if _tells_authorization(known) else self.authorization
        return replace(
            known,
            endpoint=known.endpoint or self.endpoint,
            authorization=authorization or known.authorization,
            stages=known.stages or self.stages,
            arn=self._arn(known.arn),
            routes=known.routes if _tells_routes(known) else self.routes,
        )

    def _arn(self, said: tuple[Pattern, ...] | None) -> tuple[Pattern, ...] | None:
        if not (said and self.arn):
            return said or self.arn
        pairs = zip(said, self.arn, strict=True)
        return tuple(own if own.literal is not None else other for other, own in pairs)

    def common(self, other: ApiFacts) -> ApiFacts:
        """What holds of both, and the ARN that either relies on."""
        return ApiFacts(
            self.endpoint if self.endpoint is other.endpoint else None,
            self.authorizations | other.authorizations,
            self.stages if self.stages == other.stages else None,
            self.arn or other.arn,
            self.routes if self.routes == other.routes else None,
        )

    def contradicts(self, known: Environment) -> Diagnostic | None:
        """The error that no one environment fits: the ARN of a spec is another one, or some methods
        have callers with an identity and others have not. None if one fits."""
        if self.has_mixed_callers and not _tells_authorization(known):
            types = " and ".join(sorted(one.value for one in self.authorizations))
            message = f"the methods of the API have the authorization types {types}"
            advice = "their callers differ: say authorization: iam or none, and ask once for each"
            return Diagnostic("MIXED_AUTHORIZATION", message, help=advice)
        for said, own in zip(known.arn or (), self.arn or (), strict=False):
            if None not in {said.literal, own.literal} and said.literal != own.literal:
                message = f"the spec's ARN has {said} where the document has {own}"
                advice = "correct the arn, or give the values with --parameter"
                return Diagnostic("CONTRADICTING_ARN", message, help=advice)
        return None


def _listed(routes: Routes) -> str:
    """The first routes, and how many there are."""
    shown = [str(one) for one in routes[:MOST_LISTED]]
    more = len(routes) - len(shown)
    return "[" + ", ".join([*shown, *([f"{more} more"] if more else [])]) + "]"


def _tells_routes(known: Environment) -> bool:
    return "routes" in known.said or known.routes is not None


def _tells_authorization(known: Environment) -> bool:
    return "authorization" in known.said or known.authorization is not Authorization.NONE
