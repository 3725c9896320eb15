"""Assertions that a policy may meet, made from what it names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from policycheck.analyse.repair.layout import Json
from policycheck.analyse.repair.opposites import UnsayableError, written
from policycheck.analyse.starter.material import Material, Route, is_for_everybody, routes_of
from policycheck.model.assertion import AssertionKind, Severity
from policycheck.model.environment import Authorization, Endpoint, Environment
from policycheck.model.policy import Effect

_NEVER, _ALWAYS, _SOMETIMES = (
    AssertionKind.NEVER_ALLOWED,
    AssertionKind.ALWAYS_ALLOWED,
    AssertionKind.SOMETIMES_ALLOWED,
)


TOLD = frozenset(
    {"aws:sourceip", "aws:vpcsourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:securetransport"}
)
"""Keys of which other proposals speak."""


@dataclass(frozen=True)
class Proposal:
    """An assertion for a spec, if it is proved.

    ``demand`` is the predicate as a spec has it; names in it are those of ``define``.
    ``comment`` says in plain language what it means and when to change it.
    """

    id: str
    kind: AssertionKind
    demand: Json
    severity: Severity
    description: str
    comment: str
    define: dict[str, Json] = field(default_factory=dict)


Group = tuple[Proposal, ...]
"""Proposals of which the first one that is proved is taken."""

NOBODY = Proposal(
    "nobody-gets-in",
    _NEVER,
    {},
    Severity.INFO,
    "No request at all is allowed",
    "The policy allows nothing, to nobody. When it is to let somebody in, replace this.",
)
EVERYBODY = Proposal(
    "open-to-everybody",
    _ALWAYS,
    {},
    Severity.INFO,
    "Every request is allowed",
    "The policy lets everybody in, whatever they call. If that is not meant, take this out and say "
    "with never_allowed what is to be closed.",
)


def no_new_access(baseline: str) -> Proposal:
    """That a policy allows nothing that a reviewed one does not."""
    return Proposal(
        "no-new-access",
        AssertionKind.NO_BROADER_THAN,
        baseline,
        Severity.HIGH,
        "The policy allows nothing that the reviewed policy does not",
        f"The last line of defence: {baseline} is the reviewed policy. Keep it as a copy, and "
        "replace it when a review has passed; a policy compared with itself always holds.",
    )


def groups(material: Material, known: Environment) -> Iterator[Group]:
    """What may be closed, then what may be open."""
    sources = dict(_sources(material, known))
    yield _only("only-these-sources", sources, "any listed source")
    yield from ((one,) for one in _blocked(material, known))
    yield from _callers(material, known)
    yield _routes(material.routes)
    yield _closed_routes(material.closed)
    yield from ((one,) for one in _conditional_denies(material))
    yield from _others(material)
    yield from _open(material, sources)


def _sources(material: Material, known: Environment) -> Iterator[tuple[str, Json]]:
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
            _NEVER,
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
        name, _NEVER, every, Severity.CRITICAL, f"{title}, of each kind one", comment, sources
    )
    either = Proposal(name, _NEVER, some, Severity.CRITICAL, title, comment, sources)
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
                _NEVER,
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
                _NEVER,
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
                _NEVER,
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
            _NEVER,
            {"principal": "anonymous"},
            Severity.HIGH,
            "Nobody gets in without an AWS identity",
            "A request that nobody signed is refused by the policy itself.",
        ),
    )


def _predicates(routes: Sequence[Route]) -> tuple[Json, ...]:
    """The routes part by part, if all have parts; and as globs over whole ARNs."""
    globs: Json = {"resource": [route.glob for route in routes]}
    parts = [route.parts for route in routes if route.parts]
    if len(parts) != len(routes):
        return (globs,)
    plain: Json = dict(parts[0]) if len(parts) == 1 else {"any_of": [dict(p) for p in parts]}
    return (plain, globs)


def _routes(routes: Sequence[Route]) -> Group:
    if not routes:
        return ()
    return tuple(
        Proposal(
            "only-these-routes",
            _NEVER,
            {"not": "routes"},
            Severity.HIGH,
            "Nobody can call anything but the listed routes",
            "A route that is to be opened has to be listed here and in the policy.",
            {"routes": one},
        )
        for one in _predicates(routes)
    )


def _closed_routes(routes: Sequence[Route]) -> Group:
    if not routes:
        return ()
    return tuple(
        Proposal(
            "closed-routes",
            _NEVER,
            "closed",
            Severity.HIGH,
            "Nobody can call the closed routes",
            "These are shut for everybody, without a condition.",
            {"closed": one},
        )
        for one in _predicates(routes)
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
        where = [_predicates(routes)[-1]] if routes else []
        demand: Json = {"all_of": [*where, {"condition": block}]} if where else {"condition": block}
        yield Proposal(
            f"statement-{statement.index}-stays-in-force",
            _NEVER,
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
                _NEVER,
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
                _NEVER,
                {"condition": {"Bool": {"aws:SecureTransport": "false"}}},
                Severity.HIGH,
                "No request without TLS is allowed",
                "API Gateway takes no other requests anyhow; this keeps the statement in force.",
            ),
        )


def closed_methods(methods: Sequence[str]) -> Proposal:
    """That nobody can use some methods."""
    return Proposal(
        "closed-methods",
        _NEVER,
        {"method": list(methods)},
        Severity.MEDIUM,
        "Nobody can use these methods",
        "A method that is to be opened has to be taken out here.",
    )


def _open(material: Material, sources: dict[str, Json]) -> Iterator[Group]:
    """What is open: for the listed, on the listed routes, in the strongest form that holds."""
    routes = _predicates(material.routes)[:1] if material.routes else ()
    define: dict[str, Json] = {**sources, "routes": routes[0]} if routes else dict(sources)
    listed = [list(sources), *([one] for one in sources)] if sources else []
    when: list[Json] = [{"time": dict(material.window)}] if material.window else []
    what: list[Json] = ["routes"] if routes else []
    comment = "This guards against shutting out those who are to get in."
    found = [
        Proposal(
            "the-listed-get-in",
            _ALWAYS,
            {"all_of": [*who, *what, *when]},
            Severity.MEDIUM,
            "Whoever is listed can call" + (" the listed routes" if routes else " everything"),
            comment,
            {name: one for name, one in define.items() if name in {*who, *what}},
        )
        for who in listed
    ]
    if routes:
        found.append(
            Proposal(
                "the-listed-routes-are-open",
                _ALWAYS,
                {"all_of": ["routes", *when]} if when else "routes",
                Severity.MEDIUM,
                "Everybody can call the listed routes",
                "Everybody on the internet is meant, if nothing else stands in front of the API.",
                {"routes": routes[0]},
            )
        )
    yield tuple(found)
    if not sources:
        yield _public()
    yield (
        Proposal(
            "somebody-gets-in",
            _SOMETIMES,
            {},
            Severity.MEDIUM,
            "The API is of use to somebody",
            "A policy that shuts everybody out would meet all that is said above.",
        ),
    )


def _public() -> Group:
    return (
        Proposal(
            "public-addresses-get-in",
            _SOMETIMES,
            {"source_ip": "public"},
            Severity.INFO,
            "Some public address gets in",
            "If the API is not meant to be reached from the internet, write never_allowed instead.",
        ),
    )
