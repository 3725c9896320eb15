"""Dataclasses whose definition costs a quarter of what the standard library's costs.

The standard library writes the methods of a dataclass as text and compiles each of them when the
class is defined, six for a frozen one. For all classes that a small proof needs this took two
thirds of the time of the proof itself. Here ``__init__`` alone is compiled; to compare, to hash,
to show and to refuse a change are closures over the names of the fields. docs/performance.md has
the figures.

The fields are the standard library's own, so ``field``, ``fields``, ``replace``, ``asdict``,
``match`` by position and type checkers work as they do there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, FrozenInstanceError
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 -- what type checkers see
else:

    def dataclass(cls=None, /, *, frozen=False):
        """``cls`` with the methods that follow from its fields, like ``dataclasses.dataclass``.

        Two instances are equal if they are of the same class and agree in every field that is
        compared. A frozen one has a hash of these fields, and raises FrozenInstanceError when it
        is changed. A method that ``cls`` itself defines is kept.
        """
        if cls is None:
            return lambda decorated: dataclass(decorated, frozen=frozen)
        if cls.__doc__ is None:  # the standard library takes 3 ms to put the signature there
            cls.__doc__ = cls.__name__
        dataclasses.dataclass(init=False, repr=False, eq=False)(cls)
        methods = {
            "__init__": _late(cls),
            "__repr__": _repr(cls),
            **_comparing(cls, frozen=frozen),
            **(_REFUSING if frozen else {}),
        }
        for name, method in methods.items():
            if name not in vars(cls):
                setattr(cls, name, method)
        return cls


def _late(cls: type) -> Callable[..., None]:
    """``__init__`` that is compiled when the first instance is made: a run needs half of them."""

    def __init__(self: object, /, *given: object, **named: object) -> None:  # noqa: N807
        compiled = _init(cls)
        if vars(cls).get("__init__") is __init__:
            type.__setattr__(cls, "__init__", compiled)
        compiled(self, *given, **named)

    return __init__


def _init(cls: type) -> Callable[..., None]:
    """``__init__`` with a parameter for each field that takes one, in their order."""
    known: dict[str, Any] = {"_set": object.__setattr__, "_MISSING": MISSING}
    parameters, lines = ["self"], []
    for one in dataclasses.fields(cls):
        if one.init:
            parameters.append(_parameter(one, known))
            lines.append(f" _set(self, {one.name!r}, {_value(one, known)})")
    if hasattr(cls, "__post_init__"):
        lines.append(" self.__post_init__()")
    text = "\n".join([f"def __init__({', '.join(parameters)}):", *(lines or [" pass"])])
    exec(text, known)  # noqa: S102 -- made of the names of fields alone
    init: Callable[..., None] = known["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    return init


def _parameter(one: Field[Any], known: dict[str, Any]) -> str:
    if one.default_factory is not MISSING:
        return f"{one.name}=_MISSING"
    if one.default is not MISSING:
        known[f"_default_{one.name}"] = one.default
        return f"{one.name}=_default_{one.name}"
    return one.name


def _value(one: Field[Any], known: dict[str, Any]) -> str:
    if one.default_factory is MISSING:
        return one.name
    known[f"_make_{one.name}"] = one.default_factory
    return f"_make_{one.name}() if {one.name} is _MISSING else {one.name}"


def _repr(cls: type) -> Callable[[object], str]:
    names = [one.name for one in dataclasses.fields(cls) if one.repr]

    def __repr__(self: object) -> str:  # noqa: N807
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({shown})"

    return __repr__


def _comparing(cls: type, *, frozen: bool) -> Mapping[str, Any]:
    """``__eq__`` and ``__hash__``; what can be changed has no hash."""
    fields = dataclasses.fields(cls)
    compared = _getter([one.name for one in fields if one.compare])
    hashed = _getter([o.name for o in fields if (o.compare if o.hash is None else o.hash)])

    def __eq__(self: object, other: object) -> bool:  # noqa: N807
        if other.__class__ is not self.__class__:
            return NotImplemented
        return bool(compared(self) == compared(other))

    def __hash__(self: object) -> int:  # noqa: N807
        return hash(hashed(self))

    return {"__eq__": __eq__, "__hash__": __hash__ if frozen else None}


def _getter(names: list[str]) -> Callable[[object], object]:
    """The values of these fields, of one alone or a tuple of several."""
    return attrgetter(*names) if names else lambda _: ()


def _refuse_to_set(self: object, name: str, value: object) -> NoReturn:  # noqa: ARG001
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: object, name: str) -> NoReturn:  # noqa: ARG001
    raise FrozenInstanceError(f"cannot delete field {name!r}")


_REFUSING = {"__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete}
