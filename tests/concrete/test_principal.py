import pytest

from policycheck.concrete.principal import account
from policycheck.model.request import Caller, CallerKind


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("arn:aws:iam::123456789012:role/reader", "123456789012"),
        ("arn:aws:iam::123456789012:role/a:b:c", "123456789012"),
        ("reader", ""),
        ("arn:aws:iam::123456789012", ""),
    ],
)
def test_the_account_is_the_fifth_field_of_an_arn(name, expected):
    """Rule A3-account."""
    assert account(Caller(CallerKind.ROLE, name)) == expected
