"""The points on which AWS's pages contradict each other or are silent, as named readings."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from policycheck.dataclass import dataclass


class Reading(enum.Enum):
    """A disputed rule. A member that is switched on selects the alternative, off the default."""

    ARN_STAR_CROSSES_COLON = "arn-star-crosses-colon"
    NOT_PRINCIPAL_STRICT = "not-principal-strict"
    MISSING_VARIABLE_VOIDS_STATEMENT = "missing-variable-voids-statement"
    PRIVATE_SOURCE_IP_PRESENT = "private-source-ip-present"
    ANONYMOUS_PRINCIPAL_KEYS = "anonymous-principal-keys"
    EMPTY_VALUE_IS_NULL = "empty-value-is-null"
    IPV6_BARE_PREFIX_32 = "ipv6-bare-prefix-32"
    MALFORMED_VALUE_FAILS_NEGATED = "malformed-value-fails-negated"
    NOT_RESOURCE_SHORTHAND_LITERAL = "not-resource-shorthand-literal"
    EMPTY_VARIABLE_HAS_NO_VALUE = "empty-variable-has-no-value"
    ROUTE_SPELLED_OTHERWISE = "route-spelled-otherwise"
    ANY_VALUE_IF_EXISTS_HOLDS = "any-value-if-exists-holds"
    ANY_VALUE_FAILS_EMPTY = "any-value-fails-empty"
    USER_NAMES_ITS_FEDERATED_SESSIONS = "user-names-its-federated-sessions"
    FRACTIONS_OF_SECONDS_COUNT = "fractions-of-seconds-count"

    __hash__ = object.__hash__  # Enum's own is that of the name, and several times as slow


Readings = AbstractSet[Reading]
"""The readings that are switched on."""


def in_order(readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """The readings by their names, which is the same in every run."""
    return tuple(sorted(readings, key=lambda reading: reading.value))


DEFAULT_READINGS: frozenset[Reading] = frozenset()


@dataclass(frozen=True)
class Dispute:
    """What a reading is about: the point of semantics G, both answers, and the page or source."""

    point: str
    default: str
    alternative: str
    source: str


DISPUTES: dict[Reading, Dispute] = {
    Reading.ARN_STAR_CROSSES_COLON: Dispute(
        "A6",
        "a * in the first five fields of a Resource ARN stops at the colon",
        "a * that ends a field of a Resource ARN may run past the colon",
        "IAM/reference_policies_elements_resource",
    ),
    Reading.NOT_PRINCIPAL_STRICT: Dispute(
        "A4",
        "NotPrincipal exempts a caller if any of its ids is listed",
        "NotPrincipal exempts a caller only if all of its ids (session, role, account) are listed",
        "IAM/reference_policies_elements_notprincipal",
    ),
    Reading.MISSING_VARIABLE_VOIDS_STATEMENT: Dispute(
        "X-8",
        "a value with a variable that has no value is a value that does not match",
        "a variable that has no value makes the whole statement apply to nothing",
        "IAM/reference_policies_variables",
    ),
    Reading.PRIVATE_SOURCE_IP_PRESENT: Dispute(
        "X-13",
        "a request through a VPC endpoint has no aws:SourceIp",
        "a request through a VPC endpoint has an aws:SourceIp that is not a public address",
        "APIGW/apigateway-resource-policies-aws-condition-keys",
    ),
    Reading.ANONYMOUS_PRINCIPAL_KEYS: Dispute(
        "X-11",
        "an anonymous request has no principal key",
        "an anonymous request has aws:PrincipalAccount and aws:userid 'anonymous' "
        "and aws:PrincipalType 'Anonymous'",
        "IAM/reference_policies_condition-keys",
    ),
    Reading.EMPTY_VALUE_IS_NULL: Dispute(
        "B3",
        "a key that is there with an empty value is present",
        "a key that is there with an empty value counts as absent for Null",
        "IAM/reference_policies_elements_condition",
    ),
    Reading.IPV6_BARE_PREFIX_32: Dispute(
        "B3",
        "an IPv6 address without a prefix length is one address",
        "an IPv6 address without a prefix length is a /32 block",
        "IAM/reference_policies_elements_condition_operators",
    ),
    Reading.MALFORMED_VALUE_FAILS_NEGATED: Dispute(
        "B4",
        "a request value that cannot be parsed does not match, so a negated operator holds",
        "a request value that cannot be parsed fails a negated operator too",
        "undocumented",
    ),
    Reading.NOT_RESOURCE_SHORTHAND_LITERAL: Dispute(
        "A6",
        "the shorthand execute-api:/ is expanded in NotResource as in Resource",
        "the shorthand execute-api:/ in NotResource stays as written and excludes nothing",
        "APIGW/apigateway-resource-policies-examples",
    ),
    Reading.EMPTY_VARIABLE_HAS_NO_VALUE: Dispute(
        "U-5",
        "a variable whose key is there with an empty value stands for the empty text",
        "a variable whose key is there with an empty value has no value, or that of its default",
        "IAM/reference_policies_variables",
    ),
    Reading.ROUTE_SPELLED_OTHERWISE: Dispute(
        "U-2",
        "the path of a request to a route has the parts that the route's path has",
        "the path may also be spelled otherwise (percent-encoded, with slashes or dots too many), "
        "and a parameter may hold slashes",
        "undocumented",
    ),
    Reading.ANY_VALUE_IF_EXISTS_HOLDS: Dispute(
        "B5",
        "ForAnyValue with IfExists does not hold of a request without the key",
        "ForAnyValue with IfExists holds of a request without the key",
        "IAM/reference_policies_condition-single-vs-multi-valued-context-keys and "
        "IAM/reference_policies_elements_condition_operators",
    ),
    Reading.ANY_VALUE_FAILS_EMPTY: Dispute(
        "B5",
        "ForAnyValue takes an empty value for one like another",
        "ForAnyValue does not hold of a key all of whose values are empty",
        "IAM/reference_policies_condition-single-vs-multi-valued-context-keys",
    ),
    Reading.USER_NAMES_ITS_FEDERATED_SESSIONS: Dispute(
        "A3",
        "the ARN of a user names no federated-user session",
        "the ARN of a user names the federated-user sessions that have the user's name, for those "
        "that the user asked for",
        "IAM/id_credentials_temp_control-access_getfederationtoken and "
        "IAM/reference_policies_evaluation-logic",
    ),
    Reading.FRACTIONS_OF_SECONDS_COUNT: Dispute(
        "B3",
        "a date of a policy that lies within a second is compared as the start of that second",
        "a date of a policy that lies within a second is later than the time of a request in it",
        "IAM/reference_policies_elements_condition_operators",
    ),
}
