"""What MkDocs does besides: the examples and the ready specs are part of the site.

They stand beside docs in the repository, so links between them and the pages are turned into those
of the site; a link to a file that is no part of it stays as its text.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
FOLDERS = ("examples", "specs")
_SUFFIXES = {".md", ".json", ".yaml"}
_LINK = re.compile(r"\[(?P<text>[^\]]*)\]\((?P<target>[^):#]+)(?P<anchor>#[^)]*)?\)")
_CELL = re.compile(r"<td>[^<]+</td>")
_WORD = re.compile(r"(?<![<\w])[\w/-]{24,}")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the files of the folders beside docs."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in _SUFFIXES and not path.name.startswith("expected."):
                name = path.relative_to(ROOT).as_posix()
                files.append(File.generated(config, name, abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """The page with the links of the site."""
    folder = _folder(page.file.src_uri)
    return _LINK.sub(lambda found: _link(found, folder, page.file.src_uri), markdown)


def _folder(uri: str) -> Path:
    """The folder of the repository in which the page stands."""
    place = ROOT / uri if uri.startswith(FOLDERS) else ROOT / "docs" / uri
    return place.parent


def _link(found: re.Match[str], folder: Path, uri: str) -> str:
    target = Path(os.path.normpath(folder / found["target"]))
    if target.is_dir():
        target /= "README.md"
    inside = _uri(target)
    if inside is None:
        return found["text"]
    relative = os.path.relpath(inside, Path(uri).parent).replace(os.sep, "/")
    return f"[{found['text']}]({relative}{found['anchor'] or ''})"


def _uri(target: Path) -> str | None:
    """The address of a file of the repository in the site, or None if it is not there."""
    for base in (ROOT / "docs", *(ROOT / folder for folder in FOLDERS)):
        if target.is_relative_to(base) and target.exists():
            top = base if base.name == "docs" else ROOT
            return target.relative_to(top).as_posix()
    return None


def on_page_content(html: str, **_: Any) -> str:
    """The page with places in long words of tables where a line may end."""
    return _CELL.sub(lambda found: _WORD.sub(_breakable, found.group()), html)


def _breakable(word: re.Match[str]) -> str:
    return re.sub(r"([/_-])", r"\1<wbr>", word.group())
