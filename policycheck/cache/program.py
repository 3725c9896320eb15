"""What a verdict rests on besides the question: this program, and the libraries under it."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from policycheck.cache.canonical import digest
from policycheck.version import __version__

LIBRARIES = ("z3", "netaddr", "cvc5")
"""The modules whose answers a verdict holds; what reads inputs need not be among them, as a key
has what was read."""

_VERSION = re.compile(r"(?P<name>.+?)-(?P<version>[^-]+)\.(?:dist|egg)-info\Z")
_DISTRIBUTIONS = {"z3": "z3_solver"}
_SOURCES = (".py", ".toml")


@cache
def program() -> bytes | None:
    """A digest of policycheck's own files and of the versions of Python and the libraries.

    None if the version of a library cannot be told without loading it: nothing can be kept then.
    """
    versions = [_version(name) for name in LIBRARIES]
    if None in versions:
        return None
    return digest(__version__, _sources(), tuple(sys.version_info), sys.platform, versions)


def _sources() -> bytes:
    """A digest of the program itself: a version is not enough for who changes it."""
    found = hashlib.blake2b()
    for path in _files(Path(__file__).parents[1]):
        data = Path(path).read_bytes()
        found.update(f"{os.path.basename(path)}[{len(data)}]".encode())  # noqa: PTH119 -- quicker
        found.update(data)
    return found.digest()


def _files(top: Path) -> Iterator[str]:
    for directory, below, files in os.walk(top):
        below[:] = sorted(one for one in below if one != "__pycache__")
        for name in sorted(files):
            if name.endswith(_SOURCES):
                yield os.path.join(directory, name)  # noqa: PTH118


def _version(module: str) -> str | None:
    """The version beside an installed module, read from the name of its metadata.

    The standard library's importlib.metadata would take as long to load as Z3 itself. Empty for
    a module that is not installed.
    """
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        return ""
    wanted = _DISTRIBUTIONS.get(module, module)
    for name in os.listdir(Path(spec.origin).parents[1]):  # noqa: PTH208
        found = _VERSION.match(name)
        if found and found["name"].replace("-", "_").lower() == wanted:
            return found["version"]
    return None
