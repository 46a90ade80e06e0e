"""After JavaScript had to be stopped: the data is there, and the folder can be used at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import pouchdb

LOOP_AFTER_AWAIT = "(async () => { await null; for (;;); })(); return 1"


def stopped_environment(folder: Path, timeout: float = 0.5) -> pouchdb.SyncEnvironment:
    """An environment whose JavaScript loops where V8 cannot end it alone."""
    env = pouchdb.setup(folder, timeout=timeout)
    env["kittens"].put({"_id": "mittens"})
    env.context.evalJs(LOOP_AFTER_AWAIT)
    with pytest.raises(pouchdb.TimeoutError, match=r"did not end in 0\.5 seconds; .* was closed"):
        env["kittens"].get("mittens")
    return env


def test_a_loop_that_cannot_be_ended_closes_the_environment(tmp_path: Path) -> None:
    env = stopped_environment(tmp_path)
    assert env.closed
    with pytest.raises(pouchdb.ClosedError, match="JavaScript did not return; make a new env"):
        env["kittens"]


def test_a_new_environment_of_the_same_folder_has_the_data(tmp_path: Path) -> None:
    old = stopped_environment(tmp_path)
    with pouchdb.setup(tmp_path) as env:
        assert env["kittens"].get("mittens")._id == "mittens"
        assert env["kittens"].put({"_id": "tabby"}).ok
    old.close()


def test_an_endless_loop_costs_only_its_call(tmp_path: Path) -> None:
    with pouchdb.setup(tmp_path, timeout=0.5) as env:
        db = env["kittens"]
        with pytest.raises(pouchdb.TimeoutError, match=r"the call did not end in 0\.5 seconds$"):
            env.context.evalJs("for (;;);")
        assert db.put({"_id": "mittens"}).ok
        assert env.context.evalJs("return 1 + 1") == 2


def test_a_write_that_was_interrupted_by_a_loop_is_there_or_not(tmp_path: Path) -> None:
    """A loop in the same turn as a write: what the loop follows is committed, or nothing is."""
    env = pouchdb.setup(tmp_path, timeout=0.5)
    env["kittens"].put({"_id": "mittens"})
    promise = env.context.evalJs(
        """
        const db = new PouchDB('kittens');
        return db.bulkDocs([{_id: 'a'}, {_id: 'b'}]).then(() => { for (;;); });
        """
    )
    with pytest.raises(pouchdb.TimeoutError):
        env["kittens"].info()
    with pytest.raises(pouchdb.ClosedError):
        promise.wait(5)
    with pouchdb.setup(tmp_path) as again:
        written = {row.id for row in again["kittens"].allDocs().rows}
        assert written in ({"mittens"}, {"mittens", "a", "b"})
        began = time.monotonic()
        assert again["kittens"].put({"_id": "tabby"}).ok
        assert time.monotonic() - began < 5


def test_a_memory_bomb_costs_only_its_call() -> None:
    with pouchdb.setup(memory_limit=100 << 20) as env:
        db = env["kittens"]
        for _ in range(3):
            with pytest.raises(pouchdb.MemoryLimitError, match="memory_limit allows; the call"):
                env.context.evalJs(
                    "const all = []; for (;;) all.push('x'.repeat(1000) + all.length)"
                )
            assert db.post({"after": "the bomb"}).ok


def test_a_memory_bomb_after_an_await_closes_the_environment(tmp_path: Path) -> None:
    env = pouchdb.setup(tmp_path, memory_limit=100 << 20)
    env["kittens"].put({"_id": "mittens"})
    bomb = "await null; const all = []; for (;;) all.push('x'.repeat(1000) + all.length)"
    with pytest.raises(pouchdb.MemoryLimitError, match="the engine was stopped; make a new env"):
        env.context.evalJs(f"return (async () => {{ {bomb} }})()").wait(30)
    assert env.closed
    with pouchdb.setup(tmp_path) as again:
        assert "mittens" in again["kittens"]


@pytest.mark.parametrize("limit", [1 << 20, 1 << 50])
def test_a_memory_limit_that_v8_cannot_keep_is_refused(limit: int) -> None:
    with pytest.raises(pouchdb.EnvironmentError, match=r"memory_limit is \d+ bytes; expected 16"):
        pouchdb.setup(memory_limit=limit)


def test_what_a_call_that_timed_out_would_have_given_is_dropped(tmp_path: Path) -> None:
    """The response comes later, and nobody takes it."""
    with (
        pouchdb.setup(tmp_path, timeout=20) as patient,
        pouchdb.setup(tmp_path, timeout=0.5) as env,
    ):
        db = env["kittens"]
        db.put({"_id": "mittens"})
        db.putAttachment("tabby", "picture", b"GIF89a", "image/gif")
        wait = patient.context.evalJs(
            "return ms => { const t = Date.now(); while (Date.now() < t + ms); }"
        )
        asks: list[Callable[[], object]] = [
            db.allDocs,
            lambda: db.get("tabby", attachments=True, binary=True),
        ]
        for ask in asks:
            busy = threading.Thread(target=wait, args=(1200,))
            busy.start()
            time.sleep(0.1)
            with pytest.raises(pouchdb.TimeoutError):
                ask()
            busy.join()
        assert db.info().doc_count == 2
        engine = env._engine
        assert not engine.storage._raw
        assert not engine._blobs._kept


def test_a_terminated_call_takes_no_result_from_others(tmp_path: Path) -> None:
    with (
        pouchdb.setup(tmp_path, timeout=20) as patient,
        pouchdb.setup(tmp_path, timeout=0.2) as env,
    ):
        db = patient["kittens"]
        db.bulkDocs([{"_id": str(number)} for number in range(50)])
        stop = threading.Event()
        failures: list[BaseException] = []

        def read() -> None:
            try:
                while not stop.is_set():
                    assert len(db.allDocs().rows) == 50
            except BaseException as error:  # it is what the test looks at
                failures.append(error)

        readers = [threading.Thread(target=read) for _ in range(3)]
        for reader in readers:
            reader.start()
        for _ in range(5):
            with pytest.raises(pouchdb.TimeoutError):
                env.context.evalJs("for (;;);")
        stop.set()
        for reader in readers:
            reader.join()
        assert failures == []
