"""What an assertion says of one request, under the readings that are switched on."""

from __future__ import annotations

import pytest
from cited import ARN, policy_of

from policycheck.concrete.assertion import breaks, witnesses
from policycheck.concrete.condition import entry_holds
from policycheck.model.assertion import Assertion, AssertionKind
from policycheck.model.condition import Existing
from policycheck.model.predicate import Conditions
from policycheck.model.reading import DEFAULT_READINGS, Reading
from policycheck.model.request import Request

EVERYBODY = policy_of({})
ABSENT = Conditions(
    policy_of({"Condition": {"Null": {"aws:Referer": "true"}}}).statements[0].conditions
)
EMPTY = Request(ARN, context={"aws:Referer": ""})
EMPTY_IS_NULL = frozenset({Reading.EMPTY_VALUE_IS_NULL})


@pytest.mark.parametrize(
    ("readings", "in_scope"), [(DEFAULT_READINGS, False), (EMPTY_IS_NULL, True)]
)
def test_the_scope_is_read_as_the_policy_is(readings, in_scope):
    """Rule S2-scope."""
    never = Assertion("a", AssertionKind.NEVER_ALLOWED, ABSENT)
    assert breaks(never, EVERYBODY, EMPTY, readings) is in_scope
    sometimes = Assertion("a", AssertionKind.SOMETIMES_ALLOWED, ABSENT)
    assert witnesses(sometimes, EVERYBODY, EMPTY, readings) is in_scope


@pytest.mark.parametrize("readings", [DEFAULT_READINGS, EMPTY_IS_NULL])
def test_no_request_breaks_that_some_are_allowed(readings):
    """Rule S2-sometimes."""
    sometimes = Assertion("a", AssertionKind.SOMETIMES_ALLOWED, ABSENT)
    assert breaks(sometimes, EVERYBODY, EMPTY, readings) is False
    assert breaks(Assertion("a", AssertionKind.SOMETIMES_ALLOWED), EVERYBODY, EMPTY) is False


@pytest.mark.parametrize("readings", [DEFAULT_READINGS, EMPTY_IS_NULL])
@pytest.mark.parametrize(("values", "is_there"), [((), False), (("",), True), (("a", ""), True)])
def test_a_spec_asks_whether_a_key_is_there_whatever_its_values(values, is_there, readings):
    """Rule B2-null-empty. What a spec says of a key's presence is not disputed."""
    for answer in (True, False):
        entry = Existing("Null", "x:list", (answer,), undisputed=True)
        context = {"x:list": values} if values else {}
        assert entry_holds(entry, context, readings) is (answer is not is_there)
