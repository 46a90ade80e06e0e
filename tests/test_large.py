"""Large things pass: documents and results of 50 MB, attachments of 10 MB, many documents."""

from __future__ import annotations

import hashlib
from base64 import b64encode

import pytest

import pouchdb

pytestmark = pytest.mark.slow

MEGABYTE = 1_000_000


def test_a_document_of_50_megabytes(db: pouchdb.SyncPouchDB) -> None:
    text = "0123456789" * (5 * MEGABYTE)
    db.put({"_id": "large", "text": text})
    assert db.get("large")["text"] == text


def test_a_document_of_50_megabytes_in_all_widths_of_characters(db: pouchdb.SyncPouchDB) -> None:
    text = "aä€😀\u0000" * (4 * MEGABYTE)  # 11 bytes of UTF-8
    db.put({"_id": "large", "text": text})
    assert db.get("large")["text"] == text


def test_a_result_of_50_megabytes(db: pouchdb.SyncPouchDB) -> None:
    texts = {f"{number:03}": chr(97 + number % 26) * (MEGABYTE // 2) for number in range(100)}
    for start in range(0, 100, 25):
        ids = [f"{number:03}" for number in range(start, start + 25)]
        db.bulkDocs([{"_id": id_, "text": texts[id_]} for id_ in ids])
    rows = db.allDocs(include_docs=True).rows
    assert {row.id: row.doc.text for row in rows} == texts
    changes = db.changes(include_docs=True, conflicts=True).results
    assert {change.id: change.doc.text for change in changes} == texts


def test_a_document_of_many_small_values(db: pouchdb.SyncPouchDB) -> None:
    values = {str(number): [number, {"n": number}] for number in range(200_000)}
    db.put({"_id": "wide", "values": values})
    assert db.get("wide")["values"] == values


def test_ten_attachments_of_10_megabytes(db: pouchdb.SyncPouchDB) -> None:
    for number in range(10):
        data = bytes([number]) * (10 * MEGABYTE)
        db.putAttachment(f"document-{number}", "data", data, "application/octet-stream")
    for number in range(10):
        found = db.getAttachment(f"document-{number}", "data")
        assert found["data"] == bytes([number]) * (10 * MEGABYTE)
    stub = db.get("document-3")["_attachments"]["data"]
    digest = hashlib.md5(bytes([3]) * (10 * MEGABYTE), usedforsecurity=False).digest()
    assert (stub["length"], stub["stub"]) == (10 * MEGABYTE, True)
    assert stub["digest"] == f"md5-{b64encode(digest).decode()}"


def test_an_attachment_of_10_megabytes_inline(db: pouchdb.SyncPouchDB) -> None:
    data = bytes(range(256)) * 40_000
    attachment = {"content_type": "image/png", "data": b64encode(data).decode()}
    db.put({"_id": "inline", "_attachments": {"picture": attachment}})
    found = db.get("inline", attachments=True)["_attachments"]["picture"]["data"]
    assert found == attachment["data"]
    assert db.getAttachment("inline", "picture")["data"] == data


def test_fifty_thousand_documents_at_once(db: pouchdb.SyncPouchDB) -> None:
    rows = db.bulkDocs([{"_id": f"{number:05}", "n": number} for number in range(50_000)])
    assert len(rows) == 50_000
    assert all(row.ok for row in rows)
    assert [row.id for row in db.allDocs().rows] == [f"{number:05}" for number in range(50_000)]
    assert db.info().update_seq == 50_000


def test_a_document_with_a_thousand_revisions(db: pouchdb.SyncPouchDB) -> None:
    rev = db.put({"_id": "a", "n": 0}).rev
    for number in range(1, 1_200):
        rev = db.put({"_id": "a", "_rev": rev, "n": number}).rev
    found = db.get("a", revs=True)
    assert (found["n"], found["_rev"]) == (1_199, rev)
    # PouchDB's revs_limit
    assert len(found["_revisions"]["ids"]) == 1_000
