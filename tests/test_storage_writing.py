"""Writes are all or nothing, numbered upwards for ever, and counted."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from pouchdb._hosts import HostError
from pouchdb._hosts.storage import Storage
from tests.storage_calls import HASH, Calls, document, open_storage


@pytest.fixture
def storage(folder: Path) -> Iterator[Storage]:
    opened = open_storage(folder)
    yield opened
    opened.close()


@pytest.fixture
def db(storage: Storage) -> Calls:
    return Calls(storage)


def test_a_new_document_is_a_chain_of_one(db: Calls) -> None:
    db.put("a")
    row = [0, f"1-{HASH}", 0, 1, 1, 1, f"1,{HASH}:1", document("a")]
    assert db.documents("a", "b") == [row]


def test_a_chain_grows_without_being_read(db: Calls) -> None:
    db.put("a")
    db.update("a", 2)
    assert db.documents("a")[0][1:7] == [f"2-{HASH}", 0, 2, 2, 2, f"1,{HASH}:1,{HASH}:2"]


def test_many_documents_are_one_write(db: Calls) -> None:
    assert db.put("a", "b", "c") == 3
    assert db.info() == (3, 3)


def test_begin_tells_what_the_write_depends_on(db: Calls) -> None:
    db.put("a", "b")
    seq, count, rows, local, unknown = db.begin(["b", "x"], ["_local/x"], ["md5-none"])
    assert (seq, count, local, unknown) == (2, 2, [None], ["md5-none"])
    assert [row[:6] for row in rows] == [[0, f"1-{HASH}", 0, 2, 2, 1]]
    db.end()


def test_ending_without_writing_leaves_everything(db: Calls) -> None:
    db.put("a")
    db.begin(["b"])
    db.end()
    assert db.info() == (1, 1)
    db.put("b")
    assert db.info() == (2, 2)


def test_local_documents_can_be_part_of_a_write(db: Calls) -> None:
    db.begin(["a"], ["_local/x"])
    db.write(
        1,
        1,
        bodies=[(1, 1, "a", document("a"))],
        new=[("a", 1)],
        local=[("_local/x", "0-1", '{"_id":"_local/x"}')],
    )
    assert db.call(38, '"_local/x"') == b'{"_id":"_local/x"}'
    assert db.begin([], ["_local/x"])[3] == ["0-1"]
    db.write(1, 1, local=[("_local/x", "", "")])
    assert db.call(38, '"_local/x"') == b""


def test_local_documents_are_compared_and_stored_at_once(db: Calls) -> None:
    put = ("_local/a", '"_local/a"')
    assert db.call(39, put[1], "", "0-1", '{"v":1}') == b""
    assert db.call(39, put[1], "", "0-1", '{"v":2}') == b"conflict"
    assert db.call(39, put[1], '"0-1"', "0-2", '{"v":2}') == b""
    assert db.call(38, put[1]) == b'{"v":2}'
    assert db.call(40, put[1], '"0-1"') == b"conflict"
    assert db.call(40, put[1], '"0-2"') == b""
    assert db.call(40, put[1], '"0-2"') == b"missing"


# ------------------------------------------------------------------ sequence numbers


def test_removing_the_newest_body_keeps_its_number(db: Calls) -> None:
    db.put("a")
    seq = db.update("a", 2)
    db.begin(["a"])
    db.write(seq, 0, gone=[1, 2], gone_ids=["a"])
    assert db.get("a") == ""
    assert db.info() == (0, 2)
    assert db.changes() == []
    assert db.put("b") == 3


def test_a_document_stays_in_the_feed_when_the_body_of_its_last_change_goes(db: Calls) -> None:
    db.put("a")
    db.update("a", 2)
    db.begin(["a"])
    tree = f"1,{HASH}:1"
    db.write(2, 1, gone=[2], other=[("a", 2, 1, 0, 1, f"1-{HASH}", tree)])
    assert db.bodies(1, 2) == [document("a"), None]
    assert [(row["id"], row["seq"]) for row in db.changes()] == [("a", 2)]
    assert db.put("b") == 3


def test_the_count_can_change_without_a_new_number(db: Calls) -> None:
    db.put("a", "b")
    db.begin(["a"])
    db.write(2, 1, gone=[1], gone_ids=["a"])
    assert db.info() == (1, 2)
    assert db.put("c") == 3
    assert db.info() == (2, 3)


def test_numbers_survive_reopening_after_everything_was_removed(
    db: Calls, storage: Storage, folder: Path
) -> None:
    db.put("a", "b")
    db.begin(["a", "b"])
    db.write(2, 0, gone=[1, 2], gone_ids=["a", "b"])
    storage.close()
    again = open_storage(folder)
    assert Calls(again).put("c") == 3
    again.close()


# ------------------------------------------------------------------ failures


def pragma(storage: Storage, statement: str) -> None:
    (db,) = storage._shared.values()
    db.connection.execute(statement)


def test_a_full_disk_leaves_the_previous_state_and_a_usable_database(
    db: Calls, storage: Storage
) -> None:
    db.put("a")
    pragma(storage, "PRAGMA max_page_count=20")
    with pytest.raises(HostError, match="the disk is full: make room and try again") as caught:
        db.put("b", *map(str, range(1000)), body={"x": "y" * 1000})
    assert caught.value.name == "environment_error"
    assert db.info() == (1, 1)
    assert db.get("b") == ""
    pragma(storage, "PRAGMA max_page_count=100000")
    assert db.put("b") == 2


def test_a_read_only_database_leaves_the_previous_state(db: Calls, storage: Storage) -> None:
    db.put("a")
    pragma(storage, "PRAGMA query_only=1")
    with pytest.raises(HostError, match="may not be written to"):
        db.put("b")
    assert db.get("a") == document("a")
    pragma(storage, "PRAGMA query_only=0")
    assert db.put("b") == 2


def test_a_write_that_breaks_a_rule_is_undone_as_a_whole(db: Calls) -> None:
    db.put("a")
    db.begin(["a", "b"])
    with pytest.raises(HostError, match="UNIQUE"):
        db.write(
            3,
            3,
            bodies=[(2, 2, "b", document("b")), (3, 3, "a", document("a"))],
            new=[("b", 2), ("a", 3)],
        )
    assert db.info() == (1, 1)
    assert db.get("b") == ""


def test_what_javascript_left_open_is_given_up(db: Calls, storage: Storage) -> None:
    db.begin(["a"])
    storage.abort()
    with pytest.raises(RuntimeError, match="given up"):
        db.write(1, 1)
    db.begin(["a"])
    assert db.put("b") == 1  # begins anew
    db.begin(["a"])
    assert db.info() == (1, 1)


def lines_of(action: Callable[[], Any]) -> int:
    """How many lines of the storage host an action runs through."""
    count = 0

    def trace(_frame: FrameType, event: str, _arg: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    _traced(action, trace)
    return count


def interrupt_at(line: int, action: Callable[[], Any]) -> None:
    """Run an action and raise KeyboardInterrupt before its n-th line in the storage host."""
    left = line

    def trace(_frame: FrameType, event: str, _arg: Any) -> Any:
        nonlocal left
        left -= event == "line"
        if left == 0:
            left = -1
            raise KeyboardInterrupt
        return trace

    with pytest.raises(KeyboardInterrupt):
        _traced(action, trace)


def _traced(action: Callable[[], Any], trace: Callable[..., Any]) -> None:
    def only_the_host(frame: FrameType, event: str, arg: Any) -> Any:
        is_host = "_hosts" in frame.f_code.co_filename
        return trace(frame, event, arg) if is_host else None

    before = sys.gettrace()
    sys.settrace(only_the_host)
    try:
        action()
    finally:
        sys.settrace(before)


def test_an_interrupt_anywhere_leaves_the_write_done_or_undone(folder: Path) -> None:
    storage = open_storage(folder)
    db = Calls(storage)
    refs = [(2, "md5-XrY7u+Ae7tCTyyK7j1rNww==")]

    def write() -> None:
        seq, count, *_ = db.begin(["a"], [], ["md5-x"])
        db.stage("aGVsbG8gd29ybGQ=")
        db.write(
            seq + 1, count, bodies=[(seq + 1, count, "a", {"v": 1})],
            grown=[("a", seq + 1, f"{seq + 1}-{HASH}")],
            gone=[seq], refs=[(seq + 1, refs[0][1])],
        )  # fmt: skip

    db.put("a")
    total = lines_of(write)
    assert total > 50
    for line in range(1, total + 1):
        count, seq = db.info()
        interrupt_at(line, write)
        assert db.info() in {(count, seq), (count, seq + 1)}
        assert db.put(f"after {line}") > seq
        (shared,) = storage._shared.values()
        assert not shared.connection.in_transaction
        assert not shared.staged
        storage.close()
        storage = open_storage(folder)
        db = Calls(storage)
        restore(db)
    storage.close()


def restore(db: Calls) -> None:
    """Let the next round's sequence number be the one after the document's."""
    seq, count, rows, *_ = db.begin(["a"])
    tree = f"1,{HASH}:{seq + 1}"
    db.write(
        seq + 1, count, bodies=[(seq + 1, count, "a", {"v": 0})],
        other=[("a", seq + 1, seq + 1, 0, 1, f"1-{HASH}", tree)], gone=[rows[0][3]],
    )  # fmt: skip
