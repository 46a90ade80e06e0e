"""Attachments are stored once, checked when read, and gone with the last reference."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pouchdb._hosts import HostError
from pouchdb._hosts.storage import Storage
from pouchdb._hosts.storage.attachments import decode_base64
from tests.storage_calls import HASH, Calls, document, js_json, open_storage

DATA = b"hello world"
BASE64 = base64.b64encode(DATA).decode()
DIGEST = "md5-XrY7u+Ae7tCTyyK7j1rNww=="


@pytest.fixture
def storage(folder: Path) -> Iterator[Storage]:
    opened = open_storage(folder)
    yield opened
    opened.close()


@pytest.fixture
def db(storage: Storage) -> Calls:
    return Calls(storage)


def put_with_attachment(db: Calls, id_: str) -> int:
    seq, count = map(int, db.begin([id_], [], [DIGEST])[:2])
    assert db.stage(BASE64) == (DIGEST, len(DATA))
    db.write(
        seq + 1,
        count + 1,
        bodies=[(seq + 1, count + 1, id_, document(id_))],
        new=[(id_, seq + 1)],
        refs=[(seq + 1, DIGEST)],
    )
    return seq + 1


def stored(storage: Storage) -> int:
    (shared,) = storage._shared.values()
    count: int = shared.connection.execute("SELECT count(*) FROM attachments").fetchone()[0]
    return count


def test_content_is_stored_once(db: Calls, storage: Storage) -> None:
    put_with_attachment(db, "a")
    put_with_attachment(db, "b")
    assert stored(storage) == 1
    assert storage.resolve_blob(db.reference(DIGEST)) == DATA
    assert db.call(44, js_json(DIGEST)).decode() == BASE64
    assert db.call(43, js_json(DIGEST)) == b"11"


def test_content_goes_with_the_last_revision_that_refers_to_it(db: Calls, storage: Storage) -> None:
    first, second = put_with_attachment(db, "a"), put_with_attachment(db, "b")
    db.begin(["a"])
    db.write(second, 1, gone=[first], gone_ids=["a"])
    assert stored(storage) == 1
    db.begin(["b"])
    db.write(second, 0, gone=[second], gone_ids=["b"])
    assert stored(storage) == 0
    with pytest.raises(HostError, match="missing") as caught:
        storage.resolve_blob(db.reference(DIGEST))
    assert caught.value.status == 404


def test_a_revision_that_takes_over_the_reference_keeps_the_content(
    db: Calls, storage: Storage
) -> None:
    first = put_with_attachment(db, "a")
    db.update("a", 2, refs=[(first + 1, DIGEST)], gone=[first])
    assert stored(storage) == 1


def test_an_unknown_digest_is_told_before_the_write(db: Calls) -> None:
    put_with_attachment(db, "a")
    assert db.begin([], [], [DIGEST, "md5-other"])[4] == ["md5-other"]
    db.end()


def test_what_was_staged_for_a_failed_write_is_dropped(db: Calls, storage: Storage) -> None:
    (shared,) = storage._shared.values()
    db.begin(["a"])
    db.stage(BASE64)
    db.end()
    assert not shared.staged
    db.put("a")
    db.begin(["a"])
    db.stage(BASE64)
    with pytest.raises(HostError):
        db.write(2, 2, bodies=[(2, 2, "a", {})], new=[("a", 2)], refs=[(2, DIGEST)])
    assert not shared.staged
    assert stored(storage) == 0


def test_what_was_staged_but_is_not_referred_to_is_dropped(db: Calls, storage: Storage) -> None:
    db.begin(["a"])
    db.stage(BASE64)
    db.write(1, 1, bodies=[(1, 1, "a", document("a"))], new=[("a", 1)])
    assert stored(storage) == 0


def test_bytes_that_do_not_match_their_digest_are_reported(db: Calls, storage: Storage) -> None:
    put_with_attachment(db, "a")
    (shared,) = storage._shared.values()
    shared.connection.execute("UPDATE attachments SET data = x'00'")
    with pytest.raises(HostError, match="is corrupt: the attachment") as caught:
        storage.resolve_blob(db.reference(DIGEST))
    assert caught.value.name == "environment_error"


def test_the_digests_that_were_checked_are_remembered(
    db: Calls, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_with_attachment(db, "a")
    storage.resolve_blob(db.reference(DIGEST))
    monkeypatch.setattr("pouchdb._hosts.storage.digests.digest_of", lambda _data: "again")
    assert storage.resolve_blob(db.reference(DIGEST)) == DATA


def test_a_blob_of_the_engine_is_taken_by_reference(db: Calls, storage: Storage) -> None:
    storage.read_blobs_with({"b1": DATA}.__getitem__)
    assert db.storage.operations[46]("b1") == DIGEST.encode()
    db.begin(["a"])
    assert db.call(42, "b1") == js_json([DIGEST, 11]).encode()
    db.end()


@given(st.binary(max_size=100))
def test_base64_is_decoded(data: bytes) -> None:
    assert decode_base64(base64.b64encode(data).decode()) == data


@pytest.mark.parametrize(
    "text", ["!", "YQ", "YQ=", "YR==", "YQ==\n", "Y Q==", "YQ==YQ==", "é", "-_-_"]
)
def test_base64_that_encoding_would_not_give_is_refused(text: str) -> None:
    with pytest.raises(HostError) as caught:
        decode_base64(text)
    assert caught.value.name == "badarg"
    assert caught.value.reason == "Attachment is not a valid base64 string"


def test_the_length_of_chains_does_not_matter_for_references(db: Calls, storage: Storage) -> None:
    put_with_attachment(db, "a")
    for generation in range(2, 6):
        db.update("a", generation)
    assert db.documents("a")[0][1] == f"5-{HASH}"
    assert stored(storage) == 1
