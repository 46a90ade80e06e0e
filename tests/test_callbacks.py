"""The thread that calls users' functions."""

from __future__ import annotations

import gc
import logging
import os
import threading
import time
from functools import partial
from typing import Any

import pytest

from pouchdb import _callbacks
from pouchdb._callbacks import Callbacks


def test_functions_are_called_in_order_on_one_other_thread() -> None:
    callbacks = Callbacks()
    seen: list[Any] = []
    for number in range(100):
        callbacks.post(partial(lambda n: seen.append((n, threading.get_ident())), number))
    callbacks.wait()
    assert [number for number, _ in seen] == list(range(100))
    assert len({thread for _, thread in seen} | {threading.get_ident()}) == 2


def test_waiting_on_the_thread_itself_does_not_wait() -> None:
    callbacks = Callbacks()
    seen: list[str] = []

    def outer() -> None:
        callbacks.post(lambda: seen.append("inner"))
        callbacks.wait(None)
        seen.append("outer")

    callbacks.post(outer)
    callbacks.wait()
    deadline = time.monotonic() + 10
    while len(seen) < 2 and time.monotonic() < deadline:
        time.sleep(0.001)
    assert seen == ["outer", "inner"]


def test_waiting_has_an_end() -> None:
    callbacks = Callbacks()
    proceed = threading.Event()
    callbacks.post(lambda: proceed.wait(10))
    began = time.monotonic()
    callbacks.wait(0.05)
    assert time.monotonic() - began < 5
    proceed.set()
    callbacks.wait()


def test_an_exception_is_logged_and_told_and_does_not_end_the_thread(
    caplog: pytest.LogCaptureFixture,
) -> None:
    callbacks = Callbacks()
    seen: list[Any] = []
    callbacks.error_listeners.append(seen.append)
    with caplog.at_level(logging.ERROR, "pouchdb"):
        callbacks.post(lambda: 1 / 0)
        callbacks.post(lambda: seen.append("next"))
        callbacks.wait()
    assert isinstance(seen[0], ZeroDivisionError)
    assert seen[1] == "next"
    assert [record.getMessage() for record in caplog.records] == ["a callback has failed"]


def test_the_thread_ends_when_there_is_nothing_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_callbacks, "_IDLE_SECONDS", 0.01)
    callbacks = Callbacks()
    seen: list[threading.Thread] = []
    for count in (1, 2, 3):
        callbacks.post(lambda: seen.append(threading.current_thread()))
        callbacks.wait()
        assert len(seen) == count
        seen[-1].join(10)
        assert not seen[-1].is_alive()


def test_nothing_that_was_called_is_kept_alive() -> None:
    import weakref

    class Listener:
        def __call__(self) -> None:
            pass

    callbacks = Callbacks()
    listener = Listener()
    weak = weakref.ref(listener)
    callbacks.post(listener)
    callbacks.wait()
    del listener
    deadline = time.monotonic() + 10
    while weak() is not None and time.monotonic() < deadline:
        gc.collect()
    assert weak() is None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_gets_a_thread_of_its_own() -> None:
    callbacks = Callbacks()
    callbacks.post(lambda: None)
    callbacks.wait()
    child = os.fork()
    if child == 0:
        seen: list[int] = []
        callbacks.post(lambda: seen.append(1))
        callbacks.wait(10)
        os._exit(0 if seen == [1] else 1)
    assert os.waitpid(child, 0)[1] == 0
