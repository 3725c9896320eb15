"""A value that cannot be read as what it must be."""

from __future__ import annotations

LONGEST = 200
"""The longest message, in characters; a message may repeat what the author wrote."""


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
        short = message if len(message) <= LONGEST else message[:LONGEST] + "..."
        super().__init__(short)
        self.message = short
        self.help = help
        self.code = code
        self.part = part

    def moved(self, by: int) -> LiteralError:
        """The same error about a text that begins ``by`` characters further to the left."""
        if self.part:
            self.part = (self.part[0] + by, self.part[1] + by)
        return self
