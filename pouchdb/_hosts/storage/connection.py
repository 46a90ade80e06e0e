"""SQLite connections: the only module that knows ``sqlite3``.

Connections are in autocommit mode (transactions are begun by name), give TEXT as bytes (replies
are put together from bytes), and may be used from any thread, one at a time: the engine never runs
two host functions at once, and a `Reader` has a lock for its connection.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from pouchdb._hosts import HostError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final, Literal, TypeAlias

Connection: TypeAlias = sqlite3.Connection
Execute: TypeAlias = Callable[..., sqlite3.Cursor]
Durability: TypeAlias = "Literal['normal', 'full']"
StorageFault: Final = sqlite3.Error

_STATEMENT_CACHE: Final = 128

_SET_SYNCHRONOUS: Final = {
    "normal": "PRAGMA synchronous=NORMAL",
    "full": "PRAGMA synchronous=FULL",
}
_SET_WAL: Final = "PRAGMA journal_mode=WAL"
_READ_HEADER: Final = "PRAGMA schema_version"
_SET_CACHE: Final = "PRAGMA cache_size=-16000"

# SQLite's messages, since error codes are only known from Python 3.11 on: the first that occurs
# in a message decides what to tell the user.
_ADVICE: Final = (
    ("unable to open", "cannot be opened: check that the folder exists and may be written to"),
    ("readonly", "may not be written to: check the permissions of the file and its folder"),
    ("not a database", "is not a SQLite database: move it away or choose another folder"),
    ("malformed", "is corrupt: restore it from a backup or remove it"),
    ("is full", "cannot grow, the disk is full: make room and try again"),
    ("locked", "is in use by another process for longer than busy_timeout: try again"),
    ("i/o error", "cannot be read or written: check the disk"),
)


def connect(path: Path | None, busy_timeout: float) -> Connection:
    """Open a connection to a file, or to a new in-memory database if ``path`` is None."""
    connection = sqlite3.connect(
        ":memory:" if path is None else path,
        timeout=busy_timeout,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=_STATEMENT_CACHE,
    )
    connection.text_factory = bytes
    try:
        connection.execute(_SET_CACHE)  # reads the file
    except BaseException:
        connection.close()
        raise
    return connection


def is_database_file(path: Path) -> bool:
    """Whether a file is a SQLite database, by its header.

    SQLite has to look: with POSIX, closing a file gives up all locks that the process has on it,
    those of its open connections too, and others would remove the log under their feet. Only
    SQLite knows when to close. The log is left alone ("immutable").
    """
    connection: Connection | None = None
    try:
        if path.stat().st_size == 0:
            return False
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        connection.execute(_READ_HEADER)
        return True
    except OSError:
        return False
    except StorageFault as fault:
        return "malformed" in str(fault)  # it is one, but corrupt
    finally:
        if connection is not None:
            connection.close()


def make_durable(connection: Connection, durability: Durability) -> None:
    """Write-ahead logging. "normal" survives a crash of the program, "full" that of the machine."""
    connection.execute(_SET_WAL)
    connection.execute(_SET_SYNCHRONOUS[durability])


def environment_error(path: Path, problem: str) -> HostError:
    """The error for something that PouchDB cannot mend: it names the file and what to do."""
    return HostError(
        status=500,
        name="environment_error",
        message=f"{path} {problem}",
        path=str(path),
    )


def is_missing_table(fault: BaseException) -> bool:
    """Whether SQLite misses a table: of a database of ours this means that it was destroyed."""
    return "no such table" in str(fault)


def describe(fault: BaseException, path: Path) -> HostError:
    """Turn an error of SQLite into one for the user."""
    text = str(fault)
    lowered = text.lower()
    for fragment, advice in _ADVICE:
        if fragment in lowered:
            return environment_error(path, f"{advice} ({text})")
    return environment_error(path, f"gave an error ({type(fault).__name__}: {text})")
