"""One open database: its connection, the transaction it may be in, and whether it still exists."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from pouchdb._hosts import HostError
from pouchdb._hosts.storage import schema
from pouchdb._hosts.storage.connection import (
    Connection,
    Durability,
    Execute,
    StorageFault,
    connect,
    describe,
    is_missing_table,
    make_durable,
)
from pouchdb._hosts.storage.digests import CheckedDigests
from pouchdb._hosts.storage.folder_turn import folder_turn, inode_of
from pouchdb._hosts.storage.reader import Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

_READ_STATE: Final = "SELECT seq, cnt FROM bodies ORDER BY seq DESC LIMIT 1"

IN_MEMORY: Final = Path(":memory:")

# Seconds between two looks whether the file is still there, which cost several microseconds each.
_LOOK_EVERY: Final = 0.1

# Suffixes of the files that SQLite keeps beside a database in WAL mode.
_COMPANIONS: Final = ("-wal", "-shm")


class Database:
    """A connection, shared by all who have the same database open in this engine.

    `begin` and `commit` bracket a write: JavaScript reads, decides and writes without a pause, in
    two host calls. If it is terminated there, or an exception such as KeyboardInterrupt strikes
    here, ``unsettled`` stays True and the next operation starts by rolling back.
    """

    def __init__(
        self, name: str, path: Path | None, durability: Durability, busy_timeout: float
    ) -> None:
        self.name = name
        self.path = path
        self.users = 0
        self.unsettled = False
        self.destroyed = False
        #: Attachments of the write under way, by digest.
        self.staged: dict[str, bytes] = {}
        self.checked = CheckedDigests()
        self._busy_timeout = busy_timeout
        self.connection, self.uuid, self._inode = _open(name, path, durability, busy_timeout)
        #: Reads on other threads; what is in memory has one connection only.
        self.reader = (
            None if path is None else Reader(path, self._inode, busy_timeout, self.checked)
        )
        #: One cursor serves all operations that fetch their rows before they return.
        self.execute: Execute = self.connection.cursor().execute
        self._next_look = 0.0

    # ------------------------------------------------------------------ transactions

    def begin(self) -> None:
        """Start writing: from here on no other process writes."""
        if self.unsettled:
            self.rollback()
        if time.monotonic() > self._next_look:
            self._look_for_file()
        self.unsettled = True
        self.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Make the write durable and drop what was staged for it."""
        self.execute("COMMIT")
        self.settle()

    def rollback(self) -> None:
        """Undo the write under way, if there is one."""
        if self.connection.in_transaction:
            self.execute("ROLLBACK")
        self.settle()

    def settle(self) -> None:
        """Nothing is under way any more."""
        if self.staged:
            self.staged.clear()
        self.unsettled = False

    @contextlib.contextmanager
    def writing(self) -> Iterator[Execute]:
        """A write in a single host call: all of it or nothing, whatever exception passes."""
        self.begin()
        try:
            yield self.execute
            self.commit()
        except BaseException:
            self.rollback()
            raise

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[Execute]:
        """Several reads that see the same state."""
        if self.unsettled:
            self.rollback()
        self.unsettled = True
        try:
            self.execute("BEGIN")
            yield self.execute
        finally:
            self.rollback()

    # ------------------------------------------------------------------ state

    def state(self) -> tuple[int, int]:
        """The last sequence number and the number of documents."""
        row: tuple[int, int] | None = self.execute(_READ_STATE).fetchone()
        return row or (0, 0)

    def is_alive(self) -> bool:
        """Whether this is still the database that its file name means."""
        if self.destroyed:
            return False
        if self.path is None:
            return True
        try:
            return self._find_inode() == self._inode and not schema.is_destroyed(self.connection)
        except StorageFault:
            return False

    def destroyed_error(self) -> HostError:
        """The error for using a database that is no more."""
        return HostError(
            status=412,
            name="precondition_failed",
            message="database is destroyed",
            reason=f"the file of {self.name!r} was removed; open the database again for a new one",
        )

    def translate(self, fault: Exception) -> HostError:
        """An error of SQLite in the terms of the user."""
        if self.destroyed or is_missing_table(fault):
            return self.destroyed_error()
        return describe(fault, self.path or IN_MEMORY)

    def _look_for_file(self) -> None:
        """Notice that someone removed the file; `destroy` of other processes is noticed at once."""
        if self._find_inode() != self._inode:
            raise self.destroyed_error()
        self._next_look = time.monotonic() + _LOOK_EVERY

    def _find_inode(self) -> int:
        return 0 if self.path is None else inode_of(self.path)

    # ------------------------------------------------------------------ the end

    def close(self) -> None:
        """Close the connections; SQLite tidies its log away."""
        if self.reader is not None:
            self.reader.close()
        self.connection.close()

    def destroy(self) -> None:
        """Remove the file. Others who have it open get `destroyed_error` from now on."""
        if self.path is not None and self.is_alive():
            with self.writing() as execute:
                for statement in schema.MARK_DESTROYED:
                    execute(statement)
                if os.name == "posix":
                    # Before the commit: whoever comes next makes a new one.
                    with folder_turn(self.path.parent, self._busy_timeout):
                        remove_files(self.path)
        self.destroyed = True
        self.close()
        if self.path is not None and os.name != "posix":
            # An open file cannot be removed there. If another process has it open, its mark stays
            # and `_open` makes it anew.
            with contextlib.suppress(PermissionError):
                remove_files(self.path)


def remove_files(path: Path) -> None:
    """Remove a database file and what SQLite keeps beside it."""
    path.unlink(missing_ok=True)
    for suffix in _COMPANIONS:
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def _open(
    name: str, path: Path | None, durability: Durability, busy_timeout: float
) -> tuple[Connection, str, int]:
    """The connection, the database's uuid, and which file it is."""
    connection: Connection | None = None
    turn = contextlib.nullcontext() if path is None else folder_turn(path.parent, busy_timeout)
    try:
        with turn:
            connection = connect(path, busy_timeout)
            if path is not None:
                if schema.is_destroyed(connection):
                    connection.close()
                    remove_files(path)
                    connection = connect(path, busy_timeout)
                schema.check(connection, path)  # before anything is written to it
                make_durable(connection, durability)
            uuid = schema.prepare(connection, path, name)
            return connection, uuid, 0 if path is None else inode_of(path)
    except BaseException as fault:
        if connection is not None:
            connection.close()
        if isinstance(fault, StorageFault):
            raise describe(fault, path or IN_MEMORY) from fault
        raise


def stored_name(path: Path) -> str | None:
    """The name that a database file records inside; None if it is not one."""
    connection: Connection | None = None
    try:
        with folder_turn(path.parent, busy_timeout=1.0):
            connection = connect(path, busy_timeout=1.0)
            return schema.read_setting(connection, "name")
    except StorageFault:
        return None
    finally:
        if connection is not None:
            connection.close()
