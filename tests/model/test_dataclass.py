"""policycheck.dataclass against the standard library's dataclass, class by class."""

import copy
import dataclasses
import inspect
import pickle
import typing
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, field
from unittest.mock import Mock

import pytest

from policycheck.dataclass import dataclass


class _Shapes(typing.NamedTuple):
    point: type
    holder: type
    counter: type
    derived: type
    empty: type


def _shapes(decorate):
    @decorate(frozen=True)
    class Point:
        x: int
        y: int = 0
        label: str = field(default="", compare=False, repr=False)

    @decorate(frozen=True)
    class Holder:
        key: str
        names: dict[str, int] = field(default_factory=dict, hash=False)
        marks: typing.ClassVar[int] = 7

    @decorate
    class Counter:
        start: int
        twice: int = field(init=False)

        def __post_init__(self):
            self.twice = 2 * self.start

    @decorate(frozen=True)
    class Derived(Point):
        z: int = 3

        def __repr__(self):
            return "derived"

    @decorate(frozen=True)
    class Empty:
        pass

    return _Shapes(Point, Holder, Counter, Derived, Empty)


OURS, THEIRS = _shapes(dataclass), _shapes(dataclasses.dataclass)
CALLS = [
    ("point", (1,), {}),
    ("point", (1, 2), {"label": "a"}),
    ("point", (1, 2, "b"), {}),
    ("point", (), {"y": 2, "x": 1}),
    ("holder", ("k",), {}),
    ("holder", ("k", {"a": 1}), {}),
    ("holder", ("k", {"a": 2}), {}),
    ("counter", (4,), {}),
    ("derived", (1,), {}),
    ("derived", (1, 2, "c", 5), {}),
    ("empty", (), {}),
]
WRONG = [
    ("point", (), {}),
    ("point", (1, 2, "a", 4), {}),
    ("point", (1,), {"x": 1}),
    ("point", (1,), {"w": 1}),
    ("counter", (1, 2), {}),
    ("empty", (1,), {}),
]


def _made(shapes):
    return [getattr(shapes, name)(*given, **named) for name, given, named in CALLS]


def test_instances_show_the_same():
    assert [repr(one) for one in _made(OURS)] == [repr(one) for one in _made(THEIRS)]


def test_instances_hold_the_same():
    assert [vars(one) for one in _made(OURS)] == [vars(one) for one in _made(THEIRS)]


def test_the_same_instances_are_equal():
    ours, theirs = _made(OURS), _made(THEIRS)
    equal = [[one == other for other in ours] for one in _made(OURS)]
    assert equal == [[one == other for other in theirs] for one in _made(THEIRS)]
    assert any(
        one and row != column for row, line in enumerate(equal) for column, one in enumerate(line)
    )


def test_equal_instances_have_equal_hashes():
    for one, again in zip(_made(OURS), _made(OURS), strict=True):
        if isinstance(one, OURS.counter):
            with pytest.raises(TypeError, match="unhashable"):
                hash(one)
        else:
            assert hash(one) == hash(again)
    assert hash(OURS.point(1, 2, "a")) == hash(OURS.point(1, 2, "b"))
    assert hash(OURS.holder("k", {"a": 1})) == hash(OURS.holder("k"))
    assert len({OURS.point(x, y) for x in range(9) for y in range(9)}) == 81


@pytest.mark.parametrize(("name", "given", "named"), WRONG)
def test_wrong_calls_are_refused_in_the_same_words(name, given, named):
    with pytest.raises(TypeError) as theirs:
        getattr(THEIRS, name)(*given, **named)
    with pytest.raises(TypeError) as ours:
        getattr(OURS, name)(*given, **named)
    assert str(ours.value) == str(theirs.value)


@pytest.mark.parametrize("name", _Shapes._fields)
def test_fields_parameters_and_patterns_are_the_same(name):
    ours, theirs = getattr(OURS, name), getattr(THEIRS, name)
    assert [one.name for one in dataclasses.fields(ours)] == [
        one.name for one in dataclasses.fields(theirs)
    ]
    assert list(inspect.signature(ours).parameters) == list(inspect.signature(theirs).parameters)
    assert ours.__match_args__ == theirs.__match_args__


def test_a_frozen_one_refuses_every_change():
    point = OURS.point(1)
    for change in (
        lambda: setattr(point, "x", 2),
        lambda: setattr(point, "other", 2),
        lambda: delattr(point, "x"),
    ):
        with pytest.raises(FrozenInstanceError):
            change()
    assert vars(point) == {"x": 1, "y": 0, "label": ""}


def test_one_that_is_not_frozen_changes():
    counter = OURS.counter(1)
    counter.twice = 5
    assert counter != OURS.counter(1)
    assert counter.twice == 5


def test_each_instance_has_a_fresh_default():
    assert OURS.holder("k").names is not OURS.holder("k").names
    assert OURS.holder("k").marks == 7


@pytest.mark.parametrize("decorate", [dataclass, dataclasses.dataclass])
@pytest.mark.parametrize("default", [1, field(default=1), field(default_factory=int)])
def test_no_field_without_a_default_follows_one_that_has_one(decorate, default):
    given = {"__annotations__": {"first": int, "second": int}, "first": default}
    with pytest.raises(TypeError, match="default"):
        decorate(type("Wrong", (), given))(1, 2)


def test_replace_and_asdict_work():
    assert dataclasses.replace(OURS.point(1, 2, "a"), x=3) == OURS.point(3, 2)
    assert dataclasses.replace(OURS.point(1, 2, "a"), x=3).label == "a"
    assert dataclasses.asdict(OURS.point(1)) == {"x": 1, "y": 0, "label": ""}


def test_patterns_match_by_position():
    match OURS.derived(1, 2):
        case OURS.point(x, y):
            assert (x, y) == (1, 2)
        case _:
            pytest.fail("no match")


@dataclass(frozen=True)
class Sent:
    """A class that pickle finds."""

    name: str
    parts: tuple[int, ...] = ()


def test_instances_are_copied_and_pickled():
    sent = Sent("a", (1, 2))
    assert pickle.loads(pickle.dumps(sent)) == sent
    assert copy.deepcopy(sent) == sent


@pytest.mark.parametrize("first", ["fields", "instance"])
@pytest.mark.parametrize(("name", "given", "named"), CALLS)
def test_fields_may_be_asked_for_before_and_after_the_first_instance(first, name, given, named):
    ours, theirs = (getattr(_shapes(one), name) for one in (dataclass, dataclasses.dataclass))
    if first == "fields":
        dataclasses.fields(ours)
    made, again = ours(*given, **named), theirs(*given, **named)
    assert vars(made) == vars(again)
    assert [one.name for one in dataclasses.fields(ours)] == [
        one.name for one in dataclasses.fields(theirs)
    ]
    assert dataclasses.asdict(made) == dataclasses.asdict(again)
    assert vars(ours(*given, **named)) == vars(again)
    assert {k for k in vars(ours) if k[0] != "_"} == {k for k in vars(theirs) if k[0] != "_"}


@pytest.mark.parametrize("decorate", [dataclass, dataclasses.dataclass])
def test_a_default_is_inherited(decorate):
    @decorate(frozen=True)
    class Narrower(_shapes(decorate).point):
        y: bool
        label: str

    assert list(inspect.signature(Narrower).parameters) == ["x", "y", "label"]
    assert vars(Narrower(1)) == {"x": 1, "y": 0, "label": ""}


@pytest.mark.parametrize("decorate", [dataclass, dataclasses.dataclass])
def test_what_is_inherited_works_before_the_base_is_used(decorate):
    base = _shapes(decorate).point

    class Plain(base):
        def __init__(self, x):
            super().__init__(x, label="plain")

    @decorate(frozen=True)
    class Wider(base):
        x: int = 9
        w: int = 8

    assert (Plain(1), vars(Plain(1))) == (Plain(1), {"x": 1, "y": 0, "label": "plain"})
    assert repr(Wider()).endswith("Wider(x=9, y=0, w=8)")
    assert hash(Plain(1)) == hash(base(1))
    assert base(1) != Plain(1)


def test_threads_may_be_the_first_to_use_a_class():
    def use(shapes):
        return repr([shapes.holder("k"), shapes.counter(4), shapes.derived(1)])

    with ThreadPoolExecutor(8) as pool:
        for _ in range(50):
            shapes = _shapes(dataclass)
            assert len(set(pool.map(use, [shapes] * 8))) == 1


@pytest.mark.parametrize("use", [repr, hash, lambda one: one == copy.copy(one)])
@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
def test_what_is_raised_while_a_method_is_made_is_not_lost(monkeypatch, use, error):
    ours, theirs = (_shapes(one).point(1, 2, "a") for one in (dataclass, dataclasses.dataclass))
    with monkeypatch.context() as patch:
        patch.setattr("policycheck.dataclass._declared", Mock(side_effect=error))
        with pytest.raises(error):
            use(ours)
    assert use(ours) == use(theirs)


class _Interrupted(type):
    """The first attempt to take an attribute out of a class of this kind is interrupted."""

    came = False

    def __delattr__(cls, name):
        if not cls.came:
            cls.came = True
            raise KeyboardInterrupt
        super().__delattr__(name)


def test_a_class_that_was_interrupted_while_it_was_made_is_made_later():
    @dataclass(frozen=True)
    class Counted(metaclass=_Interrupted):
        label: str = field(default="", compare=False)
        names: list[str] = field(default_factory=list, compare=False, repr=False)

    with pytest.raises(KeyboardInterrupt):
        dataclasses.fields(Counted)
    assert Counted("a", ["b"]) == Counted()
    assert repr(Counted("a")).endswith("Counted(label='a')")
    dataclasses.fields(Counted)
    assert (Counted.label, hasattr(Counted, "names")) == ("", False)


@pytest.mark.parametrize("decorate", [dataclass, dataclasses.dataclass])
def test_a_field_that_nothing_sets_is_missing(decorate):
    @decorate
    class Unset:
        name: str
        later: int = field(init=False)

    with pytest.raises(AttributeError, match="later"):
        _ = Unset("a").later


@pytest.mark.parametrize("decorate", [dataclass, dataclasses.dataclass])
def test_what_makes_a_default_is_not_inherited(decorate):
    @decorate(frozen=True)
    class Named(_shapes(decorate).holder):
        names: dict[str, int]

    with pytest.raises(TypeError, match="names"):
        Named("k")


@pytest.mark.parametrize("decorate", [dataclass, dataclasses.dataclass])
@pytest.mark.parametrize("count", range(17))
def test_each_field_of_many_gets_its_own_value(decorate, count):
    names = [f"field_{place}" for place in range(count)]
    many = decorate(type("Many", (), {"__annotations__": dict.fromkeys(names, int)}))
    assert vars(many(*range(count))) == dict(zip(names, range(count), strict=True))


def test_more_fields_than_there_is_code_for_are_refused():
    names = [f"field_{place}" for place in range(17)]
    many = dataclass(type("Many", (), {"__annotations__": dict.fromkeys(names, int)}))
    with pytest.raises(TypeError, match="Many has more than 16 fields"):
        many(*range(17))


@pytest.mark.parametrize("decorate", [dataclass, dataclasses.dataclass])
def test_what_follows_is_called_once_with_every_field_set(decorate):
    @decorate(frozen=True)
    class Followed:
        first: int
        second: list[int] = field(default_factory=list)

        def __post_init__(self):
            self.second.append(self.first)

    @decorate
    class Alone:
        def __post_init__(self):
            self.came = vars(self).get("came", 0) + 1

    @decorate
    class Below(Alone):
        def __post_init__(self):
            self.other = 1

    assert (Followed(1).second, Followed(2, [5]).second, Alone().came) == ([1], [5, 2], 1)
    assert vars(Below()) == {"other": 1}
