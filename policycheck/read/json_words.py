"""Numbers and names that stand without quotes in a text that is meant to be JSON."""

from __future__ import annotations

import re

from policycheck.diagnostics import nearest

_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_NUMERIC = r"[+-]?(?:[0-9.][0-9.eE+_-]*|0[xX][0-9A-Fa-f]+)"
_HEXADECIMAL = r"[+-]?0[xX][0-9A-Fa-f]+"
_NAMES = {"true": "true", "false": "false", "null": "null", "none": "null", "undefined": "null"}
_NOT_FINITE = {"nan", "infinity", "-infinity", "+infinity", "inf", "-inf"}


def is_value(word: str) -> bool:
    """Whether JSON has this word: true, false, null or a number. Source: RFC 8259."""
    return word in {"true", "false", "null"} or re.fullmatch(_NUMBER, word) is not None


def word_advice(word: str) -> tuple[str, str]:
    """What is wrong with a word that is no value of JSON, and what to write instead."""
    if not word.isprintable():
        return f"a character that JSON does not know (U+{ord(word[0]):04X})", "remove it"
    if word.startswith("'"):
        return "JSON writes strings in double quotes", "write it in double quotes"
    if re.fullmatch(_NUMERIC, word) or word.lower() in _NOT_FINITE:
        return _number_advice(word)
    meant = _NAMES.get(word.lower()) or nearest(word, ("true", "false", "null"))
    if meant:
        return f"{word} is not a value of JSON", f"write {meant}, or put it in double quotes"
    return "a text without quotes", "write it in double quotes"


def _number_advice(word: str) -> tuple[str, str]:
    if word.lower() in _NOT_FINITE:
        return f"JSON has no {word}", "write a number, or leave the entry out"
    if re.fullmatch(_HEXADECIMAL, word):
        return f"{word} is a hexadecimal number, which JSON has not", "write it in decimal"
    message = f"{word} is not a number as JSON writes it"
    mended = _mended(word)
    if re.fullmatch(_NUMBER, mended):
        return message, f'write {mended}, or "{word}" in double quotes'
    return message, f'write "{word}" in double quotes'


def _mended(word: str) -> str:
    plain = word.lstrip("+").replace("_", "")
    sign, digits = ("-", plain[1:]) if plain.startswith("-") else ("", plain)
    digits = digits.lstrip("0") or "0"
    digits = "0" + digits if digits.startswith(".") else digits
    return sign + digits.removesuffix(".")
