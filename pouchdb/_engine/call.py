"""One request to JavaScript and what becomes of it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from pouchdb import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

# Flags of a response; dispatch.js has the same.
FAILED: Final = 1
MARKED: Final = 2
RAW: Final = 4


class Call:
    """A request on its way, then its response: ``flags`` and ``text``, or a ``failure``."""

    __slots__ = (
        "arrived",
        "failure",
        "flags",
        "id",
        "on_done",
        "pending_flags",
        "task_id",
        "text",
        "thread",
    )

    def __init__(self, call_id: int, thread: int) -> None:
        self.id = call_id
        #: The thread that made it.
        self.thread = thread
        self.arrived: threading.Lock | None = None
        self.flags = -1
        self.text: bytes | str = b""
        self.failure: errors.BaseError | None = None
        #: The flags, plus one, of a response that is being fetched.
        self.pending_flags = 0
        #: What ends the task that the request went as; 0 if it went through the slot.
        self.task_id = 0
        #: Called once, on whatever thread finished the call; must be quick.
        self.on_done: Callable[[Call], None] | None = None

    @property
    def done(self) -> bool:
        return self.flags >= 0 or self.failure is not None

    def expect(self) -> threading.Lock:
        """The lock to sleep on; look at ``done`` after this and before sleeping."""
        if self.arrived is None:
            arrived = threading.Lock()
            arrived.acquire()
            self.arrived = arrived
        return self.arrived
