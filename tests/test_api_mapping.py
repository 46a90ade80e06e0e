"""A database as a dictionary of documents, and an environment as one of databases."""

from __future__ import annotations

import gc
import threading
from typing import Any

import pytest

import pouchdb

MISSING = '{"status":404,"name":"not_found","message":"missing"}'
DELETED = '{"status":404,"name":"not_found","message":"missing","reason":"deleted"}'


def test_a_document_is_set_read_and_deleted(db: pouchdb.SyncPouchDB) -> None:
    db["a"] = {"n": 1}
    assert db["a"].n == 1
    del db["a"]
    assert "a" not in db


def test_a_missing_document_is_a_key_error_with_pouchdbs_text(db: pouchdb.SyncPouchDB) -> None:
    with pytest.raises(KeyError) as caught:
        db["a"]
    assert type(caught.value) is KeyError
    assert caught.value.args == (MISSING,)
    assert isinstance(caught.value.__cause__, pouchdb.NotFoundError)
    with pytest.raises(KeyError) as caught:
        del db["a"]
    assert caught.value.args == (MISSING,)


def test_a_deleted_document_has_its_reason_too(db: pouchdb.SyncPouchDB) -> None:
    db["a"] = {}
    del db["a"]
    with pytest.raises(KeyError) as caught:
        db["a"]
    assert caught.value.args == (DELETED,)


def test_setting_a_document_sets_its_id_and_rev(db: pouchdb.SyncPouchDB) -> None:
    doc: dict[str, Any] = {"n": 1}
    db["a"] = doc
    assert doc == {"n": 1, "_id": "a", "_rev": db["a"]._rev}
    doc["n"] = 2
    db["a"] = doc
    assert doc["_rev"].startswith("2-")
    doc.pop("_rev")
    db["a"] = doc
    assert doc["_rev"].startswith("3-")


def test_setting_a_document_moves_it_to_the_id(db: pouchdb.SyncPouchDB) -> None:
    doc = {"_id": "other"}
    db["a"] = doc
    assert doc["_id"] == "a"
    assert list(db) == ["a"]


def test_a_rev_that_is_given_has_to_be_right(db: pouchdb.SyncPouchDB) -> None:
    db["a"] = {}
    doc = {"_rev": "1-0123456789abcdef0123456789abcdef"}
    with pytest.raises(pouchdb.ConflictError):
        db["a"] = doc
    assert "_id" not in doc


def test_json_text_is_set_as_a_document(db: pouchdb.SyncPouchDB) -> None:
    db["a"] = '{"n": 1}'
    db["a"] = '{"n": 2}'
    assert db["a"].n == 2


def test_a_deleted_document_can_be_set_again(db: pouchdb.SyncPouchDB) -> None:
    db["a"] = {}
    del db["a"]
    db["a"] = {}
    assert db["a"]._rev.startswith("3-")


def test_local_documents_work_but_are_not_listed(db: pouchdb.SyncPouchDB) -> None:
    db["_local/a"] = {"n": 1}
    db["_local/a"] = {"n": 2}
    assert db["_local/a"].n == 2
    assert "_local/a" in db
    assert list(db) == []
    del db["_local/a"]
    assert "_local/a" not in db


def test_only_strings_are_keys(db: pouchdb.SyncPouchDB) -> None:
    key: Any = 5
    assert key not in db
    for call in (lambda: db[key], lambda: db.__setitem__(key, {}), lambda: db.__delitem__(key)):
        with pytest.raises(pouchdb.BadRequestError, match="_id field must contain a string"):
            call()


def test_it_has_the_methods_of_mappings(db: pouchdb.SyncPouchDB) -> None:
    db.update({"b": {"n": 2}, "a": {"n": 1}}, c={"n": 3})
    assert list(db) == list(db.keys()) == ["a", "b", "c"]
    assert [(key, doc.n) for key, doc in db.items()] == [("a", 1), ("b", 2), ("c", 3)]
    assert [doc.n for doc in db.values()] == [1, 2, 3]
    assert (len(db), len(db.items()), bool(db)) == (3, 3, True)
    assert db.setdefault("a", {"n": 9}).n == 1
    assert db.setdefault("d", {"n": 4})["n"] == 4
    assert db.pop("d").n == 4
    assert db.pop("d", "default") == "default"
    with pytest.raises(KeyError, match="deleted"):
        db.pop("d")
    assert db.popitem()[0] == "a"
    assert db.get_("b").n == 2  # type: ignore[union-attr]
    assert db.get_("nothing") is None
    assert db == {"b": db["b"], "c": db["c"]}
    db.clear()
    assert len(db) == 0
    with pytest.raises(KeyError):
        db.popitem()


def test_clear_removes_conflicting_revisions_too(db: pouchdb.SyncPouchDB) -> None:
    db.bulkDocs([{"_id": "a", "_rev": "1-a"}, {"_id": "a", "_rev": "1-b"}], new_edits=False)
    db.clear()
    assert "a" not in db


def test_iterating_goes_through_all_pages(db: pouchdb.SyncPouchDB) -> None:
    ids = [f"{n:05}" for n in range(2_500)]
    db.bulkDocs([{"_id": id_} for id_ in ids])
    assert list(db) == ids
    assert [id_ for id_, _ in db.items()] == ids
    for id_ in db:
        if id_.endswith("99"):
            del db[id_]
    assert len(db) == 2_475


def test_documents_of_mappings_are_whole(db: pouchdb.SyncPouchDB) -> None:
    db.putAttachment("a", "f", b"x", "text/plain")
    [(_, doc)] = db.items()
    assert doc == db["a"]


def test_assignments_of_many_threads_all_succeed(db: pouchdb.SyncPouchDB) -> None:
    failures: list[BaseException] = []

    def write(number: int) -> None:
        try:
            for _ in range(10):
                db["a"] = {"by": number}
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert db["a"]._rev.startswith("40-")


# ---------------------------------------------------------------- environments


def test_looking_for_a_database_does_not_make_one(env: pouchdb.SyncEnvironment) -> None:
    assert "a" not in env
    assert 5 not in env  # type: ignore[comparison-overlap]
    assert env.get("a") is None
    assert env.get("a", "default") == "default"
    assert (len(env), list(env), list(env.keys()), list(env.values())) == (0, [], [], [])


def test_opening_a_database_makes_it(env: pouchdb.SyncEnvironment) -> None:
    a = env["a"]
    env.PouchDB("b")
    assert list(env) == ["a", "b"]
    assert "b" in env
    assert env.get("a") is a
    assert [name for name, _ in env.items()] == ["a", "b"]
    assert [db.name for db in env.values()] == ["a", "b"]


def test_the_same_name_gives_the_same_object_while_it_is_there(
    env: pouchdb.SyncEnvironment,
) -> None:
    db = env["a"]
    assert env["a"] is db
    assert env.PouchDB("a") is not db
    db.close()
    again = env["a"]
    assert again is not db
    assert again.info().doc_count == 0
    number = id(again)
    del again, db
    gc.collect()
    assert env["a"].put({"_id": "x"}).ok
    assert number


def test_deleting_a_database_twice_is_harmless(env: pouchdb.SyncEnvironment) -> None:
    env["a"].put({"_id": "x"})
    del env["a"]
    del env["a"]
    assert list(env) == []
    assert len(env["a"]) == 0


def test_environments_are_equal_to_themselves_only(env: pouchdb.SyncEnvironment) -> None:
    with pouchdb.setup() as other:
        assert env == env
        assert env != other
        assert len({env, other}) == 2
