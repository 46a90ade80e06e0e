"""The host calls about storage, by number: how a request is taken apart and who answers it."""

from __future__ import annotations

from collections.abc import Callable

from pouchdb._hosts.storage import (
    all_docs,
    attachments,
    changes,
    local_documents,
    reading,
    wire,
    writing,
)
from pouchdb._hosts.storage.connection import StorageFault
from pouchdb._hosts.storage.digests import digest_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pouchdb._hosts.storage.storage import Storage

Operation = Callable[[str], "bytes | None"]


class Operations:
    """The operations on the databases of a storage. jsbundle/src/host.js has the callers.

    Requests begin with the handle of a database; ``·`` below stands for the newline between fields.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._database = storage.database
        self.table: dict[int, Operation] = {
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
            46: self._guard(self._blob_digest),
        }

    def _guard(self, operation: Callable[[str], bytes | None]) -> Operation:
        """Give SQLite's errors their meaning."""

        def run(text: str) -> bytes | None:
            try:
                return operation(text)
            except StorageFault as fault:
                db = self._database(text.partition("\n")[0])
                raise db.translate(fault) from fault

        return run

    # ------------------------------------------------------------------ databases

    def _open(self, text: str) -> bytes:
        """``kind`` · ``name`` as JSON → ``handle,uuid``."""
        kind, name_field = text.split("\n")
        return ",".join(self._storage.open(kind, wire.load(name_field))).encode()

    def _close(self, text: str) -> None:
        self._storage.release(text)

    def _destroy(self, text: str) -> None:
        self._storage.destroy(text)

    def _info(self, text: str) -> bytes:
        """``handle`` → ``[number of documents, last seq]``."""
        db = self._database(text)
        if db.unsettled:
            db.rollback()
        seq, count = db.state()
        return b"[%d,%d]" % (count, seq)

    # ------------------------------------------------------------------ reading

    def _get(self, text: str) -> bytes:
        """``handle`` · ``id`` → the document, or a word of `reading`."""
        handle, id_field = text.split("\n")
        return reading.get(self._database(handle), id_field)

    def _get_raw(self, text: str) -> bytes:
        """The same, with a token in place of the document."""
        found = self._get(text)
        return self._storage.keep_raw(found) if found[:1] == b"{" else found

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
        return self._storage.keep_raw(self._all_docs(text))

    def _all_docs_by_keys(self, text: str) -> bytes:
        fields = text.split("\n")
        return all_docs.all_docs_by_keys(self._database(fields[0]), fields)

    def _all_docs_by_keys_raw(self, text: str) -> bytes:
        return self._storage.keep_raw(self._all_docs_by_keys(text))

    def _changes(self, text: str) -> bytes:
        fields = text.split("\n")
        return changes.array(changes.changes(self._database(fields[0]), fields))

    def _changes_raw(self, text: str) -> bytes:
        """The request of `_changes` and ``since`` → a token for the whole result."""
        *fields, since = text.split("\n")
        rows = changes.changes(self._database(fields[0]), fields)
        return self._storage.keep_raw(changes.result(rows, since))

    # ------------------------------------------------------------------ writing

    def _begin(self, text: str) -> bytes:
        """``handle`` · ids · ids of local documents · digests → see `writing.begin`."""
        handle, ids, local_ids, digests = text.split("\n")
        return writing.begin(self._database(handle), ids, local_ids, digests)

    def _write(self, text: str) -> None:
        """See `writing`."""
        self._storage.digested = None
        fields = text.split("\n")
        writing.write(self._database(fields[0]), fields)

    def _end(self, text: str) -> None:
        """``handle``: nothing is to be written after all."""
        self._storage.digested = None
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
        return attachments.stage(self._database(handle), data, digest_of(data))

    def _stage_blob(self, text: str) -> bytes:
        """``handle`` · a Blob's reference → ``[digest, size]``."""
        handle, reference = text.split("\n", 1)
        data = self._storage.resolve_any_blob(reference)
        return attachments.stage(self._database(handle), data, self._digest_of(data))

    def _blob_digest(self, text: str) -> bytes:
        """A Blob's reference → its digest."""
        return self._digest_of(self._storage.resolve_any_blob(text)).encode()

    def _digest_of(self, data: bytes) -> str:
        if self._storage.digested is None or self._storage.digested[0] is not data:
            self._storage.digested = (data, digest_of(data))
        return self._storage.digested[1]

    def _attachment_size(self, text: str) -> bytes:
        """``handle`` · ``digest`` as JSON → its size, empty if it is not stored."""
        handle, digest_field = text.split("\n")
        return attachments.size(self._database(handle), wire.load(digest_field))

    def _attachment_base64(self, text: str) -> bytes:
        """``handle`` · ``digest`` as JSON → its content in base64."""
        handle, digest_field = text.split("\n")
        return attachments.base64_of(self._database(handle), wire.load(digest_field))
