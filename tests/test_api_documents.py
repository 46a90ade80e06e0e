"""The document methods of a database: arguments, aliases, results."""

from __future__ import annotations

import copy
from typing import Any

import pytest

import pouchdb


def test_put_takes_id_and_rev_beside_the_document(db: pouchdb.SyncPouchDB) -> None:
    doc = {"n": 1}
    first = db.put(doc, "a")
    assert first == {"ok": True, "id": "a", "rev": first.rev}
    second = db.put({"n": 2}, "a", first.rev)
    third = db.put({"_id": "other", "_rev": "9-x", "n": 3}, id="a", rev=second.rev)
    assert third.rev.startswith("3-")
    assert doc == {"n": 1}
    assert db.get("a").n == 3
    assert len(db) == 1


def test_put_never_changes_the_callers_document(db: pouchdb.SyncPouchDB) -> None:
    doc = {"_id": "a", "l": [1, {"x": (2, 3)}], "_attachments": {"f": {"data": b"x"}}}
    before = copy.deepcopy(doc)
    db.put(doc)
    db.bulkDocs([doc])
    with pytest.raises(pouchdb.ConflictError):
        db.put(doc, "a")
    assert doc == before


@pytest.mark.parametrize("text", ['{"_id": "a", "n": 1}', b'{"_id": "a", "n": 1}'])
def test_json_text_is_a_document_everywhere(db: pouchdb.SyncPouchDB, text: Any) -> None:
    rev = db.put(text).rev
    db.remove(f'{{"_id": "a", "_rev": "{rev}"}}')
    assert db.post('{"_id": "b"}').id == "b"
    assert [row.ok for row in db.bulkDocs(['{"_id": "c"}', {"_id": "d"}])] == [True, True]
    assert [row.id for row in db.bulkDocs('{"docs": [{"_id": "e"}]}')] == ["e"]
    assert [row.id for row in db.bulkDocs('[{"_id": "f"}]')] == ["f"]
    assert db.revsDiff('{"x": ["1-a"]}') == {"x": {"missing": ["1-a"]}}
    assert db.bulkGet('{"docs": [{"id": "b"}]}').results[0].docs[0].ok._id == "b"
    assert db.put('{"n": 1}', "g").id == "g"
    assert list(db) == ["b", "c", "d", "e", "f", "g"]


def test_results_of_calls_are_documents_too(db: pouchdb.SyncPouchDB) -> None:
    db.put({"_id": "a"})
    doc = db.get("a")
    doc.n = 1
    doc.rev = db.put(doc).rev
    assert db.get("a").n == 1


def test_post_makes_an_id_unless_there_is_one(db: pouchdb.SyncPouchDB) -> None:
    made = db.post({"n": 1})
    assert len(made.id) >= 32
    assert db.get(made.id).n == 1
    assert db.post({"_id": "a"}).id == "a"


def test_remove_takes_a_document_or_an_id(db: pouchdb.SyncPouchDB) -> None:
    for id_ in "abcd":
        db.put({"_id": id_, "more": id_})
    assert db.remove(db.get("a")).ok
    assert db.remove("b", db.get("b")._rev).ok
    assert db.remove({"_id": "c"}, rev=db.get("c")._rev).ok
    assert db.remove({"_id": "d", "_rev": db.get("d")._rev, "of no matter": {1}}).ok
    assert len(db) == 0
    with pytest.raises(pouchdb.NotFoundError) as caught:
        db.get("a")
    assert caught.value.reason == "deleted"


def test_remove_needs_the_current_revision(db: pouchdb.SyncPouchDB) -> None:
    db.put({"_id": "a"})
    wrong = "1-0123456789abcdef0123456789abcdef"
    for arguments in [("a",), ({"_id": "a"},), ("a", wrong)]:
        with pytest.raises(pouchdb.ConflictError):
            db.remove(*arguments)  # type: ignore[arg-type]
    with pytest.raises(pouchdb.NotFoundError):
        db.remove("b")
    assert list(db) == ["a"]


def test_get_passes_its_options_on(db: pouchdb.SyncPouchDB) -> None:
    first = db.put({"_id": "a", "n": 1}).rev
    second = db.put({"_id": "a", "_rev": first, "n": 2}).rev
    assert db.get("a", rev=first).n == 1
    assert db.get("a", revs=True)._revisions.start == 2
    assert [info.status for info in db.get("a", revs_info=True)._revs_info] == ["available"] * 2
    assert db.get("a", rev=first, latest=True)._rev == second
    found = db.get("a", open_revs=[first, "7-x"])
    assert {tuple(item) for item in found} == {("ok",), ("missing",)}
    assert db.get("a", open_revs="all")[0].ok._rev == second
    with pytest.raises(pouchdb.NotFoundError):
        db.get("a", rev="7-x")


def test_conflicts_are_found(db: pouchdb.SyncPouchDB) -> None:
    db.bulkDocs([{"_id": "a", "_rev": "1-a"}, {"_id": "a", "_rev": "1-b"}], new_edits=False)
    assert db.get("a", conflicts=True)._conflicts == ["1-a"]
    db.put({"_id": "a", "_rev": "1-c"}, force=True)
    assert len(db.get("a", open_revs="all")) == 3


def test_bulk_docs_gives_each_documents_outcome(db: pouchdb.SyncPouchDB) -> None:
    db.put({"_id": "a"})
    rows = db.bulk_docs([{"_id": "a"}, {"_id": "b"}, {"n": 1}])
    assert [row.get("ok") for row in rows] == [None, True, True]
    assert (rows[0].status, rows[0].name, rows[0].id) == (409, "conflict", "a")
    rows = db.bulkDocs({"docs": [{"_id": "c", "_rev": "1-x"}], "new_edits": False})
    assert rows == []
    assert db.get("c")._rev == "1-x"
    assert db.bulkDocs(({"_id": "d"},))[0].ok


def test_all_docs_passes_its_options_on(db: pouchdb.SyncPouchDB) -> None:
    db.bulkDocs([{"_id": id_, "n": n} for n, id_ in enumerate("abcd")])

    def ids(**options: Any) -> list[str]:
        return [row.id for row in db.allDocs(**options).rows]

    assert ids() == ["a", "b", "c", "d"]
    assert ids(startkey="b", endkey="c") == ["b", "c"]
    assert ids(start_key="b", end_key="c", inclusive_end=False) == ["b"]
    assert ids(descending=True, limit=2, skip=1) == ["c", "b"]
    assert ids(keys=["c", "a"]) == ["c", "a"]
    assert ids(key="b") == ["b"]
    assert db.allDocs(keys=["x"]).rows == [{"key": "x", "error": "not_found"}]
    assert [row.doc.n for row in db.all_docs(include_docs=True).rows] == [0, 1, 2, 3]
    assert db.allDocs(limit=0, update_seq=True).update_seq == 4


def test_bulk_get_gives_documents_and_what_is_missing(db: pouchdb.SyncPouchDB) -> None:
    rev = db.put({"_id": "a"}).rev
    results = db.bulkGet([{"id": "a", "rev": rev}, {"id": "b"}], revs=True).results
    assert results[0].docs[0].ok._revisions.start == 1
    assert results[1].docs[0].error.name == "not_found"
    assert db.bulk_get({"docs": [{"id": "a"}]}).results[0].id == "a"


def test_changes_are_listed(db: pouchdb.SyncPouchDB) -> None:
    db.bulkDocs([{"_id": "a"}, {"_id": "b"}])
    db.remove(db.get("a"))
    result = db.changes(since=0, include_docs=True)
    assert [(c.id, c.get("deleted"), c.doc._id) for c in result.results] == [
        ("b", None, "b"),
        ("a", True, "a"),
    ]
    assert result.last_seq == 3
    assert db.changes(since=2).results[0].id == "a"
    assert db.changes(since="now").results == []
    assert [c.id for c in db.changes(doc_ids=["b"]).results] == ["b"]
    assert [c.id for c in db.changes(limit=1, descending=True).results] == ["a"]
    assert db.changes(return_docs=False).results == []


@pytest.mark.parametrize("name", ["onChange", "on_change"])
def test_changes_are_given_to_functions(db: pouchdb.SyncPouchDB, name: str) -> None:
    db.bulkDocs([{"_id": "a"}, {"_id": "b"}])
    seen: list[Any] = []
    options: dict[str, Any] = {name: lambda change: seen.append(change.id), "return_docs": False}
    result = db.changes(complete=lambda *args: seen.append(args), **options)
    assert seen == ["a", "b", (None, result)]
    assert result.results == []


def test_complete_hears_of_errors_too(db: pouchdb.SyncPouchDB) -> None:
    seen: list[Any] = []
    bad: Any = {1}
    with pytest.raises(pouchdb.BadInputError) as caught:
        db.changes(doc_ids=bad, complete=lambda *args: seen.append(args))
    assert seen == [(caught.value, None)]


def test_an_exception_in_on_change_is_reported(
    db: pouchdb.SyncPouchDB, env: pouchdb.SyncEnvironment
) -> None:
    db.bulkDocs([{"_id": "a"}, {"_id": "b"}])
    errors: list[Exception] = []
    env.on("error", errors.append)
    assert len(db.changes(onChange=lambda _change: 1 / 0).results) == 2
    assert len(errors) == 2


@pytest.mark.parametrize("option", ["live", "continuous"])
def test_live_changes_are_refused(db: pouchdb.SyncPouchDB, option: str) -> None:
    with pytest.raises(pouchdb.UnsupportedError, match="live feeds are not part of this version"):
        db.changes(**{option: True})  # type: ignore[arg-type]
    assert db.changes(**{option: False}).results == []  # type: ignore[arg-type]


def test_revs_diff_gives_what_is_not_there(db: pouchdb.SyncPouchDB) -> None:
    rev = db.put({"_id": "a"}).rev
    assert db.revs_diff({"a": [rev, "2-x"], "b": ["1-x"]}) == {
        "a": {"missing": ["2-x"]},
        "b": {"missing": ["1-x"]},
    }
    assert db.revsDiff({}) == {}


@pytest.mark.parametrize("data", [b"\0\xff" * 50, bytearray(b"abc"), memoryview(b"abc"), b""])
def test_attachments_are_bytes(db: pouchdb.SyncPouchDB, data: Any) -> None:
    first = db.putAttachment("a", "f", data, "image/png")
    second = db.put_attachment("a", "g", data, "text/plain", first.rev)
    found = db.getAttachment("a", "f")
    assert found == {"data": bytes(data), "type": "image/png"}
    assert type(found.data) is bytes
    older = db.get_attachment("a", "f", rev=first.rev)
    assert (older.data, type(older.data)) == (bytes(data), bytes)
    stub = db.get("a")._attachments.f
    assert (stub.stub, stub.length, stub.content_type) == (True, len(data), "image/png")
    whole = db.get("a", attachments=True, binary=True)._attachments.f
    assert whole.data == bytes(data)
    assert db.removeAttachment("a", "f", second.rev).rev.startswith("3-")
    with pytest.raises(pouchdb.NotFoundError):
        db.get_attachment("a", "f")
    assert db.remove_attachment("a", "g", db.get("a")._rev).ok
    assert "_attachments" not in db.get("a")


def test_attachments_can_be_part_of_documents(db: pouchdb.SyncPouchDB) -> None:
    files = {
        "bytes": {"content_type": "text/plain", "data": b"hello"},
        "base64": {"content_type": "text/plain", "data": "aGVsbG8="},
    }
    db.put({"_id": "a", "_attachments": files})
    db.bulkDocs([{"_id": "b", "_attachments": files}])
    for id_ in "ab":
        for name in files:
            assert db.getAttachment(id_, name).data == b"hello"
        found = db.get(id_, attachments=True)._attachments
        assert [found[name].data for name in sorted(found)] == ["aGVsbG8="] * 2


def test_an_attachment_of_another_revision_is_a_conflict(db: pouchdb.SyncPouchDB) -> None:
    rev = db.put({"_id": "a"}).rev
    with pytest.raises(pouchdb.ConflictError):
        db.putAttachment("a", "f", b"x", "text/plain")
    with pytest.raises(pouchdb.ConflictError):
        db.removeAttachment("a", "f", "1-x")
    assert db.putAttachment("a", "f", "aGVsbG8=", "text/plain", rev).ok
    assert db.getAttachment("a", "f").data == b"hello"


def test_the_database_tells_about_itself(db: pouchdb.SyncPouchDB) -> None:
    db.put({"_id": "a"})
    info = db.info()
    assert (info.db_name, info.doc_count, info.update_seq, info.adapter) == (
        "test",
        1,
        1,
        "sqlite",
    )
    assert db.id() == db.id()


def test_compacting_drops_old_bodies(db: pouchdb.SyncPouchDB) -> None:
    first = db.put({"_id": "a"}).rev
    db.put({"_id": "a", "_rev": first})
    assert db.compact() == {"ok": True}
    with pytest.raises(pouchdb.NotFoundError):
        db.get("a", rev=first)


def test_purging_leaves_no_trace(db: pouchdb.SyncPouchDB) -> None:
    rev = db.put({"_id": "a"}).rev
    answer = db.purge("a", rev)
    assert answer == {"ok": True, "deletedRevs": [rev], "documentWasRemovedCompletely": True}
    with pytest.raises(pouchdb.NotFoundError) as caught:
        db.get("a")
    assert caught.value.reason == "missing"


def test_unknown_options_are_passed_on(db: pouchdb.SyncPouchDB) -> None:
    assert db.put({"_id": "a"}, unknown=1).ok  # type: ignore[call-arg]
    assert db.get("a", unknown=None)  # type: ignore[call-overload]
    assert db.allDocs(unknown={"x": [1]}).total_rows == 1  # type: ignore[call-arg]


def test_local_seq_is_the_sequence_number_of_the_last_change(db: pouchdb.SyncPouchDB) -> None:
    first = db.put({"_id": "a"})
    db.put({"_id": "b"})
    db.put({"_id": "a", "_rev": first.rev})
    assert db.get("a", local_seq=True)._local_seq == 3
    assert db.get("a", rev=first.rev, local_seq=True)._local_seq == 3
    assert "_local_seq" not in db.get("a", revs=True)
