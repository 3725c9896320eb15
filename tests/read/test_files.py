"""Texts from files and from standard input."""

import io
import sys
from types import SimpleNamespace

import pytest

from policycheck.diagnostics import InputError
from policycheck.read.files import LIMIT, read_source


def code_of(path, **limits) -> str:
    with pytest.raises(InputError) as caught:
        read_source(path, **limits)
    (found,) = caught.value.diagnostics
    assert found.message
    return found.code


def test_a_file_is_read_with_its_name(tmp_path):
    path = tmp_path / "policy.json"
    path.write_bytes("{\r\n}é".encode())
    source = read_source(path)
    assert (source.name, source.text) == (str(path), "{\r\n}é")


def test_a_byte_order_mark_at_the_start_is_dropped(tmp_path):
    path = tmp_path / "policy.json"
    path.write_bytes(b"\xef\xbb\xbf{}")
    assert read_source(path).text == "{}"


def test_a_dash_is_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"{}")))
    source = read_source("-")
    assert (source.name, source.text) == ("<stdin>", "{}")


def test_the_limit_counts_bytes_and_is_exact(tmp_path):
    path = tmp_path / "policy.json"
    path.write_text("é" * 5, encoding="utf-8")
    assert read_source(path, limit=10).text == "é" * 5
    assert code_of(path, limit=9) == "FILE_TOO_LARGE"


def test_one_mebibyte_is_the_limit_where_none_is_given(tmp_path):
    path = tmp_path / "policy.json"
    path.write_bytes(b" " * LIMIT)
    assert LIMIT == 1024 * 1024
    assert len(read_source(path).text) == LIMIT
    path.write_bytes(b" " * (LIMIT + 1))
    assert code_of(path) == "FILE_TOO_LARGE"


def test_standard_input_has_the_limit_too(monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"x" * 11)))
    assert code_of("-", limit=10) == "FILE_TOO_LARGE"


def test_what_cannot_be_read_says_why(tmp_path):
    (tmp_path / "latin.json").write_bytes(b'{\n"\xe9"}')
    assert code_of(tmp_path / "missing.json") == "FILE_NOT_FOUND"
    assert code_of(tmp_path) == "FILE_IS_DIRECTORY"
    assert code_of(tmp_path / "latin.json") == "FILE_NOT_UTF8"
    assert code_of("a\0b") == "FILE_UNREADABLE"


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b'{\n"\xc3\xa9 \xe9"}', (2, 4)),
        (b"\xef\xbb\xbf{\n\xff\xfe", (2, 1)),
        (b"\xff", (1, 1)),
        (b"ab\xc3", (1, 3)),
    ],
)
def test_text_that_is_not_utf8_names_the_byte_and_its_place(tmp_path, data, place):
    path = tmp_path / "latin.json"
    path.write_bytes(data)
    with pytest.raises(InputError, match=f"byte 0x.. on line {place[0]}") as caught:
        read_source(path)
    (found,) = caught.value.diagnostics
    assert (found.span.line, found.span.column) == place
