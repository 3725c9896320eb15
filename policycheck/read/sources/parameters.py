"""The values that the user gives to what documents refer to."""

from __future__ import annotations

from collections.abc import Mapping


class Parameters:
    """The values that the user gives by name; remembers which of them were asked for."""

    def __init__(
        self, values: Mapping[str, str] | None = None, *, leave_open: bool = False
    ) -> None:
        """``leave_open``: what is not given may stay open, as a free symbol.

        Raises InputError for a value with a character that stands for what is not known.
        """
        self.values = dict(values or {})
        self._check("".join(self.values.values()))
        self.leave_open = leave_open
        self.asked: set[str] = set()

    def _check(self, text: str) -> None:
        if not text:
            return
        from policycheck.read.sources.private import is_private, private  # noqa: PLC0415

        for char in text:
            if is_private(char):
                raise private(char, None)

    def get(self, name: str) -> str | None:
        """The value of ``name``; None if it was not given."""
        self.asked.add(name)
        return self.values.get(name)

    @property
    def unused(self) -> tuple[str, ...]:
        """The names that nothing asked for, in order."""
        return tuple(name for name in self.values if name not in self.asked)
