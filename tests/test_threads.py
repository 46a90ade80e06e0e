"""Any number of threads: each answer goes to its caller, no update is lost, nothing hangs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import pouchdb

THREADS = 8
HANG = 120.0


def in_threads(work: Callable[[int], object], count: int = THREADS) -> list[object]:
    """Run `work(0)`, `work(1)`, … at the same time; their results, or the first exception."""
    barrier = threading.Barrier(count)

    def run(number: int) -> object:
        barrier.wait(HANG)
        return work(number)

    with ThreadPoolExecutor(count) as pool:
        futures = [pool.submit(run, number) for number in range(count)]
        return [future.result(HANG) for future in futures]


def increment(db: pouchdb.SyncPouchDB, id_: str) -> None:
    """Add one, again until nobody was faster."""
    while True:
        document = db.get(id_)
        document["count"] += 1
        try:
            db.put(document)
            return
        except pouchdb.ConflictError:
            continue


def test_each_answer_goes_to_the_thread_that_asked(db: pouchdb.SyncPouchDB) -> None:
    def work(number: int) -> None:
        for step in range(60):
            id_ = f"{number}-{step}"
            text = id_ * (step * 40)
            assert db.put({"_id": id_, "text": text}).id == id_
            assert db.get(id_)["text"] == text
            with pytest.raises(pouchdb.NotFoundError) as caught:
                db.get(f"missing-{id_}")
            assert caught.value["docId"] == f"missing-{id_}"

    in_threads(work)
    assert len(db) == THREADS * 60


def test_no_update_is_lost(db: pouchdb.SyncPouchDB) -> None:
    db.put({"_id": "counter", "count": 0})

    def work(_: int) -> None:
        for _ in range(25):
            increment(db, "counter")

    in_threads(work)
    counter = db.get("counter")
    assert counter["count"] == THREADS * 25
    assert counter["_rev"].startswith(f"{THREADS * 25 + 1}-")
    assert "_conflicts" not in db.get("counter", conflicts=True)


def test_one_revision_of_many_writers_wins(db: pouchdb.SyncPouchDB) -> None:
    def write(number: int) -> bool:
        try:
            db.put({"_id": "one", "writer": number})
        except pouchdb.ConflictError:
            return False
        return True

    assert sum(bool(won) for won in in_threads(write)) == 1


def test_long_and_short_calls_interleave(db: pouchdb.SyncPouchDB) -> None:
    documents = [{"_id": f"{number:05}", "text": "x" * 300} for number in range(3_000)]
    db.bulkDocs(documents)
    db.put({"_id": "short", "n": 0})
    done = threading.Event()

    def work(number: int) -> int:
        if number == 0:
            for _ in range(5):
                rows = db.allDocs(include_docs=True, endkey="9").rows
                assert [row.doc["_id"] for row in rows] == [doc["_id"] for doc in documents]
            done.set()
            return 0
        if number == 1:
            for batch in range(5):
                new = [{"_id": f"z{batch}-{index}"} for index in range(1_000)]
                assert all(row.ok for row in db.bulkDocs(new))
            return 0
        rounds = 0
        while not done.is_set() and rounds < 20_000:
            assert db.get("short")["n"] == 0
            rounds += 1
        return rounds

    rounds = in_threads(work)
    assert all(isinstance(count, int) and count > 0 for count in rounds[2:])


def test_big_and_small_documents_interleave(db: pouchdb.SyncPouchDB) -> None:
    def work(number: int) -> None:
        size = 3_000_000 if number % 4 == 0 else 100
        text = str(number) * size
        for step in range(6):
            db.put({"_id": f"{number}-{step}", "text": text})
            assert db.get(f"{number}-{step}")["text"] == text

    in_threads(work)


def test_attachments_of_many_threads_stay_apart(db: pouchdb.SyncPouchDB) -> None:
    def work(number: int) -> None:
        for step in range(10):
            data = bytes([number, step]) * 20_000
            db.putAttachment(f"{number}-{step}", "a", data, "application/octet-stream")
            assert db.getAttachment(f"{number}-{step}", "a")["data"] == data

    in_threads(work)


def test_threads_open_and_destroy_databases_at_the_same_time(env: pouchdb.SyncEnvironment) -> None:
    def work(number: int) -> None:
        for step in range(5):
            own = env.PouchDB(f"own-{number}-{step}")
            own.put({"_id": "x"})
            env.PouchDB("common").put({"_id": f"{number}-{step}"})
            own.destroy()

    in_threads(work)
    assert env.allDbs() == ["common"]
    assert len(env.PouchDB("common")) == THREADS * 5


def test_environments_of_one_folder_in_many_threads_share_its_databases(folder: Path) -> None:
    def work(number: int) -> None:
        env = pouchdb.setup(folder)
        env.PouchDB("common").put({"_id": str(number)})
        env.close()

    in_threads(work)
    env = pouchdb.setup(folder)
    assert len(env.PouchDB("common")) == THREADS
    env.close()


def test_closing_answers_the_calls_of_other_threads(folder: Path) -> None:
    env = pouchdb.setup(folder)
    db = env.PouchDB("test")
    started = threading.Barrier(THREADS + 1)

    def post_forever() -> None:
        while True:
            db.post({"text": "x" * 1_000})

    def work(_: int) -> None:
        started.wait(HANG)
        with pytest.raises(pouchdb.ClosedError, match="closed"):
            post_forever()

    with ThreadPoolExecutor(THREADS) as pool:
        futures = [pool.submit(work, number) for number in range(THREADS)]
        started.wait(HANG)
        env.close()
        for future in futures:
            future.result(HANG)


def test_documents_can_be_read_while_javascript_is_busy(folder: Path) -> None:
    """`get` without options needs no JavaScript."""
    with pouchdb.setup(folder, timeout=20) as env:
        db = env.PouchDB("test")
        db.put({"_id": "a", "n": 1})
        function = env.context.evalJs(
            "return ms => { const end = Date.now() + ms; while (Date.now() < end); }"
        )
        busy = threading.Thread(target=function, args=(1500,))
        busy.start()
        reads = 0
        while busy.is_alive():
            assert db.get("a")["n"] == 1
            reads += 1
        busy.join()
        assert reads > 100
