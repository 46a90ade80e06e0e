"""Any JSON value, any id, any bytes and any name survive Python → JavaScript → SQLite and back."""

from __future__ import annotations

import base64
import itertools
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import pouchdb

few = settings(
    max_examples=max(5, settings().max_examples // 8),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

# every code point, lone surrogates and U+0000 among them
TEXT = st.text(st.characters(exclude_categories=()))
NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)


def as_javascript_sees_it(text: str) -> str:
    """Two surrogates that make a pair are one character to JavaScript, not two."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def canonical(value: Any) -> Any:
    """The value with its strings as JavaScript sees them."""
    if isinstance(value, str):
        return as_javascript_sees_it(value)
    if isinstance(value, list):
        return [canonical(item) for item in value]
    if isinstance(value, dict):
        return {canonical(key): canonical(item) for key, item in value.items()}
    return value


TEXTS = TEXT.map(as_javascript_sees_it)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda children: st.lists(children) | st.dictionaries(TEXTS, children),
    max_leaves=40,
)
# names that begin with an underscore are PouchDB's own
FIELDS = st.dictionaries(TEXTS.filter(lambda key: not key.startswith("_")), VALUES, max_size=6)
IDS = TEXTS.filter(lambda id_: id_ != "" and not id_.startswith("_"))
IDS |= IDS.map("_design/{}".format)
# "scheme://" at the front of a name chooses an adapter in PouchDB
NAMES = st.text(st.characters(exclude_categories=()), min_size=1, max_size=300)
NAMES = NAMES.map(as_javascript_sees_it).filter(lambda name: "://" not in name)
ATTACHMENT_NAMES = TEXTS.filter(lambda name: name != "" and not name.startswith("_"))

_numbers = itertools.count()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pouchdb.SyncEnvironment]:
    """One environment for all examples of this file."""
    env = pouchdb.setup(tmp_path_factory.mktemp("databases"))
    yield env
    env.close()


@pytest.fixture(scope="module")
def store(shared: pouchdb.SyncEnvironment) -> pouchdb.SyncPouchDB:
    return shared.PouchDB("store")


def new_id() -> str:
    """An id that no other example has."""
    return f"example-{next(_numbers)}"


def fields_of(document: Any) -> dict[str, Any]:
    """What the user has put into a document."""
    return {key: value for key, value in document.items() if key not in ("_id", "_rev")}


@given(fields=FIELDS)
@example(fields={"": "", "\0": "\0", "\ud800": "\udfff", "a": {"\0\ud800": ["\udc00\ud800"]}})
@example(fields={"big": [2**53, -(2**53), 1e308, -1e308, 5e-324, 1e21, 1e-7, -0.0, 123456789e20]})
@example(fields={"1": 1, "0": 0, "-1": {"10": [], "9": {}}, "constructor": 1, "toString": None})
@example(fields={"quotes": '"\\/\b\f\n\r\t', "separators": "\u2028\u2029\ufeff\ufffe\uffff"})
@example(fields={"a": {"__proto__": {"x": 2}, "b": [{"__proto__": None}], "prototype": 3}})
def test_any_document_comes_back_from_every_way_of_reading(
    store: pouchdb.SyncPouchDB, fields: dict[str, Any]
) -> None:
    id_ = new_id()
    before = store.info().update_seq
    store.put({"_id": id_, **fields})
    assert fields_of(store.get(id_)) == fields
    rows = store.allDocs(key=id_, include_docs=True).rows
    assert [fields_of(row.doc) for row in rows] == [fields]
    changes = store.changes(since=before, include_docs=True).results
    assert [fields_of(change.doc) for change in changes] == [fields]


@given(documents=st.lists(FIELDS, max_size=5))
def test_any_documents_written_together_come_back_together(
    store: pouchdb.SyncPouchDB, documents: list[dict[str, Any]]
) -> None:
    ids = [new_id() for _ in documents]
    answer = store.bulkDocs(
        [{"_id": id_, **fields} for id_, fields in zip(ids, documents, strict=True)]
    )
    assert [row.id for row in answer] == ids
    rows = store.allDocs(keys=ids, include_docs=True).rows
    assert [fields_of(row.doc) for row in rows] == documents


@given(number=NUMBERS)
def test_any_number_keeps_its_value(store: pouchdb.SyncPouchDB, number: float) -> None:
    id_ = new_id()
    store.put({"_id": id_, "number": number})
    found = store.get(id_)["number"]
    assert math.isclose(found, number, rel_tol=0, abs_tol=0)


def test_a_deep_value_comes_back(store: pouchdb.SyncPouchDB) -> None:
    value: Any = "bottom"
    for level in range(200):
        value = [value] if level % 2 else {"down": value}
    store.put({"_id": "deep", "value": value})
    assert store.get("deep")["value"] == value


@given(id_=IDS)
@example(id_="\0")
@example(id_="\ud800")
@example(id_="a\nb\r\n\"'\\")
@example(id_="\U0010ffff\ufffd")
@example(id_="x" * 5_000)
def test_any_id_names_its_own_document(store: pouchdb.SyncPouchDB, id_: str) -> None:
    document: dict[str, Any] = store.get(id_) if id_ in store else {"_id": id_, "count": 0}
    document["count"] += 1
    answer = store.put(document)
    assert answer.id == id_
    found = store.get(id_)
    assert (found["_id"], found["count"]) == (id_, document["count"])
    assert [row.id for row in store.allDocs(keys=[id_]).rows] == [id_]
    assert [row.id for row in store.allDocs(startkey=id_, endkey=id_).rows] == [id_]
    assert store.revsDiff({id_: [found["_rev"]]}) == {}


@given(data=st.binary(max_size=2_000), name=ATTACHMENT_NAMES, type_=TEXTS)
@example(data=b"", name="empty", type_="text/plain")
@example(data=bytes(range(256)) * 300, name="\0\ud800", type_="\0")
def test_any_bytes_come_back_as_an_attachment(
    store: pouchdb.SyncPouchDB, data: bytes, name: str, type_: str
) -> None:
    id_ = new_id()
    store.putAttachment(id_, name, data, type_ or "text/plain")
    found = store.getAttachment(id_, name)
    assert (found["data"], found["type"]) == (data, type_ or "text/plain")
    inline = store.get(id_, attachments=True)["_attachments"][name]
    assert base64.b64decode(inline["data"]) == data
    binary = store.get(id_, attachments=True, binary=True)["_attachments"][name]
    assert binary["data"] == data
    assert store.get(id_)["_attachments"][name]["length"] == len(data)


@given(data=st.binary(max_size=2_000))
def test_any_bytes_inside_a_document_are_an_attachment(
    store: pouchdb.SyncPouchDB, data: bytes
) -> None:
    id_ = new_id()
    attachment = {"content_type": "image/png", "data": data}
    store.put({"_id": id_, "_attachments": {"picture": attachment}})
    assert store.getAttachment(id_, "picture")["data"] == data


@few
@given(names=st.lists(NAMES, min_size=1, max_size=3, unique=True))
@example(names=["a", "A", "a ", "a.", "../a", "a/b", "con", "%41", ".", ".."])
@example(names=["\0", "\ud800", "ä", "a\u0308", "x" * 300, "x" * 301])
def test_any_database_name_names_its_own_database(
    shared: pouchdb.SyncEnvironment, names: list[str]
) -> None:
    for name in names:
        shared.PouchDB(name).put({"_id": "me", "name": name})
    assert set(names) <= set(shared.allDbs())
    for name in names:
        db = shared.PouchDB(name)
        assert (db.get("me")["name"], db.info().db_name, len(db)) == (name, name, 1)
    for name in names:
        shared.destroy(name)
    assert set(names).isdisjoint(shared.allDbs())


@few
@given(documents=st.dictionaries(IDS, FIELDS, max_size=5), data=st.binary(max_size=99), name=NAMES)
def test_everything_is_there_after_the_folder_was_opened_anew(
    tmp_path: Path, documents: dict[str, dict[str, Any]], data: bytes, name: str
) -> None:
    folder = tmp_path / f"folder-{next(_numbers)}"
    env = pouchdb.setup(folder)
    db = env.PouchDB(name)
    db.bulkDocs([{"_id": id_, **fields} for id_, fields in documents.items()])
    db.put({"_id": "_local/here", "fields": list(documents.values())})
    answer = db.putAttachment("with an attachment", "data", data, "text/plain")
    env.close()

    env = pouchdb.setup(folder)
    assert env.allDbs() == [name]
    db = env.PouchDB(name)
    assert {id_: fields_of(db.get(id_)) for id_ in documents} == documents
    assert db.get("_local/here")["fields"] == list(documents.values())
    assert db.getAttachment("with an attachment", "data")["data"] == data
    assert db.get("with an attachment")["_rev"] == answer.rev
    env.close()
