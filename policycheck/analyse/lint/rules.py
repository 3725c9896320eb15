"""Which check looks for which rules.

A table and nothing more: the checks are loaded when they are run, those that ask the solver only
if one of their rules is wanted.
"""

from __future__ import annotations

from policycheck.dataclass import dataclass


@dataclass(frozen=True)
class Check:
    """A function that looks for findings under some codes: ``module.function`` of this package.

    ``solves``: it asks the solver, and the module loads Z3. ``each``: it is called once a
    statement.
    """

    module: str
    function: str
    codes: tuple[str, ...]
    solves: bool = False
    each: bool = False


READING_CHECKS = (
    Check("addresses", "placeholder_addresses", ("PLACEHOLDER_ADDRESS",)),
    Check("placeholders", "placeholders", ("PLACEHOLDER_VALUE",)),
    Check("duplicates", "duplicate_values", ("DUPLICATE_VALUE",)),
    Check("duplicates", "redundant_actions", ("REDUNDANT_ACTION",)),
    Check("duplicates", "redundant_numbers", ("REDUNDANT_CONDITION_VALUE_NUM",)),
    Check("wildcards", "permissive_wildcards", ("WILDCARD_USAGE_TOO_PERMISSIVE",)),
    Check("wildcards", "permissive_variables", ("VARIABLE_USAGE_TOO_PERMISSIVE",)),
    Check("wildcards", "arns_as_texts", ("STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS",)),
    Check("wildcards", "wildcard_api_ids", ("WILDCARD_API_ID",)),
    Check("principals", "principals_without_iam", ("PRINCIPAL_NEEDS_IAM_AUTHORIZATION",)),
    Check("principals", "needless_principals", ("REDUNDANT_PRINCIPAL",)),
    Check(
        "principals",
        "service_principals",
        (
            "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL",
            "UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
        ),
    ),
    Check("pairs", "unpaired_vpc_addresses", ("MISSING_PAIRED_CONDITION_KEYS",)),
    Check("pairs", "irrelevant_keys", ("IRRELEVANT_CONDITION_KEY_IN_POLICY",)),
)
SOLVING_CHECKS = (
    Check(
        "elements",
        "dead_elements",
        (
            "STATEMENT_NEVER_APPLIES",
            "DENY_NEVER_APPLIES",
            "RESOURCE_NEVER_MATCHES",
            "PRIVATE_IP_ADDRESS",
            "PRIVATE_NOT_IP_ADDRESS",
            "PRIVATE_IP_ADDRESS_SUBSET",
            "PRIVATE_NOT_IP_ADDRESS_SUBSET",
            "KEY_NEVER_PRESENT",
            "CONDITION_VALUE_NEVER_MATCHES",
            "CONDITION_ALWAYS_TRUE",
            "REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION",
            "REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION",
            "EQUIVALENT_TO_NULL_TRUE",
            "EQUIVALENT_TO_NULL_FALSE",
            "ANY_IPV4_ADDRESS",
        ),
        solves=True,
        each=True,
    ),
    Check(
        "redundancy",
        "redundant_statements",
        (
            "REDUNDANT_STATEMENT",
            "ALLOW_COVERED_BY_DENY",
            "DENY_WITHOUT_EFFECT",
        ),
        solves=True,
    ),
    Check(
        "covered",
        "redundant_entries",
        (
            "REDUNDANT_RESOURCE",
            "REDUNDANT_CONDITION_VALUE",
        ),
        solves=True,
        each=True,
    ),
    Check("openness", "open_to_everybody", ("POLICY_ALLOWS_EVERYBODY",), solves=True),
    Check("bypass", "without_key", ("BYPASS_WITHOUT_KEY",), solves=True, each=True),
    Check("bypass", "with_ipv6", ("BYPASS_WITH_IPV6",), solves=True, each=True),
    Check("bypass", "ipv4_only", ("IPV4_ONLY_ADDRESS_LIST",), solves=True, each=True),
    Check("caller", "caller_controlled", ("UNTRUSTWORTHY_CONDITION_KEY",), solves=True),
    Check("paths", "unanchored_paths", ("UNANCHORED_PATH",), solves=True, each=True),
)
"""The checks that ask the solver."""

CHECKS = (*READING_CHECKS, *SOLVING_CHECKS)
