"""Numbers of Terraform's language, as it writes them into texts and into JSON.

Source: cty's ``convert`` of numbers to strings and its ``json`` package: both write a number in
full, without an exponent and without zeros that say nothing, so that ``1.10`` is ``1.1`` and
``010`` is ``10``.
"""

from __future__ import annotations

import re
from decimal import Decimal

_NUMBER = re.compile(r"[0-9]{1,100}(?:\.[0-9]{1,100})?(?:[eE][+-]?[0-9]{1,2})?")


def number_text(written: str) -> str | None:
    """The text of a number; None if it is none, or one of very many digits, which cty rounds."""
    if not _NUMBER.fullmatch(written):
        return None
    plain = format(Decimal(written), "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
