"""Which requests can exist: what a spec's ``api`` section says, and the tables of semantics D."""

from __future__ import annotations

import enum
from dataclasses import field

from policycheck.dataclass import dataclass
from policycheck.model.keys import KeySpace
from policycheck.model.route import Routes
from policycheck.model.text import Pattern

ACTIONS = ("execute-api:Invoke", "execute-api:InvalidateCache", "execute-api:ManageConnections")
"""The actions of the service. Source: the service authorization reference, execute-api."""

VIA_DOMAIN = "execute-api:viaDomainArn"
"""The key that holds the ARN of the private custom domain that a request came through."""

MAX_RESOURCE_BYTES = 1600
"""The longest method ARN; API Gateway answers 414 to a longer one.
Source: APIGW/api-gateway-lambda-authorizer-output."""


class Endpoint(enum.Enum):
    """The endpoint type of a REST API."""

    EDGE = "edge"
    REGIONAL = "regional"
    PRIVATE = "private"


class Authorization(enum.Enum):
    """The authorization type of the methods."""

    NONE = "none"
    IAM = "iam"
    LAMBDA = "lambda"
    COGNITO = "cognito"


class IpAddressType(enum.Enum):
    """Which families of addresses callers have."""

    IPV4 = "ipv4"
    DUALSTACK = "dualstack"


class CallerAccount(enum.Enum):
    """Whether callers are identities of the account that owns the API, or of another one."""

    SAME = "same_account"
    CROSS = "cross_account"
    ANY = "any"


@dataclass(frozen=True)
class Environment:
    """What is known about the API; None where nothing is said.

    ``arn`` holds the patterns of the six fields of ``arn:P:execute-api:REGION:ACCOUNT:API``.
    ``routes`` are the only ones that there are.
    ``via_domain``: every request comes through a private custom domain name. ``said`` names the
    fields that a spec gives although their value is the default.
    """

    endpoint: Endpoint | None = None
    authorization: Authorization = Authorization.NONE
    arn: tuple[Pattern, ...] | None = None
    stages: tuple[str, ...] | None = None
    ip_address_type: IpAddressType = IpAddressType.DUALSTACK
    keys: KeySpace = field(default_factory=KeySpace)
    caller_account: CallerAccount = CallerAccount.ANY
    via_domain: bool = False
    routes: Routes | None = None
    said: frozenset[str] = field(default=frozenset(), compare=False, repr=False)
