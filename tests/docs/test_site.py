"""The site: it builds without a warning, has every page, and loads nothing from elsewhere."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from scenes import ROOT

pytest.importorskip("mkdocs")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(folder)],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    return folder


class Reader(HTMLParser):
    """Notes what the browser would load, and where links lead."""

    def __init__(self, text):
        super().__init__()
        self.loaded, self.links = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in {"src", "srcset", "data", "poster"} or (name, tag) == ("href", "link"):
                self.loaded.append(value)
            elif name == "href":
                self.links.append(value)


def pages(site):
    return {
        str(path.relative_to(site)): path.read_text(encoding="utf-8")
        for path in site.rglob("*.html")
    }


def test_nothing_is_loaded_from_other_hosts(site):
    for name, text in pages(site).items():
        found = Reader(text)
        assert not [one for one in found.loaded if re.match(r"(\w+:)?//", one)], name
        assert "default-src 'self' file: data: blob: 'unsafe-inline'" in text, name
        assert 'class="mermaid"' not in text, name
    for style in site.rglob("*.css"):
        assert not re.search(r"url\([\"']?(\w+:)?//|@import", style.read_text(encoding="utf-8"))


def test_every_page_of_docs_is_in_the_site(site):
    built = set(pages(site))
    for page in ROOT.glob("docs/**/*.md"):
        name = page.relative_to(ROOT / "docs").with_suffix(".html").as_posix()
        assert name.replace("README.html", "index.html") in built


def test_examples_and_specs_are_in_the_site_and_linked(site):
    assert (site / "examples" / "behind-a-nat" / "index.html").exists()
    assert (site / "specs" / "tls-only.yaml").exists()
    text = pages(site)["how-to/nat-and-proxies.html"]
    assert "../examples/behind-a-nat/index.html" in Reader(text).links


def test_links_lead_somewhere(site):
    for name, text in pages(site).items():
        if name == "404.html":
            continue
        for link in Reader(text).links:
            if not re.match(r"\w+:|#", link):
                target = (site / name).parent / link.partition("#")[0]
                assert target.resolve().exists(), f"{name}: {link}"


def test_the_names_of_python_have_signatures(site):
    text = re.sub(r"<[^>]+>", "", pages(site)["names.html"])
    assert "policies: Policy | Iterable[Policy]" in text
    assert "counterexample: Example | None" in text
