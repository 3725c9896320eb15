"""The templates of pages: every text that is put into them is escaped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

FOLDER = "templates"


def template(name: str, **filters: Callable[[Any], str]) -> Template:
    """The template in a file of the folder, with further filters by name."""
    environment = Environment(
        loader=PackageLoader("policycheck.report.html", FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(filters)
    return environment.get_template(name)
