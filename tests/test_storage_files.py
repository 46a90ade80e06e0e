"""Files of the storage folder: made, listed, refused, migrated, removed."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from pouchdb._hosts import HostError
from pouchdb._hosts.storage import Storage, schema
from pouchdb._hosts.storage.file_names import file_name
from tests.storage_calls import Calls, open_storage


@pytest.fixture
def storage(folder: Path) -> Iterator[Storage]:
    opened = open_storage(folder)
    yield opened
    opened.close()


def refusal(storage: Storage, name: str = "db") -> HostError:
    with pytest.raises(HostError) as caught:
        Calls(storage, name)
    return caught.value


def test_a_database_is_one_file_in_write_ahead_mode(storage: Storage, folder: Path) -> None:
    Calls(storage, "a/B").put("x")
    path = folder / file_name("a/B")
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
    connection.close()


def test_closing_leaves_one_file(storage: Storage, folder: Path) -> None:
    db = Calls(storage)
    db.put("x")
    db.close()
    assert [path.name for path in folder.iterdir()] == ["db.pouchdb"]


def test_what_was_written_is_there_after_reopening(storage: Storage, folder: Path) -> None:
    db = Calls(storage)
    db.put("x", "y")
    storage.close()
    again = open_storage(folder)
    reopened = Calls(again)
    assert reopened.uuid == db.uuid
    assert reopened.info() == (2, 2)
    again.close()


@pytest.mark.parametrize("durability", ["normal", "full"])
def test_durability_decides_how_commits_are_synced(folder: Path, durability: str) -> None:
    storage = open_storage(folder, durability=durability)
    Calls(storage)
    (db,) = storage._shared.values()
    level = db.connection.execute("PRAGMA synchronous").fetchone()
    assert level == ({"normal": 1, "full": 2}[durability],)
    storage.close()


def test_the_folder_itself_knows_its_databases(storage: Storage, folder: Path) -> None:
    names = ["b", "A", "", "a/ü", "\ud800", "x" * 10_000]
    for name in names:
        Calls(storage, name).close()
    Calls(storage, "in memory", "memory")
    (folder / "note.txt").write_text("mine")
    (folder / "other.pouchdb").write_text("not SQLite")
    (folder / "folder.pouchdb").mkdir()
    assert storage.list_databases() == sorted(names)


def test_a_folder_that_is_not_there_holds_no_databases(tmp_path: Path) -> None:
    assert open_storage(tmp_path / "none").list_databases() == []


def test_a_file_that_is_not_sqlite_is_named(storage: Storage, folder: Path) -> None:
    folder.mkdir()
    (folder / "db.pouchdb").write_text("no database, but quite long" * 100)
    error = refusal(storage)
    assert error.name == "environment_error"
    assert str(folder / "db.pouchdb") in error.message
    assert "is not a SQLite database: move it away" in error.message
    assert error.props["path"] == str(folder / "db.pouchdb")


def test_a_database_of_another_program_is_left_alone(storage: Storage, folder: Path) -> None:
    folder.mkdir()
    path = folder / "db.pouchdb"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    before = path.read_bytes()
    assert "of another program" in refusal(storage).message
    assert path.read_bytes() == before


def test_a_corrupt_file_is_named(storage: Storage, folder: Path) -> None:
    db = Calls(storage)
    db.put(*map(str, range(500)))
    db.close()
    path = folder / "db.pouchdb"
    path.write_bytes(path.read_bytes()[:4096] + os.urandom(40_000))
    with pytest.raises(HostError, match=r"db\.pouchdb is corrupt") as caught:
        Calls(storage).all_docs("doc")
    assert caught.value.name == "environment_error"


def test_a_newer_schema_asks_for_a_newer_release(storage: Storage, folder: Path) -> None:
    Calls(storage).close()
    with sqlite3.connect(folder / "db.pouchdb") as connection:
        connection.execute(f"PRAGMA user_version={schema.VERSION + 1}")
    connection.close()
    message = refusal(storage).message
    assert f"has schema version {schema.VERSION + 1}" in message
    assert "install a newer pouchdb" in message


def test_an_older_file_is_migrated_step_by_step(
    storage: Storage, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = Calls(storage)
    db.put("x")
    db.close()
    steps = (*schema.MIGRATIONS, ("CREATE TABLE later (x)",))
    monkeypatch.setattr(schema, "MIGRATIONS", steps)
    monkeypatch.setattr(schema, "VERSION", len(steps))
    monkeypatch.setattr(schema, "_SET_VERSION", (*schema._SET_VERSION, "PRAGMA user_version=2"))
    migrated = Calls(storage)
    assert migrated.get("x")["_id"] == "x"
    assert migrated.uuid == db.uuid
    migrated.close()
    with sqlite3.connect(folder / "db.pouchdb") as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)
        assert connection.execute("SELECT * FROM later").fetchall() == []
    connection.close()


def test_a_migration_that_fails_changes_nothing(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    Calls(storage).close()
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, ("CREATE TABLE x (y)", "oops")))
        patch.setattr(schema, "VERSION", 2)
        assert "gave an error" in refusal(storage).message
    assert Calls(storage).info() == (0, 0)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    error = refusal(open_storage(tmp_path / "file" / "folder"))
    assert error.name == "environment_error"
    assert str(tmp_path / "file" / "folder") in error.message


def test_a_file_that_cannot_be_opened_is_named(storage: Storage, folder: Path) -> None:
    (folder / "db.pouchdb").mkdir(parents=True)
    error = refusal(storage)
    assert error.name == "environment_error"
    assert f"{folder / 'db.pouchdb'} cannot be opened" in error.message


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere"
)
def test_a_folder_that_may_not_be_written_to_is_named(storage: Storage, folder: Path) -> None:
    folder.mkdir()
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        error = refusal(storage)
    finally:
        folder.chmod(stat.S_IRWXU)
    assert error.name == "environment_error"
    assert "check that the folder exists and may be written to" in error.message


def test_destroying_removes_all_files(storage: Storage, folder: Path) -> None:
    db = Calls(storage)
    db.put("x")
    db.destroy()
    assert list(folder.iterdir()) == []
    assert storage.list_databases() == []
    assert Calls(storage).info() == (0, 0)


def test_other_objects_of_a_destroyed_database_say_so(storage: Storage) -> None:
    one, other = Calls(storage), Calls(storage)
    one.destroy()
    Calls(storage).put("new")
    with pytest.raises(HostError, match="database is destroyed"):
        other.get("x")
    with pytest.raises(HostError, match="database is destroyed"):
        other.begin(["x"])
    other.close()


def test_a_closed_handle_says_so(storage: Storage) -> None:
    db = Calls(storage)
    db.close()
    with pytest.raises(HostError, match="Database not open"):
        db.get("x")
    db.close()


def test_handles_share_a_connection_until_the_last_is_closed(storage: Storage) -> None:
    one, other = Calls(storage), Calls(storage)
    one.put("x")
    one.close()
    assert other.get("x")["_id"] == "x"


def test_a_database_in_memory_lives_until_it_is_destroyed(storage: Storage, folder: Path) -> None:
    db = Calls(storage, "m", "memory")
    db.put("x")
    db.close()
    again = Calls(storage, "m", "memory")
    assert again.info() == (1, 1)
    again.destroy()
    assert Calls(storage, "m", "memory").info() == (0, 0)
    assert not folder.exists()


def test_a_corrupt_database_is_listed_an_empty_file_or_another_is_not(
    storage: Storage, folder: Path
) -> None:
    for name in ("whole", "cut"):
        Calls(storage, name).put("x")
    storage.close()
    os.truncate(folder / file_name("cut"), 4096 * 2 + 100)
    (folder / file_name("empty")).touch()
    (folder / file_name("text")).write_text("some text" * 1000)
    (folder / file_name("folder")).mkdir()
    assert storage.list_databases() == ["cut", "whole"]
