"""Addresses and CIDR blocks (semantics B3)."""

from __future__ import annotations

import netaddr
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycheck.model.address import Address, AddressIn, Family
from policycheck.read.literals import LiteralError, parse_address, parse_cidr


def refused(parse, text: str) -> str:
    with pytest.raises(LiteralError) as caught:
        parse(text)
    assert caught.value.message
    assert caught.value.help
    return caught.value.code


@given(st.ip_addresses())
def test_every_address_is_read(address):
    assert parse_address(str(address)) == Address(Family(address.version), int(address))


@pytest.mark.parametrize(
    "text, value",
    [
        ("0.0.0.0", 0),
        ("255.255.255.255", 2**32 - 1),
        ("1.2.3.4", 0x01020304),
    ],
)
def test_ipv4_is_four_decimal_numbers(text, value):
    assert parse_address(text) == Address(Family.V4, value)


@pytest.mark.parametrize(
    "text, value",
    [
        ("::", 0),
        ("2001:DB8::1", 0x20010DB8 << 96 | 1),
        ("2001:0db8:0000:0000:0000:0000:0000:0001", 0x20010DB8 << 96 | 1),
        ("::ffff:1.2.3.4", 0xFFFF01020304),
        ("64:ff9b::192.0.2.33", 0x64FF9B << 96 | 0xC0000221),
    ],
)
def test_ipv6_is_normalised_and_mapped_addresses_stay_ipv6(text, value):
    assert parse_address(text) == Address(Family.V6, value)


NO_ADDRESSES = [
    "1",
    "10",
    "1.2",
    "1.2.3",
    "1.2.3.4.5",
    "256.1.1.1",
    "01.2.3.4",
    "1.2.3.04",
    "0x1.2.3.4",
    "1.2.3.-4",
    "1.2.3.4/32",
    "1.2.3.4%",
    "::1%eth0",
    "fe80::1%1",
    "[::1]",
    "1::2::3",
    "12345::",
    ":1",
    "::g",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "::ffff:01.2.3.4",
    "::1.2.3",
    "::1.2.3.256",
    "localhost",
    "3232235777",
    "*",
    "10.0.*",
    "\u0661.\u0662.\u0663.\u0664",
    "\uff1a\uff1a1",
]


@pytest.mark.parametrize("text", [*NO_ADDRESSES, "", " 1.2.3.4", "1.2.3.4 ", "1.2.3.4\n", "::1\0"])
def test_other_texts_are_no_address(text):
    assert refused(parse_address, text) == "TYPE_MISMATCH_IP_RANGE"


UNMAPPED = st.ip_addresses().filter(lambda one: getattr(one, "ipv4_mapped", None) is None)


@given(UNMAPPED, st.data())
def test_a_block_is_read_as_netaddr_reads_it(address, data):
    prefix = data.draw(st.integers(0, 32 if address.version == 4 else 128))
    text = f"{address}/{prefix}"
    wanted = netaddr.IPNetwork(text).cidr
    assert parse_cidr(text) == AddressIn(Family(wanted.version), int(wanted.first), prefix)


@given(UNMAPPED)
def test_an_address_without_a_prefix_stands_for_itself(address):
    family = Family(address.version)
    assert parse_cidr(str(address)) == AddressIn(family, int(address), family.width, bare=True)


@pytest.mark.parametrize(
    "text, advice",
    [
        ("::ffff:203.0.113.7", "write 203.0.113.7 if they are"),
        ("::ffff:203.0.113.7/128", "write 203.0.113.7 if they are"),
        ("::FFFF:cb00:7100/120", "write 203.0.113.0/24 if they are"),
        ("0:0:0:0:0:ffff:0:0/96", "write 0.0.0.0/0 if they are"),
        ("::ffff:0:0/90", "write the IPv4 block if they are"),
    ],
)
def test_ipv4_written_as_ipv6_is_no_block(text, advice):
    with pytest.raises(LiteralError) as caught:
        parse_cidr(text)
    assert (caught.value.code, caught.value.help) == ("TYPE_MISMATCH_IP_RANGE", advice)


def test_host_bits_are_dropped():
    assert parse_cidr("123.4.5.6/24") == AddressIn(Family.V4, 0x7B040500, 24)
    assert parse_cidr("2001:db8::1/32") == AddressIn(Family.V6, 0x20010DB8 << 96, 32)
    assert parse_cidr("255.255.255.255/0") == AddressIn(Family.V4, 0, 0)


NO_BLOCKS = [
    "1.2.3.4/",
    "1.2.3.4/33",
    "1.2.3.4/-1",
    "1.2.3.4/+8",
    "1.2.3.4/08",
    "1.2.3.4/8.0",
    "1.2.3.4/255.0.0.0",
    "1.2.3.4//8",
    "1.2.3.4/8/8",
    "::/129",
    "::/0128",
    "10/8",
    "10.0/16",
    "/8",
    "1.2.3.4-5",
    "1.2.3.0-1.2.3.9",
    "::ffff:1.2.3.4/-1",
    "1.2.3.4/\u0668",
]


@pytest.mark.parametrize("text", [*NO_BLOCKS, "1.2.3.4 /8", "1.2.3.4/ 8", "1.2.3.4/8 "])
def test_other_texts_are_no_block(text):
    assert refused(parse_cidr, text) == "TYPE_MISMATCH_IP_RANGE"


@pytest.mark.parametrize(
    "text, part",
    [("1.2.3.4/33", (8, 10)), ("1.2.3/8", (0, 5)), ("1.2.3.4/", (8, 8)), ("x", (0, 1))],
)
def test_a_wrong_block_says_which_part_is_wrong(text, part):
    with pytest.raises(LiteralError) as caught:
        parse_cidr(text)
    assert caught.value.part == part
