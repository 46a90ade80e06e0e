"""Ranges, keys and the changes feed, for ids of any characters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pouchdb._hosts.storage import Storage
from tests.storage_calls import HASH, Calls, document, open_storage, parse

STRANGE = ["", "\0", "a\0", "a\0b", "\n", '"', "\\", "\x7f", "é", "\ud7ff", "\ud800", "\udfff"]
STRANGE += ["\ue000", "\uffff", "\U00010000", "\U0010ffff", "a\ud800", "_design/x"]

ids = st.text(st.characters(codec=None, exclude_categories=()), min_size=1, max_size=5)


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    opened = open_storage(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def db(storage: Storage) -> Calls:
    return Calls(storage)


def wtf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def ids_of(result: Any) -> list[str]:
    return [row["id"] for row in result["rows"]]


def test_ids_keep_every_character_and_are_ordered_by_code_points(db: Calls) -> None:
    db.put(*STRANGE)
    assert ids_of(db.all_docs("doc")) == sorted(STRANGE, key=wtf8)
    assert [row["id"] for row in db.changes()] == STRANGE
    for id_ in STRANGE:
        assert db.get(id_)["_id"] == id_
    assert [row[0] for row in db.documents(*STRANGE)] == list(range(len(STRANGE)))


@settings(deadline=None)
@given(st.lists(ids, unique=True, max_size=8), ids, ids, st.booleans(), st.integers(-1, 3))
def test_a_range_holds_what_lies_in_it(
    chosen: list[str], first: str, last: str, descending: bool, limit: int
) -> None:
    storage = open_storage(Path())
    db = Calls(storage, "m", "memory")
    if chosen:
        db.put(*chosen)
    found = ids_of(db.all_docs(first=first, last=last, descending=descending, limit=limit))
    expected = sorted(
        (id_ for id_ in chosen if wtf8(first) <= wtf8(id_) <= wtf8(last)),
        key=wtf8,
        reverse=descending,
    )
    assert found == (expected if limit < 0 else expected[:limit])
    storage.close()


def test_a_row_is_what_pouchdb_answers_with(db: Calls) -> None:
    db.put("a", "b")
    row: dict[str, Any] = {"id": "b", "key": "b", "value": {"rev": f"1-{HASH}"}}
    result = db.all_docs(skip=1)
    assert result == {"total_rows": 2, "offset": 1, "rows": [row], "update_seq": 2}
    assert list(result) == ["total_rows", "offset", "rows", "update_seq"]
    row["doc"] = document("b")
    assert db.all_docs("doc", first="b")["rows"] == [row]
    assert db.all_docs("tree", first="b")["rows"] == [[None, row]]


def test_an_excluded_id_is_left_out(db: Calls) -> None:
    db.put("a", "b", "c")
    assert ids_of(db.all_docs(last="b", excluded="b")) == ["a"]


def test_raw_results_are_given_once(db: Calls) -> None:
    db.put("a")
    assert parse(db.all_docs_raw()) == db.all_docs()
    with pytest.raises(KeyError):
        db.storage.take_raw("1")


def delete(db: Calls, id_: str) -> None:
    seq, count, *_ = db.begin([id_])
    rev = f"2-{HASH}"
    tree = f'[[{{"pos":1,"ids":["x",{{}},[]]}}],{{"{rev}":{seq + 1}}}]'
    body = {"_id": id_, "_rev": rev, "_deleted": True}
    db.write(
        seq + 1,
        count - 1,
        bodies=[(seq + 1, count - 1, id_, body)],
        other=[(id_, seq + 1, seq + 1, 1, 0, rev, tree)],
    )


@pytest.mark.parametrize("keys", [["b", "a", "none", "a"], ["b", "a", "no\0ne", "a"]])
def test_keys_have_rows_for_deleted_and_unknown_documents(db: Calls, keys: list[str]) -> None:
    db.put("a", "b")
    delete(db, "b")
    existing = {"id": "a", "key": "a", "value": {"rev": f"1-{HASH}"}}
    deleted = {"rev": f"2-{HASH}", "deleted": True}
    rows = [
        {"id": "b", "key": "b", "value": deleted, "doc": None},
        existing,
        {"key": keys[2], "error": "not_found"},
        existing,
    ]
    result = db.by_keys(*keys)
    assert result == {"offset": 0, "total_rows": 1, "rows": rows}
    assert list(result) == ["offset", "total_rows", "rows"]


def test_deleted_documents_are_in_the_feed_only(db: Calls) -> None:
    db.put("a", "b")
    delete(db, "a")
    assert ids_of(db.all_docs()) == ["b"]
    first, second = db.changes("doc")
    assert first["id"] == "b"
    assert second["deleted"] is True
    assert second["doc"]["_deleted"] is True
    assert list(second) == ["id", "changes", "doc", "deleted", "seq"]
    assert db.get("a") == "deleted"


def test_the_feed_has_each_document_once(db: Calls) -> None:
    db.put("a", "b")
    db.update("a", 2)
    assert [(row["id"], row["seq"]) for row in db.changes()] == [("b", 2), ("a", 3)]
    assert [row["seq"] for row in db.changes(descending=True, start=2**53)] == [3, 2]
    assert [row["seq"] for row in db.changes(start=2)] == [3]
    assert [row["seq"] for row in db.changes(limit=1)] == [2]


@pytest.mark.parametrize("chosen", [["a", "c", "a", "x"], ["a", "c", "\ud800"]])
def test_the_feed_of_some_documents(db: Calls, chosen: list[str]) -> None:
    db.put("a", "b", "c")
    db.update("a", 2)
    assert [row["seq"] for row in db.changes(ids=chosen)] == [3, 4]
    assert [row["seq"] for row in db.changes(ids=chosen, start=3)] == [4]
    last = db.changes(ids=chosen, start=2**53, descending=True, limit=1)
    assert [row["seq"] for row in last] == [4]
