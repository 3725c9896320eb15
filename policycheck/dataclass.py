"""Dataclasses whose definition costs a ninth of what the standard library's costs.

The standard library writes the methods of a dataclass as text and compiles each of them when the
class is defined, six for a frozen one. For all classes that a small proof needs this took two
thirds of the time of the proof itself. Here ``__init__`` is compiled once for all classes with as
many fields, and each gets a copy of the code with the names of its own; to compare, to hash, to
show and to refuse a change are closures over these names. docs/performance.md has the figures.

The fields are the standard library's own, so ``field``, ``fields``, ``replace``, ``asdict``,
``match`` by position and type checkers work as they do there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, FrozenInstanceError, field
from functools import cache
from operator import attrgetter
from threading import RLock
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, NoReturn

_FIELDS = "__dataclass_fields__"
"""The attribute by which the standard library knows a dataclass."""

_FILE = "<initialiser of a dataclass>"
"""What tracebacks and audit hooks (PEP 578) are told instead of a file."""

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
        for name, make in _DECLARED.items():
            if name not in vars(cls):
                setattr(cls, name, _Late(cls, name, make))
        for name, make in (_FROZEN if frozen else _CHANGING).items():
            if name not in vars(cls):
                setattr(cls, name, _late_method(cls, name, make))
        for name, method in (_REFUSING if frozen else _UNHASHABLE).items():
            if name not in vars(cls):
                setattr(cls, name, method)
        return cls


class _Late:
    """An attribute of a class that is made when it is first asked for."""

    def __init__(self, owner: type, name: str, make: Callable[[type], Any]) -> None:
        self.owner, self.name, self.make = owner, name, make

    def __get__(self, instance: object, asked: type | None = None) -> Any:
        with _MAKING:
            if vars(self.owner).get(self.name) is self:
                setattr(self.owner, self.name, self.make(self.owner))
        made = vars(self.owner)[self.name]
        return made.__get__(instance, asked) if hasattr(made, "__get__") else made


def _late_method(owner: type, name: str, make: Callable[[type], Any]) -> Callable[..., Any]:
    """A method that is made when it is first called.

    Python looks for ``__eq__``, ``__hash__`` and ``__repr__`` without a word of what is raised
    meanwhile: with a descriptor in their place, Control-C would be lost, or equals be different.
    """

    def method(self: object, *others: object) -> Any:
        with _MAKING:
            if vars(owner)[name] is method:
                setattr(owner, name, make(owner))
        return vars(owner)[name](self, *others)

    return method


_MAKING = RLock()
"""Two threads must not take the defaults out of one class."""


def _fields(cls: type) -> Any:
    """``__dataclass_fields__``, by the standard library, which also sets what belongs to it.

    It takes the fields out of the class as it goes; if it is interrupted, they are put back.
    """
    given = {name: one for name, one in vars(cls).items() if isinstance(one, Field)}
    try:
        dataclasses.dataclass(init=False, repr=False, eq=False, match_args=False)(cls)
    except BaseException:
        if isinstance(vars(cls)[_FIELDS], _Late):
            for name, one in given.items():
                setattr(cls, name, one)
        raise
    return vars(cls)[_FIELDS]


def _match_args(cls: type) -> tuple[str, ...]:
    return tuple(one.name for one in dataclasses.fields(cls) if one.init and not one.kw_only)


def _declared(cls: type) -> Sequence[Field[Any]]:
    """The fields of a class and of its bases, without the standard library's look at each of them
    unless it had it already: few classes need more than ``__init__``."""
    if isinstance(vars(cls).get(_FIELDS), dict):
        return dataclasses.fields(cls)
    inherited = (
        one
        for base in reversed(cls.__mro__[1:])
        if _FIELDS in vars(base)
        for one in _declared(base)
    )
    found = {one.name: one for one in inherited}
    for name, kind in cls.__annotations__.items():
        if "ClassVar" in str(kind):
            continue
        default: Any = getattr(cls, name, MISSING)
        if isinstance(default, Field) and name not in vars(cls):
            default = default.default  # a base's, of which the standard library leaves no more
        found[name] = default if isinstance(default, Field) else field(default=default)
        found[name].name = name
    return tuple(found.values())


def _init(cls: type) -> Callable[..., None]:
    """``__init__`` with a parameter for each field that takes one, in their order."""
    declared = _declared(cls)
    if not all(one.init for one in declared):  # what is not set must be missing, not be a Field
        declared = dataclasses.fields(cls)
    taken = [one for one in declared if one.init]
    made = tuple(one.default_factory is not MISSING for one in taken)
    general = _general(made, hasattr(cls, "__post_init__"))
    names = {f"_{place}": one.name for place, one in enumerate(taken)}
    code = general.replace(
        co_varnames=("self", *names.values()),
        co_consts=tuple(names.get(one, one) for one in general.co_consts),
        co_qualname=f"{cls.__qualname__}.__init__",
    )
    optional = [one for one in taken if _has_default(one)]
    if optional != taken[len(taken) - len(optional) :]:
        raise TypeError(f"a field of {cls.__name__} without a default follows one that has one")
    return FunctionType(code, _known(taken), "__init__", tuple(one.default for one in optional))


@cache
def _general(made: tuple[bool, ...], has_more: bool) -> CodeType:
    """The code of ``__init__`` for fields whose names are their places, compiled once for all.

    ``made`` says for each field whether a factory makes its default, ``has_more`` whether
    ``__post_init__`` follows.
    """
    lines = []
    for place, by_factory in enumerate(made):
        value = (
            f"_make_{place}() if _{place} is _MISSING else _{place}" if by_factory else f"_{place}"
        )
        lines.append(f" _set(self, '_{place}', {value})")
    if has_more:
        lines.append(" self.__post_init__()")
    parameters = ", ".join(["self", *(f"_{place}" for place in range(len(made)))])
    known: dict[str, Any] = {}
    text = "\n".join([f"def __init__({parameters}):", *(lines or [" pass"])])
    exec(compile(text, _FILE, "exec"), known)  # noqa: S102 -- made of numbers alone
    code: CodeType = known["__init__"].__code__
    return code


def _known(taken: Sequence[Field[Any]]) -> dict[str, Any]:
    """What the code of ``__init__`` refers to."""
    factories = {f"_make_{place}": one.default_factory for place, one in enumerate(taken)}
    return {"_set": object.__setattr__, "_MISSING": MISSING, **factories}


def _has_default(one: Field[Any]) -> bool:
    return one.default is not MISSING or one.default_factory is not MISSING


def _repr(cls: type) -> Callable[[object], str]:
    names = [one.name for one in dataclasses.fields(cls) if one.repr]

    def __repr__(self: object) -> str:  # noqa: N807
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({shown})"

    return __repr__


def _eq(cls: type) -> Callable[[object, object], bool]:
    compared = _getter([one.name for one in dataclasses.fields(cls) if one.compare])

    def __eq__(self: object, other: object) -> bool:  # noqa: N807
        if other.__class__ is not self.__class__:
            return NotImplemented
        return bool(compared(self) == compared(other))

    return __eq__


def _hash(cls: type) -> Callable[[object], int]:
    fields = dataclasses.fields(cls)
    hashed = _getter([o.name for o in fields if (o.compare if o.hash is None else o.hash)])

    def __hash__(self: object) -> int:  # noqa: N807
        return hash(hashed(self))

    return __hash__


def _getter(names: list[str]) -> Callable[[object], object]:
    """The values of these fields, of one alone or a tuple of several."""
    return attrgetter(*names) if names else lambda _: ()


def _refuse_to_set(self: object, name: str, value: object) -> NoReturn:  # noqa: ARG001
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: object, name: str) -> NoReturn:  # noqa: ARG001
    raise FrozenInstanceError(f"cannot delete field {name!r}")


_DECLARED: Mapping[str, Callable[[type], Any]] = {
    _FIELDS: _fields,
    "__match_args__": _match_args,
    "__init__": _init,
}
_CHANGING: Mapping[str, Callable[[type], Any]] = {"__repr__": _repr, "__eq__": _eq}
_FROZEN = {**_CHANGING, "__hash__": _hash}
_REFUSING = {"__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete}
_UNHASHABLE = {"__hash__": None}
