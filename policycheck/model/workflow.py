"""The whole decision about a request, of which the resource policy is one part (semantics C)."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import fields

from policycheck.dataclass import dataclass
from policycheck.model.decision import Outcome
from policycheck.model.environment import Authorization
from policycheck.model.policy import Policy


class PolicyKind(enum.Enum):
    """What a policy is attached to."""

    RESOURCE = "resource policy"
    IDENTITY = "identity policy"
    VPC_ENDPOINT = "VPC endpoint policy"
    DOMAIN = "private custom domain policy"


@dataclass(frozen=True)
class Workflow:
    """Which parts decide besides the resource policy, and what is known of them.

    ``identity_policies`` are attached to every caller, all of them; ``vpc_endpoint_policies`` are
    those of the endpoints, of which a request passes one; ``custom_domain_policies`` those of the
    private custom domains, of which a request passes one, and none if it is empty. None leaves a
    part open. An empty ``identity_policies`` is no policy at all, an empty
    ``vpc_endpoint_policies`` the default policy, which allows everything. ``authorizer_result`` is
    the answer of a Lambda authorizer or whether a Cognito token is good.
    """

    authorizer: Authorization = Authorization.NONE
    identity_policies: tuple[Policy, ...] | None = None
    authorizer_result: Outcome | None = None
    vpc_endpoint_policies: tuple[Policy, ...] | None = None
    custom_domain_policies: tuple[Policy, ...] | None = ()

    @property
    def policies(self) -> tuple[Policy, ...]:
        """Every policy that is given."""
        return (
            *(self.identity_policies or ()),
            *(self.vpc_endpoint_policies or ()),
            *(self.custom_domain_policies or ()),
        )


@dataclass(frozen=True)
class Answers:
    """What the parts of a workflow other than the resource policy say of one request.

    None where a part has no say. ``authorizer`` is a Lambda authorizer's answer, or whether a
    Cognito token is good.
    """

    identity_policies: Outcome | None = None
    authorizer: Outcome | None = None
    vpc_endpoint_policy: Outcome | None = None
    custom_domain_policy: Outcome | None = None

    @property
    def said(self) -> Iterator[tuple[str, Outcome]]:
        """The name of each part that has a say, and its answer."""
        for one in fields(self):
            if (outcome := getattr(self, one.name)) is not None:
                yield one.name, outcome
