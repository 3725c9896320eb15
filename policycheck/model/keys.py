"""The condition keys that exist, with their types and when a request has them (semantics D1).

Source: APIGW/apigateway-resource-policies-aws-condition-keys,
IAM/reference_policies_condition-keys, IAM/reference_policies_iam-condition-keys and the service
authorization reference, snapshots of 2026-04-13.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from functools import cache

from policycheck.dataclass import dataclass


class KeyType(enum.Enum):
    """The type of a key's values."""

    STRING = "string"
    IP = "ip"
    DATE = "date"
    NUMERIC = "numeric"
    BOOL = "bool"
    ARN = "arn"


class Presence(enum.Enum):
    """When a request has the key."""

    ALWAYS = "always"
    """In every request."""
    OPTIONAL = "optional"
    """There or not, on its own."""
    PUBLIC = "public"
    """On edge and regional endpoints (aws:SourceIp)."""
    PRIVATE = "private"
    """On private endpoints."""
    IDENTITY = "identity"
    """A caller with an AWS identity."""
    TEMPORARY = "temporary"
    """Temporary credentials: roles and federated users always, users and root users at times."""
    MFA = "mfa"
    """Temporary credentials, but not all."""
    ORGANIZATION = "organization"
    """An identity whose account belongs to an organization."""
    USER = "user"
    """An IAM user."""
    TAG = "tag"
    """An identity that has the tag."""
    NEVER = "never"
    """Not in requests to API Gateway."""


PRINCIPAL_PRESENCES = frozenset(
    {
        Presence.IDENTITY,
        Presence.TEMPORARY,
        Presence.MFA,
        Presence.ORGANIZATION,
        Presence.USER,
        Presence.TAG,
    }
)
"""The presences of keys that only a caller with an AWS identity has."""


@dataclass(frozen=True)
class Key:
    """A condition key.

    ``epoch``: the key is a clock in seconds, so Numeric operators take it too. ``promised``: AWS
    documents the key for API Gateway. ``declared``: a spec declared it; AWS does not have it.
    """

    name: str
    type: KeyType
    presence: Presence
    multivalued: bool = False
    client_controlled: bool = False
    epoch: bool = False
    promised: bool = True
    declared: bool = False


_PROMISED = (
    Key("aws:CurrentTime", KeyType.DATE, Presence.ALWAYS),
    Key("aws:EpochTime", KeyType.DATE, Presence.ALWAYS, epoch=True),
    Key("aws:TokenIssueTime", KeyType.DATE, Presence.TEMPORARY),
    Key("aws:MultiFactorAuthPresent", KeyType.BOOL, Presence.MFA),
    Key("aws:MultiFactorAuthAge", KeyType.NUMERIC, Presence.MFA),
    Key("aws:PrincipalAccount", KeyType.STRING, Presence.IDENTITY),
    Key("aws:PrincipalArn", KeyType.ARN, Presence.IDENTITY),
    Key("aws:PrincipalOrgID", KeyType.STRING, Presence.ORGANIZATION),
    Key("aws:PrincipalOrgPaths", KeyType.STRING, Presence.ORGANIZATION, multivalued=True),
    Key("aws:PrincipalType", KeyType.STRING, Presence.IDENTITY),
    Key("aws:Referer", KeyType.STRING, Presence.OPTIONAL, client_controlled=True),
    Key("aws:SecureTransport", KeyType.BOOL, Presence.ALWAYS),
    Key("aws:SourceArn", KeyType.ARN, Presence.OPTIONAL),
    Key("aws:SourceIp", KeyType.IP, Presence.PUBLIC),
    Key("aws:SourceVpc", KeyType.STRING, Presence.PRIVATE),
    Key("aws:SourceVpce", KeyType.STRING, Presence.PRIVATE),
    Key("aws:VpcSourceIp", KeyType.IP, Presence.PRIVATE),
    Key("aws:UserAgent", KeyType.STRING, Presence.OPTIONAL, client_controlled=True),
    Key("aws:userid", KeyType.STRING, Presence.IDENTITY),
    Key("aws:username", KeyType.STRING, Presence.USER),
    Key("execute-api:viaDomainArn", KeyType.ARN, Presence.OPTIONAL),
    Key("aws:TagKeys", KeyType.STRING, Presence.NEVER, multivalued=True),
)
"""The keys that API Gateway's pages name, and those that are in all requests to AWS."""

_UNPROMISED = {
    KeyType.BOOL: (
        "aws:AssumedRoot",
        "aws:IsMcpServiceAction",
        "aws:PrincipalIsAWSService",
        "aws:ViaAWSMCPService",
        "aws:ViaAWSService",
    ),
    KeyType.STRING: (
        "aws:CalledViaAWSMCP",
        "aws:CalledViaFirst",
        "aws:CalledViaLast",
        "aws:Ec2InstanceSourceVpc",
        "aws:PrincipalServiceName",
        "aws:RequestedRegion",
        "aws:ResourceAccount",
        "aws:ResourceOrgID",
        "aws:SourceAccount",
        "aws:SourceIdentity",
        "aws:SourceOrgID",
        "aws:FederatedProvider",
        "aws:VpceAccount",
        "aws:VpceOrgID",
        "accounts.google.com:oaud",
        "glue:CredentialIssuingService",
        "glue:RoleAssumedBy",
        "graph.facebook.com:app_id",
        "graph.facebook.com:id",
        "identitystore:UserId",
        "saml:namequalifier",
        "saml:sub",
        "saml:sub_type",
        "www.amazon.com:app_id",
        "www.amazon.com:user_id",
    ),
    KeyType.ARN: (
        "aws:ChatbotSourceArn",
        "aws:SignInSessionArn",
        "aws:SourceVpcArn",
        "codebuild:BuildArn",
        "codebuild:ProjectArn",
        "ec2:SourceInstanceArn",
        "lambda:SourceFunctionArn",
        "ssm:SourceInstanceArn",
    ),
    KeyType.IP: ("aws:Ec2InstanceSourcePrivateIPv4",),
    KeyType.NUMERIC: ("ec2:RoleDelivery",),
}
"""Global keys, and those of other services that are in requests to all services, that no page
promises for API Gateway."""

_UNPROMISED_LISTS = (
    "aws:CalledVia",
    "aws:PrincipalServiceNamesList",
    "aws:ResourceOrgPaths",
    "aws:SourceOrgPaths",
    "aws:VpceOrgPaths",
)
"""The same of keys that have several values, all of them texts."""

_FAMILIES = (
    Key("aws:PrincipalTag/", KeyType.STRING, Presence.TAG),
    Key("aws:RequestTag/", KeyType.STRING, Presence.NEVER),
    Key("aws:ResourceTag/", KeyType.STRING, Presence.NEVER),
)
"""Keys whose names begin so, and go on."""

_CLAIMS = {
    "amr": Key("amr", KeyType.STRING, Presence.OPTIONAL, multivalued=True, promised=False),
    "aud": Key("aud", KeyType.STRING, Presence.OPTIONAL, promised=False),
    "sub": Key("sub", KeyType.STRING, Presence.OPTIONAL, promised=False),
}
"""What a session tells of who signed in, behind the host of the identity provider and a colon."""


@cache
def aws_keys() -> Mapping[str, Key]:
    """Every key of AWS's that is not a family of keys, by its name in lower case."""
    return {key.name.lower(): key for key in (*_PROMISED, *_unpromised())}


def _unpromised() -> Iterator[Key]:
    for kind, names in _UNPROMISED.items():
        for name in names:
            yield Key(name, kind, Presence.OPTIONAL, promised=False)
    for name in _UNPROMISED_LISTS:
        yield Key(name, KeyType.STRING, Presence.OPTIONAL, multivalued=True, promised=False)


@cache
def aws_key(name: str) -> Key | None:
    """AWS's key of that name (case does not matter), or None: AWS has no such key."""
    if found := aws_keys().get(name.lower()):
        return found
    for family in _FAMILIES:
        prefix = family.name
        if name.lower().startswith(prefix.lower()) and len(name) > len(prefix):
            return replace(family, name=prefix + name[len(prefix) :])
    provider, _, claim = name.rpartition(":")
    told = _CLAIMS.get(claim.lower())
    return replace(told, name=name) if told and "." in provider else None


@dataclass(frozen=True)
class KeySpace:
    """The keys that requests may have: AWS's, and those that a spec declares."""

    declared: Mapping[str, Key] = field(default_factory=dict)

    @classmethod
    def of(cls, declared: Iterable[Key]) -> KeySpace:
        """The key space with the given declared keys."""
        return cls({key.name.lower(): key for key in declared})

    def find(self, name: str) -> Key | None:
        """The key of that name (case does not matter); None if no request ever has it."""
        return self.declared.get(name.lower()) or aws_key(name)

    def is_of_caller(self, name: str) -> bool:
        """Whether only a request of a caller with an AWS identity has the key of that name."""
        key = self.find(name)
        return key is not None and key.presence in PRINCIPAL_PRESENCES

    def __hash__(self) -> int:
        return hash(tuple(sorted(self.declared)))
