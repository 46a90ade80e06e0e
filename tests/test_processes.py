"""Several processes on one folder: writes are serialised, nothing is lost, all see all."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

import pouchdb
from tests.programs import run, running

NAMES = ["a", "b", "c"]
PROCESSES = len(NAMES)
COUNT = 60

WRITER = """
    import sys, pouchdb
    folder, me, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    db = pouchdb.setup(folder).PouchDB("shared")
    print("ready", flush=True)
    sys.stdin.readline()
    last_seq = 0
    for number in range(count):
        db.put({"_id": f"{me}-{number:04}", "by": me})
        while True:
            counter = db.get("counter")
            counter["count"] += 1
            try:
                db.put(counter)
                break
            except pouchdb.ConflictError:
                pass
        seq = db.info().update_seq
        assert seq >= last_seq + 2, (seq, last_seq)
        last_seq = seq
"""


def test_concurrent_writers_lose_nothing(folder: Path, env: pouchdb.SyncEnvironment) -> None:
    shared = env.PouchDB("shared")
    shared.put({"_id": "counter", "count": 0})
    with ExitStack() as stack:
        writers = [stack.enter_context(running(WRITER, folder, name, COUNT)) for name in NAMES]
        assert [writer.line() for writer in writers] == ["ready"] * PROCESSES
        for writer in writers:
            writer.tell("go")
        ends = [writer.finish() for writer in writers]
    assert [(end.code, end.out, end.err) for end in ends] == [(0, "", "")] * PROCESSES

    assert shared.get("counter")["count"] == PROCESSES * COUNT
    assert len(shared) == PROCESSES * COUNT + 1
    # every write got a number of its own
    assert shared.info().update_seq == 1 + 2 * PROCESSES * COUNT
    changes = shared.changes().results
    assert len(changes) == PROCESSES * COUNT + 1
    seqs = [change.seq for change in changes]
    assert seqs == sorted(set(seqs))


BULK_WRITER = """
    import sys, pouchdb
    folder, me = sys.argv[1], sys.argv[2]
    db = pouchdb.setup(folder).PouchDB("shared")
    for batch in range(5):
        rows = db.bulkDocs([{"_id": f"{me}-{batch}-{n}"} for n in range(200)])
        assert all(row.ok for row in rows)
        mine = db.bulkDocs([{"_id": f"common-{batch}-{n}", "by": me} for n in range(50)])
        print(sum(1 for row in mine if row.get("ok")))
"""


def test_of_concurrent_writers_of_one_document_exactly_one_wins(folder: Path) -> None:
    with ExitStack() as stack:
        writers = [stack.enter_context(running(BULK_WRITER, folder, name)) for name in NAMES]
        ends = [writer.finish() for writer in writers]
    assert [(end.code, end.err) for end in ends] == [(0, "")] * 3
    assert sum(int(line) for end in ends for line in end.out.split()) == 250
    env = pouchdb.setup(folder)
    assert len(env.PouchDB("shared")) == 3 * 1_000 + 250
    env.close()


def test_a_reader_sees_what_other_processes_have_written(
    folder: Path, db: pouchdb.SyncPouchDB
) -> None:
    db.put({"_id": "mine"})
    child = """
        import sys, pouchdb
        db = pouchdb.setup(sys.argv[1]).PouchDB("test")
        mine = db.get("mine")
        mine["seen"] = True
        db.put(mine)
        db.putAttachment("other", "a", b"bytes", "text/plain")
        db.put({"_id": "_local/y", "n": 1})
    """
    ended = run(child, folder)
    assert (ended.code, ended.err) == (0, "")
    assert db.get("mine")["seen"] is True
    assert db.getAttachment("other", "a")["data"] == b"bytes"
    assert db.get("_local/y")["n"] == 1
    assert [row.id for row in db.allDocs().rows] == ["mine", "other"]
    assert db.info().doc_count == 2
    assert db.info().update_seq == 3


def test_a_database_made_by_another_process_is_listed_and_opened(
    folder: Path, env: pouchdb.SyncEnvironment
) -> None:
    assert env.allDbs() == []
    child = "import sys, pouchdb; pouchdb.setup(sys.argv[1]).PouchDB('new').put({'_id': 'x'})"
    assert run(child, folder).code == 0
    assert env.allDbs() == ["new"]
    assert "x" in env["new"]


ENDLESS_WRITER = """
    import itertools, sys, pouchdb
    db = pouchdb.setup(sys.argv[1]).PouchDB("test")
    for number in itertools.count():
        ids = [f"{sys.argv[2]}-{number}-{part}" for part in range(20)]
        db.bulkDocs([{"_id": id_, "text": "x" * 500} for id_ in ids])
        print(number, flush=True)
"""


def test_what_was_answered_survives_a_kill(folder: Path) -> None:
    answered = 0
    for life in range(3):
        with running(ENDLESS_WRITER, folder, life) as writer:
            answered += len([writer.line() for _ in range(30)])
            writer.process.kill()
            answered += writer.finish().out.count("\n")
        env = pouchdb.setup(folder)
        count = len(env.PouchDB("test"))
        env.close()
        # whole batches, and in each life at most one that was committed but not yet answered
        assert count % 20 == 0
        assert answered <= count // 20 <= answered + life + 1


@pytest.mark.slow
def test_a_destroyed_database_is_gone_for_the_others(
    folder: Path, env: pouchdb.SyncEnvironment
) -> None:
    env.PouchDB("test").put({"_id": "old"})
    child = "import sys, pouchdb; pouchdb.setup(sys.argv[1]).destroy('test')"
    ended = run(child, folder)
    assert (ended.code, ended.err) == (0, "")
    assert env.allDbs() == []
