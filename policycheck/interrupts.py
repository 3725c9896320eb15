"""Signals at a time when they do no harm."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_AGAIN = 0.01
"""After how many seconds a signal that came at a bad place is sent again."""

_Z3 = "z3.z3"

_PASSED_BY = frozenset(
    {
        "__del__",
        "__set_name__",
        "from_param",
        "WeakKeyDictionary.__init__.<locals>.remove",
        "WeakSet.__init__.<locals>._remove",
        "WeakValueDictionary.__init__.<locals>.remove",
        "_get_module_lock.<locals>.cb",
    }
)
"""Functions whose exceptions Python prints, or (in 3.11) takes for a mistake of the class that is
made, and ctypes for a wrong argument. The long names are called when something is no longer
referred to, as at every import."""


@contextmanager
def postponed(number: signal.Signals) -> Iterator[None]:
    """A signal has its effect after what is done meanwhile, so that nothing is torn or left behind.

    For what takes a moment. Only the main thread can postpone a signal.
    """
    before = signal.getsignal(number)
    if threading.current_thread() is not threading.main_thread() or before is None:
        yield
        return
    came: list[int] = []
    signal.signal(number, lambda *_: came.append(number))
    try:
        yield
    finally:
        signal.signal(number, before)
        if came:
            signal.raise_signal(number)


@contextmanager
def interrupted_for_sure() -> Iterator[None]:
    """Control-C has its effect even if it comes while Python is in a destructor or makes a class,
    or ctypes reads an argument, and none on a term or context of Z3's that is half made, which has
    no attributes for its own destructor.

    An exception there does not get through, and Z3's terms are passed and destructed all the time;
    so the signal is sent again, until it comes at another place. What ends otherwise meanwhile (Z3
    sees the signal too) is not interrupted once more.
    """
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield
        return

    again: list[threading.Timer] = []
    is_over = False

    def handle(number: int, frame: FrameType | None) -> None:
        if is_over:
            return
        if _is_at_bad_place(frame):
            again.append(threading.Timer(_AGAIN, _send, [number]))
            again[-1].start()
        else:
            before(number, frame)

    signal.signal(signal.SIGINT, handle)
    try:
        yield
    finally:
        is_over = True
        for timer in again:
            timer.cancel()
            timer.join()  # if it has fired, its signal comes now
        signal.signal(signal.SIGINT, before)


def _send(number: int) -> None:
    """Sends a signal to the main thread, which may be waiting for something."""
    if sys.platform == "win32":
        signal.raise_signal(number)
    else:
        signal.pthread_kill(threading.main_thread().ident or 0, number)


def _is_at_bad_place(frame: FrameType | None) -> bool:
    while frame is not None:
        name = frame.f_code.co_name
        if (
            name in _PASSED_BY
            or frame.f_code.co_qualname in _PASSED_BY
            or (name == "__init__" and frame.f_globals.get("__name__") == _Z3)
        ):
            return True
        frame = frame.f_back
    return False
