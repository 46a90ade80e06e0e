"""The same calls give the same answers as Node's PouchDB: revisions, orders, errors.

Random sequences of calls run on both. A failure prints its seed and the shortest sequence found;
POUCHDB_TEST_SEEDS=7 runs that one alone, POUCHDB_TEST_SEEDS=1000-9999 looks for new ones.
"""

from __future__ import annotations

import os
import re
import time

import pytest

import pouchdb
from tests.oracle.compare import Comparison, Sequence, report
from tests.oracle.ours import OurDatabase
from tests.oracle.process import Oracle, OracleError
from tests.oracle.steps import Steps

# Continuous integration walks further; the clock ends it on a slow machine.
IN_CI = os.environ.get("CI", "").lower() in ("1", "true")
SEQUENCES = 150 if IN_CI else 25
STEPS = 60
TIME_LIMIT = 60.0


def sequence_of(seed: int, adapter: str) -> Sequence:
    steps = Steps(seed)
    return Sequence(steps.options, adapter, steps.take(STEPS))


def seeds() -> range:
    chosen = os.environ.get("POUCHDB_TEST_SEEDS", f"0-{SEQUENCES - 1}")
    first, _, last = chosen.partition("-")
    return range(int(first), int(last or first) + 1)


@pytest.mark.parametrize("adapter", ["default", "memory"])
def test_random_sequences_of_calls_give_the_same_answers(
    oracle: Oracle, env: pouchdb.SyncEnvironment, adapter: str
) -> None:
    comparison = Comparison(oracle, env)
    deadline = time.monotonic() + TIME_LIMIT
    for seed in seeds():
        sequence = sequence_of(seed, adapter)
        if comparison.first_difference(sequence) is not None:
            pytest.fail(report(comparison, sequence, seed), pytrace=False)
        if time.monotonic() > deadline:
            break
    assert comparison.compared > STEPS


def test_a_document_posted_without_an_id_gets_one_of_32_hex_digits_with_dashes(
    oracle: Oracle, env: pouchdb.SyncEnvironment
) -> None:
    # the ids are random, so the sequences above have none of them
    ours = OurDatabase(env, "post", {}).call("post", {"x": 1})
    theirs = oracle.open("post", adapter="memory").call("post", {"x": 1})
    assert list(ours) == list(theirs) == ["ok", "id", "rev"]
    uuid = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    for answer in (ours, theirs):
        assert re.fullmatch(uuid, answer["id"])
        assert re.fullmatch("1-[0-9a-f]{32}", answer["rev"])


@pytest.mark.parametrize("depth", [1, 2])
def test_force_puts_a_revision_beside_the_current_one(
    oracle: Oracle, env: pouchdb.SyncEnvironment, depth: int
) -> None:
    # the revision's hash is random, so the sequences above have no force
    ours = OurDatabase(env, "force", {})
    theirs = oracle.open(f"force-{depth}", adapter="memory")
    shapes = []
    for side in (ours, theirs):
        rev = side.call("put", {"_id": "a", "n": 0})["rev"]
        first = rev
        for number in range(1, depth + 1):
            rev = side.call("put", {"_id": "a", "_rev": rev, "n": number})["rev"]
        answer = side.call("put", {"_id": "a", "_rev": first, "n": "forced"}, {"force": True})
        assert answer["rev"].startswith("2-")
        document = side.call("get", "a", {"conflicts": True})
        leaves = {rev, answer["rev"]}
        assert {document["_rev"], *document["_conflicts"]} == leaves
        shapes.append((list(answer), list(document), side.call("info")["doc_count"]))
    assert shapes[0] == shapes[1]


def test_without_deterministic_revs_the_same_content_gets_different_hashes(
    env: pouchdb.SyncEnvironment,
) -> None:
    revs = set()
    for name in ("one", "two"):
        db = env.PouchDB(name, deterministic_revs=False)
        revs.add(db.put({"_id": "a"}).rev)
    assert len(revs) == 2
    assert all(re.fullmatch("1-[0-9a-f]{32}", rev) for rev in revs)


@pytest.mark.parametrize("auto_compaction", [False, True])
@pytest.mark.parametrize("refused_first", [False, True])
def test_a_refused_revision_leaves_no_trace(
    env: pouchdb.SyncEnvironment, auto_compaction: bool, refused_first: bool
) -> None:
    """Where ours is meant to differ: PouchDB's LevelDB adapter keeps such a revision half."""
    db = env.PouchDB("test", auto_compaction=auto_compaction)
    first = db.put({"_id": "a", "n": 1}).rev
    refused, accepted = {"_id": "a", "n": "refused"}, {"_id": "a", "_rev": first, "n": 2}
    order = [refused, accepted] if refused_first else [accepted, refused]
    answer = db.bulkDocs(order)
    assert [row.get("name") for row in answer].count("conflict") == 1
    (rev,) = [row.rev for row in answer if row.get("ok")]

    document = db.get("a", conflicts=True, revs=True)
    assert (document["n"], document["_rev"]) == (2, rev)
    assert "_conflicts" not in document
    assert [leaf.ok["_rev"] for leaf in db.get("a", open_revs="all")] == [rev]
    (change,) = db.changes(style="all_docs", include_docs=True).results
    assert [leaf.rev for leaf in change.changes] == [rev]
    assert [row.doc["n"] for row in db.allDocs(include_docs=True).rows] == [2]


@pytest.mark.parametrize("data", ["not base64!", "YQ=", "Y", "ä", "YQ==YQ=="])
def test_data_that_is_not_base64_is_refused(
    oracle: Oracle, env: pouchdb.SyncEnvironment, data: str
) -> None:
    # ours looks at the attachments before it looks for conflicts, so the sequences have none
    document = {"_id": "a", "_attachments": {"x": {"content_type": "text/plain", "data": data}}}
    node = oracle.open(f"base64-{data}", adapter="memory")
    with pytest.raises(OracleError, match="badarg") as theirs:
        node.call("put", document)
    with pytest.raises(pouchdb.PouchDBError, match="badarg") as ours:
        env.PouchDB("test").put(document)
    for name in ("status", "name", "message", "reason"):
        assert ours.value[name] == theirs.value.error[name]
    assert env.PouchDB("test").info().update_seq == 0


def test_asking_for_the_latest_of_an_unknown_revision_is_answered(db: pouchdb.SyncPouchDB) -> None:
    """Another one: it ends Node's PouchDB with an exception that nobody can catch."""
    db.put({"_id": "a"})
    with pytest.raises(pouchdb.PouchDBError, match=r"(?i)latest revision|missing"):
        db.get("a", rev="7-unknown", latest=True)
    assert db.get("a")["_id"] == "a"


def test_a_call_that_pouchdb_never_answers_elsewhere_is_answered(db: pouchdb.SyncPouchDB) -> None:
    """pouchdb-utils' bulkGet() does not call back when it is asked for nothing."""
    assert db.bulkGet(docs=[]) == {"results": []}
