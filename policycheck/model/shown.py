"""Results that notebooks show as HTML."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar


class Shown:
    """A result that has a form for notebooks.

    ``layout`` makes HTML of a result. The package sets it when it is imported, as data knows
    nothing of reports.
    """

    layout: ClassVar[Callable[[object], str]]

    def _repr_html_(self) -> str:
        """The result as IPython asks for it, with every text of an input escaped."""
        return Shown.layout(self)
