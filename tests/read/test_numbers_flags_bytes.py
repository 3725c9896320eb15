"""Numbers, truth values and bytes (semantics B3)."""

from __future__ import annotations

import base64
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycheck.read.literals import LiteralError, parse_bytes, parse_flag, parse_number


def refused(parse, text: str) -> str:
    with pytest.raises(LiteralError) as caught:
        parse(text)
    assert caught.value.message
    assert caught.value.help
    return caught.value.code


@pytest.mark.parametrize(
    "text, number",
    [
        ("0", 0),
        ("-0", 0),
        ("10", 10),
        ("10.0", 10),
        ("-2.5", Fraction(-5, 2)),
        ("0.1", Fraction(1, 10)),
        ("1e2", 100),
        ("1E+2", 100),
        ("25e-1", Fraction(5, 2)),
        ("1e100", 10**100),
        ("9" * 100, int("9" * 100)),
    ],
)
def test_numbers_are_exact(text, number):
    assert parse_number(text) == number


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9
    )
)
def test_every_decimal_is_read_exactly(number):
    assert parse_number(f"{number:f}") == Fraction(number)


NO_NUMBERS = [
    "1e101",
    "1e-101",
    "1e999999999",
    "1e9999999999999999999",
    ".5",
    "1.",
    "+1",
    "01",
    "-01",
    "0x10",
    "1_000",
    "1,000",
    "NaN",
    "inf",
    "e5",
    "-",
    "\u0661",
]


@pytest.mark.parametrize("text", [*NO_NUMBERS, "", " 1", "1 ", "1" * 101, "9" * 5000])
def test_other_texts_are_no_number(text):
    assert refused(parse_number, text) == "TYPE_MISMATCH_NUMBER"


@pytest.mark.parametrize("text", ["true", "True", "TRUE", "tRuE"])
def test_truth_values_ignore_case(text):
    assert parse_flag(text) is True
    assert parse_flag({"true": "false", "True": "False"}.get(text, "FALSE")) is False


@pytest.mark.parametrize("text", ["", "yes", "1", "true ", "\uff54rue", "tru"])
def test_other_texts_are_no_truth_value(text):
    assert refused(parse_flag, text) == "TYPE_MISMATCH_BOOLEAN"


@given(st.binary(max_size=20))
def test_bytes_are_base64(data):
    assert parse_bytes(base64.b64encode(data).decode()) == data


@pytest.mark.parametrize("text", ["YQ", "YQ=", "Y", "Y=Q=", "YQ==\n", "Y Q==", "é", "YQ-_"])
def test_other_texts_are_no_bytes(text):
    assert refused(parse_bytes, text) == "TYPE_MISMATCH_STRING"
