"""Every rule of ``lint``: its code, how bad a finding is, and which check finds it.

A table and nothing more: the checks are loaded when they are run, those that ask the solver only
if one of their rules is wanted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from policycheck.model.finding import FindingType

SUGGESTION = FindingType.SUGGESTION
WARNING = FindingType.WARNING
SECURITY_WARNING = FindingType.SECURITY_WARNING
ERROR = FindingType.ERROR


@dataclass(frozen=True)
class Rule:
    """One kind of finding; ``code`` is AWS's name where AWS has the check."""

    code: str
    type: FindingType
    title: str


@dataclass(frozen=True)
class Check:
    """A function that looks for findings of some rules: ``module.function`` of this package.

    ``solves``: it asks the solver, and the module loads Z3. ``each``: it is called once a
    statement.
    """

    module: str
    function: str
    rules: tuple[Rule, ...]
    solves: bool = False
    each: bool = False


READING_CHECKS = (
    Check(
        "addresses",
        "placeholder_addresses",
        (Rule("PLACEHOLDER_ADDRESS", WARNING, "an address that stands in documentation"),),
    ),
    Check(
        "placeholders",
        "placeholders",
        (
            Rule(
                "PLACEHOLDER_VALUE",
                WARNING,
                "an account, API or endpoint id that stands in documentation",
            ),
        ),
    ),
    Check(
        "duplicates",
        "duplicate_values",
        (Rule("DUPLICATE_VALUE", SUGGESTION, "the same value twice in one list"),),
    ),
    Check(
        "duplicates",
        "redundant_actions",
        (Rule("REDUNDANT_ACTION", SUGGESTION, "an action that another entry of the list covers"),),
    ),
    Check(
        "duplicates",
        "redundant_numbers",
        (Rule("REDUNDANT_CONDITION_VALUE_NUM", SUGGESTION, "several bounds of which one decides"),),
    ),
    Check(
        "wildcards",
        "permissive_wildcards",
        (
            Rule(
                "WILDCARD_USAGE_TOO_PERMISSIVE",
                ERROR,
                "a wildcard in the id of an account, organization, VPC or endpoint",
            ),
        ),
    ),
    Check(
        "wildcards",
        "permissive_variables",
        (
            Rule(
                "VARIABLE_USAGE_TOO_PERMISSIVE",
                ERROR,
                "a policy variable with too little text before it",
            ),
        ),
    ),
    Check(
        "wildcards",
        "arns_as_texts",
        (
            Rule(
                "STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS",
                SECURITY_WARNING,
                "StringLike on a key that holds an ARN",
            ),
        ),
    ),
    Check(
        "wildcards",
        "wildcard_api_ids",
        (Rule("WILDCARD_API_ID", SUGGESTION, "a resource of any API"),),
    ),
    Check(
        "principals",
        "principals_without_iam",
        (
            Rule(
                "PRINCIPAL_NEEDS_IAM_AUTHORIZATION",
                WARNING,
                "a principal that no anonymous caller is",
            ),
        ),
    ),
    Check(
        "principals",
        "needless_principals",
        (Rule("REDUNDANT_PRINCIPAL", SUGGESTION, "a principal beside everybody"),),
    ),
    Check(
        "principals",
        "service_principals",
        (
            Rule(
                "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL",
                SECURITY_WARNING,
                "a service that acts for whoever asks it",
            ),
            Rule(
                "UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
                ERROR,
                "a key about identities for a service principal",
            ),
        ),
    ),
    Check(
        "pairs",
        "unpaired_vpc_addresses",
        (
            Rule(
                "MISSING_PAIRED_CONDITION_KEYS",
                SECURITY_WARNING,
                "addresses inside a VPC, without the VPC",
            ),
        ),
    ),
    Check(
        "pairs",
        "irrelevant_keys",
        (
            Rule(
                "IRRELEVANT_CONDITION_KEY_IN_POLICY",
                SUGGESTION,
                "a key about the API that the policy is attached to",
            ),
        ),
    ),
)
SOLVING_CHECKS = (
    Check(
        "elements",
        "dead_elements",
        (
            Rule("STATEMENT_NEVER_APPLIES", WARNING, "an Allow that applies to no request"),
            Rule("DENY_NEVER_APPLIES", SECURITY_WARNING, "a Deny that applies to no request"),
            Rule("RESOURCE_NEVER_MATCHES", ERROR, "a resource that no request has"),
            Rule("PRIVATE_IP_ADDRESS", ERROR, "aws:SourceIp compared with private addresses only"),
            Rule(
                "PRIVATE_NOT_IP_ADDRESS",
                ERROR,
                "aws:SourceIp outside private addresses, which it always is",
            ),
            Rule(
                "PRIVATE_IP_ADDRESS_SUBSET",
                SUGGESTION,
                "private addresses among those of aws:SourceIp",
            ),
            Rule(
                "PRIVATE_NOT_IP_ADDRESS_SUBSET",
                SUGGESTION,
                "private addresses among those that aws:SourceIp must not be",
            ),
            Rule(
                "KEY_NEVER_PRESENT",
                ERROR,
                "a condition key that no request to this kind of API has",
            ),
            Rule("CONDITION_VALUE_NEVER_MATCHES", WARNING, "a value that no request has"),
            Rule("CONDITION_ALWAYS_TRUE", WARNING, "a condition that holds of every request"),
            Rule(
                "REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION",
                SUGGESTION,
                "a wildcard that makes a condition hold of every request",
            ),
            Rule(
                "REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION",
                SUGGESTION,
                "a wildcard that keeps a statement from ever applying",
            ),
            Rule(
                "EQUIVALENT_TO_NULL_TRUE",
                SUGGESTION,
                "a condition that asks only whether a key is absent",
            ),
            Rule(
                "EQUIVALENT_TO_NULL_FALSE",
                SUGGESTION,
                "a condition that asks only whether a key is there",
            ),
            Rule("ANY_IPV4_ADDRESS", WARNING, "a condition that every IPv4 address meets"),
        ),
        solves=True,
        each=True,
    ),
    Check(
        "redundancy",
        "redundant_statements",
        (
            Rule("REDUNDANT_STATEMENT", SUGGESTION, "a statement whose removal changes nothing"),
            Rule(
                "ALLOW_COVERED_BY_DENY", WARNING, "an Allow of which Deny statements leave nothing"
            ),
            Rule("DENY_WITHOUT_EFFECT", SUGGESTION, "a Deny of requests that nothing allows"),
        ),
        solves=True,
    ),
    Check(
        "redundancy",
        "redundant_entries",
        (
            Rule("REDUNDANT_RESOURCE", SUGGESTION, "a resource that the other entries cover"),
            Rule("REDUNDANT_CONDITION_VALUE", SUGGESTION, "a value that the other values cover"),
        ),
        solves=True,
        each=True,
    ),
    Check(
        "openness",
        "open_to_everybody",
        (Rule("POLICY_ALLOWS_EVERYBODY", WARNING, "every request to the API is allowed"),),
        solves=True,
    ),
    Check(
        "bypass",
        "without_key",
        (
            Rule(
                "BYPASS_WITHOUT_KEY",
                SECURITY_WARNING,
                "a restriction that a request without the key gets past",
            ),
        ),
        solves=True,
        each=True,
    ),
    Check(
        "bypass",
        "with_ipv6",
        (
            Rule(
                "BYPASS_WITH_IPV6", SECURITY_WARNING, "a restriction that an IPv6 caller gets past"
            ),
        ),
        solves=True,
        each=True,
    ),
    Check(
        "bypass",
        "ipv4_only",
        (
            Rule(
                "IPV4_ONLY_ADDRESS_LIST",
                SUGGESTION,
                "a list of addresses that lets no IPv6 caller in",
            ),
        ),
        solves=True,
        each=True,
    ),
    Check(
        "caller",
        "caller_controlled",
        (
            Rule(
                "UNTRUSTWORTHY_CONDITION_KEY",
                SECURITY_WARNING,
                "access that hangs on what the caller writes",
            ),
        ),
        solves=True,
    ),
    Check(
        "paths",
        "unanchored_paths",
        (Rule("UNANCHORED_PATH", WARNING, "a wildcard that lets a path begin elsewhere"),),
        solves=True,
        each=True,
    ),
)
"""The checks that ask the solver."""

CHECKS = (*READING_CHECKS, *SOLVING_CHECKS)

RULES: Mapping[str, Rule] = {rule.code: rule for check in CHECKS for rule in check.rules}

READER_TYPES: Mapping[str, FindingType] = {
    "CANONICAL_USER_NOT_SUPPORTED": ERROR,
    "EMPTY_OBJECT_CONDITION": SUGGESTION,
    "EMPTY_SID_VALUE": SUGGESTION,
    "FEDERATED_PRINCIPAL_NOT_SUPPORTED": ERROR,
    "FORALLVALUES_WITH_SINGLE_VALUED_KEY": SECURITY_WARNING,
    "IMPROVE_IP_RANGE": SUGGESTION,
    "INVALID_ACTION": ERROR,
    "INVALID_ARN_RESOURCE": ERROR,
    "INVALID_DATE_VALUE": WARNING,
    "INVALID_GLOBAL_CONDITION_KEY": ERROR,
    "INVALID_ROLE_REFERENCE": WARNING,
    "INVALID_SERVICE_CONDITION_KEY": ERROR,
    "INVALID_USER_REFERENCE": WARNING,
    "INVALID_VPCE_FORMAT": ERROR,
    "INVALID_VPC_FORMAT": ERROR,
    "KEY_NEEDS_IAM_AUTHORIZATION": WARNING,
    "MISSING_VERSION": WARNING,
    "NO_ALLOW": WARNING,
    "NULL_WITH_QUALIFIER": SUGGESTION,
    "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA": WARNING,
    "TYPE_MISMATCH_BOOLEAN": WARNING,
    "UNIQUE_SIDS_RECOMMENDED": WARNING,
    "UNSUPPORTED_ACTION_IN_POLICY": ERROR,
    "UNSUPPORTED_RESOURCE_ARN_IN_POLICY": ERROR,
    "UNSUPPORTED_SID": WARNING,
    "USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES": WARNING,
    "VARIABLE_UNSUPPORTED_IN_VERSION": ERROR,
    "WILDCARD_WITHOUT_LIKE_OPERATOR": WARNING,
}
"""How bad a warning of the policy's reader is, by its code: AWS's types.

UNSUPPORTED_SID is an error in IAM's own policies; no page says it of API Gateway. NO_ALLOW,
KEY_NEEDS_IAM_AUTHORIZATION and CANONICAL_USER_NOT_SUPPORTED are not AWS's.
Source: IAM/access-analyzer-reference-policy-checks.
"""


def codes() -> Iterator[str]:
    """The codes of all findings that there can be about a policy that can be read."""
    yield from RULES
    yield from READER_TYPES
