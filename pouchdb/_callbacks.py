"""The thread that calls users' functions: listeners, and what promises are given.

There is one for each engine, started when there is something to call and gone when there was
nothing for a while. Users' functions never run on V8's thread, where calling a database would
hang, and never inside a host call.
"""

from __future__ import annotations

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
        self._queue: SimpleQueue[Callable[[], Any]] = SimpleQueue()
        self._changed = threading.Condition()
        self._posted = 0
        self._done = 0
        self._thread: threading.Thread | None = None
        #: Told of exceptions that functions have raised.
        self.error_listeners: list[Callable[[Exception], object]] = []

    def post(self, function: Callable[[], Any]) -> None:
        """Have a function called. Does not wait; may be used from inside a host call."""
        with self._changed:
            self._posted += 1
            self._queue.put(function)
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._work, name="pouchdb-callbacks", daemon=True
                )
                self._thread.start()

    def run(self, function: Callable[[], Any]) -> None:
        """Have a function called and wait for its end."""
        if threading.current_thread() is self._thread:
            self._call(function)
        else:
            self.post(function)
            self.wait(None)

    def wait(self, seconds: float | None = _DELIVERY_SECONDS) -> None:
        """Wait until what was posted so far has been called; on the thread itself, do not."""
        if self._done == self._posted or threading.current_thread() is self._thread:
            return
        with self._changed:
            until = self._posted
            self._changed.wait_for(lambda: self._done >= until, seconds)

    def report(self, error: Exception) -> None:
        """Make known that a user's function has raised something."""
        import logging

        logging.getLogger("pouchdb").error("a callback has failed", exc_info=error)
        for listener in list(self.error_listeners):
            try:
                listener(error)
            except Exception:  # must not end the thread, nor go round in circles
                logging.getLogger("pouchdb").exception("a listener of 'error' has failed")

    def _work(self) -> None:
        while True:
            try:
                function = self._queue.get(timeout=_IDLE_SECONDS)
            except Empty:
                with self._changed:
                    if self._done == self._posted:
                        self._thread = None
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
        except Exception as error:  # noqa: BLE001  # reported, as nobody is there to catch it
            self.report(error)
