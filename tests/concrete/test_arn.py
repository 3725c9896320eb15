import pytest

from policycheck.concrete.arn import matches
from policycheck.concrete.condition import relation_matches
from policycheck.model.arn import ArnLike
from policycheck.model.reading import DEFAULT_READINGS, Reading
from policycheck.model.text import Variable, pattern

USER = ArnLike(
    tuple(
        pattern([piece])
        for piece in ("arn", "aws", "iam", "", "123456789012", Variable("aws:username", "ann"))
    )
)


@pytest.mark.parametrize(
    ("readings", "expected"),
    [(DEFAULT_READINGS, False), (frozenset({Reading.EMPTY_VARIABLE_HAS_NO_VALUE}), True)],
)
def test_a_field_of_an_arn_is_resolved_under_the_reading(readings, expected):
    """Rule B6-variable-empty, in a field of an ARN."""
    context = {"aws:username": ("",)}
    for matching in (matches, relation_matches):
        assert matching("arn:aws:iam::123456789012:ann", USER, context, readings) is expected
