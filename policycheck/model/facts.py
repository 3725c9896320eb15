"""What the document around a policy says of the API that the policy is attached to."""

from __future__ import annotations

from dataclasses import replace

from policycheck.dataclass import dataclass
from policycheck.model.environment import Authorization, Endpoint, Environment
from policycheck.model.text import Pattern


@dataclass(frozen=True)
class ApiFacts:
    """Facts about an API, None where the document says nothing.

    ``arn`` holds the patterns of the six fields of the API's ARN: those that the reading of the
    policy relies on, such as the partition that a template writes.
    """

    endpoint: Endpoint | None = None
    authorization: Authorization | None = None
    stages: tuple[str, ...] | None = None
    arn: tuple[Pattern, ...] | None = None

    def __bool__(self) -> bool:
        return any((self.endpoint, self.authorization, self.stages, self.arn))

    def __str__(self) -> str:
        said = {
            "endpoint": self.endpoint and self.endpoint.value,
            "authorization": self.authorization and self.authorization.value,
            "stages": self.stages and "[" + ", ".join(self.stages) + "]",
            "arn": self.arn and ":".join(map(str, self.arn)),
        }
        return ", ".join(f"{name}: {value}" for name, value in said.items() if value)

    def fill(self, known: Environment) -> Environment:
        """``known`` with these facts where it says nothing.

        Fields of the ARN that are literal here narrow those with wildcards there. Check
        ``contradicts`` first.
        """
        told = "authorization" in known.said or known.authorization is not Authorization.NONE
        authorization = None if told else self.authorization
        return replace(
            known,
            endpoint=known.endpoint or self.endpoint,
            authorization=authorization or known.authorization,
            stages=known.stages or self.stages,
            arn=self._arn(known.arn),
        )

    def _arn(self, said: tuple[Pattern, ...] | None) -> tuple[Pattern, ...] | None:
        if not (said and self.arn):
            return said or self.arn
        pairs = zip(said, self.arn, strict=True)
        return tuple(own if own.literal is not None else other for other, own in pairs)

    def common(self, other: ApiFacts) -> ApiFacts:
        """What holds of both, and the ARN that either relies on."""
        return ApiFacts(
            self.endpoint if self.endpoint is other.endpoint else None,
            self._authorization(other),
            self.stages if self.stages == other.stages else None,
            self.arn or other.arn,
        )

    def _authorization(self, other: ApiFacts) -> Authorization | None:
        """With IAM authorization there are the most callers."""
        if Authorization.IAM in {self.authorization, other.authorization}:
            return Authorization.IAM
        return self.authorization if self.authorization is other.authorization else None

    def contradicts(self, known: Environment) -> str:
        """The sentence that says where the ARN of a spec is another one; empty if it is not."""
        for said, own in zip(known.arn or (), self.arn or (), strict=False):
            if None not in {said.literal, own.literal} and said.literal != own.literal:
                return f"the spec's ARN has {said} where the document has {own}"
        return ""
