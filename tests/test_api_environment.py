"""Environments: setting up, databases, destruction, events, the end."""

from __future__ import annotations

import gc
import logging
import os
import threading
import weakref
from pathlib import Path
from typing import Any

import pytest

import pouchdb
from pouchdb._engine import engine

# ---------------------------------------------------------------- setup


@pytest.mark.parametrize("given", [{"storage_dir": "new/er"}, {"storageDir": "new/er"}])
def test_the_folder_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: dict[str, Any]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pouchdb.setup(**given) as env:
        env["a"].put({"_id": "x"})
        monkeypatch.chdir("/")
        assert env["a"].get("x")
    assert any((tmp_path / "new" / "er").iterdir())


def test_a_path_object_is_a_folder(tmp_path: Path) -> None:
    with pouchdb.setup(tmp_path / "a") as env:
        env["a"].put({"_id": "x"})
    with pouchdb.setup(str(tmp_path / "a")) as env:
        assert env["a"].get("x")


def test_without_a_folder_each_has_its_own_and_it_is_removed() -> None:
    with pouchdb.setup() as one, pouchdb.setup() as two:
        one["a"].put({"_id": "x"})
        assert "a" not in two
        folder = one.context.inspect()["folder"]
        assert Path(folder).is_dir()
    assert not Path(folder).exists()


def test_a_file_in_the_folders_place_is_an_environment_error(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("text")
    for path in (file, file / "below"):
        with pytest.raises(
            pouchdb.EnvironmentError, match="there is a file in its place"
        ) as caught:
            pouchdb.setup(path)
        assert caught.value.filename == str(path)
        assert str(path) in str(caught.value)
        assert isinstance(caught.value, OSError)


@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() == 0, reason="whoever may write everywhere sees no error"
)
def test_an_unwritable_parent_is_an_environment_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(pouchdb.EnvironmentError, match="Permission denied"):
            pouchdb.setup(tmp_path / "a")
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder that takes no files")
def test_a_file_system_that_takes_no_folder_is_an_environment_error() -> None:
    """As an unwritable parent, but so that the superuser sees it too."""
    with pytest.raises(pouchdb.EnvironmentError, match="cannot be used") as caught:
        pouchdb.setup("/proc/pouchdb-test")
    assert caught.value.filename == "/proc/pouchdb-test"


def test_a_path_that_cannot_be_is_an_environment_error() -> None:
    with pytest.raises(pouchdb.EnvironmentError, match="cannot be used"):
        pouchdb.setup("a\0b")


def test_the_asynchronous_api_is_refused() -> None:
    givens: list[Any] = [{"async_": True}, {"async": True}]
    for given in givens:
        with pytest.raises(
            pouchdb.EnvironmentError, match="the asynchronous API is not part of this version"
        ):
            pouchdb.setup(**given)
    given = {"async": False}
    pouchdb.setup(**given).close()


def test_unknown_arguments_are_named_with_what_is_near() -> None:
    with pytest.raises(TypeError, match=r"argument 'durabilty'; did you mean 'durability'\?"):
        pouchdb.setup(durabilty="full")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"argument 'xyz'; it knows: \['storage_dir', 'async_'"):
        pouchdb.setup(xyz=1)  # type: ignore[call-arg]


def test_both_names_of_an_argument_are_too_many() -> None:
    with pytest.raises(TypeError, match="both storage_dir and storageDir"):
        pouchdb.setup("a", storageDir="b")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"storage_dir": 5}, "storage_dir: expected a path, not a"),
        ({"base_url": 5}, "base_url: expected a str, not 5"),
        ({"baseUrl": None, "base_url": None}, "base_url: expected a str, not None"),
        ({"durability": "medium"}, "durability: expected 'normal' or 'full', not 'medium'"),
        ({"timeout": 0}, "timeout: expected seconds above 0, or None, not 0"),
        ({"timeout": "5"}, "timeout: expected seconds above 0, or None, not '5'"),
        ({"memory_limit": -1}, "memory_limit: expected bytes, not -1"),
        ({"memory_limit": True}, "memory_limit: expected bytes, not True"),
    ],
)
def test_bad_arguments_are_named(given: dict[str, Any], message: str) -> None:
    with pytest.raises(pouchdb.BadInputError, match=message):
        pouchdb.setup(**given)


def test_every_argument_is_accepted(tmp_path: Path) -> None:
    env = pouchdb.setup(
        tmp_path / "a",
        False,
        "http://localhost/",
        durability="full",
        memory_limit=256 << 20,
        timeout=20,
        spin=False,
    )
    with env:
        assert env["a"].put({"_id": "x"}).ok
    pouchdb.setup(baseUrl="http://localhost/", timeout=None).close()


def test_the_timeout_is_the_engines() -> None:
    import inspect

    default = inspect.signature(pouchdb.setup).parameters["timeout"].default
    assert default == engine.DEFAULT_TIMEOUT


def test_environments_of_one_folder_see_each_other(tmp_path: Path) -> None:
    with pouchdb.setup(tmp_path) as one, pouchdb.setup(tmp_path) as two:
        db = two["a"]
        one["a"].put({"_id": "x"})
        assert db.get("x")
        one.close()
        assert two["a"].get("x")
        assert db.get("x")


def test_a_folder_that_is_open_keeps_its_durability(tmp_path: Path) -> None:
    with pouchdb.setup(tmp_path, durability="full"):
        pouchdb.setup(tmp_path).close()
        with pytest.raises(pouchdb.EnvironmentError, match="durability"):
            pouchdb.setup(tmp_path, durability="normal")


# ---------------------------------------------------------------- what there is


def test_it_says_what_it_is(env: pouchdb.SyncEnvironment, folder: Path) -> None:
    assert repr(env) == f"<pouchdb.SyncEnvironment object at {id(env):#x}: {folder}>"
    assert env.POUCHDB_VERSION == env.PouchDB.version == "9.0.0"
    assert env.PouchDB.prefix == ""
    assert env.activeTasks() == env.active_tasks() == []
    assert env.resetAllDbs() == env.reset_all_dbs() == {"ok": True}


def test_databases_are_instances_of_the_class(env: pouchdb.SyncEnvironment) -> None:
    db = env.PouchDB("a")
    class_: Any = env.PouchDB
    assert isinstance(db, class_)
    assert isinstance(db, pouchdb.SyncPouchDB)
    assert isinstance(db, pouchdb.AbstractPouchDB)
    assert not isinstance(5, class_)
    with pouchdb.setup() as other:
        other_class: Any = other.PouchDB
        assert not isinstance(db, other_class)
    assert (db.name, db.adapter) == ("a", "sqlite")
    assert repr(db) == f"<pouchdb.SyncPouchDB object at {id(db):#x}: 'a'>"


def test_defaults_add_up(env: pouchdb.SyncEnvironment) -> None:
    compacting = env.PouchDB.defaults(auto_compaction=True)
    in_memory = compacting.defaults(adapter="memory")
    db = in_memory("a")
    assert (db.adapter, db.info().auto_compaction) == ("memory", True)
    assert in_memory("b", auto_compaction=False).info().auto_compaction is False
    assert env.PouchDB("c").info().auto_compaction is False


def test_a_prefix_is_part_of_the_stored_name(env: pouchdb.SyncEnvironment) -> None:
    db = env.PouchDB("a", prefix="my-")
    assert db.name == "a"
    assert env.allDbs() == ["my-a"]
    assert env.destroy("a", prefix="my-").ok
    assert env.allDbs() == []


def test_all_dbs_are_sorted(env: pouchdb.SyncEnvironment) -> None:
    for name in ("b", "a", "Ä", "a/b", "C"):
        env.PouchDB(name)
    env.PouchDB("memory", adapter="memory")
    assert env.allDbs() == env.all_dbs() == ["C", "a", "a/b", "b", "Ä"]


def test_databases_on_servers_are_refused(env: pouchdb.SyncEnvironment) -> None:
    http: Any = "http"
    for call in (
        lambda: env["http://localhost:5984/a"],
        lambda: env.PouchDB("https://localhost/a"),
        lambda: env.PouchDB("a", adapter=http),
        lambda: env.destroy("http://localhost:5984/a"),
    ):
        with pytest.raises(pouchdb.UnsupportedError, match="is on a server"):
            call()


# ---------------------------------------------------------------- destruction


def test_destroying_makes_every_object_say_so(env: pouchdb.SyncEnvironment) -> None:
    one, two = env["a"], env.PouchDB("a")
    assert env.destroy("a") == {"ok": True}
    for db in (one, two):
        with pytest.raises(pouchdb.DatabaseDestroyedError, match="database is destroyed"):
            db.info()
        with pytest.raises(pouchdb.DatabaseDestroyedError):
            db["x"] = {}
        with pytest.raises(pouchdb.DatabaseDestroyedError):
            db.destroy()
    assert len(env["a"]) == 0


def test_destroying_by_an_object_is_the_same(env: pouchdb.SyncEnvironment) -> None:
    one, two = env["a"], env.PouchDB("a")
    assert one.destroy() == {"ok": True}
    for db in (one, two):
        with pytest.raises(pouchdb.DatabaseDestroyedError):
            db.get("x")
    assert "a" not in env


def test_destroying_reaches_other_environments(tmp_path: Path) -> None:
    with pouchdb.setup(tmp_path) as one, pouchdb.setup(tmp_path) as two:
        db = two["a"]
        one.destroy("a")
        with pytest.raises(pouchdb.DatabaseDestroyedError):
            db.info()


@pytest.mark.parametrize("name", ["a", "never there"])
def test_destroying_twice_is_harmless(env: pouchdb.SyncEnvironment, name: str) -> None:
    env.PouchDB("a")
    for _ in range(3):
        assert env.destroy(name) == {"ok": True}


def test_the_name_can_be_an_option(env: pouchdb.SyncEnvironment) -> None:
    env.PouchDB("a")
    env.destroy(name="a")  # type: ignore[call-arg]
    assert env.allDbs() == []


def test_a_database_in_memory_is_destroyed_by_its_name(env: pouchdb.SyncEnvironment) -> None:
    db = env.PouchDB("a", adapter="memory")
    db.put({"_id": "x"})
    env.destroy("a")
    with pytest.raises(pouchdb.DatabaseDestroyedError):
        db.info()
    assert len(env.PouchDB("a", adapter="memory")) == 0


# ---------------------------------------------------------------- closing


def test_a_closed_database_says_so(env: pouchdb.SyncEnvironment) -> None:
    one, two = env["a"], env.PouchDB("a")
    one.put({"_id": "x"})
    assert one.close() is None  # type: ignore[func-returns-value]
    one.close()
    with pytest.raises(pouchdb.DatabaseClosedError, match="database is closed"):
        one.get("x")
    assert two.get("x")
    assert env["a"].get("x")


def test_a_closed_environment_says_so(env: pouchdb.SyncEnvironment) -> None:
    db = env["a"]
    assert env.closed is False
    env.close()
    env.close()
    assert env.closed is True
    assert repr(env).endswith(": closed>")
    for call in (
        lambda: db.get("x"),
        lambda: env["a"],
        lambda: env["b"],
        lambda: list(env),
        lambda: "a" in env,
        lambda: env.destroy("a"),
        lambda: env.POUCHDB_VERSION,
        lambda: env.activeTasks(),
        lambda: env.resetAllDbs(),
        lambda: env.context.evalJs("return 1"),
    ):
        with pytest.raises(pouchdb.ClosedError, match="the environment is closed"):
            call()


def test_closing_one_of_two_environments_closes_its_databases(tmp_path: Path) -> None:
    with pouchdb.setup(tmp_path) as one, pouchdb.setup(tmp_path) as two:
        mine, other = one["a"], two["a"]
        one.close()
        with pytest.raises(pouchdb.ClosedError):
            mine.info()
        assert other.info().db_name == "a"
        two.PouchDB("b")  # closes what the other one has dropped
        assert other.info().db_name == "a"


def test_an_environment_that_nobody_holds_is_gone(tmp_path: Path) -> None:
    env = pouchdb.setup(tmp_path)
    db = env["a"]
    weak = weakref.ref(env)
    del env
    gc.collect()
    assert db.put({"_id": "x"}).ok
    assert weak() is not None
    del db
    gc.collect()
    assert weak() is None
    with pouchdb.setup(tmp_path) as again:
        assert again["a"].get("x")


def test_databases_that_nobody_holds_are_forgotten(env: pouchdb.SyncEnvironment) -> None:
    for number in range(50):
        env.PouchDB(f"db{number % 3}").put({"_id": f"x{number}"})
    gc.collect()
    db = env.PouchDB("db0")
    assert len(env._open) == 1
    assert env._references._dropped_databases == []
    assert len(db) == 17


def test_a_forgotten_database_that_was_destroyed_since_does_no_harm(
    env: pouchdb.SyncEnvironment,
) -> None:
    env.PouchDB("a").put({"_id": "x"})
    gc.collect()
    assert len(env._references._dropped_databases) == 1
    env.destroy("a")
    assert len(env.PouchDB("a")) == 0


def test_a_database_in_memory_lives_as_long_as_the_environment(
    env: pouchdb.SyncEnvironment,
) -> None:
    env.PouchDB("a", adapter="memory").put({"_id": "x"})
    gc.collect()
    env.PouchDB("b")
    assert env.PouchDB("a", adapter="memory").get("x")


# ---------------------------------------------------------------- events


@pytest.fixture
def events(env: pouchdb.SyncEnvironment) -> list[Any]:
    seen: list[Any] = []
    for event in ("created", "destroyed", "destroy"):
        env.on(event, lambda name, event=event: seen.append((event, name)))
    return seen


def test_creating_and_destroying_is_told(env: pouchdb.SyncEnvironment, events: list[Any]) -> None:
    db = env["a"]
    assert events == [("created", "a")]
    events.clear()
    db.destroy()
    assert events == [("destroyed", "a"), ("destroy", "a")]
    events.clear()
    env["b"]
    del env["b"]
    assert {("created", "b"), ("destroyed", "b"), ("destroy", "b")} == set(events)


def test_a_destruction_that_was_none_is_not_told(
    env: pouchdb.SyncEnvironment, events: list[Any]
) -> None:
    del env["a"]
    assert events == []


def test_events_reach_the_environments_of_a_folder(tmp_path: Path) -> None:
    seen: list[str] = []
    with pouchdb.setup(tmp_path) as one, pouchdb.setup(tmp_path) as two:
        two.on("created", seen.append)
        one.PouchDB("a")
        assert seen == ["a"]
        two.close()
        one.PouchDB("b")
        assert seen == ["a"]


def test_listeners_run_on_a_thread_of_their_own_and_may_call(env: pouchdb.SyncEnvironment) -> None:
    seen: list[Any] = []

    def listener(name: str) -> None:
        seen.append(threading.current_thread().name)
        if name == "a":
            env["b"].put({"_id": "x"})
            seen.append(len(env["b"]))

    env.on("created", listener)
    env.PouchDB("a")
    assert seen[:2] == ["pouchdb-callbacks", 1]
    assert set(seen[2:]) == {"pouchdb-callbacks"}


def test_an_exception_in_a_listener_is_reported(
    env: pouchdb.SyncEnvironment, caplog: pytest.LogCaptureFixture
) -> None:
    errors: list[Exception] = []
    seen: list[str] = []
    env.on("created", lambda _name: 1 / 0).on("created", seen.append).on("error", errors.append)
    with caplog.at_level(logging.ERROR, "pouchdb"):
        env.PouchDB("a")
    assert seen == ["a"]
    assert [type(error) for error in errors] == [ZeroDivisionError]
    [record] = caplog.records
    assert record.name == "pouchdb"
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError


def test_an_exception_in_an_error_listener_does_no_harm(
    env: pouchdb.SyncEnvironment, caplog: pytest.LogCaptureFixture
) -> None:
    env.on("error", lambda _error: 1 / 0).on("created", lambda _name: [][0])
    with caplog.at_level(logging.ERROR, "pouchdb"):
        env.PouchDB("a")
    assert len(caplog.records) == 2
    seen: list[str] = []
    env.on("created", seen.append)
    env.PouchDB("b")
    assert seen == ["b"]


def test_users_can_emit_events_of_their_own(env: pouchdb.SyncEnvironment) -> None:
    seen: list[Any] = []
    env.once("mine", seen.append)
    assert env.emit("mine", 1) is True
    assert env.emit("mine", 2) is False
    assert seen == [1]


def test_destroying_a_file_that_is_no_database_is_an_environment_error(tmp_path: Path) -> None:
    with pouchdb.setup(tmp_path) as env:
        env["kittens"].close()
        (file,) = tmp_path.iterdir()
        file.write_bytes(b"something else" * 1000)
        with pytest.raises(pouchdb.EnvironmentError, match="is not a SQLite database"):
            env.destroy("kittens")
        assert file.exists()
