"""Several engines and processes on one folder."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pouchdb._hosts import HostError
from pouchdb._hosts.storage import Storage, database
from pouchdb._hosts.storage.file_names import file_name
from pouchdb._hosts.storage.folder_turn import folder_turn
from tests.storage_calls import Calls, open_storage


@pytest.fixture
def pair(folder: Path) -> Iterator[tuple[Storage, Storage]]:
    """Two that know nothing of each other, as in two processes."""
    both = open_storage(folder), open_storage(folder)
    yield both
    for storage in both:
        storage.close()


def test_each_sees_the_writes_of_the_other(pair: tuple[Storage, Storage]) -> None:
    one, other = map(Calls, pair)
    assert one.uuid == other.uuid
    one.put("a")
    assert other.put("b") == 2
    assert one.info() == other.info() == (2, 2)


def test_writes_take_turns(folder: Path) -> None:
    def work(number: int) -> None:
        storage = open_storage(folder)
        try:
            db = Calls(storage)
            for turn in range(50):
                db.put(f"{number}-{turn}")
        finally:
            storage.close()

    with ThreadPoolExecutor() as pool:
        list(pool.map(work, range(4)))
    storage = open_storage(folder)
    db = Calls(storage)
    assert db.info() == (200, 200)
    assert sorted(row["seq"] for row in db.changes()) == list(range(1, 201))
    storage.close()


def test_a_writer_that_takes_too_long_is_reported(folder: Path) -> None:
    one, other = open_storage(folder), open_storage(folder, busy_timeout=0.05)
    first, second = Calls(one), Calls(other)
    first.begin(["a"])
    with pytest.raises(HostError, match="in use by another process") as caught:
        second.begin(["a"])
    assert caught.value.name == "environment_error"
    first.end()
    assert second.put("a") == 1
    one.close()
    other.close()


def test_a_database_that_another_process_destroyed_is_gone(
    pair: tuple[Storage, Storage], folder: Path
) -> None:
    one, other = map(Calls, pair)
    one.put("a")
    other.get("a")
    one.destroy()
    for attempt in (lambda: other.get("a"), lambda: other.put("b"), other.info):
        with pytest.raises(HostError, match="database is destroyed") as caught:
            attempt()
        assert caught.value.name == "precondition_failed"
    assert list(folder.iterdir()) == []
    fresh = Calls(pair[1])
    assert fresh.info() == (0, 0)
    assert fresh.uuid != other.uuid
    fresh.put("new")
    with pytest.raises(HostError, match="database is destroyed"):
        other.put("old")


def test_a_file_that_was_removed_is_not_written_to(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_LOOK_EVERY", 0)
    storage = open_storage(folder)
    db = Calls(storage)
    db.put("a")
    for path in folder.iterdir():
        path.unlink()
    with pytest.raises(HostError, match="database is destroyed"):
        db.put("b")
    assert Calls(storage).info() == (0, 0)
    storage.close()


def test_a_file_marked_as_destroyed_is_made_anew(folder: Path) -> None:
    storage = open_storage(folder)
    Calls(storage).put("a")
    storage.close()
    with sqlite3.connect(folder / "db.pouchdb") as connection:
        connection.execute("ALTER TABLE docs RENAME TO destroyed_docs")
    connection.close()
    assert Calls(storage).info() == (0, 0)
    storage.close()


def test_databases_in_memory_are_shared_by_name_within_one_engine(
    pair: tuple[Storage, Storage],
) -> None:
    one, same = Calls(pair[0], "m", "memory"), Calls(pair[0], "m", "memory")
    other = Calls(pair[1], "m", "memory")
    one.put("a")
    assert same.info() == (1, 1)
    assert other.info() == (0, 0)


# ------------------------------------------------------------------ files that come and go


def test_listing_databases_keeps_the_locks_of_open_ones(folder: Path) -> None:
    storage = open_storage(folder)
    db = Calls(storage)
    db.put("a")
    assert storage.list_databases() == ["db"]
    # To another process that closes it, it must not look as if nobody else had it open.
    program = f"import sqlite3; c = sqlite3.connect({str(db_path(folder))!r}); c.execute(COUNT)"
    program = program.replace("COUNT", "'SELECT count(*) FROM docs'") + "; c.close()"
    subprocess.run([sys.executable, "-c", program], check=True)
    assert db_path(folder, "-wal").exists()
    db.put("b")
    later = open_storage(folder)
    assert Calls(later).info() == (2, 2)
    later.close()
    storage.close()


@pytest.mark.skipif(os.name != "posix", reason="an open file cannot be removed")
def test_opening_and_destroying_take_turns(folder: Path) -> None:
    storage = open_storage(folder, busy_timeout=10.0)
    db = Calls(storage)
    with ThreadPoolExecutor() as pool:
        with folder_turn(folder, 1.0):
            destroyed = pool.submit(db.destroy)
            opened = pool.submit(Calls, open_storage(folder), "other")
            time.sleep(0.05)
            assert not destroyed.done()
            assert not opened.done()
            assert db_path(folder).exists()
        destroyed.result(10)
        opened.result(10).close()
    assert not db_path(folder).exists()


@pytest.mark.skipif(os.name != "posix", reason="an open file cannot be removed")
def test_a_turn_that_lasts_too_long_is_an_error(folder: Path) -> None:
    storage = open_storage(folder, busy_timeout=0.05)
    db = Calls(storage)
    with folder_turn(folder, 1.0):
        for blocked in (db.destroy, lambda: Calls(storage, "other")):
            with pytest.raises(HostError, match="in use by another process"):
                blocked()
    db.put("still usable")
    storage.close()


@pytest.mark.skipif(os.name != "posix", reason="an open file cannot be removed")
def test_a_reader_opens_no_other_file_than_its_own(
    pair: tuple[Storage, Storage], folder: Path
) -> None:
    one, other = map(Calls, pair)
    one.put("a")
    other.destroy()
    assert pair[0].read_document(one.handle, "a") is None
    assert list(folder.iterdir()) == []
    Calls(pair[1]).put("a")
    assert pair[0].read_document(one.handle, "a") is None


def db_path(folder: Path, suffix: str = "") -> Path:
    return folder / (file_name("db") + suffix)
