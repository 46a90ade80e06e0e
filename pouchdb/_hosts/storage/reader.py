"""Documents that are read without JavaScript, on the thread that asks.

`get` without options answers with stored text. Taking it through V8 would only add two changes of
threads, which on a busy machine take longer than all the rest. What this cannot answer (a missing
or deleted document, an error of SQLite) is left to the usual way, which says why.

Each database has one connection for this, apart from the one of the host calls: that one may be in
the middle of a write. What was committed before a read began, it sees.
"""

from __future__ import annotations

import threading
from pathlib import Path

from pouchdb._hosts.storage import wire
from pouchdb._hosts.storage.connection import Connection, StorageFault, connect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

_READ_ONLY: Final = "PRAGMA query_only=1"
_GET: Final = """
    SELECT b.json FROM docs d JOIN bodies b ON b.seq = d.wseq
    WHERE d.id = CAST(? AS TEXT) AND NOT d.deleted
"""


class Reader:
    """Reads documents of one database file. For any thread."""

    def __init__(self, path: Path, busy_timeout: float) -> None:
        self._path = path
        self._busy_timeout = busy_timeout
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._closed = False

    def get(self, docid: str) -> bytes | None:
        """The JSON text of a document, or None if the usual way has to answer."""
        with self._lock:
            if self._closed:
                return None
            try:
                if self._connection is None:
                    self._connection = connect(self._path, self._busy_timeout)
                    self._connection.execute(_READ_ONLY)
                row = self._connection.execute(_GET, (wire.bindable(docid),)).fetchone()
            except StorageFault:
                return None
        return None if row is None else row[0]

    def close(self) -> None:
        """Close the connection; nothing is read after that. Idempotent."""
        with self._lock:
            self._closed = True
            if self._connection is not None:
                self._connection.close()
                self._connection = None
