"""Addresses are written alike by every Python; where these agree, as they do."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycheck.model.address import Family, address_text

GROUPS = st.lists(st.sampled_from([0, 0, 0, 1, 10, 0xA0, 0xFFFF]), min_size=8, max_size=8)


@given(GROUPS)
def test_as_the_standard_library_writes_them(groups):
    value = sum(group << 16 * place for place, group in enumerate(groups))
    if value >> 32 != 0xFFFF:
        assert address_text(Family.V6, value) == str(IPv6Address(value))
    low = value & 0xFFFFFFFF
    assert address_text(Family.V4, low) == str(IPv4Address(low))


@pytest.mark.parametrize(
    ("value", "text"),
    [(0xFFFF << 32, "::ffff:0:0"), ((0xFFFF << 32) + 0xCB007107, "::ffff:cb00:7107"), (0, "::")],
)
def test_an_address_that_maps_another_has_hexadecimal_digits(value, text):
    assert address_text(Family.V6, value) == text
