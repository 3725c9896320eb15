"""Formulas of Resource entries and of ARNs against the evaluator, at every resource of a few."""

from __future__ import annotations

from itertools import product

import pytest
from cited import KEYS, policy_of

from policycheck.concrete.predicate import holds as concrete_holds
from policycheck.model.environment import Environment
from policycheck.model.predicate import InResource
from policycheck.model.reading import DEFAULT_READINGS, Reading
from policycheck.model.request import Request
from policycheck.symbolic.arn import variables
from policycheck.symbolic.binding import bindings
from policycheck.symbolic.pinning import truth
from policycheck.symbolic.predicate import holds
from policycheck.symbolic.request import Request as Symbols

API = "111122223333:abc"
REGIONS = ("us-east-1", "eu-west-2")
PATHS = ("prod/GET/pets", "prod/GET/", "dev/POST/pets:1", "prod/GET/a:us-east-1:b")
RESOURCES = [
    f"arn:{partition}:execute-api:{region}:{API}/{path}"
    for partition, region, path in product(("aws", "aws-cn"), REGIONS, PATHS)
]
PATTERNS = [
    "*",
    "execute-api:/*",
    "execute-api:/prod/*",
    "execute-api:/prod/GET/pets",
    "execute-api:/?rod/G*T/",
    "execute-api:/*/${aws:Referer, 'pets'}",
    f"arn:aws:execute-api:us-east-1:{API}/prod/GET/pets",
    f"arn:aws:execute-api:us-east-1:{API}/*",
    f"arn:aws*:execute-api:us-east-1:{API}/prod/*",
    f"arn:aws*:execute-api:eu-*:{API}/dev/*",
    f"arn:*:execute-api:us-east-?:{API}/*/GET/*",
    "arn:aws:execute-api:*:*:*",
    f"arn:aws:execute-api:us*:{API}/*:b",
    f"arn:aws:execute-api:*-east-1:{API}/prod/GET/${{aws:Referer}}",
    "arn:aws:execute-api:?????????:*:abc/*",
    f"arn:aws:execute-api:us-*:{API}/prod/GET/${{aws:Referer, 'pets'}}",
]
READINGS = [
    DEFAULT_READINGS,
    frozenset({Reading.NOT_RESOURCE_SHORTHAND_LITERAL, Reading.EMPTY_VARIABLE_HAS_NO_VALUE}),
    frozenset({Reading.ARN_STAR_CROSSES_COLON, Reading.EMPTY_VARIABLE_HAS_NO_VALUE}),
]
REFERERS = ({}, {"aws:Referer": ""}, {"aws:Referer": "pets:1"})
ENVIRONMENT = Environment(keys=KEYS)


def element(name, *patterns):
    return policy_of({name: list(patterns)}).statements[0].resource


def switched(readings):
    return {reading: reading in readings for reading in Reading}


@pytest.mark.parametrize("readings", READINGS)
@pytest.mark.parametrize("name", ["Resource", "NotResource"])
def test_a_resource_is_covered_as_the_evaluator_has_it(name, readings):
    """Rules A6-any, A6-fields, A6-star-slash, A6-star-colon, A6-shorthand,
    A6-not-resource-shorthand."""
    symbols = Symbols(ENVIRONMENT, None, switched(readings))
    wanted = [InResource(element(name, one)) for one in PATTERNS]
    wanted.append(InResource(element(name, PATTERNS[3], PATTERNS[9])))
    formulas = [(one, holds(one, symbols)) for one in wanted]
    for resource, referer in product(RESOURCES, REFERERS):
        request = Request(resource, context=referer)
        bound = bindings(symbols, request)
        for one, formula in formulas:
            expected = concrete_holds(one, request, readings)
            assert truth(formula, bound) is expected, (one, resource)


DISPUTED = [
    ("*", False),
    ("execute-api:/*", False),
    (f"arn:aws:execute-api:us-east-1:{API}/*", False),
    (f"arn:aws:execute-api:us-east-1:{API}/*/GET/?", False),
    (f"arn:aws*:execute-api:us-east-1:{API}/*", True),
    ("arn:aws:execute-api:us-east-1:?11122223333:abc/prod", True),
    ("arn:aws:execute-api:*:*:*", True),
]


@pytest.mark.parametrize(("pattern", "is_disputed"), DISPUTED)
def test_only_a_wildcard_before_the_last_field_may_run_past_a_colon(pattern, is_disputed):
    """Rule A6-star-colon. Elsewhere no formula asks for the reading, and no verdict hangs on it."""
    symbols = Symbols(ENVIRONMENT)
    holds(InResource(element("Resource", pattern)), symbols)
    assert (Reading.ARN_STAR_CROSSES_COLON in symbols.readings) is is_disputed


def test_the_variables_of_an_entry_are_those_of_its_path():
    """Rule B6-variable-resource."""
    shorthand = element("Resource", "execute-api:/${aws:Referer}/${x:n}").patterns[0]
    assert [one.key for one in variables(shorthand)] == ["aws:referer", "x:n"]
    whole = element("Resource", f"arn:aws:execute-api:us-east-1:{API}/${{aws:Referer}}").patterns[0]
    assert [one.key for one in variables(whole)] == ["aws:referer"]
    assert variables(element("Resource", "*").patterns[0]) == ()
