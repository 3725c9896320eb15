"""What a policy may keep open, and for whom."""

from __future__ import annotations

from collections.abc import Iterator

from policycheck.analyse.repair.layout import Json
from policycheck.analyse.starter.material import Material
from policycheck.analyse.starter.proposal import ALWAYS, SOMETIMES, Group, Proposal, predicates
from policycheck.model.assertion import Severity


def opened(material: Material, sources: dict[str, Json]) -> Iterator[Group]:
    """What is open: for the listed, on the listed routes, in the strongest form that holds."""
    routes = predicates(material.routes)[:1] if material.routes else ()
    define: dict[str, Json] = {**sources, "routes": routes[0]} if routes else dict(sources)
    listed = [list(sources), *([one] for one in sources)] if sources else []
    when: list[Json] = [{"time": dict(material.window)}] if material.window else []
    what: list[Json] = ["routes"] if routes else []
    comment = "This guards against shutting out those who are to get in."
    found = [
        Proposal(
            "the-listed-get-in",
            ALWAYS,
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
                ALWAYS,
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
            SOMETIMES,
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
            SOMETIMES,
            {"source_ip": "public"},
            Severity.INFO,
            "Some public address gets in",
            "If the API is not meant to be reached from the internet, write never_allowed instead.",
        ),
    )
