"""Where a user's programs keep what can be computed again."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def default_directory(environment: Mapping[str, str] = os.environ) -> Path | None:
    """The directory for policycheck's cache, or None if the user has no home.

    Sources: the XDG Base Directory Specification; Apple's File System Programming Guide; Known
    Folders of Windows. A path in XDG_CACHE_HOME that is not absolute is ignored, as XDG demands.
    """
    try:
        return _base(environment) / "policycheck"
    except RuntimeError:
        return None


def _base(environment: Mapping[str, str]) -> Path:
    wanted = Path(environment.get("XDG_CACHE_HOME", ""))
    if wanted.is_absolute():
        return wanted
    if sys.platform == "win32":
        local = environment.get("LOCALAPPDATA")
        return Path(local) if local else Path.home() / "AppData" / "Local"
    return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
