"""What AWS's own examples say of requests; read in place, none if the folder is missing."""

from __future__ import annotations

import json
from pathlib import Path

from cited import Case

from policycheck.diagnostics import Source
from policycheck.model.decision import Outcome
from policycheck.model.policy import Policy
from policycheck.read.policy import parse_policy
from policycheck.read.request import request_from

FOLDER = Path(__file__).parents[3] / "shared" / "corpus" / "docs_examples"

ALLOW, DENY, IMPLICIT = Outcome.ALLOW, Outcome.EXPLICIT_DENY, Outcome.IMPLICIT_DENY
API = "arn:aws:execute-api:us-east-1:111111111111:api-id"
PETS = f"{API}/stage/GET/pets"
DEVELOPER = {"AWS": "arn:aws:sts::111122223333:assumed-role/developer/ada"}
DOMAIN = "arn:aws:execute-api:us-west-2:111122223333:/domainnames/private.test.com+f4g5h6"
ALICE = {"AWS": "arn:aws:iam::222222222222:user/Alice"}
BOB = {"AWS": "arn:aws:iam::222222222222:user/Bob"}


def ip(address: str) -> dict[str, object]:
    return {"context": {"aws:SourceIp": address}}


def key(name: str, value: str) -> dict[str, object]:
    return {"context": {name: value}}


EXAMPLES = [
    ("01_cross_account_roles", {}, IMPLICIT),
    ("01_cross_account_roles", {"principal": DEVELOPER}, ALLOW),
    ("01_cross_account_roles", {"principal": BOB}, IMPLICIT),
    (
        "01_cross_account_roles",
        {"principal": DEVELOPER, "resource": f"{API}/stage/POST/pets"},
        IMPLICIT,
    ),
    ("02_deny_source_ip", ip("192.0.2.7"), DENY),
    ("02_deny_source_ip", ip("203.0.113.7"), ALLOW),
    ("02_deny_source_ip", ip("2001:db8::1"), ALLOW),
    ("03_private_deny_vpcsourceip", key("aws:VpcSourceIp", "192.0.2.9"), DENY),
    ("03_private_deny_vpcsourceip", key("aws:VpcSourceIp", "10.1.2.3"), ALLOW),
    ("04_private_only_vpc", key("aws:SourceVpc", "vpc-1a2b3c4d"), ALLOW),
    ("04_private_only_vpc", key("aws:SourceVpc", "vpc-99999999"), DENY),
    ("04_private_only_vpc", ip("203.0.113.7"), DENY),
    ("05_private_only_vpce", key("aws:SourceVpce", "vpce-1a2b3c4d"), ALLOW),
    ("05_private_only_vpce", key("aws:SourceVpce", "vpce-99999999"), DENY),
    ("06_private_tutorial_deny_first", key("aws:SourceVpce", "vpce-abcd1234"), ALLOW),
    ("06_private_tutorial_deny_first", key("aws:SourceVpce", "vpce-99999999"), DENY),
    (
        "07_flow_ip_allow_literal_resource",
        {**ip("192.0.2.7"), "resource": f"{API}/prod/GET/x"},
        IMPLICIT,
    ),
    ("08_flow_vpce_deny_only", key("aws:SourceVpce", "vpce-1a2b3c4d"), IMPLICIT),
    ("08_flow_vpce_deny_only", key("aws:SourceVpce", "vpce-99999999"), IMPLICIT),
    (
        "09_flow_cross_account_vpc_allow",
        {**key("aws:SourceVpc", "vpc-2f09a348"), "principal": BOB},
        IMPLICIT,
    ),
    ("10_overview_allow_all_deny_not_ip", ip("123.4.5.200"), ALLOW),
    ("10_overview_allow_all_deny_not_ip", ip("123.4.6.1"), DENY),
    ("10_overview_allow_all_deny_not_ip", ip("2001:db8::1"), DENY),
    ("11_cloudformation_deny_ip", ip("198.51.100.1"), DENY),
    ("12_openapi_extension_deny_ip", ip("192.0.2.1"), DENY),
    ("13_private_custom_domain_two_vpce", key("aws:SourceVpce", "vpce-abcd1234"), ALLOW),
    ("13_private_custom_domain_two_vpce", key("aws:SourceVpce", "vpce-00000000"), DENY),
    (
        "14_vpc_endpoint_policy_two_apis",
        {"resource": "arn:aws:execute-api:us-east-1:123412341234:a1b2c3d4e5/prod/GET/"},
        ALLOW,
    ),
    ("14_vpc_endpoint_policy_two_apis", {}, IMPLICIT),
    ("15_vpc_endpoint_policy_org", key("aws:ResourceOrgID", "o-abcd1234"), IMPLICIT),
    ("16_vpc_endpoint_policy_via_domain", key("execute-api:viaDomainArn", DOMAIN), ALLOW),
    ("16_vpc_endpoint_policy_via_domain", {}, IMPLICIT),
    (
        "17_lambda_authorizer_output_deny",
        {"resource": "arn:aws:execute-api:us-west-2:123456789012:ymy8tbxw7b/dev/GET/"},
        DENY,
    ),
    ("18_old_docs_user_and_account", {"principal": ALICE}, ALLOW),
    ("18_old_docs_user_and_account", {"principal": BOB}, ALLOW),
    ("18_old_docs_user_and_account", {}, IMPLICIT),
    ("19_iam_time_window_adapted", key("aws:CurrentTime", "2020-05-01T12:00:00Z"), ALLOW),
    ("19_iam_time_window_adapted", key("aws:CurrentTime", "2020-04-01T00:00:00Z"), IMPLICIT),
    ("19_iam_time_window_adapted", key("aws:CurrentTime", "2026-01-01T00:00:00Z"), IMPLICIT),
]
"""Decisions of the policies alone: what authorizers and identity policies add is left out."""

REFUSED = [
    ("20_broken_doc_example", "DATA_TYPE_MISMATCH"),
    ("21_sam_live_roundtrip", "MISSING_ARN_FIELD"),
]


def load_examples() -> list[Case]:
    """The documented examples with the decisions of their ``expect`` rows."""
    return [
        Case(
            f"{name}[{index}]",
            "C1-statement",
            request_from({"resource": PETS, **request}),
            frozenset(),
            example_policy(name),
            outcome,
        )
        for index, (name, request, outcome) in enumerate(EXAMPLES)
        if FOLDER.is_dir()
    ]


def example_policy(name: str) -> Policy:
    """The policy of an example; an authorizer's answer, which has no Principal, is everyone's."""
    policy = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))["policy"]
    for statement in policy["Statement"]:
        statement.setdefault("Principal", "*")
    return parse_policy(Source(name, json.dumps(policy)))
