"""The thread that calls users' functions: listeners, and what promises are given.

There is one for each engine, started when there is something to call and gone when there was
nothing for a while. Users' functions never run on V8's thread, where calling a database would
hang, and never inside a host call.
"""

from __future__ import annotations

import os
import threading
from queue import Empty, SimpleQueue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_IDLE_SECONDS = 5.0

#: How long a call waits for the listeners of its own events. One that takes longer goes on alone.
_DELIVERY_SECONDS = 30.0


class Callbacks:
    """Calls functions on a thread of its own, one after the other, in the order of `post`."""

    def __init__(self) -> None:
        #: Told of exceptions that functions have raised.
        self.error_listeners: list[Callable[[BaseException], object]] = []
        self._begin()

    def _begin(self) -> None:
        self._process = os.getpid()
        self._queue: SimpleQueue[Callable[[], Any]] = SimpleQueue()
        # Made of a lock that its owner may take again: a finalizer may interrupt `post`.
        self._changed = threading.Condition(threading.RLock())
        self._posted = 0
        self._done = 0
        self._is_running = False
        self._thread_id = 0

    def post(self, function: Callable[[], Any]) -> None:
        """Have a function called. Does not wait; for host calls and finalizers too."""
        if self._process != os.getpid():
            self._begin()  # the thread has stayed behind in the parent process
        with self._changed:
            self._posted += 1
            self._queue.put(function)
            if self._is_running:
                return
            self._is_running = True
        try:
            threading.Thread(target=self._work, name="pouchdb-callbacks", daemon=True).start()
        except RuntimeError:  # the interpreter exits; nothing is called any more
            self._done = self._posted

    def is_current(self) -> bool:
        """Whether this is the thread that calls the functions."""
        return threading.get_ident() == self._thread_id

    def wait(self, seconds: float | None = _DELIVERY_SECONDS) -> None:
        """Wait until what was posted so far has been called; on the thread itself, do not."""
        if self._done == self._posted or threading.get_ident() == self._thread_id:
            return
        with self._changed:
            until = self._posted
            self._changed.wait_for(lambda: self._done >= until, seconds)

    def report(self, error: BaseException) -> None:
        """Make known that a user's function has raised something."""
        import logging

        logging.getLogger("pouchdb").error("a callback has failed", exc_info=error)
        for listener in list(self.error_listeners):
            try:
                listener(error)
            except BaseException:  # must not end the thread, nor go round in circles
                logging.getLogger("pouchdb").exception("a listener of 'error' has failed")

    def _work(self) -> None:
        self._thread_id = threading.get_ident()
        while True:
            try:
                function = self._queue.get(timeout=_IDLE_SECONDS)
            except Empty:
                with self._changed:
                    if self._done == self._posted:
                        self._thread_id = 0
                        self._is_running = False
                        return
                continue
            self._call(function)
            # What is waited for must not be kept alive by this loop while it idles.
            del function
            with self._changed:
                self._done += 1
                self._changed.notify_all()

    def _call(self, function: Callable[[], Any]) -> None:
        try:
            function()
        except BaseException as error:  # noqa: BLE001  # SystemExit too: the thread must live on
            self.report(error)
