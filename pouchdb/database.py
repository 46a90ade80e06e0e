"""`SyncPouchDB`: a database whose methods wait for their results, and that is a mapping too."""

# ruff: noqa: D102  # documented in the abstract class; tests/test_boundaries.py sees to it

from __future__ import annotations

from collections.abc import ItemsView, Mapping, MutableMapping, ValuesView
from contextlib import suppress
from functools import partial

from pouchdb._abstract_database import AbstractPouchDB
from pouchdb._arguments import as_document, as_documents, with_argument_name
from pouchdb._engine.codec import parse_document
from pouchdb.errors import (
    BadInputError,
    BaseError,
    ConflictError,
    DatabaseClosedError,
    DatabaseDestroyedError,
    NotFoundError,
    PouchDBError,
    UnsupportedError,
)
from pouchdb.results import AttrAccess, Blob

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any, Literal, NoReturn, TypeVar, overload

    from typing_extensions import Unpack

    from pouchdb.environment import SyncEnvironment
    from pouchdb.options import (
        AllDocsOptions,
        BulkDocsOptions,
        BulkGetOptions,
        ChangesOptions,
        DocumentLike,
        GetAttachmentOptions,
        GetOptions,
        OpenRevsOptions,
        PutOptions,
    )

    Default = TypeVar("Default")

__all__ = ["SyncPouchDB"]

#: How often an assignment or deletion without a revision is tried again when others write the
#: same document. Each failure means that somebody else has succeeded.
_ATTEMPTS = 1_000

_NO_DEFAULT: Any = object()


class SyncPouchDB(AbstractPouchDB, MutableMapping[str, "Any"]):
    """A database whose methods wait for their results. As a mapping, its ids are its keys.

    >>> import pouchdb
    >>> db = pouchdb.setup()["kittens"]
    >>> db["mittens"] = {"age": 3}
    >>> list(db), len(db), "mittens" in db
    (['mittens'], 1, True)
    >>> db["mittens"].age
    3
    >>> del db["mittens"]

    Any number of threads may use it at the same time.
    """

    def __init__(
        self,
        environment: SyncEnvironment,
        handle: int,
        name: str,
        adapter: str,
        storage: str | None = None,
    ) -> None:
        self._environment = environment
        self._handle = handle
        self._name = name
        self._adapter = adapter
        self._timeout = environment._timeout
        # `_refuse` replaces it, so that the usual case costs no question.
        self._run: Callable[..., Any] = environment._engine.call
        self._is_usable = True
        self._engine = environment._engine
        #: The storage's handle, and whether documents may be read by it, without JavaScript.
        self._storage = storage or ""
        self._can_read = storage is not None

    @property
    def name(self) -> str:
        return self._name

    @property
    def adapter(self) -> str:
        return self._adapter

    def __repr__(self) -> str:
        return f"<pouchdb.SyncPouchDB object at {id(self):#x}: {self._name!r}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a database cannot be copied or pickled; open it again by its name")

    # ------------------------------------------------------------ documents

    def put(
        self,
        doc: DocumentLike,
        id: str | None = None,
        rev: str | None = None,
        **options: Unpack[PutOptions],
    ) -> AttrAccess:
        if type(doc) is not dict or id is not None or rev is not None:
            doc = as_document(doc, id, rev)
        return self._call("put", doc, options)  # type: ignore[no-any-return]

    def post(self, doc: DocumentLike, **options: Unpack[PutOptions]) -> AttrAccess:
        return self._call("post", as_document(doc), options)  # type: ignore[no-any-return]

    if TYPE_CHECKING:
        # What other mappings have as get() is get_() here.
        @overload  # type: ignore[override]
        def get(self, docid: str, **options: Unpack[GetOptions]) -> AttrAccess: ...

        @overload
        def get(
            self,
            docid: str,
            *,
            open_revs: Literal["all"] | Sequence[str],
            **options: Unpack[OpenRevsOptions],
        ) -> list[AttrAccess]: ...

    def get(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, docid: str, **options: Any
    ) -> Any:
        if not options and self._can_read and type(docid) is str:
            document = self._engine.read_document(self._storage, docid)
            if document is not None:
                return document
        return self._call("get", docid, options)

    def remove(self, doc: DocumentLike, rev: str | None = None, **options: Any) -> AttrAccess:
        if isinstance(doc, str) and (rev is not None or not doc.lstrip().startswith("{")):
            doc = {"_id": doc}
        doc = as_document(doc)
        if isinstance(doc, dict):
            # Whatever else is in it is of no matter, and need not even be JSON.
            doc = {"_id": doc.get("_id"), "_rev": doc.get("_rev") if rev is None else rev}
            if doc["_rev"] is None:
                del doc["_rev"]
        return self._call("remove", doc, options)  # type: ignore[no-any-return]

    # ------------------------------------------------------------ many documents

    def bulkDocs(
        self,
        docs: Sequence[DocumentLike] | DocumentLike,
        **options: Unpack[BulkDocsOptions],
    ) -> list[AttrAccess]:
        return self._call("bulkDocs", as_documents(docs), options)  # type: ignore[no-any-return]

    def bulk_docs(
        self,
        docs: Sequence[DocumentLike] | DocumentLike,
        **options: Unpack[BulkDocsOptions],
    ) -> list[AttrAccess]:
        return self.bulkDocs(docs, **options)

    def bulkGet(
        self,
        docs: Sequence[Mapping[str, Any]] | DocumentLike,
        **options: Unpack[BulkGetOptions],
    ) -> AttrAccess:
        asked = as_documents(docs)
        if not isinstance(asked, dict):
            asked = {"docs": asked}
        return self._call("bulkGet", {**asked, **options})  # type: ignore[no-any-return]

    def bulk_get(
        self,
        docs: Sequence[Mapping[str, Any]] | DocumentLike,
        **options: Unpack[BulkGetOptions],
    ) -> AttrAccess:
        return self.bulkGet(docs, **options)

    def allDocs(self, **options: Unpack[AllDocsOptions]) -> AttrAccess:
        return self._call("allDocs", options)  # type: ignore[no-any-return]

    def all_docs(self, **options: Unpack[AllDocsOptions]) -> AttrAccess:
        return self._call("allDocs", options)  # type: ignore[no-any-return]

    def changes(self, **options: Unpack[ChangesOptions]) -> AttrAccess:
        given: dict[str, Any] = {**options}
        if given.get("live") or given.get("continuous"):
            raise UnsupportedError(
                "live feeds are not part of this version; without live=True, changes(since=...) "
                "gives what has changed since a sequence number"
            )
        snake_case = given.pop("on_change", None)
        on_change = given.pop("onChange", None) or snake_case
        complete = given.pop("complete", None)
        if on_change or complete:
            return self._changes_to(on_change, complete, given)
        return self._call("changes", given)  # type: ignore[no-any-return]

    def revsDiff(self, diff: Mapping[str, Sequence[str]] | str) -> AttrAccess:
        if isinstance(diff, str):
            diff = parse_document(diff, "diff")
        return self._call("revsDiff", diff)  # type: ignore[no-any-return]

    def revs_diff(self, diff: Mapping[str, Sequence[str]] | str) -> AttrAccess:
        return self.revsDiff(diff)

    # ------------------------------------------------------------ attachments

    def putAttachment(
        self,
        docId: str,
        attachmentId: str,
        doc: bytes | bytearray | memoryview | str,
        type: str,
        rev: str | None = None,
    ) -> AttrAccess:
        if not isinstance(doc, bytes | bytearray | memoryview | str):
            kind = doc.__class__.__name__
            message = f"expected bytes (or text in base64), not {kind}: the data to attach"
            raise BadInputError(message, path="doc")
        return self._call("putAttachment", docId, attachmentId, rev, doc, type)  # type: ignore[no-any-return]

    def put_attachment(
        self,
        docId: str,
        attachmentId: str,
        doc: bytes | bytearray | memoryview | str,
        type: str,
        rev: str | None = None,
    ) -> AttrAccess:
        return self.putAttachment(docId, attachmentId, doc, type, rev)

    def getAttachment(
        self, docId: str, attachmentId: str, **options: Unpack[GetAttachmentOptions]
    ) -> AttrAccess:
        if not options and self._can_read and type(docId) is type(attachmentId) is str:
            found = self._engine.read_attachment(self._storage, docId, attachmentId)
            if found is not None:
                return AttrAccess(data=found[0], type=found[1])
        blob: Blob = self._call("getAttachment", docId, attachmentId, options)
        return AttrAccess(data=bytes(blob), type=blob.type)

    def get_attachment(
        self, docId: str, attachmentId: str, **options: Unpack[GetAttachmentOptions]
    ) -> AttrAccess:
        return self.getAttachment(docId, attachmentId, **options)

    def removeAttachment(self, docId: str, attachmentId: str, rev: str) -> AttrAccess:
        return self._call("removeAttachment", docId, attachmentId, rev)  # type: ignore[no-any-return]

    def remove_attachment(self, docId: str, attachmentId: str, rev: str) -> AttrAccess:
        return self._call("removeAttachment", docId, attachmentId, rev)  # type: ignore[no-any-return]

    # ------------------------------------------------------------ the database as a whole

    def info(self) -> AttrAccess:
        return self._call("info")  # type: ignore[no-any-return]

    def id(self) -> str:
        return self._call("id")  # type: ignore[no-any-return]

    def compact(self) -> AttrAccess:
        return self._call("compact")  # type: ignore[no-any-return]

    def purge(self, docId: str, rev: str) -> AttrAccess:
        return self._call("purge", docId, rev)  # type: ignore[no-any-return]

    def close(self) -> None:
        if self._is_usable:
            with suppress(DatabaseClosedError):  # another thread was faster
                self._call("close")
            self._refuse(_closed_error)
            self._environment._open.pop(self._handle, None)
            self._environment._references.drop_database(self._handle, close=False)

    def destroy(self) -> AttrAccess:
        # The engine's event makes all objects of this name refuse everything else.
        answer: AttrAccess = self._call("destroy")
        self._environment._wait_for_listeners()
        return answer

    # ------------------------------------------------------------ as a mapping

    def __getitem__(self, docId: str) -> AttrAccess:
        """The same as `get`, but raises a `KeyError` when there is no such document."""
        try:
            return self.get(docId)
        except NotFoundError as error:
            raise _key_error(error) from error

    def __setitem__(self, docId: str, doc: DocumentLike) -> None:
        """Save the document under this id, and set its ``_id`` and ``_rev``.

        Without a ``_rev``, it replaces the document of this id, whatever its revision. (`put`
        would fail with a conflict.)
        """
        document = as_document(doc)
        has_rev = isinstance(document, dict) and document.get("_rev") is not None
        for _ in range(_ATTEMPTS):
            try:
                answer = self.put(document, docId, None if has_rev else self._current_rev(docId))
                break
            except ConflictError:
                if has_rev:
                    raise
        else:
            raise _gave_up(docId)
        if isinstance(doc, MutableMapping):
            doc["_id"], doc["_rev"] = answer["id"], answer["rev"]

    def __delitem__(self, docId: str) -> None:
        """Remove the current document of this id; a `KeyError` if there is none."""
        self._take(docId)

    def __contains__(self, docId: object) -> bool:
        if not isinstance(docId, str):
            return False
        try:
            self.get(docId)
        except NotFoundError:
            return False
        return True

    def __iter__(self) -> Iterator[str]:
        """The ids of all documents, in order. Documents may be written meanwhile."""
        return (row["id"] for row in self._rows(include_docs=False))

    def __len__(self) -> int:
        count: int = self.allDocs(limit=0)["total_rows"]
        return count

    def items(self) -> ItemsView[str, AttrAccess]:
        """The ids and documents, as a view that reads many at once."""
        return _Items(self)

    def values(self) -> ValuesView[AttrAccess]:
        """The documents, as a view that reads many at once."""
        return _Values(self)

    def get_(self, docId: str, default: Default | None = None) -> AttrAccess | Default | None:
        """A document, or the default when there is none: what ``get`` is in other mappings.

        >>> import pouchdb
        >>> pouchdb.setup()["kittens"].get_("mittens", {"hello": "world"})
        {'hello': 'world'}
        """
        try:
            return self.get(docId)
        except NotFoundError:
            return default

    def pop(self, docId: str, default: Any = _NO_DEFAULT) -> Any:
        """Remove a document and give it back."""
        try:
            return self._take(docId)
        except KeyError:
            if default is _NO_DEFAULT:
                raise
            return default

    def clear(self) -> None:
        """Remove all documents."""
        while True:
            rows = self.allDocs()["rows"]
            if not rows:
                return
            answers = self.bulkDocs(
                [{"_id": row["id"], "_rev": row["value"]["rev"], "_deleted": True} for row in rows]
            )
            for answer in answers:
                if answer.get("error") and answer.get("name") != "conflict":
                    from pouchdb.errors import from_js

                    raise from_js(answer)

    # ------------------------------------------------------------ inside

    def _call(self, method: str, *args: Any) -> Any:
        try:
            return self._run("call", self._handle, method, *args, timeout=self._timeout)
        except BadInputError as error:
            # The engine was given the handle and the method first.
            raise with_argument_name(error, method, before=2) from None

    def _refuse(self, make_error: Callable[[SyncPouchDB], BaseError]) -> None:
        """Raise this from now on. May be called from inside a host call."""

        def refuse(*_args: Any, **_kwargs: Any) -> NoReturn:
            raise make_error(self)

        self._is_usable = self._can_read = False
        self._run = refuse

    def _changes_to(
        self,
        on_change: Callable[[Any], object] | None,
        complete: Callable[[Any, Any], object] | None,
        options: dict[str, Any],
    ) -> AttrAccess:
        """List changes and give them to the functions."""
        callbacks = self._environment._callbacks
        wants_docs = options.get("return_docs", True)
        if on_change:
            options["return_docs"] = True
        error: BaseError | None = None
        result: Any = None
        try:
            result = self._call("changes", options)
        except BaseError as caught:
            error = caught
        if on_change and result is not None:
            for change in result["results"]:
                callbacks.post(partial(on_change, change))
            if not wants_docs:
                result["results"] = []
        if complete:
            callbacks.post(partial(complete, error, result))
        callbacks.wait(None)
        if error is not None:
            raise error
        return result  # type: ignore[no-any-return]

    def _current_rev(self, docId: str) -> str | None:
        if not isinstance(docId, str):
            return None  # for put() to refuse
        if docId.startswith("_local/"):
            local = self.get_(docId)
            return None if local is None else local["_rev"]
        rows = self.allDocs(key=docId)["rows"]
        return rows[0]["value"]["rev"] if rows else None

    def _take(self, docId: str) -> AttrAccess:
        """Remove the current document and give it back."""
        for _ in range(_ATTEMPTS):
            doc = self[docId]
            try:
                self.remove(docId, doc["_rev"])
            except ConflictError:
                continue
            except NotFoundError as error:
                raise _key_error(error) from error
            return doc
        raise _gave_up(docId)

    def _rows(self, include_docs: bool) -> Iterator[AttrAccess]:
        """All rows of `allDocs`, page by page."""
        options: dict[str, Any] = {"include_docs": include_docs, "limit": 1_000}
        while True:
            rows = self._call("allDocs", dict(options))["rows"]
            yield from rows
            if len(rows) < options["limit"]:
                return
            # U+0000 is the next character that any id after the last one can have.
            options["startkey"] = rows[-1]["id"] + "\0"

    def __del__(self) -> None:
        if getattr(self, "_is_usable", False):
            self._environment._drop(self._handle, self._adapter)


class _Items(ItemsView[str, AttrAccess]):
    _mapping: SyncPouchDB

    def __iter__(self) -> Iterator[tuple[str, AttrAccess]]:
        return ((row["id"], row["doc"]) for row in self._mapping._rows(include_docs=True))


class _Values(ValuesView[AttrAccess]):
    _mapping: SyncPouchDB

    def __iter__(self) -> Iterator[AttrAccess]:
        return (row["doc"] for row in self._mapping._rows(include_docs=True))


def _key_error(error: PouchDBError) -> KeyError:
    """As the error of a mapping, with the JSON text that PouchDB's errors have as strings."""
    import json

    text = {"status": error.status, "name": error.name, "message": error.message}
    if error.reason != error.message:
        text["reason"] = error.reason
    return KeyError(json.dumps(text, separators=(",", ":"), ensure_ascii=False))


def _gave_up(docId: str) -> ConflictError:
    return ConflictError(
        f"others have written the document {_ATTEMPTS} times meanwhile",
        status=409,
        name="conflict",
        id=docId,
    )


def _closed_error(db: SyncPouchDB) -> BaseError:
    return DatabaseClosedError("database is closed", status=500, name="Error", db_name=db.name)


def destroyed_error(db: SyncPouchDB) -> BaseError:
    """What the methods of a destroyed database raise."""
    return DatabaseDestroyedError(
        "database is destroyed", status=500, name="Error", db_name=db.name
    )
