"""Dataclasses whose definition, a first instance included, costs an eighteenth of the usual.

The standard library writes the methods of a dataclass as text and compiles each of them when the
class is defined, six for a frozen one. For all classes that a small proof needs this took two
thirds of the time of the proof itself. Here nothing is compiled at run time: ``__init__`` is a copy
of the code that ``policycheck.initialisers`` has for as many fields, with the names of the class's
own; to compare, to hash, to show and to refuse a change are closures over these names.
docs/performance.md has the figures.

The fields are the standard library's own, so ``field``, ``fields``, ``replace``, ``asdict``,
``match`` by position and type checkers work as they do there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, FrozenInstanceError, field
from operator import attrgetter
from threading import RLock
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, NoReturn

from policycheck.initialisers import INITIALISERS

_Setter = Callable[[Any, str, Any], None]

_FIELDS = "__dataclass_fields__"
"""The attribute by which the standard library knows a dataclass."""

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
    declared = _declared(cls).items()
    return tuple(name for name, one in declared if one.init and one.kw_only is not True)


def _declared(cls: type) -> Mapping[str, Field[Any]]:
    """The fields of a class and of its bases by their names, without the standard library's look at
    each of them unless it had it already."""
    if isinstance(vars(cls).get(_FIELDS), dict):
        return {one.name: one for one in dataclasses.fields(cls)}
    found: dict[str, Field[Any]] = {}
    for base in reversed(cls.__mro__[1:]):
        if _FIELDS in vars(base):
            found.update(_declared(base))
    for name, kind in cls.__annotations__.items():
        if "ClassVar" not in str(kind):
            found[name] = _field(cls, name)
    return found


def _field(cls: type, name: str) -> Field[Any]:
    default: Any = getattr(cls, name, MISSING)
    if isinstance(default, Field):
        if name in vars(cls):
            return default
        default = default.default  # a base's, of which the standard library leaves no more
    return _WITHOUT_DEFAULT if default is MISSING else field(default=default)


_WITHOUT_DEFAULT: Field[Any] = field()


def _init(cls: type) -> Callable[..., None]:
    """``__init__`` with a parameter for each field that takes one, in their order."""
    declared = _declared(cls)
    if not all(one.init for one in declared.values()):
        dataclasses.fields(cls)  # what is not set must be missing, not be a Field
    taken = {name: one for name, one in declared.items() if one.init}
    defaults = [one.default for one in taken.values() if _has_default(one)]
    if any(map(_has_default, list(taken.values())[: len(taken) - len(defaults)])):
        raise TypeError(f"a field of {cls.__name__} without a default follows one that has one")
    if len(taken) >= len(INITIALISERS):
        raise TypeError(f"{cls.__name__} has more than {len(INITIALISERS) - 1} fields")
    if not taken and hasattr(cls, "__post_init__"):
        return lambda self: self.__post_init__()
    code, known = _named(cls, tuple(taken)), _setters(cls, tuple(taken.items()))
    return FunctionType(code, known, "__init__", tuple(defaults))


def _named(cls: type, names: tuple[str, ...]) -> CodeType:
    """The code that sets as many fields, with the names of these."""
    code = INITIALISERS[len(names)].__code__
    named = dict(zip(code.co_varnames[1:], names, strict=True))
    return code.replace(
        co_name="__init__",
        co_qualname=f"{cls.__qualname__}.__init__",
        co_varnames=("self", *names),
        co_consts=tuple(named.get(one, one) for one in code.co_consts),
    )


def _setters(cls: type, taken: Sequence[tuple[str, Field[Any]]]) -> dict[str, Any]:
    """What the code sets all fields but the last with, and the last one."""
    last = _setter(taken[-1:])
    return {
        "_set": _setter(taken[:-1]),
        "_last": _and_more(last) if hasattr(cls, "__post_init__") else last,
    }


def _setter(taken: Sequence[tuple[str, Field[Any]]]) -> _Setter:
    """What sets one of the fields, a missing one to what its factory makes."""
    makers = ((name, one.default_factory) for name, one in taken)
    factories = {name: maker for name, maker in makers if maker is not MISSING}
    if not factories:
        return object.__setattr__

    def set_field(self: object, name: str, value: object) -> None:
        is_made = value is MISSING and name in factories
        object.__setattr__(self, name, factories[name]() if is_made else value)

    return set_field


def _and_more(set_field: _Setter) -> _Setter:
    """What sets the last field, after which ``__post_init__`` is called."""

    def set_last(self: Any, name: str, value: object) -> None:
        set_field(self, name, value)
        self.__post_init__()

    return set_last


def _has_default(one: Field[Any]) -> bool:
    return one.default is not MISSING or one.default_factory is not MISSING


def _repr(cls: type) -> Callable[[object], str]:
    names = [name for name, one in _declared(cls).items() if one.repr]

    def __repr__(self: object) -> str:  # noqa: N807
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({shown})"

    return __repr__


def _eq(cls: type) -> Callable[[object, object], bool]:
    compared = _getter([name for name, one in _declared(cls).items() if one.compare])

    def __eq__(self: object, other: object) -> bool:  # noqa: N807
        if other.__class__ is not self.__class__:
            return NotImplemented
        return bool(compared(self) == compared(other))

    return __eq__


def _hash(cls: type) -> Callable[[object], int]:
    declared = _declared(cls).items()
    hashed = _getter([name for name, o in declared if (o.compare if o.hash is None else o.hash)])

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
