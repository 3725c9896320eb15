"""A review as one HTML file without scripts, styles or pictures from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from importlib import resources

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from policycheck.model.review import Review
from policycheck.report.html.compose import page
from policycheck.report.html.hilbert import LEAST, SIDE
from policycheck.report.html.maps import View
from policycheck.report.html.templating import FOLDER, template
from policycheck.version import __version__


def render(review: Review) -> str:
    """The page. Its Content-Security-Policy allows its own style and script, by their hashes,
    and nothing else; every text of an input is escaped."""
    style, script = _asset("review.css"), _asset("review.js")
    return template("review.html", map_data=_map_data).render(
        page=page(review),
        version=__version__,
        side=SIDE,
        least=LEAST,
        style=Markup(style),  # noqa: S704 -- the package's own file
        script=Markup(script),  # noqa: S704
        csp=_policy(style, script),
    )


def _map_data(views: Sequence[View]) -> Markup:
    """What the script needs to say what is at a place of the map."""
    return htmlsafe_json_dumps(
        [[{"title": one.title, "bounds": one.bounds} for one in view.layers] for view in views]
    )


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    """The source expression for an inline element with exactly this text (CSP level 3)."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _asset(name: str) -> str:
    file = resources.files(__package__).joinpath(FOLDER, name)
    return file.read_text(encoding="utf-8").replace("\r\n", "\n")
