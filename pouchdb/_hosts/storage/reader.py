"""Documents and attachments that are read without JavaScript, on the thread that asks.

`get` and `getAttachment` without options answer with what is stored. Taking it through V8 would
only add two changes of threads, which on a busy machine take longer than all the rest. What this
cannot answer (a missing or deleted document, an error of SQLite) is left to the usual way, which
says why.

Each database has one connection for this, apart from the one of the host calls: that one may be in
the middle of a write. What was committed before a read began, it sees.
"""

from __future__ import annotations

import json
import threading
from pathlib import Path

from pouchdb._hosts.storage import wire
from pouchdb._hosts.storage.connection import Connection, StorageFault, connect
from pouchdb._hosts.storage.digests import CheckedDigests
from pouchdb._hosts.storage.folder_turn import folder_turn, inode_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

_READ_ONLY: Final = "PRAGMA query_only=1"
_GET: Final = """
    SELECT b.json FROM docs d JOIN bodies b ON b.seq = d.wseq
    WHERE d.id = CAST(? AS TEXT) AND NOT d.deleted
"""
_DATA: Final = "SELECT data FROM attachments WHERE digest = ?"


class Reader:
    """Reads documents of one database file. For any thread."""

    def __init__(
        self, path: Path, inode: int, busy_timeout: float, checked: CheckedDigests
    ) -> None:
        self._path = path
        self._inode = inode
        self._busy_timeout = busy_timeout
        # A signal handler may read while the call that it interrupted does.
        self._lock = threading.RLock()
        self._connection: Connection | None = None
        self._closed = False
        self._checked = checked

    def get(self, docid: str) -> bytes | None:
        """The JSON text of a document, or None if the usual way has to answer."""
        with self._lock:
            row = self._one(_GET, docid)
        return None if row is None else row[0]

    def attachment(self, docid: str, name: str) -> tuple[bytes, str] | None:
        """An attachment and its media type, or None if the usual way has to answer."""
        with self._lock:
            row = self._one(_GET, docid)
            if row is None:
                return None
            match json.loads(row[0]).get("_attachments"):
                case {} as described if name in described:
                    digest: str = described[name]["digest"]
                    media_type = described[name].get("content_type", "")
                case _:
                    return None
            row = self._one(_DATA, digest)
            if row is None or not self._checked.is_intact(digest, row[0]):
                return None
            return (row[0], media_type) if isinstance(media_type, str) else None

    def _one(self, statement: str, key: str) -> tuple[bytes] | None:
        if self._closed:
            return None
        try:
            if self._connection is None and not self._open():
                return None
            connection: Connection = self._connection  # type: ignore[assignment]
            row: tuple[bytes] | None = connection.execute(
                statement, (wire.bindable(key),)
            ).fetchone()
            return row
        except StorageFault:
            return None

    def _open(self) -> bool:
        """Connect, unless the file is another one or gone: opening it would make a new one."""
        with folder_turn(self._path.parent, self._busy_timeout):
            if inode_of(self._path) != self._inode:
                return False
            self._connection = connect(self._path, self._busy_timeout)
            self._connection.execute(_READ_ONLY)
            return True

    def close(self) -> None:
        """Close the connection; nothing is read after that. Idempotent."""
        with self._lock:
            self._closed = True
            if self._connection is not None:
                self._connection.close()
                self._connection = None
