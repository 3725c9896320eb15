"""Which format a text has, told by its content."""

from __future__ import annotations

import enum
import json
import re

from policycheck.diagnostics import Source
from policycheck.read.document import ListNode, MapNode, Node, TextNode


class Format(enum.Enum):
    """The formats that policies are read out of; ``value`` is what messages call it."""

    API_ANSWER = "answer of API Gateway"
    OPENAPI = "OpenAPI document"
    CLOUDFORMATION = "template"
    TERRAFORM_JSON = "output of terraform show"
    TERRAFORM = "Terraform file"
    SERVERLESS = "Serverless Framework file"


_YAML = (
    r"(?m)^(?:AWSTemplateFormatVersion|Transform|Resources|Globals|openapi|swagger|provider|service"
    r"|x-amazon-apigateway-policy|[\"'](?:openapi|swagger|Resources)[\"'])[ \t]*:"
)
_HCL = (
    r'(?m)^[ \t]*(?:(?:resource|data)[ \t]+"?[\w-]+"?[ \t]+"?[\w-]+"?'
    r'|(?:variable|module|output|provider)[ \t]+"?[\w-]+"?|locals|terraform)[ \t]*\{'
)
ESCAPED = re.compile(r'\s*\{\s*\\+["nrt]')
"""The beginning of a policy in which every quote has a backslash, without quotes around it."""

_API = (
    r"AWS::ApiGateway::RestApi|AWS::Serverless::|x-amazon-apigateway-policy"
    r"|aws_api_gateway_rest_api|resourcePolicy|\"policy\"[ \t]*:"
)


def is_document(source: Source) -> bool:
    """Whether a text is something else than a bare policy, or than what should be one."""
    if is_hcl(source) or is_yaml(source) or ESCAPED.match(source.text):
        return True
    try:
        data = json.loads(source.text, parse_int=str)
    except (ValueError, RecursionError):
        return False
    if isinstance(data, dict):
        return not any(key.lower() == "statement" for key in data)
    return isinstance(data, str | list)


def may_hold_policy(source: Source) -> bool:
    """Whether a file among others is one to read: a policy, what should be one, or a document that
    speaks of REST APIs. JSON with mistakes is; YAML that is no such document is not."""
    if not _begins_json(source) and not source.name.endswith(".json"):
        is_document = is_yaml(source) or is_hcl(source)
        return is_document and re.search(_API, source.text) is not None
    try:
        data = json.loads(source.text, parse_int=str)
    except (ValueError, RecursionError):
        return source.name.endswith(".json")
    if isinstance(data, dict) and any(key.lower() == "statement" for key in data):
        return True
    return isinstance(data, dict | list) and re.search(_API, source.text) is not None


def is_hcl(source: Source) -> bool:
    """Whether a text is a Terraform file."""
    if source.name.endswith(".tf"):
        return True
    return not _begins_json(source) and re.search(_HCL, source.text) is not None


def is_yaml(source: Source) -> bool:
    """Whether a text is a document in YAML that may hold a policy."""
    return not _begins_json(source) and re.search(_YAML, source.text) is not None


def _begins_json(source: Source) -> bool:
    return source.text.lstrip()[:1] in {"{", "[", '"'}


def format_of(root: Node) -> Format | None:
    """The format of a parsed document; None for a bare policy, and for what is none of them."""
    if isinstance(root, TextNode):
        return Format.API_ANSWER
    if isinstance(root, ListNode):
        is_answer = any(isinstance(one, MapNode) and one.get("policy") for one in root.items)
        return Format.API_ANSWER if is_answer else None
    if not isinstance(root, MapNode) or root.get("Statement"):
        return None
    return _of_mapping(root)


def _of_mapping(root: MapNode) -> Format | None:
    if root.get("openapi") or root.get("swagger") or root.get("x-amazon-apigateway-policy"):
        return Format.OPENAPI
    if isinstance(root.get("Resources"), MapNode) or root.get("AWSTemplateFormatVersion"):
        return Format.CLOUDFORMATION
    if root.get("format_version") or root.get("terraform_version"):
        return Format.TERRAFORM_JSON
    if isinstance(root.get("provider"), MapNode) or root.get("service"):
        return Format.SERVERLESS
    if any(root.get(name) for name in ("policy", "items", "data")):
        return Format.API_ANSWER
    return None
