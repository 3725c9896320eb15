"""The named sets of addresses, against netaddr's arithmetic."""

import netaddr
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycheck.model import special_purpose
from policycheck.model.address import AddressBetween, Family

EVERYTHING = netaddr.IPSet(["0.0.0.0/0", "::/0"])
GIVEN_BACK = netaddr.IPSet(special_purpose.REACHABLE + special_purpose.DOCUMENTATION)
NOT_PUBLIC = netaddr.IPSet(special_purpose.NOT_PUBLIC) - GIVEN_BACK


def ranges(blocks):
    """A set as maximal ranges; netaddr's own are maximal within a family only."""
    found = []
    for cidr in blocks.iter_cidrs():
        family, first, last = Family(cidr.version), cidr.first, cidr.last
        if found and found[-1].family is family and found[-1].last + 1 == first:
            first = found.pop().first
        found.append(AddressBetween(family, first, last))
    return tuple(found)


@pytest.mark.parametrize(
    "named, wanted",
    [
        (special_purpose.not_public, NOT_PUBLIC),
        (special_purpose.public, EVERYTHING - NOT_PUBLIC),
        (special_purpose.private_use, netaddr.IPSet(special_purpose.PRIVATE_USE)),
        (special_purpose.documentation, netaddr.IPSet(special_purpose.DOCUMENTATION)),
        (special_purpose.everything, EVERYTHING),
    ],
)
def test_a_named_set_is_what_netaddr_makes_of_the_table(named, wanted):
    assert named() == ranges(wanted)


@given(st.ip_addresses())
def test_an_address_is_public_or_not(address):
    sides = [special_purpose.public(), special_purpose.not_public()]
    held = [
        any(one.family == address.version and one.first <= int(address) <= one.last for one in side)
        for side in sides
    ]
    assert held.count(True) == 1
    assert held[1] is (str(address) in NOT_PUBLIC)
