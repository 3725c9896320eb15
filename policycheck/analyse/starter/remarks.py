"""What the comments of a starter spec say of its sections."""

from __future__ import annotations

VPC_KEYS = ("aws:SourceVpc", "aws:SourceVpce", "aws:VpcSourceIp")
"""The condition keys that only requests to a private API have."""

API = "What is known about the API. The policy does not say it; each fact is worth a check."

ENDPOINT_KNOWN = "The endpoint type decides which condition keys a request has."

ENDPOINT_UNKNOWN = (
    "endpoint: regional\n"
    "The endpoint type (regional, edge or private) is not said, so what follows holds for each: "
    "aws:SourceIp and the VPC keys may be there or not. Say the type, and more can be proved; on a "
    "public endpoint there are no VPC keys, and on a private one there is no aws:SourceIp."
)

VPC_HINT = " The policy looks at VPC keys, so the API is probably private."

AUTHORIZATION = (
    "The authorization type of the methods. Unless it is iam, every caller is anonymous, and "
    "a statement for accounts, users or roles lets nobody in."
)

ARN = "The one API that the resources of the policy name; leave it out to ask about any API."

DEFINE = "Names for what the policy lists."

ASSERTIONS = (
    "All of them were proved when this file was written. They say what holds, not what is meant: "
    "read each one, and take out what is an accident."
)
