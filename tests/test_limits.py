"""Time, memory and re-entry: what does not return is ended, with an error that says so."""

from __future__ import annotations

import _thread
import contextlib
import logging
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import pouchdb

LOOP = "while (true) {}"


@pytest.fixture
def hurried(folder: Path) -> Iterator[pouchdb.SyncEnvironment]:
    """An environment whose calls may take half a second."""
    environment = pouchdb.setup(folder, timeout=0.5)
    yield environment
    environment.close()


def test_a_call_that_takes_too_long_is_ended(hurried: pouchdb.SyncEnvironment) -> None:
    with pytest.raises(pouchdb.TimeoutError, match=r"0\.5 s"):
        hurried.context.evalJs(LOOP)
    db = hurried.PouchDB("test")
    assert db.put({"_id": "after"}).ok
    assert hurried.context.evalJs("return 1 + 1") == 2


def test_a_timeout_is_pythons_own_too(hurried: pouchdb.SyncEnvironment) -> None:
    with pytest.raises(TimeoutError, match=r"0\.5 s"):
        hurried.context.evalJs(LOOP)


def test_an_open_database_is_usable_after_a_timeout(hurried: pouchdb.SyncEnvironment) -> None:
    db = hurried.PouchDB("test")
    db.put({"_id": "before", "n": 1})
    with pytest.raises(pouchdb.TimeoutError, match=r"0\.5 s"):
        hurried.context.evalJs(LOOP)
    assert db.get("before")["n"] == 1
    assert db.put({"_id": "after"}).ok


def test_a_timeout_hits_the_call_that_takes_long_and_no_other(
    hurried: pouchdb.SyncEnvironment,
) -> None:
    db = hurried.PouchDB("test")
    db.put({"_id": "a"})
    slow = threading.Thread(target=_loop_until_timeout, args=(hurried,))
    slow.start()
    time.sleep(0.1)
    outcomes = []
    for _ in range(3):
        # it waits for the loop to end, which may use up its own time
        with contextlib.suppress(pouchdb.TimeoutError):
            outcomes.append(db.get("a")["_id"])
    slow.join(60)
    assert not slow.is_alive()
    assert outcomes
    assert set(outcomes) == {"a"}
    assert db.get("a")["_id"] == "a"


def _loop_until_timeout(env: pouchdb.SyncEnvironment) -> None:
    with pytest.raises(pouchdb.TimeoutError, match=r"0\.5 s"):
        env.context.evalJs(LOOP)


def test_waiting_for_a_promise_that_never_settles_ends(hurried: pouchdb.SyncEnvironment) -> None:
    promise = hurried.context.evalJs("return new Promise(() => {})")
    with pytest.raises(pouchdb.TimeoutError, match=r"0\.2 s"):
        promise.wait(0.2)
    assert hurried.context.evalJs("return 1 + 1") == 2


def test_endless_microtasks_end_in_an_error_and_not_in_a_hang(
    hurried: pouchdb.SyncEnvironment,
) -> None:
    # nothing but the end of the engine can stop them
    hurried.context.evalJs("const f = () => Promise.resolve().then(f); f()")
    with pytest.raises(pouchdb.TimeoutError, match=r"0\.5 seconds.*engine was closed"):
        hurried.context.evalJs("return 1")
    with pytest.raises(pouchdb.ClosedError, match=r"setup\(\)"):
        hurried.context.evalJs("return 1")


def test_without_a_timeout_a_long_call_ends_in_its_own_time(env: pouchdb.SyncEnvironment) -> None:
    body = "const end = Date.now() + 1500; while (Date.now() < end) {} return 'done'"
    assert env.context.evalJs(body) == "done"


def test_javascript_that_needs_too_much_memory_gets_an_error(folder: Path) -> None:
    env = pouchdb.setup(folder, memory_limit=64 * 2**20)
    env.PouchDB("test").put({"_id": "before"})
    with pytest.raises(pouchdb.MemoryLimitError, match="memory_limit"):
        env.context.evalJs("const all = []; while (true) all.push(new Array(1e5).fill(1.5))")
    env.close()
    env = pouchdb.setup(folder)
    assert "before" in env.PouchDB("test")
    env.close()


def test_ctrl_c_in_a_call_is_a_keyboard_interrupt(env: pouchdb.SyncEnvironment) -> None:
    db = env.PouchDB("test")
    db.put({"_id": "a"})
    for _ in range(3):
        timer = threading.Timer(0.3, _thread.interrupt_main)
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            env.context.evalJs(LOOP)
        timer.join()
        assert db.get("a")["_id"] == "a"


class CallingBack(logging.Handler):
    """A logging handler that uses the database, as one that stores log records would."""

    def __init__(self, db: pouchdb.SyncPouchDB) -> None:
        super().__init__()
        self.db = db
        self.raised: list[pouchdb.BaseError] = []

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self.db.put({"_id": "log", "text": record.getMessage()})
        except pouchdb.BaseError as error:
            self.raised.append(error)


@pytest.mark.parametrize(
    "body",
    [
        "console.log('in the call'); return 1",
        "return Promise.resolve().then(() => { console.log('later'); return 1 }).then((x) => x)",
    ],
)
def test_a_call_from_inside_a_host_call_is_refused(env: pouchdb.SyncEnvironment, body: str) -> None:
    db = env.PouchDB("test")
    logger = logging.getLogger("pouchdb.js")
    handler = CallingBack(db)
    logger.addHandler(handler)
    level = logger.level
    logger.setLevel(logging.DEBUG)
    try:
        result = env.context.evalJs(body)
        if not isinstance(result, int):
            result = result.wait()
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
    assert result == 1
    (error,) = handler.raised
    assert isinstance(error, pouchdb.ReentrantCallError)
    assert "log" not in db
    assert db.put({"_id": "usable"}).ok
