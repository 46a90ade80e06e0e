"""The tree of errors, what they say, and how JavaScript's become Python's."""

from __future__ import annotations

import builtins
import copy
import pickle
from typing import Any

import pytest

import pouchdb
from pouchdb import errors

EXAMPLES: list[pouchdb.BaseError] = [
    pouchdb.BaseError("something"),
    pouchdb.EnvironmentError("the disk is full", filename="/databases/a.sqlite"),
    pouchdb.UnsupportedError("not here"),
    pouchdb.TimeoutError(),
    pouchdb.ClosedError(),
    pouchdb.ForkedError(),
    pouchdb.MemoryLimitError(),
    pouchdb.ReentrantCallError(),
    pouchdb.BadInputError("a set cannot be stored", path="doc.a"),
    pouchdb.JSError("x is not a function", name="TypeError", stack="TypeError: ...\n    at f"),
    pouchdb.PouchDBError("odd", status=418, name="teapot", more=[1]),
    pouchdb.ConflictError("Document update conflict", status=409, name="conflict", id="a"),
]


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("remake", [lambda e: pickle.loads(pickle.dumps(e)), copy.copy])
def test_errors_can_be_pickled_and_copied(error: pouchdb.BaseError, remake: Any) -> None:
    again = remake(error)
    assert type(again) is type(error)
    assert (str(again), repr(again), vars(again)) == (str(error), repr(error), vars(error))


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_every_error_says_something_and_is_a_base_error(error: pouchdb.BaseError) -> None:
    assert str(error)
    assert isinstance(error, pouchdb.BaseError)


@pytest.mark.parametrize(
    ("error", "also"),
    [
        (pouchdb.EnvironmentError, builtins.EnvironmentError),
        (pouchdb.UnsupportedError, NotImplementedError),
        (pouchdb.MemoryLimitError, MemoryError),
        (pouchdb.TimeoutError, builtins.TimeoutError),
        (pouchdb.ReentrantCallError, RuntimeError),
        (pouchdb.BadInputError, TypeError),
        (pouchdb.BadInputError, ValueError),
        (pouchdb.DatabaseDestroyedError, pouchdb.ClosedError),
        (pouchdb.MissingStubError, pouchdb.PreconditionFailedError),
    ],
)
def test_errors_are_also_what_python_calls_them(
    error: type[Exception], also: type[Exception]
) -> None:
    assert issubclass(error, also)


def test_the_tree_in_the_docstring_has_every_class() -> None:
    assert errors.__doc__ is not None
    classes = {name for name in errors.__all__ if name != "from_js"}
    assert {name for name in classes if name not in errors.__doc__} == set()


def test_the_package_has_every_class() -> None:
    assert {name for name in errors.__all__ if name != "from_js"} <= set(pouchdb.__all__)


@pytest.mark.parametrize(
    ("status", "name", "expected"),
    [
        (400, "bad_request", pouchdb.BadRequestError),
        (400, "query_parse_error", pouchdb.BadRequestError),
        (401, "unauthorized", pouchdb.UnauthorizedError),
        (403, "forbidden", pouchdb.ForbiddenError),
        (404, "not_found", pouchdb.NotFoundError),
        (409, "conflict", pouchdb.ConflictError),
        (412, "missing_id", pouchdb.MissingIdError),
        (412, "missing_stub", pouchdb.MissingStubError),
        (412, "file_exists", pouchdb.PreconditionFailedError),
        (500, "doc_validation", pouchdb.DocValidationError),
        (500, "unknown_error", pouchdb.PouchDBError),
        (418, "teapot", pouchdb.PouchDBError),
    ],
)
def test_each_status_has_its_class(status: int, name: str, expected: type) -> None:
    error = errors.from_js({"status": status, "name": name, "message": "m", "error": True})
    assert type(error) is expected


def test_a_pouchdb_error_has_items_and_attributes() -> None:
    given = {"status": 404, "name": "not_found", "message": "missing", "reason": "deleted"}
    error = errors.from_js({**given, "docId": "a", "stack": None})
    assert isinstance(error, pouchdb.NotFoundError)
    assert {key: error[key] for key in given} == given
    assert (error.status, error.name, error.message, error.reason) == tuple(given.values())
    assert error.get("docId") == "a"
    assert error.get("other", 5) == 5
    assert "stack" not in error
    assert dict(error) == {**given, "docId": "a"}
    with pytest.raises(KeyError, match="other"):
        error["other"]


def test_a_pouchdb_error_can_be_made_by_hand() -> None:
    error = pouchdb.PouchDBError("message", "more", status=400, name="bad_request")
    assert error.args == ("message", "more")
    assert error["status"] == 400
    assert error.reason == "message"


def test_the_text_says_status_name_reason_document_and_what_to_do() -> None:
    error = errors.from_js(
        {"status": 409, "name": "conflict", "message": "Document update conflict", "id": "a"}
    )
    assert str(error).startswith("409 conflict: Document update conflict, document 'a'. Get the")
    deleted = errors.from_js(
        {"status": 404, "name": "not_found", "message": "missing", "reason": "deleted"}
    )
    assert str(deleted) == "404 not_found: missing (deleted)"


def test_an_error_without_a_status_counts_as_500() -> None:
    error = errors.from_js({"name": "TypeError", "message": "options.keys must be an array"})
    assert type(error) is pouchdb.PouchDBError
    assert (error.status, error["name"]) == (500, "TypeError")


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("database is closed", pouchdb.DatabaseClosedError),
        ("database is destroyed", pouchdb.DatabaseDestroyedError),
    ],
)
def test_pouchdbs_words_for_a_closed_database(message: str, expected: type) -> None:
    assert type(errors.from_js({"name": "Error", "message": message})) is expected


def test_what_a_program_throws_is_a_js_error_with_its_stack() -> None:
    stack = "TypeError: x is not a function\n    at f (test.js:1:1)"
    error = errors.from_js(
        {"name": "TypeError", "message": "x is not a function", "stack": stack, "code": 7},
        program=True,
    )
    assert isinstance(error, pouchdb.JSError)
    assert (error.name, error.message, error.stack) == ("TypeError", "x is not a function", stack)
    assert error["code"] == 7
    assert str(error) == stack


def test_a_thrown_value_that_is_no_object_is_kept() -> None:
    error = errors.from_js({"message": "5", "thrown": 5}, program=True)
    assert isinstance(error, pouchdb.JSError)
    assert error["thrown"] == 5
    assert str(error) == "JavaScript has thrown 5"


def test_trouble_with_the_folder_is_an_environment_error() -> None:
    error = errors.from_js(
        {"status": 500, "name": "environment_error", "message": "corrupt", "path": "/d/a.sqlite"}
    )
    assert type(error) is pouchdb.EnvironmentError
    assert (str(error), error.filename) == ("corrupt", "/d/a.sqlite")
