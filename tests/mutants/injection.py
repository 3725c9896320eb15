"""Defects put into the loaded code, and taken out again."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType, FunctionType, ModuleType


@dataclass(frozen=True)
class Defect:
    """A wrong reading of AWS on one side: in ``module``, ``old`` is replaced by ``new``.

    Neither may add or take lines or module-level names, as only the code of functions is exchanged.
    ``families`` are the twin tests that are to notice it.
    """

    name: str
    module: str
    old: str
    new: str
    families: tuple[str, ...]


@contextlib.contextmanager
def injected(defect: Defect) -> Iterator[None]:
    """The defect is there as long as the block runs."""
    module = importlib.import_module(f"policycheck.{defect.module}")
    changed = dict(_changed(module, defect))
    if not changed:
        raise ValueError(f"{defect.name} changes no function")
    originals = {function: function.__code__ for function in changed}
    _exchange(changed)
    try:
        yield
    finally:
        _exchange(originals)


def _changed(module: ModuleType, defect: Defect) -> Iterator[tuple[FunctionType, CodeType]]:
    """The functions that the defect changes, with the code that they then have."""
    source = inspect.getsource(module)
    if source.count(defect.old) != 1:
        raise ValueError(f"{defect.module} has {source.count(defect.old)} times {defect.old!r}")
    broken = ModuleType(module.__name__)
    broken.__dict__["__package__"] = module.__package__
    sys.modules[module.__name__] = broken  # dataclasses look their module up
    try:
        text = source.replace(defect.old, defect.new)
        exec(compile(text, str(module.__file__), "exec"), broken.__dict__)
    finally:
        sys.modules[module.__name__] = module
    new = dict(_functions(broken))
    for name, function in _functions(module):
        if function.__code__ != new[name].__code__:
            yield function, new[name].__code__


def _functions(module: ModuleType) -> Iterator[tuple[str, FunctionType]]:
    """The functions that the module defines, methods too, without their caches."""
    holders = [module, *(one for one in vars(module).values() if inspect.isclass(one))]
    for holder in holders:
        for name, found in list(vars(holder).items()):
            function = inspect.unwrap(found) if callable(found) else None
            if isinstance(function, FunctionType) and function.__module__ == module.__name__:
                yield f"{holder.__name__}.{name}", function


def _exchange(codes: dict[FunctionType, CodeType]) -> None:
    for function, code in codes.items():
        function.__code__ = code
    for name, module in list(sys.modules.items()):
        if name.startswith("policycheck."):
            for found in vars(module).values():
                if hasattr(found, "cache_clear"):
                    found.cache_clear()
