"""The storage host of one engine: its databases, and the host calls about them.

Requests begin with the handle that `Storage.open` gave out. Handles of the same database share one
connection, which is closed when the last of them is; one in memory lives until it is destroyed,
as with PouchDB's own adapter.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from pouchdb._hosts import HostError
from pouchdb._hosts.storage import (
    all_docs,
    attachments,
    changes,
    file_names,
    local_documents,
    reading,
    wire,
    writing,
)
from pouchdb._hosts.storage.connection import Durability, StorageFault, environment_error
from pouchdb._hosts.storage.database import Database, stored_name

Operation = Callable[[str], "bytes | None"]

_MEMORY: Final = "memory"
_SQLITE_MAGIC: Final = b"SQLite format 3\0"


class Storage:
    """The databases of one folder, and those in memory.

    `operations` are the host calls; see `pouchdb._engine.table`. They run on one thread at a time.
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
        #: A Blob is digested twice: for its document's revision hash and when it is stored.
        self._digested: tuple[bytes, str] | None = None
        self._resolve: Callable[[str], bytes] = self.resolve_blob
        self.operations: dict[int, Operation] = {
            20: self._guard(self._open),
            21: self._guard(self._close),
            22: self._guard(self._destroy),
            23: self._guard(self._info),
            24: self._guard(self._get),
            25: self._guard(self._get_raw),
            26: self._guard(self._trees),
            27: self._guard(self._documents),
            28: self._guard(self._bodies),
            29: self._guard(self._begin),
            30: self._guard(self._write),
            31: self._guard(self._end),
            32: self._guard(self._all_docs),
            33: self._guard(self._all_docs_raw),
            34: self._guard(self._all_docs_by_keys),
            35: self._guard(self._all_docs_by_keys_raw),
            36: self._guard(self._changes),
            37: self._guard(self._changes_raw),
            38: self._guard(self._get_local),
            39: self._guard(self._put_local),
            40: self._guard(self._remove_local),
            41: self._guard(self._stage_base64),
            42: self._guard(self._stage_blob),
            43: self._guard(self._attachment_size),
            44: self._guard(self._attachment_base64),
            45: self._guard(self._data_version),
            46: self._guard(self._blob_digest),
        }

    # ------------------------------------------------------------------ for the engine

    def read_blobs_with(self, resolve: Callable[[str], bytes]) -> None:
        """Say how to get at the bytes of any Blob that JavaScript refers to."""
        self._resolve = resolve

    def resolve_blob(self, reference: str) -> bytes:
        """The bytes of an attachment that JavaScript holds as a Blob."""
        handle, _, digest = reference[1:].partition(":")
        return attachments.data(self._database(handle), digest)

    def take_raw(self, token: str) -> bytes:
        """The JSON text behind a raw result; it is given once."""
        return self._raw.pop(token)

    def list_databases(self) -> list[str]:
        """The names of the databases in the folder, sorted."""
        names: list[str] = []
        if self._folder.is_dir():
            for path in self._folder.iterdir():
                name = self._name_of(path)
                if name is not None:
                    names.append(name)
        return sorted(names)

    def abort(self) -> None:
        """JavaScript was terminated: undo what it had begun and forget what it had fetched."""
        self._raw.clear()
        self._digested = None
        for db in self._shared.values():
            db.rollback()

    def close(self) -> None:
        """Close all databases. Harmless when repeated."""
        databases = set(self._shared.values())
        self._shared.clear()
        self._handles.clear()
        self._raw.clear()
        for db in databases:
            db.close()

    # ------------------------------------------------------------------ plumbing

    def _guard(self, operation: Callable[[str], bytes | None]) -> Operation:
        """Give SQLite's errors their meaning."""

        def run(text: str) -> bytes | None:
            try:
                return operation(text)
            except StorageFault as fault:
                handle = text.partition("\n")[0]
                db = self._handles.get(handle)
                if db is None:
                    raise
                raise db.translate(fault) from fault

        return run

    def _database(self, handle: str) -> Database:
        try:
            return self._handles[handle]
        except KeyError:
            raise HostError(
                status=412,
                name="precondition_failed",
                message="Database not open",
                reason="the database was closed or destroyed",
            ) from None

    def _name_of(self, path: Path) -> str | None:
        name = file_names.database_name(path.name)
        if name is None and not file_names.is_hashed(path.name):
            return None
        try:
            with path.open("rb") as file:
                if file.read(len(_SQLITE_MAGIC)) != _SQLITE_MAGIC:
                    return None
        except OSError:
            return None
        if name is not None:
            return name
        name = stored_name(path)
        return name if name is not None and file_names.file_name(name) == path.name else None

    def _keep_raw(self, text: bytes) -> bytes:
        self._last_token += 1
        token = str(self._last_token)
        self._raw[token] = text
        return token.encode()

    # ------------------------------------------------------------------ databases

    def _open(self, text: str) -> bytes:
        """``kind`` (sqlite, memory) · ``name`` → ``handle,uuid``."""
        kind, name_field = text.split("\n")
        name: str = wire.load(name_field)
        db = self._shared.get((kind, name))
        if db is None or not db.is_alive():
            db = self._shared[kind, name] = self._new_database(kind, name)
        db.users += 1
        self._last_handle += 1
        handle = str(self._last_handle)
        self._handles[handle] = db
        return f"{handle},{db.uuid}".encode()

    def _new_database(self, kind: str, name: str) -> Database:
        if kind == _MEMORY:
            return Database(name, None, self._durability, self._busy_timeout)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise environment_error(
                self._folder, f"cannot be made a folder for databases: {error.strerror}"
            ) from error
        path = self._folder / file_names.file_name(name)
        return Database(name, path, self._durability, self._busy_timeout)

    def _close(self, text: str) -> None:
        db = self._handles.pop(text, None)
        if db is None:
            return
        db.users -= 1
        if db.users == 0 and (db.path is not None or db.destroyed):
            db.close()
            self._forget(db)

    def _destroy(self, text: str) -> None:
        db = self._database(text)
        try:
            db.destroy()
        finally:
            if db.destroyed:
                del self._handles[text]
                self._forget(db)

    def _forget(self, db: Database) -> None:
        for key in [key for key, shared in self._shared.items() if shared is db]:
            del self._shared[key]

    def _info(self, text: str) -> bytes:
        """``handle`` → ``[number of documents, last seq]``."""
        db = self._database(text)
        if db.unsettled:
            db.rollback()
        seq, count = db.state()
        return b"[%d,%d]" % (count, seq)

    def _data_version(self, text: str) -> bytes:
        """``handle`` → ``[data version, last seq]``: the first changes when others commit."""
        db = self._database(text)
        return b"[%d,%d]" % (db.data_version(), db.state()[0])

    # ------------------------------------------------------------------ reading

    def _get(self, text: str) -> bytes:
        """``handle`` · ``id`` → the document, or a word of `reading`."""
        handle, id_field = text.split("\n")
        return reading.get(self._database(handle), id_field)

    def _get_raw(self, text: str) -> bytes:
        """The same, with a token in place of the document."""
        found = self._get(text)
        return self._keep_raw(found) if found[:1] == b"{" else found

    def _trees(self, text: str) -> bytes:
        handle, ids_field = text.split("\n")
        db = self._database(handle)
        if db.unsettled:
            db.rollback()
        return b"[%b]" % b",".join(reading.trees(db, ids_field))

    def _documents(self, text: str) -> bytes:
        handle, ids_field = text.split("\n")
        return b"[%b]" % b",".join(reading.documents(self._database(handle), ids_field))

    def _bodies(self, text: str) -> bytes:
        """``handle`` · ``seqs`` → their bodies as an array, null for a missing one."""
        handle, seqs_field = text.split("\n")
        return b"[%b]" % b",".join(reading.bodies(self._database(handle), seqs_field))

    def _all_docs(self, text: str) -> bytes:
        fields = text.split("\n")
        return all_docs.all_docs(self._database(fields[0]), fields)

    def _all_docs_raw(self, text: str) -> bytes:
        return self._keep_raw(self._all_docs(text))

    def _all_docs_by_keys(self, text: str) -> bytes:
        fields = text.split("\n")
        return all_docs.all_docs_by_keys(self._database(fields[0]), fields)

    def _all_docs_by_keys_raw(self, text: str) -> bytes:
        return self._keep_raw(self._all_docs_by_keys(text))

    def _changes(self, text: str) -> bytes:
        fields = text.split("\n")
        return changes.array(changes.changes(self._database(fields[0]), fields))

    def _changes_raw(self, text: str) -> bytes:
        """The request of `_changes` and ``since`` → a token for the whole result."""
        *fields, since = text.split("\n")
        rows = changes.changes(self._database(fields[0]), fields)
        return self._keep_raw(changes.result(rows, since))

    # ------------------------------------------------------------------ writing

    def _begin(self, text: str) -> bytes:
        """``handle`` · ids · ids of local documents · digests → see `writing.begin`."""
        handle, ids, local_ids, digests = text.split("\n")
        return writing.begin(self._database(handle), ids, local_ids, digests)

    def _write(self, text: str) -> None:
        """See `writing`."""
        self._digested = None
        fields = text.split("\n")
        writing.write(self._database(fields[0]), fields)

    def _end(self, text: str) -> None:
        """``handle``: nothing is to be written after all."""
        self._digested = None
        self._database(text).rollback()

    # ------------------------------------------------------------------ local documents

    def _get_local(self, text: str) -> bytes:
        handle, id_field = text.split("\n")
        return local_documents.get_local(self._database(handle), id_field)

    def _put_local(self, text: str) -> bytes:
        fields = text.split("\n")
        return local_documents.put_local(self._database(fields[0]), fields)

    def _remove_local(self, text: str) -> bytes:
        fields = text.split("\n")
        return local_documents.remove_local(self._database(fields[0]), fields)

    # ------------------------------------------------------------------ attachments

    def _stage_base64(self, text: str) -> bytes:
        """``handle`` · base64 as JSON → ``[digest, size]``. Only between begin and write."""
        handle, data_field = text.split("\n", 1)
        data = attachments.decode_base64(wire.load(data_field))
        return attachments.stage(self._database(handle), data, attachments.digest_of(data))

    def _stage_blob(self, text: str) -> bytes:
        """``handle`` · a Blob's reference → ``[digest, size]``."""
        handle, reference = text.split("\n", 1)
        data = self._resolve(reference)
        return attachments.stage(self._database(handle), data, self._digest_of(data))

    def _blob_digest(self, text: str) -> bytes:
        """A Blob's reference → its digest."""
        return self._digest_of(self._resolve(text)).encode()

    def _digest_of(self, data: bytes) -> str:
        if self._digested is None or self._digested[0] is not data:
            self._digested = (data, attachments.digest_of(data))
        return self._digested[1]

    def _attachment_size(self, text: str) -> bytes:
        """``handle`` · ``digest`` as JSON → its size, empty if it is not stored."""
        handle, digest_field = text.split("\n")
        return attachments.size(self._database(handle), wire.load(digest_field))

    def _attachment_base64(self, text: str) -> bytes:
        """``handle`` · ``digest`` as JSON → its content in base64."""
        handle, digest_field = text.split("\n")
        return attachments.base64_of(self._database(handle), wire.load(digest_field))
