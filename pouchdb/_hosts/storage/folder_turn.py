"""Taking turns in a storage folder, where database files appear and disappear.

SQLite keeps a log and an index beside a database and finds them by name. If one process opened
a database while another removes one of that name, new and old files could get mixed. So opening
and removing take turns. Nothing else does, and the folder itself is what is locked: no file is made
for it, and the lock ends with the process.

On Windows it is not needed, as an open file cannot be removed there.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from pouchdb._hosts.storage.connection import StorageFault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

_LOOK_EVERY: Final = 0.002


def inode_of(path: Path) -> int:
    """Which file this is, -1 if there is none."""
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return -1


@contextlib.contextmanager
def folder_turn(folder: Path, busy_timeout: float) -> Iterator[None]:
    """Nobody else opens or removes a database of this folder meanwhile."""
    try:
        folder_fd = os.open(folder, os.O_RDONLY) if os.name == "posix" else None
    except OSError:  # not there, or not readable: opening the file tells more
        folder_fd = None
    if folder_fd is None:
        yield
        return
    try:
        _lock(folder_fd, busy_timeout)
        yield
    finally:
        _unlock(folder_fd)


if sys.platform == "win32":

    def _lock(folder_fd: int, busy_timeout: float) -> None:
        pass

    def _unlock(folder_fd: int) -> None:
        os.close(folder_fd)

else:
    import fcntl

    def _lock(folder_fd: int, busy_timeout: float) -> None:
        deadline = time.monotonic() + busy_timeout
        while True:
            try:
                fcntl.flock(folder_fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise StorageFault("database is locked") from None
            except OSError:  # a file system without locks
                return
            time.sleep(_LOOK_EVERY)

    def _unlock(folder_fd: int) -> None:
        # By name: closing is not enough if the process was forked meanwhile.
        with contextlib.suppress(OSError):
            fcntl.flock(folder_fd, fcntl.LOCK_UN)
        os.close(folder_fd)
