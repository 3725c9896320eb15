"""What a policy may keep closed: sources, callers, routes, times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policycheck.analyse.repair.layout import Json
from policycheck.analyse.repair.opposites import UnsayableError, written
from policycheck.analyse.starter.material import Material, Route, is_for_everybody, routes_of
from policycheck.analyse.starter.proposal import NEVER, Group, Proposal, predicates
from policycheck.model.assertion import Severity
from policycheck.model.environment import Authorization, Endpoint, Environment
from policycheck.model.policy import Effect

TOLD = frozenset(
    {"aws:sourceip", "aws:vpcsourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:securetransport"}
)
"""Keys of which other proposals speak."""


def sources_of(material: Material, known: Environment) -> Iterator[tuple[str, Json]]:
    """The networks and VPC endpoints that are let in, by the names that define gives them."""
    private, public = Endpoint.PRIVATE, {Endpoint.EDGE, Endpoint.REGIONAL}
    fields = (
        ("networks", "source_ip", "aws:SourceIp", known.endpoint is not private),
        ("vpc-networks", "vpc_source_ip", "aws:VpcSourceIp", known.endpoint not in public),
        ("vpcs", "source_vpc", "aws:SourceVpc", known.endpoint not in public),
        ("vpc-endpoints", "source_vpce", "aws:SourceVpce", known.endpoint not in public),
    )
    for name, field_name, key, possible in fields:
        values = material.admitted(key)
        if values and possible:
            yield name, {field_name: list(values)}


def _only(name: str, sources: dict[str, Json], what: str) -> Group:
    """All sources together, and each alone: the narrowest that holds is the best one."""
    if not sources:
        return ()
    alone = [
        Proposal(
            f"only-these-{source}",
            NEVER,
            {"not": source},
            Severity.CRITICAL,
            f"Nobody outside of the listed {source.replace('-', ' ')} can call the API",
            "Whoever is to get in from elsewhere has to be listed here and in the policy.",
            {source: sources[source]},
        )
        for source in sources
    ]
    if len(sources) == 1:
        return tuple(alone)
    every: Json = {"not": {"all_of": list(sources)}}
    some: Json = {"not": {"any_of": list(sources)}}
    comment = "Whoever is to get in from elsewhere has to be listed here and in the policy."
    title = f"Nobody gets in except through {what}"
    together = Proposal(
        name, NEVER, every, Severity.CRITICAL, f"{title}, of each kind one", comment, sources
    )
    either = Proposal(name, NEVER, some, Severity.CRITICAL, title, comment, sources)
    return (together, *alone, either)


def _blocked(material: Material, known: Environment) -> Iterator[Proposal]:
    fields = [
        ("blocked-networks", "source_ip", "aws:SourceIp"),
        ("blocked-vpc-networks", "vpc_source_ip", "aws:VpcSourceIp"),
        ("blocked-vpcs", "source_vpc", "aws:SourceVpc"),
        ("blocked-vpc-endpoints", "source_vpce", "aws:SourceVpce"),
    ]
    for name, field_name, key in fields:
        private = known.endpoint is Endpoint.PRIVATE
        if (values := material.refused(key)) and not (private and key == "aws:SourceIp"):
            yield Proposal(
                f"{name}-stay-out",
                NEVER,
                name,
                Severity.HIGH,
                f"Nobody gets in from the {name.replace('-', ' ')}",
                "A list of what is shut out lets in all that nobody thought of.",
                {name: {field_name: list(values)}},
            )


def _callers(material: Material, known: Environment) -> Iterator[Group]:
    if known.authorization is not Authorization.IAM:
        return
    comment = "Who is to get in besides has to be listed here and in the policy."
    if material.callers:
        yield (
            Proposal(
                "only-these-callers",
                NEVER,
                {"not": "callers"},
                Severity.CRITICAL,
                "No other account, user or role can call the API",
                comment,
                {"callers": {"principal": list(material.callers)}},
            ),
        )
    if organizations := material.admitted("aws:PrincipalOrgID"):
        condition: Json = {"StringEquals": {"aws:PrincipalOrgID": list(organizations)}}
        yield (
            Proposal(
                "only-our-organization",
                NEVER,
                {"not": "organization"},
                Severity.CRITICAL,
                "Nobody outside of the organization can call the API",
                comment,
                {"organization": {"condition": condition}},
            ),
        )
    yield (
        Proposal(
            "nobody-anonymous",
            NEVER,
            {"principal": "anonymous"},
            Severity.HIGH,
            "Nobody gets in without an AWS identity",
            "A request that nobody signed is refused by the policy itself.",
        ),
    )


def _routes(routes: Sequence[Route]) -> Group:
    if not routes:
        return ()
    return tuple(
        Proposal(
            "only-these-routes",
            NEVER,
            {"not": "routes"},
            Severity.HIGH,
            "Nobody can call anything but the listed routes",
            "A route that is to be opened has to be listed here and in the policy.",
            {"routes": one},
        )
        for one in predicates(routes)
    )


def _closed_routes(routes: Sequence[Route]) -> Group:
    if not routes:
        return ()
    return tuple(
        Proposal(
            "closed-routes",
            NEVER,
            "closed",
            Severity.HIGH,
            "Nobody can call the closed routes",
            "These are shut for everybody, without a condition.",
            {"closed": one},
        )
        for one in predicates(routes)
    )


def _conditional_denies(material: Material) -> Iterator[Proposal]:
    """What each Deny for everybody with a condition says, unless it is about sources alone."""
    for statement in material.of_effect(Effect.DENY):
        routes = routes_of([statement])
        told = TOLD if not routes else frozenset[str]()
        keys = {entry.key for entry in statement.conditions}
        if not keys or keys <= told or not is_for_everybody(statement):
            continue
        try:
            entries = [written(entry) for entry in statement.conditions]
        except UnsayableError:
            continue
        block: dict[str, dict[str, Json]] = {}
        for one in entries:
            block.setdefault(one.operator, {})[one.key] = list(one.values)
        where = [predicates(routes)[-1]] if routes else []
        demand: Json = {"all_of": [*where, {"condition": block}]} if where else {"condition": block}
        yield Proposal(
            f"statement-{statement.index}-stays-in-force",
            NEVER,
            demand,
            Severity.HIGH,
            f"What statement {statement.index} of the policy denies is refused",
            "The Deny in the words of the policy; say it in those of your team if there are some.",
        )


def _others(material: Material) -> Iterator[Group]:
    if material.window:
        yield (
            Proposal(
                "closed-outside-the-window",
                NEVER,
                {"not": {"time": dict(material.window)}},
                Severity.HIGH,
                "Nobody gets in before or after",
                "The bounds are half-open: from after on, up to and without before.",
            ),
        )
    if material.mentions("aws:SecureTransport"):
        yield (
            Proposal(
                "tls-only",
                NEVER,
                {"condition": {"Bool": {"aws:SecureTransport": "false"}}},
                Severity.HIGH,
                "No request without TLS is allowed",
                "API Gateway takes no other requests anyhow; this keeps the statement in force.",
            ),
        )


def closed(material: Material, known: Environment) -> Iterator[Group]:
    """What may be closed."""
    yield _only("only-these-sources", dict(sources_of(material, known)), "any listed source")
    yield from ((one,) for one in _blocked(material, known))
    yield from _callers(material, known)
    yield _routes(material.routes)
    yield _closed_routes(material.closed)
    yield from ((one,) for one in _conditional_denies(material))
    yield from _others(material)
