"""The storage host of one engine: its folder and the databases that are open.

Handles of the same database share one connection, which is closed when the last of them is given
back; one in memory lives until it is destroyed, as with PouchDB's own adapter.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from pouchdb._hosts import HostError
from pouchdb._hosts.storage import attachments
from pouchdb._hosts.storage.connection import Durability, StorageFault, environment_error
from pouchdb._hosts.storage.database import Database
from pouchdb._hosts.storage.file_names import file_name
from pouchdb._hosts.storage.folder import database_names
from pouchdb._hosts.storage.operations import Operations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

_MEMORY: Final = "memory"


class Storage:
    """The databases of one folder, and those in memory.

    `operations` are the host calls by number; see `operations`. They run on one thread at a time,
    whichever it is.
    """

    def __init__(
        self,
        folder: str,
        *,
        durability: Durability = "normal",
        busy_timeout: float = 10.0,
    ) -> None:
        self._folder = Path(folder)
        self._durability: Durability = durability
        self._busy_timeout = busy_timeout
        self._handles: dict[str, Database] = {}
        self._shared: dict[tuple[str, str], Database] = {}
        self._last_handle = 0
        self._raw: dict[str, bytes] = {}
        self._last_token = 0
        #: What was digested last: a Blob is twice, for its document's revision and when stored.
        self.digested: tuple[bytes, str] | None = None
        self.resolve_any_blob: Callable[[str], bytes] = self.resolve_blob
        self.operations = Operations(self).table

    # ------------------------------------------------------------------ for the engine

    def read_blobs_with(self, resolve: Callable[[str], bytes]) -> None:
        """Say how to get at the bytes of any Blob that JavaScript refers to."""
        self.resolve_any_blob = resolve

    def resolve_blob(self, reference: str) -> bytes:
        """The bytes of an attachment that JavaScript holds as a Blob."""
        handle, _, digest = reference[1:].partition(":")
        db = self.database(handle)
        try:
            return attachments.data(db, digest)
        except StorageFault as fault:
            raise db.translate(fault) from fault

    def read_document(self, handle: str, docid: str) -> bytes | None:
        """A document's JSON text, on any thread; None if JavaScript has to answer."""
        db = self._handles.get(handle)
        if db is None or db.reader is None:
            return None
        return db.reader.get(docid)

    def read_attachment(self, handle: str, docid: str, name: str) -> tuple[bytes, str] | None:
        """An attachment and its media type, like `read_document`."""
        db = self._handles.get(handle)
        if db is None or db.reader is None:
            return None
        return db.reader.attachment(docid, name)

    def take_raw(self, token: str) -> bytes:
        """The JSON text behind a raw result; it is given once."""
        return self._raw.pop(token)

    def list_databases(self) -> list[str]:
        """The names of the databases in the folder, sorted."""
        return database_names(self._folder)

    def has_file(self, name: str) -> bool:
        """Whether there is a file of this name's, whatever is in it."""
        return os.path.lexists(self._folder / file_name(name))

    def abort(self) -> None:
        """JavaScript was terminated: undo what it had begun. Results may yet be taken."""
        self.digested = None
        for db in self._databases():
            if not db.destroyed:
                db.rollback()

    def close(self) -> None:
        """Close all databases. Harmless when repeated."""
        databases = self._databases()
        self._shared.clear()
        self._handles.clear()
        self._raw.clear()
        for db in databases:
            db.close()

    # ------------------------------------------------------------------ for the operations

    def database(self, handle: str) -> Database:
        """The database behind a handle."""
        try:
            return self._handles[handle]
        except KeyError:
            raise HostError(
                status=412,
                name="precondition_failed",
                message="Database not open",
                reason="the database was closed or destroyed",
            ) from None

    def keep_raw(self, text: bytes) -> bytes:
        """Keep the JSON text of a result for `take_raw`; returns its token."""
        self._last_token += 1
        token = str(self._last_token)
        self._raw[token] = text
        return token.encode()

    # ------------------------------------------------------------------ databases

    def open(self, kind: str, name: str) -> tuple[str, str]:
        """Open a database, "sqlite" or "memory"; returns its handle and its uuid."""
        db = self._shared.get((kind, name))
        if db is None or not db.is_alive():
            db = self._shared[kind, name] = self._new_database(kind, name)
        db.users += 1
        self._last_handle += 1
        handle = str(self._last_handle)
        self._handles[handle] = db
        return handle, db.uuid

    def _new_database(self, kind: str, name: str) -> Database:
        if kind == _MEMORY:
            return Database(name, None, self._durability, self._busy_timeout)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise environment_error(
                self._folder, f"cannot be made a folder for databases: {error.strerror}"
            ) from error
        path = self._folder / file_name(name)
        return Database(name, path, self._durability, self._busy_timeout)

    def release(self, handle: str) -> None:
        """Give a handle back. Harmless when repeated."""
        db = self._handles.pop(handle, None)
        if db is None:
            return
        db.users -= 1
        if db.users == 0 and (db.path is not None or db.destroyed):
            db.close()
            self._forget(db)

    def destroy(self, handle: str) -> None:
        """Remove a database; other handles of it give errors from now on."""
        db = self.database(handle)
        try:
            db.destroy()
        finally:
            if db.destroyed:
                del self._handles[handle]
                self._forget(db)

    def _forget(self, db: Database) -> None:
        for key in [key for key, shared in self._shared.items() if shared is db]:
            del self._shared[key]

    def _databases(self) -> set[Database]:
        """Also those that were destroyed behind the back of their handles."""
        return {*self._shared.values(), *self._handles.values()}
