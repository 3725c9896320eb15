"""A value that cannot be read as what it must be."""

from __future__ import annotations


class LiteralError(ValueError):
    """A text that is no literal of its kind.

    ``message`` is one sentence, ``help`` says what to write instead, ``code`` is AWS's name of the
    finding. ``start`` and ``end`` are the offsets of the wrong part; None if all of it is wrong.
    """

    def __init__(
        self,
        message: str,
        *,
        help: str = "",  # noqa: A002 (the name that diagnostics have)
        code: str = "TYPE_MISMATCH",
        part: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.code = code
        self.part = part
