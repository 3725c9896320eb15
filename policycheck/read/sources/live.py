"""REST APIs of an AWS account, read through boto3 (the extra ``policycheck[aws]``).

Nothing but reading is done: GetRestApi, or GetRestApis page by page, GetStages, GetDeployment
and GetResources.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic, InputError, Source
from policycheck.model.facts import ApiFacts
from policycheck.model.policy import Policy
from policycheck.model.text import glob
from policycheck.model.verdict import Failure
from policycheck.read.document import TextNode
from policycheck.read.json_text import parse_json
from policycheck.read.policy import policy_from_node
from policycheck.read.sources.api_facts import authorizations, endpoint
from policycheck.read.sources.found import policy_node
from policycheck.read.sources.routes import OPEN, Pair, routes

if TYPE_CHECKING:
    from mypy_boto3_apigateway.client import APIGatewayClient

_Answer = TypeVar("_Answer")

ALL = "*"
PAGE = 500
"""How many APIs a page has; the most that API Gateway gives."""

_SIGN_IN = "run aws sso login or aws configure, name a profile with --profile, or set AWS_PROFILE"


@dataclass(frozen=True)
class Account:
    """Whose APIs are read: a profile of the user's AWS configuration, and a region."""

    profile: str | None = None
    region: str | None = None


def policies(api: str, account: Account) -> Sequence[Policy | Failure]:
    """The policies of one REST API, or of all that have one if ``api`` is ``*``.

    Raises InputError if they cannot be read.
    """
    client = _client(account)
    found = tuple(_called(lambda: tuple(_found(api, client)), api))
    if not found:
        where = f"aws:{api}"
        message = "no REST API there has a resource policy" if api == ALL else "it has no policy"
        advice = "without one, an API is open to every caller"
        raise _failure("NO_POLICY_IN_DOCUMENT", f"{where}: {message}", advice)
    return found


def _client(account: Account) -> APIGatewayClient:
    try:
        import boto3  # noqa: PLC0415 -- an extra
    except ImportError:
        message = "boto3 is not there, and reads what aws: names"
        advice = "pip install 'policycheck[aws]'"
        raise _failure("BOTO3_MISSING", message, advice) from None

    def client() -> APIGatewayClient:
        session = boto3.session.Session(profile_name=account.profile, region_name=account.region)
        return session.client("apigateway")

    return _called(client, "")


def _called(call: Callable[[], _Answer], api: str) -> _Answer:
    """What a call gives. Raises InputError with what is wrong, in place of boto3's own errors."""
    from botocore import exceptions as wrong  # noqa: PLC0415

    try:
        return call()
    except wrong.ProfileNotFound as error:
        raise _failure("AWS_PROFILE_NOT_FOUND", str(error), "check ~/.aws/config") from None
    except wrong.NoRegionError:
        message, advice = "no AWS region is chosen", "give --region eu-west-1, or set AWS_REGION"
        raise _failure("AWS_REGION_MISSING", message, advice) from None
    except (
        wrong.NoCredentialsError,
        wrong.PartialCredentialsError,
        wrong.CredentialRetrievalError,
    ):
        raise _failure(
            "AWS_CREDENTIALS_MISSING", "there are no AWS credentials", _SIGN_IN
        ) from None
    except (wrong.SSOError, wrong.UnauthorizedSSOTokenError, wrong.TokenRetrievalError) as error:
        raise _failure("AWS_CREDENTIALS_EXPIRED", str(error), _SIGN_IN) from None
    except wrong.ClientError as error:
        raise _refused(error.response.get("Error", {}), api) from None
    except wrong.BotoCoreError as error:
        raise _failure("AWS_UNREACHABLE", str(error), "check the network and --region") from None


def _refused(error: Any, api: str) -> InputError:
    """The error that AWS refused a call."""
    code, said = str(error.get("Code", "")), str(error.get("Message", ""))
    if code == "NotFoundException":
        message = f"there is no REST API {api} in this account and region"
        return _failure("AWS_API_NOT_FOUND", message, "check the id, --profile and --region")
    if code in {"AccessDeniedException", "UnauthorizedException"}:
        advice = "allow apigateway:GET on /restapis and below"
        return _failure("AWS_ACCESS_DENIED", f"AWS denies access: {said}", advice)
    if code in {"ExpiredTokenException", "UnrecognizedClientException", "InvalidClientTokenId"}:
        return _failure(
            "AWS_CREDENTIALS_EXPIRED", f"AWS takes no such credentials: {said}", _SIGN_IN
        )
    return _failure("AWS_ERROR", f"AWS answers {code}: {said}", "")


def _found(api: str, client: APIGatewayClient) -> Iterator[Policy | Failure]:
    if api != ALL:
        one = client.get_rest_api(restApiId=api)
        if one.get("policy"):
            yield _policy(dict(one), client)
        return
    pages = client.get_paginator("get_rest_apis").paginate(PaginationConfig={"PageSize": PAGE})
    for page in pages:
        for each in page.get("items", ()):
            if each.get("policy"):
                yield _policy(dict(each), client)


def _policy(api: dict[str, Any], client: APIGatewayClient) -> Policy | Failure:
    """The policy of an API as AWS gave it, each line of which is the policy's own."""
    name = f"aws:{api['id']}"
    written = json.dumps(api["policy"])
    try:
        node = policy_node(_text(Source(name, written)))
        source = Source(name, json.dumps(_plain(node), indent=2) + "\n")
        policy = policy_from_node(parse_json(source), source)
    except InputError as error:
        return Failure(name, error.diagnostics)
    return replace(policy, facts=_facts(api, client))


def _text(source: Source) -> TextNode:
    node = parse_json(source)
    if not isinstance(node, TextNode):
        raise InputError([Diagnostic("DATA_TYPE_MISMATCH", "AWS gave no text as the policy")])
    return node


def _plain(node: Any) -> Any:
    from policycheck.read.sources.json_form import plain  # noqa: PLC0415

    return plain(node)


def _facts(api: dict[str, Any], client: APIGatewayClient) -> ApiFacts:
    """The endpoint type, the stages that there are, their routes, and the region.

    Routes are those of the deployments that the stages serve, which may lag behind the resources.
    """
    answer = client.get_stages(restApiId=str(api["id"]))
    deployed = tuple(_deployed(str(api["id"]), answer.get("item", ()), client))
    stages = tuple(str(one["stageName"]) for one in answer.get("item", ()))
    region = client.meta.region_name
    partition = client.meta.partition
    texts = ("arn", partition, "execute-api", region, "*", str(api["id"]))
    types = api.get("endpointConfiguration", {}).get("types", ())
    return ApiFacts(
        endpoint(types) if types else None,
        authorizations(
            (
                *_authorizations(str(api["id"]), client),
                *(callers for pair, callers in deployed if pair is not OPEN),
            )
        ),
        stages or None,
        tuple(map(glob, texts)),
        routes(pair for pair, _ in deployed),
    )


def _deployed(
    api: str, stages: Iterable[Any], client: APIGatewayClient
) -> Iterator[tuple[Pair, str | None]]:
    """The methods, paths and authorization types of what the stages serve, canaries too."""
    numbers = {
        part.get("deploymentId")
        for stage in stages
        for part in (stage, stage.get("canarySettings") or {"deploymentId": ""})
    } - {""}
    for number in sorted(map(str, numbers)):
        found: Any = client.get_deployment(
            restApiId=api, deploymentId=number, embed=["apisummary"]
        ).get("apiSummary")
        if found is None:
            yield OPEN, None
        for path, methods in (found or {}).items():
            for method, said in methods.items():
                yield (method, path), said.get("authorizationType")


def _authorizations(api: str, client: APIGatewayClient) -> Iterator[str | None]:
    """The authorization type of each method of an API."""
    pages = client.get_paginator("get_resources").paginate(
        restApiId=api, embed=["methods"], PaginationConfig={"PageSize": PAGE}
    )
    for page in pages:
        for resource in page.get("items", ()):
            for method in (resource.get("resourceMethods") or {}).values():
                yield method.get("authorizationType")


def _failure(code: str, message: str, advice: str) -> InputError:
    return InputError([Diagnostic(code, message, help=advice)])
