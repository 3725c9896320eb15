"""What a policy may keep open, and for whom."""

from __future__ import annotations

from collections.abc import Iterator

from policycheck.analyse.repair.layout import Json
from policycheck.analyse.starter.material import Material
from policycheck.analyse.starter.proposal import ALWAYS, SOMETIMES, Group, Proposal, predicates
from policycheck.model.assertion import Severity


def opened(material: Material, sources: dict[str, Json]) -> Iterator[Group]:
    """What is open: for the listed, on the listed routes, in the strongest form that holds."""
    routes: dict[str, Json] = {"routes": predicates(material.routes)[0]} if material.routes else {}
    when: list[Json] = [{"time": dict(material.window)}] if material.window else []
    yield (*_to_the_listed(sources, routes, when), *_to_everybody(routes, when))
    if not sources:
        yield _public()
    yield (
        Proposal(
            "somebody-gets-in",
            SOMETIMES,
            {},
            Severity.MEDIUM,
            "The API is of use to somebody",
            "A policy that shuts everybody out would meet all that is said above.",
        ),
    )


def _to_the_listed(
    sources: dict[str, Json], routes: dict[str, Json], when: list[Json]
) -> Iterator[Proposal]:
    """All of the sources together get in, or one of them."""
    for who in [list(sources), *([one] for one in sources)] if sources else []:
        yield Proposal(
            "the-listed-get-in",
            ALWAYS,
            {"all_of": [*who, *routes, *when]},
            Severity.MEDIUM,
            "Whoever is listed can call" + (" the listed routes" if routes else " everything"),
            "This guards against shutting out those who are to get in.",
            {name: one for name, one in (sources | routes).items() if name in {*who, *routes}},
        )


def _to_everybody(routes: dict[str, Json], when: list[Json]) -> Iterator[Proposal]:
    if routes:
        yield Proposal(
            "the-listed-routes-are-open",
            ALWAYS,
            {"all_of": ["routes", *when]} if when else "routes",
            Severity.MEDIUM,
            "Everybody can call the listed routes",
            "Everybody on the internet is meant, if nothing else stands in front of the API.",
            routes,
        )


def _public() -> Group:
    return (
        Proposal(
            "public-addresses-get-in",
            SOMETIMES,
            {"source_ip": "public"},
            Severity.INFO,
            "Some public address gets in",
            "If the API is not meant to be reached from the internet, write never_allowed instead.",
        ),
    )
