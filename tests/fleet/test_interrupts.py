"""Control-C is neither lost nor does it tear what is being written."""

import ctypes
import io
import json
import signal
import sys
import time
import weakref
from unittest.mock import Mock

import pytest
import z3

from policycheck import interrupts
from policycheck.cli.results import results
from policycheck.cli.streams import Streams
from policycheck.interrupts import interrupted_for_sure, postponed
from policycheck.model.tally import Tally

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


class Destructed:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)
        for _ in range(10):
            pass


def test_an_interruption_in_a_destructor_is_not_lost(capsys):
    def interrupted():
        with interrupted_for_sure():
            Destructed()
            time.sleep(5)

    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert time.monotonic() - started < 4
    assert "Exception ignored" not in capsys.readouterr().err


def test_an_interruption_waits_for_a_context_of_z3(capsys, monkeypatch):
    """A context that is half there has no attributes for its own destructor."""
    made = z3.z3.Z3_mk_context_rc

    def interrupting(config):
        signal.raise_signal(signal.SIGINT)
        return made(config)

    monkeypatch.setattr(z3.z3, "Z3_mk_context_rc", interrupting)

    def interrupted():
        with interrupted_for_sure():
            z3.Context()
            time.sleep(5)

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert "Exception ignored" not in capsys.readouterr().err


def test_an_interruption_waits_for_an_argument_of_a_function_in_c():
    """What is raised there comes out of ctypes as an ArgumentError."""

    class Argument(ctypes.c_void_p):
        @staticmethod
        def from_param(given):
            signal.raise_signal(signal.SIGINT)
            return given

    function = ctypes.CFUNCTYPE(None)(lambda: None)
    function.argtypes = [Argument]

    def interrupted():
        with interrupted_for_sure():
            function(None)
            time.sleep(5)

    with pytest.raises(KeyboardInterrupt):
        interrupted()


def interrupted_by(function):
    with interrupted_for_sure():
        function()
        time.sleep(5)


def test_an_interruption_waits_for_a_class_that_is_made():
    """What is raised there, CPython 3.11 gives another name."""

    class Field:
        def __set_name__(self, owner, name):
            signal.raise_signal(signal.SIGINT)
            for _ in range(10):
                pass

    with pytest.raises(KeyboardInterrupt):
        interrupted_by(lambda: type("Made", (), {"field": Field()}))


class Thing:
    pass


HELD = {
    "by a key": lambda thing: weakref.WeakKeyDictionary({thing: 1}),
    "by a value": lambda thing: weakref.WeakValueDictionary({1: thing}),
    "in a set": lambda thing: weakref.WeakSet({thing}),
}


@pytest.mark.parametrize("holding", HELD.values(), ids=HELD)
def test_an_interruption_in_what_is_called_of_a_dead_object_is_not_lost(holding, capsys):
    def traced(frame, event, _):
        if frame.f_code.co_name in {"remove", "_remove"}:
            signal.raise_signal(signal.SIGINT)

    def let_go():
        thing = Thing()
        held = holding(thing)
        sys.setprofile(traced)
        del thing
        sys.setprofile(None)
        assert not held

    with pytest.raises(KeyboardInterrupt):
        interrupted_by(let_go)
    assert "Exception ignored" not in capsys.readouterr().err


def test_an_interruption_waits_for_what_must_be_whole():
    done = []

    def interrupted():
        with postponed(signal.SIGINT):
            signal.raise_signal(signal.SIGINT)
            done.append(1)
        done.append(2)

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert done == [1]


def test_the_handler_is_what_it_was():
    before = signal.getsignal(signal.SIGINT)
    with interrupted_for_sure(), postponed(signal.SIGINT):
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before


def test_what_has_ended_is_not_interrupted_once_more():
    """As when Z3, which sees the signal too, has ended the run in between."""
    came = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        with interrupted_for_sure():
            Destructed()
        time.sleep(0.1)
    finally:
        signal.signal(signal.SIGINT, before)
    assert came == []


def test_what_is_sent_again_as_a_run_ends_interrupts_nothing(monkeypatch):
    """The timer has fired, and its signal comes when all is over."""
    came, send = [], interrupts._send

    def late(number):
        time.sleep(0.05)
        send(number)

    monkeypatch.setattr(interrupts, "_send", late)
    monkeypatch.setattr(interrupts, "_AGAIN", 0)
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        with interrupts.interrupted_for_sure():
            Destructed()
            time.sleep(0.01)
        time.sleep(0.1)
    finally:
        signal.signal(signal.SIGINT, before)
    assert came == []


class Interrupting(io.BytesIO):
    """A file at whose every write Control-C comes."""

    def write(self, data):
        signal.raise_signal(signal.SIGINT)
        return super().write(data)


def test_control_c_at_the_end_of_the_results_leaves_them_whole():
    sink = Interrupting()
    with (
        pytest.raises(KeyboardInterrupt),
        results(Streams("json"), sink, Mock(), Tally()) as written,
    ):
        written.end(str, lambda tally: {"count": tally.count})
    assert json.loads(sink.getvalue())["results"] == []
