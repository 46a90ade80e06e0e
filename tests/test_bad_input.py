"""Values that cannot be stored: the error says where they are, and nothing is written."""

from __future__ import annotations

import datetime
import decimal
import fractions
import pathlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

import pouchdb
from pouchdb._engine import codec


@dataclass
class Kitten:
    name: str


circular_list: list[Any] = [1]
circular_list.append({"again": circular_list})
circular_dict: dict[str, Any] = {}
circular_dict["self"] = circular_dict

BAD_VALUES = [
    ({"x"}, "a set cannot be stored as JSON; use sorted(...) or list(...)"),
    (frozenset("x"), "a frozenset cannot be stored as JSON; use sorted"),
    (float("nan"), "JSON has no number nan; use None"),
    (float("-inf"), "JSON has no number -inf"),
    (datetime.datetime(2024, 1, 1), "a datetime cannot be stored as JSON; use its isoformat()"),
    (datetime.date(2024, 1, 1), "a date cannot be stored as JSON; use its isoformat()"),
    (datetime.timedelta(1), "a timedelta cannot be stored as JSON; use its total_seconds()"),
    (decimal.Decimal(1), "a Decimal cannot be stored as JSON; use str(...), or float(...)"),
    (fractions.Fraction(1, 2), "a Fraction cannot be stored as JSON"),
    (1j, "a complex cannot be stored as JSON; use [x.real, x.imag]"),
    (range(3), "a range cannot be stored as JSON; use list(...)"),
    (pathlib.PurePosixPath("x"), "a PurePosixPath cannot be stored as JSON; use str(...)"),
    (Kitten("Mittens"), "a Kitten cannot be stored as JSON; use dataclasses.asdict(...)"),
    (object(), "an object cannot be stored as JSON; expected dict, list, str"),
    (print, "a builtin_function_or_method cannot be stored as JSON; expected"),
    (2**53 + 1, "the integer 9007199254740993 is beyond ±2**53"),
    (-(10**500), "the integer of 1661 bits is beyond ±2**53"),
    (b"x", "binary data (bytes) can only be an attachment"),
    (bytearray(b"x"), "binary data (bytearray) can only be an attachment"),
    (circular_list, "contains itself: it is the same object as 2 level(s) above"),
    (circular_dict, "contains itself: it is the same object as 1 level(s) above"),
]


@pytest.fixture(params=["with orjson", "without orjson"])
def mode(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    codec._Orjson.load()
    if request.param == "without orjson":
        monkeypatch.setattr(codec._Orjson, "dumps", None)
        monkeypatch.setattr(codec._Orjson, "budget", None)


def refused(call: Callable[[], object]) -> pouchdb.BadInputError:
    with pytest.raises(pouchdb.BadInputError) as caught:
        call()
    return caught.value


@pytest.mark.usefixtures("mode")
@pytest.mark.parametrize(("value", "message"), BAD_VALUES, ids=[m[:25] for _, m in BAD_VALUES])
def test_the_error_says_where_and_what(db: pouchdb.SyncPouchDB, value: Any, message: str) -> None:
    error = refused(lambda: db.put({"_id": "a", "ok": None, "list": [{}, {"b c": value}]}))
    assert error.path is not None
    assert error.path.startswith("doc.list[1]['b c']")
    assert str(error).startswith(error.path)
    assert message in str(error)
    assert len(db) == 0


@pytest.mark.usefixtures("mode")
@pytest.mark.parametrize("key", [1, None, 1.5, True, b"k", ("a", "b")])
def test_keys_that_are_no_strings_are_refused(db: pouchdb.SyncPouchDB, key: Any) -> None:
    error = refused(lambda: db.put({"_id": "a", "x": [{key: 1}]}))
    assert error.path == f"doc.x[0][{key!r}]"
    assert "the keys of a JSON object are strings" in str(error)


def test_nothing_of_a_batch_is_written(db: pouchdb.SyncPouchDB) -> None:
    error = refused(lambda: db.bulkDocs([{"_id": "a"}, {"_id": "b", "x": {1}}]))
    assert error.path == "docs[1].x"
    assert len(db) == 0


@pytest.mark.parametrize(
    ("call", "path"),
    [
        (lambda db: db.post({"a": {1}}), "doc.a"),
        (lambda db: db.put({"_id": "a"}, force={1}), "options.force"),
        (lambda db: db.put({"a": {1}}, "a", "1-x"), "doc.a"),
        (lambda db: db.get("a", rev={1}), "options.rev"),
        (lambda db: db.get({1}), "docid"),
        (lambda db: db.allDocs(startkey=datetime.date.max), "options.startkey"),
        (lambda db: db.changes(doc_ids={"a"}), "options.doc_ids"),
        (lambda db: db.bulkDocs({"docs": [{"a": {1}}]}), "docs.docs[0].a"),
        (lambda db: db.bulkGet([{"id": {1}}]), "options.docs[0].id"),
        (lambda db: db.revsDiff({"a": {"1-x"}}), "diff.a"),
        (lambda db: db.putAttachment({1}, "f", b"", ""), "docId"),
        (lambda db: db.putAttachment("a", "f", b"", {1}), "type"),
        (lambda db: db.getAttachment("a", {1}), "attachmentId"),
        (lambda db: db.removeAttachment("a", "f", {1}), "rev"),
        (lambda db: db.purge("a", {1}), "rev"),
        (lambda db: db.remove({"_id": "a", "_rev": {1}}), "doc._rev"),
        (lambda db: db.__setitem__("a", {"x": {1}}), "doc.x"),
    ],
)
def test_the_path_begins_with_the_arguments_name(
    db: pouchdb.SyncPouchDB, call: Callable[[Any], object], path: str
) -> None:
    assert refused(lambda: call(db)).path == path


def test_the_name_of_a_database_is_named(env: pouchdb.SyncEnvironment) -> None:
    bad: Any = {1}
    assert refused(lambda: env.PouchDB(bad)).path == "name"
    assert refused(lambda: env.PouchDB("a", revs_limit=bad)).path == "options.revs_limit"
    assert env.allDbs() == []


@pytest.mark.parametrize("data", [5, None, ["a"], {"a": 1}])
def test_an_attachment_is_bytes_or_text(db: pouchdb.SyncPouchDB, data: Any) -> None:
    error = refused(lambda: db.putAttachment("a", "f", data, "text/plain"))
    assert str(error).startswith("doc: expected bytes (or text in base64), not ")


def test_bytes_are_only_taken_as_the_data_of_an_attachment(db: pouchdb.SyncPouchDB) -> None:
    attachment = {"content_type": b"text/plain", "data": b"x"}
    error = refused(lambda: db.put({"_id": "a", "_attachments": {"f": attachment}}))
    assert error.path == "doc._attachments.f.content_type"


def test_text_that_is_no_json_is_refused(db: pouchdb.SyncPouchDB) -> None:
    for call in (
        lambda: db.put("mittens"),
        lambda: db.post("{"),
        lambda: db.remove("{'_id': 'a'}"),
    ):
        assert refused(call).path == "doc"
    assert refused(lambda: db.bulkDocs("no")).path == "docs"
    assert refused(lambda: db.bulkDocs(['{"_id": "a"}', "no"])).path == "docs[1]"
    assert refused(lambda: db.revsDiff("no")).path == "diff"
    assert len(db) == 0


def test_an_unsafe_integer_in_json_text_is_refused(db: pouchdb.SyncPouchDB) -> None:
    assert refused(lambda: db.put('{"_id": "a", "n": 9007199254740993}')).path == "doc.n"


def test_the_database_is_as_good_as_before(db: pouchdb.SyncPouchDB) -> None:
    for _ in range(3):
        refused(lambda: db.put({"_id": "a", "x": {1}}))
        refused(lambda: db.putAttachment({1}, "f", b"data", ""))  # type: ignore[arg-type]
    assert db.put({"_id": "a"}).ok
    assert db.putAttachment("b", "f", b"data", "text/plain").ok


BAD_DOCUMENTS: list[tuple[Any, type[pouchdb.PouchDBError], str]] = [
    (5, pouchdb.BadRequestError, "Document must be a JSON object"),
    (None, pouchdb.BadRequestError, "Document must be a JSON object"),
    ([], pouchdb.BadRequestError, "Document must be a JSON object"),
    ("[]", pouchdb.BadRequestError, "Document must be a JSON object"),
    ({}, pouchdb.MissingIdError, "_id is required for puts"),
    ({"_id": 5}, pouchdb.BadRequestError, "_id field must contain a string"),
    ({"_id": "_x"}, pouchdb.BadRequestError, "Only reserved document ids may start"),
    ({"_id": "a", "_rev": "x"}, pouchdb.BadRequestError, "Invalid rev format"),
    ({"_id": "a", "_rev": 5}, pouchdb.BadRequestError, "Invalid rev format"),
    ({"_id": "a", "_rev": "1-a"}, pouchdb.ConflictError, "Document update conflict"),
    ({"_id": "a", "_x": 1}, pouchdb.DocValidationError, "Bad special document member"),
]


@pytest.mark.parametrize(("doc", "expected", "message"), BAD_DOCUMENTS)
def test_bad_documents_get_pouchdbs_own_errors(
    db: pouchdb.SyncPouchDB, doc: Any, expected: type[pouchdb.PouchDBError], message: str
) -> None:
    with pytest.raises(expected) as caught:
        db.put(doc)
    assert caught.value.message.startswith(message)
    assert len(db) == 0


@pytest.mark.parametrize(
    ("call", "expected", "message"),
    [
        (lambda db: db.get(5), pouchdb.BadRequestError, "_id field must contain a string"),
        (lambda db: db.get("a", open_revs=["x"]), pouchdb.BadRequestError, "Invalid rev format"),
        (lambda db: db.bulkDocs(5), pouchdb.BadRequestError, "Missing JSON list of 'docs'"),
        (lambda db: db.bulkDocs([5]), pouchdb.BadRequestError, "Document must be a JSON object"),
        (lambda db: db.allDocs(keys="a"), pouchdb.PouchDBError, "options.keys must be an array"),
        (
            lambda db: db.allDocs(keys=["a"], startkey="a"),
            pouchdb.BadRequestError,
            "Some query parameter is invalid",
        ),
        (
            lambda db: db.put({"_id": "a", "_attachments": {"_f": {"data": b""}}}),
            pouchdb.BadRequestError,
            "Something wrong with the request",
        ),
        (
            lambda db: db.put({"_id": "a", "_attachments": {"f": {"stub": True}}}),
            pouchdb.MissingStubError,
            "A pre-existing attachment stub wasn't found",
        ),
    ],
)
def test_bad_arguments_get_pouchdbs_own_errors(
    db: pouchdb.SyncPouchDB,
    call: Callable[[Any], object],
    expected: type[pouchdb.PouchDBError],
    message: str,
) -> None:
    with pytest.raises(expected) as caught:
        call(db)
    assert caught.value.message == message


def test_a_database_without_a_name_is_refused(env: pouchdb.SyncEnvironment) -> None:
    names: list[Any] = [None, 5, [], {}]
    for name in names:
        with pytest.raises(pouchdb.PouchDBError, match="Missing/invalid DB name"):
            env.PouchDB(name)
        with pytest.raises(pouchdb.PouchDBError, match="Missing/invalid DB name"):
            env.destroy(name)


def test_an_adapter_that_is_not_there_is_refused(env: pouchdb.SyncEnvironment) -> None:
    bad: Any = "leveldb"
    with pytest.raises(pouchdb.PouchDBError, match="Invalid Adapter: leveldb"):
        env.PouchDB("a", adapter=bad)
