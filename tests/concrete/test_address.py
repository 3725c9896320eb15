"""Blocks and ranges against netaddr."""

from __future__ import annotations

import netaddr
import pytest
from drawn import blocks, families
from hypothesis import given
from hypothesis import strategies as st

from policycheck.concrete.address import contains, matches, parse_address
from policycheck.model.address import Address, AddressBetween, AddressIn, Family
from policycheck.model.reading import DEFAULT_READINGS, Reading


@st.composite
def near(draw, block):
    """An address of either family, often at or beside an edge of the block."""
    edges = [block.network, block.network | (1 << (block.family.width - block.prefix)) - 1]
    beside = draw(st.sampled_from(edges)) + draw(st.integers(-1, 1))
    if 0 <= beside < 2**block.family.width and draw(st.booleans()):
        return Address(block.family, beside)
    family = draw(families)
    return Address(family, draw(st.integers(0, 2**family.width - 1)))


def as_netaddr(address):
    return netaddr.IPAddress(address.value, address.family.value)


@given(st.data(), blocks())
def test_a_block_holds_what_netaddr_says(data, block):
    address = data.draw(near(block))
    network = netaddr.IPNetwork((block.network, block.prefix), version=block.family.value)
    assert contains(address, block, DEFAULT_READINGS) is (as_netaddr(address) in network)


@given(st.data(), blocks())
def test_a_bare_ipv6_address_is_a_block_of_32_bits_under_the_reading(data, block):
    address = data.draw(near(block))
    prefix = 32 if block.bare and block.family is Family.V6 else block.prefix
    network = netaddr.IPNetwork((block.network, prefix), version=block.family.value)
    found = contains(address, block, {Reading.IPV6_BARE_PREFIX_32})
    assert found is (as_netaddr(address) in network)


@given(st.data(), blocks())
def test_a_range_holds_both_ends_and_what_lies_between(data, block):
    address = data.draw(near(block))
    last = block.network | (1 << (block.family.width - block.prefix)) - 1
    between = AddressBetween(block.family, block.network, last)
    assert contains(address, between, ()) is contains(address, block, ())


@given(families, st.data())
def test_an_address_is_read_as_netaddr_reads_it(family, data):
    value = data.draw(st.integers(0, 2**family.width - 1))
    text = str(netaddr.IPAddress(value, family.value))
    assert parse_address(text) == parse_address(text.upper()) == Address(family, value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1.2.3",
        "1.2.3.4.5",
        "01.2.3.4",
        "1.2.3.256",
        "1.2.3.4/32",
        " 1.2.3.4",
        "1.2.3.4\n",
        "::1%eth0",
        "1::2::3",
        ":::",
        "12345::",
        "2001:db8::/32",
        "\u0661.2.3.4",
        "0x1.2.3.4",
    ],
)
def test_what_is_no_address_matches_nothing(text):
    assert parse_address(text) is None
    assert matches(text, AddressIn(Family.V4, 0, 0), DEFAULT_READINGS) is None


def test_an_ipv4_mapped_address_is_of_ipv6():
    assert parse_address("::ffff:1.2.3.4") == Address(Family.V6, 0xFFFF01020304)
