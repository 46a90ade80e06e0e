"""`EventEmitter`: Node's, in Python."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from pouchdb import EventEmitter


@pytest.fixture
def emitter() -> EventEmitter:
    return EventEmitter()


@pytest.fixture
def calls() -> list[Any]:
    return []


def test_listeners_are_called_in_order_with_the_arguments(
    emitter: EventEmitter, calls: list[Any]
) -> None:
    emitter.addListener("e", lambda *args: calls.append((1, args)))
    emitter.on("e", lambda *args: calls.append((2, args)))
    emitter.add_listener("e", lambda *args: calls.append((3, args)))
    assert emitter.emit("e", "a", "b") is True
    assert calls == [(1, ("a", "b")), (2, ("a", "b")), (3, ("a", "b"))]


def test_an_event_without_listeners_is_false(emitter: EventEmitter) -> None:
    assert emitter.emit("e") is False
    assert emitter.listeners("e") == []


def test_once_is_once(emitter: EventEmitter, calls: list[Any]) -> None:
    emitter.once("e", calls.append)
    assert emitter.listeners("e") == [calls.append]
    assert emitter.emit("e", 1) is True
    assert emitter.emit("e", 2) is False
    assert calls == [1]


def test_once_is_once_also_when_it_emits_the_same_event(
    emitter: EventEmitter, calls: list[Any]
) -> None:
    def again(value: int) -> None:
        calls.append(value)
        emitter.emit("e", value + 1)

    emitter.once("e", again)
    emitter.emit("e", 1)
    assert calls == [1]


@pytest.mark.parametrize("method", ["removeListener", "remove_listener"])
def test_a_listener_is_removed_once_per_call(
    emitter: EventEmitter, calls: list[Any], method: str
) -> None:
    for _ in range(2):
        emitter.on("e", calls.append)
    assert getattr(emitter, method)("e", calls.append) is emitter
    assert emitter.listeners("e") == [calls.append]
    getattr(emitter, method)("e", print)
    getattr(emitter, method)("other", print)
    assert emitter.listeners("e") == [calls.append]


def test_a_once_listener_can_be_removed(emitter: EventEmitter, calls: list[Any]) -> None:
    emitter.once("e", calls.append).removeListener("e", calls.append)
    assert emitter.emit("e", 1) is False


def test_a_listener_removed_while_emitting_is_still_called(
    emitter: EventEmitter, calls: list[Any]
) -> None:
    emitter.on("e", lambda _value: emitter.removeAllListeners())
    emitter.on("e", calls.append)
    emitter.emit("e", 1)
    emitter.emit("e", 2)
    assert calls == [1]


@pytest.mark.parametrize("method", ["removeAllListeners", "remove_all_listeners"])
def test_all_listeners_or_those_of_an_event_are_removed(emitter: EventEmitter, method: str) -> None:
    for event in ("a", "b", "c"):
        emitter.on(event, print)
    getattr(emitter, method)("a")
    assert [len(emitter.listeners(event)) for event in "abc"] == [0, 1, 1]
    getattr(emitter, method)()
    assert [len(emitter.listeners(event)) for event in "abc"] == [0, 0, 0]


def test_an_exception_comes_out_of_emit(emitter: EventEmitter, calls: list[Any]) -> None:
    emitter.on("e", lambda: 1 / 0).on("e", lambda: calls.append(1))
    with pytest.raises(ZeroDivisionError):
        emitter.emit("e")
    assert calls == []


def test_what_cannot_be_called_is_no_listener(emitter: EventEmitter) -> None:
    bad: Any = 5
    for add in (emitter.on, emitter.addListener, emitter.once):
        with pytest.raises(TypeError, match="a listener of 'e' must be callable; 5 is not"):
            add("e", bad)


def test_more_than_ten_listeners_are_warned_about_once(emitter: EventEmitter) -> None:
    for _ in range(10):
        emitter.on("e", print)
    with pytest.warns(RuntimeWarning, match="possible leak: 11 listeners of 'e'") as caught:
        emitter.on("e", print)
    assert caught[0].filename == __file__
    emitter.on("e", print)


@pytest.mark.parametrize("method", ["setMaxListeners", "set_max_listeners"])
def test_the_limit_can_be_set(emitter: EventEmitter, method: str) -> None:
    assert getattr(emitter, method)(1) is emitter
    emitter.on("e", print)
    with pytest.warns(RuntimeWarning, match="2 listeners"):
        emitter.once("e", print)
    getattr(emitter, method)(0)
    for _ in range(20):
        emitter.on("unlimited", print)


def test_threads_lose_no_listener(emitter: EventEmitter) -> None:
    emitter.setMaxListeners(0)

    def add() -> None:
        for _ in range(200):
            emitter.on("e", print)

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(emitter.listeners("e")) == 1_600
