"""What a database has; the documentation of both kinds, written once."""

from __future__ import annotations

from abc import ABC, abstractmethod

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from typing_extensions import Unpack

    from pouchdb.options import (
        AllDocsOptions,
        BulkDocsOptions,
        BulkGetOptions,
        ChangesOptions,
        DocumentLike,
        GetAttachmentOptions,
        PutOptions,
    )


class AbstractPouchDB(ABC):
    """One database.

    The methods have PouchDB's names and the snake_case names that Python prefers. Documents are
    dicts, or JSON text; they are never changed. Objects in results can be read as dicts and as
    objects (`AttrAccess`). Options are PouchDB's, given by keyword, and listed in
    `pouchdb.options`.

    What PouchDB answers with an error is raised as a `PouchDBError`; a value that cannot be
    stored, as a `BadInputError` that says where it is. In both cases, nothing was written.

    Never make one yourself: ``env["name"]`` and ``env.PouchDB("name", **options)`` do.
    """

    @property
    @abstractmethod
    def name(self) -> str:
        """The database's name."""

    @property
    @abstractmethod
    def adapter(self) -> str:
        """What stores it: ``"sqlite"`` (a file), or ``"memory"``."""

    # ------------------------------------------------------------ documents

    @abstractmethod
    def put(
        self,
        doc: DocumentLike,
        id: str | None = None,
        rev: str | None = None,
        **options: Unpack[PutOptions],
    ) -> Any:
        """Create a document or update one.

        To update, the document must have the ``_rev`` of the current revision.

        PouchDB API: "Create/update a document", https://pouchdb.com/api.html#create_document

        Args:
            doc: The document.
            id: Its id, in place of ``doc["_id"]``.
            rev: The revision that is updated, in place of ``doc["_rev"]``.
            options: See `PutOptions`.

        Raises:
            ConflictError: The document exists already, with another ``_rev``.
            MissingIdError: There is no id.
            BadRequestError: The id or the revision is none.
            BadInputError: Something in the document cannot be stored.

        >>> import pouchdb
        >>> db = pouchdb.setup()["kittens"]
        >>> resp = db.put({"_id": "mittens", "age": 3})
        >>> resp
        {'ok': True, 'id': 'mittens', 'rev': '1-...'}
        >>> db.put({"age": 4}, "mittens", resp.rev).rev
        '2-...'
        """

    @abstractmethod
    def post(self, doc: DocumentLike, **options: Unpack[PutOptions]) -> Any:
        """Create a document and let PouchDB make its id, unless it has one.

        PouchDB API: "Create a document", https://pouchdb.com/api.html#using-dbpost

        >>> import pouchdb
        >>> db = pouchdb.setup()["kittens"]
        >>> db.post({"name": "Mittens"})
        {'ok': True, 'id': '...', 'rev': '1-...'}
        """

    @abstractmethod
    def get(self, docid: str, **options: Any) -> Any:
        """Give a document.

        With ``open_revs`` (a list of revisions, or ``"all"`` for all leaf revisions), gives a
        list of ``{"ok": document}`` and ``{"missing": revision}``.

        PouchDB API: "Fetch a document", https://pouchdb.com/api.html#fetch_document

        Args:
            docid: The document's id.
            options: See `GetOptions`.

        Raises:
            NotFoundError: There is no such document (or revision), or no more.

        >>> import pouchdb
        >>> db = pouchdb.setup()["kittens"]
        >>> resp = db.put({"_id": "mittens", "age": 3})
        >>> doc = db.get("mittens", revs_info=True)
        >>> doc.age, doc._revs_info
        (3, [{'rev': '1-...', 'status': 'available'}])
        """

    @abstractmethod
    def remove(self, doc: DocumentLike, rev: str | None = None, **options: Any) -> Any:
        """Delete a document.

        It stays as a deleted revision, so that the deletion can be replicated.

        PouchDB API: "Delete a document", https://pouchdb.com/api.html#delete_document

        Args:
            doc: The document, of which ``_id`` and ``_rev`` are needed, or its id.
            rev: The current revision, if the document does not say.
            options: None are known.

        Raises:
            ConflictError: The revision is not the current one, or missing.
            NotFoundError: There is no such document.

        >>> import pouchdb
        >>> db = pouchdb.setup()["kittens"]
        >>> resp = db.put({"_id": "mittens"})
        >>> db.remove("mittens", resp.rev)
        {'ok': True, 'id': 'mittens', 'rev': '2-...'}
        """

    # ------------------------------------------------------------ many documents

    @abstractmethod
    def bulkDocs(
        self,
        docs: Sequence[DocumentLike] | DocumentLike,
        **options: Unpack[BulkDocsOptions],
    ) -> Any:
        """Create, update and delete (with ``_deleted``) many documents in one transaction.

        An error of one document is its item in the result, and does not keep the others from
        being written.

        PouchDB API: "Create/update a batch of documents",
        https://pouchdb.com/api.html#batch_create

        Args:
            docs: A list of documents, or an object (or JSON text) whose ``docs`` is one and that
                may have ``new_edits`` too.
            options: See `BulkDocsOptions`.

        >>> import pouchdb
        >>> db = pouchdb.setup()["kittens"]
        >>> for item in db.bulkDocs([{"_id": "mittens"}, {"_id": "mittens"}]):
        ...     print(item.get("ok"), item.get("name"))
        True None
        None conflict
        """

    @abstractmethod
    def bulk_docs(
        self,
        docs: Sequence[DocumentLike] | DocumentLike,
        **options: Unpack[BulkDocsOptions],
    ) -> Any:
        """Alias of `bulkDocs`."""

    @abstractmethod
    def bulkGet(
        self,
        docs: Sequence[Mapping[str, Any]] | DocumentLike,
        **options: Unpack[BulkGetOptions],
    ) -> Any:
        """Give many documents, each in the revision asked for.

        PouchDB API: "Bulk get", https://pouchdb.com/api.html#bulk_get

        Args:
            docs: A list of ``{"id": ..., "rev": ...}``, where ``rev`` may be left out, or an
                object whose ``docs`` is one.
            options: See `BulkGetOptions`.

        >>> import pouchdb
        >>> db = pouchdb.setup()["kittens"]
        >>> resp = db.put({"_id": "mittens", "age": 3})
        >>> db.bulkGet([{"id": "mittens"}]).results[0].docs[0].ok.age
        3
        """

    @abstractmethod
    def bulk_get(
        self,
        docs: Sequence[Mapping[str, Any]] | DocumentLike,
        **options: Unpack[BulkGetOptions],
    ) -> Any:
        """Alias of `bulkGet`."""

    @abstractmethod
    def allDocs(self, **options: Unpack[AllDocsOptions]) -> Any:
        """Give many documents, or their ids and revisions, in the order of the ids.

        Deleted documents are only included if ``keys`` asks for them.

        PouchDB API: "Fetch a batch of documents", https://pouchdb.com/api.html#batch_fetch

        Args:
            options: See `AllDocsOptions`.

        >>> import pouchdb
        >>> db = pouchdb.setup()["kittens"]
        >>> db["mittens"] = {"age": 3}
        >>> db["fluffy"] = {"age": 5}
        >>> result = db.allDocs(include_docs=True, startkey="g")
        >>> result.total_rows, [row.doc.age for row in result.rows]
        (2, [3])
        """

    @abstractmethod
    def all_docs(self, **options: Unpack[AllDocsOptions]) -> Any:
        """Alias of `allDocs`."""

    @abstractmethod
    def changes(self, **options: Unpack[ChangesOptions]) -> Any:
        """List the changes that were made to documents, in the order in which they were made.

        A document is listed once, at its last change.

        PouchDB API: "Listen to database changes", https://pouchdb.com/api.html#changes

        Args:
            options: See `ChangesOptions`. The functions of ``onChange`` and ``complete`` are
                called on the environment's callback thread, before this method returns.

        Raises:
            UnsupportedError: ``live`` or ``continuous``: live feeds are not part of this version.

        >>> import pouchdb
        >>> db = pouchdb.setup()["kittens"]
        >>> db["mittens"] = {"age": 3}
        >>> result = db.changes(since=0, include_docs=True)
        >>> [(change.seq, change.id, change.doc.age) for change in result.results]
        [(1, 'mittens', 3)]
        >>> db.changes(since=result.last_seq).results
        []
        """

    @abstractmethod
    def revsDiff(self, diff: Mapping[str, Sequence[str]] | str) -> Any:
        """Give those of the revisions that are not stored here.

        PouchDB API: "Revisions diff", https://pouchdb.com/api.html#revisions_diff

        Args:
            diff: The revisions, by the ids of their documents.

        >>> import pouchdb
        >>> pouchdb.setup()["kittens"].revsDiff({"mittens": ["1-a", "2-b"]})
        {'mittens': {'missing': ['1-a', '2-b']}}
        """

    @abstractmethod
    def revs_diff(self, diff: Mapping[str, Sequence[str]] | str) -> Any:
        """Alias of `revsDiff`."""

    # ------------------------------------------------------------ attachments

    @abstractmethod
    def putAttachment(
        self,
        docId: str,
        attachmentId: str,
        doc: bytes | bytearray | memoryview | str,
        type: str,
        rev: str | None = None,
    ) -> Any:
        """Attach binary data to a document, which is created if there is none.

        The order of the arguments differs from PouchDB's, as ``rev`` may be left out.

        PouchDB API: "Save an attachment", https://pouchdb.com/api.html#save_attachment

        Args:
            docId: The document's id.
            attachmentId: The attachment's name.
            doc: The data: bytes, or text in base64.
            type: The media type, such as ``"image/png"``.
            rev: The document's current revision, if it exists.

        Raises:
            ConflictError: The document exists, in another revision.

        >>> import pouchdb
        >>> db = pouchdb.setup()["kittens"]
        >>> db.putAttachment("mittens", "face.txt", b":-3", "text/plain")
        {'ok': True, 'id': 'mittens', 'rev': '1-...'}
        >>> db.get("mittens")._attachments["face.txt"].length
        3
        """

    @abstractmethod
    def put_attachment(
        self,
        docId: str,
        attachmentId: str,
        doc: bytes | bytearray | memoryview | str,
        type: str,
        rev: str | None = None,
    ) -> Any:
        """Alias of `putAttachment`."""

    @abstractmethod
    def getAttachment(
        self, docId: str, attachmentId: str, **options: Unpack[GetAttachmentOptions]
    ) -> Any:
        """Give an attachment: its ``data`` (bytes) and its ``type``.

        PouchDB API: "Get an attachment", https://pouchdb.com/api.html#get_attachment

        Args:
            docId: The document's id.
            attachmentId: The attachment's name.
            options: See `GetAttachmentOptions`.

        Raises:
            NotFoundError: There is no such document, or it has no such attachment.

        >>> import pouchdb
        >>> db = pouchdb.setup()["kittens"]
        >>> resp = db.putAttachment("mittens", "face.txt", b":-3", "text/plain")
        >>> db.getAttachment("mittens", "face.txt")
        {'data': b':-3', 'type': 'text/plain'}
        """

    @abstractmethod
    def get_attachment(
        self, docId: str, attachmentId: str, **options: Unpack[GetAttachmentOptions]
    ) -> Any:
        """Alias of `getAttachment`."""

    @abstractmethod
    def removeAttachment(self, docId: str, attachmentId: str, rev: str) -> Any:
        """Delete an attachment, by a new revision of the document that does not have it.

        PouchDB API: "Delete an attachment", https://pouchdb.com/api.html#delete_attachment

        Args:
            docId: The document's id.
            attachmentId: The attachment's name.
            rev: The document's current revision.

        Raises:
            ConflictError: It is not the current revision.
            NotFoundError: There is no such document.

        >>> import pouchdb
        >>> db = pouchdb.setup()["kittens"]
        >>> resp = db.putAttachment("mittens", "face.txt", b":-3", "text/plain")
        >>> db.removeAttachment("mittens", "face.txt", resp.rev)
        {'ok': True, 'id': 'mittens', 'rev': '2-...'}
        """

    @abstractmethod
    def remove_attachment(self, docId: str, attachmentId: str, rev: str) -> Any:
        """Alias of `removeAttachment`."""

    # ------------------------------------------------------------ the database as a whole

    @abstractmethod
    def info(self) -> Any:
        """Give information about the database.

        PouchDB API: "Get database info", https://pouchdb.com/api.html#database_information

        >>> import pouchdb
        >>> info = pouchdb.setup()["kittens"].info()
        >>> info.db_name, info.doc_count, info.update_seq
        ('kittens', 0, 0)
        """

    @abstractmethod
    def id(self) -> Any:
        """Give the database's own id, which tells it from others of the same name.

        >>> import pouchdb
        >>> len(pouchdb.setup()["kittens"].id()) > 10
        True
        """

    @abstractmethod
    def compact(self) -> Any:
        """Drop the bodies of all revisions that are no leaves, and what only they need.

        PouchDB API: "Compact the database", https://pouchdb.com/api.html#compaction

        >>> import pouchdb
        >>> pouchdb.setup()["kittens"].compact()
        {'ok': True}
        """

    @abstractmethod
    def purge(self, docId: str, rev: str) -> Any:
        """Remove a leaf revision, and those before it that have no other, as if they never were.

        Other than a deletion, it is not replicated.

        PouchDB API: "Purge a document", https://pouchdb.com/api.html#purge

        Args:
            docId: The document's id.
            rev: The leaf revision.

        Raises:
            NotFoundError: There is no such document.
            PouchDBError: There is no such leaf revision.

        >>> import pouchdb
        >>> db = pouchdb.setup()["kittens"]
        >>> resp = db.put({"_id": "mittens", "secret": "1234"})
        >>> db.purge("mittens", resp.rev)
        {'ok': True, 'deletedRevs': ['1-...'], 'documentWasRemovedCompletely': True}
        """

    @abstractmethod
    def close(self) -> Any:
        """Close this object; other objects of the same database stay open.

        More than one call is harmless; any other method then raises `DatabaseClosedError`.

        PouchDB API: "Close a database", https://pouchdb.com/api.html#close_database
        """

    @abstractmethod
    def destroy(self) -> Any:
        """Destroy the database, with all that is in it.

        All objects of the database raise `DatabaseDestroyedError` from then on.

        PouchDB API: "Delete a database", https://pouchdb.com/api.html#delete_database

        >>> import pouchdb
        >>> env = pouchdb.setup()
        >>> env["kittens"].destroy()
        {'ok': True}
        >>> "kittens" in env
        False
        """
