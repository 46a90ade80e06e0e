"""Every host call there is: number, function, and whether its reply is bytes.

The same numbers stand in ``jsbundle/src/host.js``, with one documented function each; numbers 1 to
6 belong to the channel itself. There is no other way from JavaScript to the machine.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from pouchdb._hosts import HostError, console, machine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pouchdb._hosts.blobs import Blobs
    from pouchdb._hosts.storage import Storage

Reply = bytes | memoryview | None
HostFunction = Callable[[str], Reply]


class HostTable:
    """The host functions of one engine."""

    def __init__(self, storage: Storage, blobs: Blobs, on_event: Callable[[str], None]) -> None:
        self._storage = storage
        self._functions: dict[int, HostFunction] = {
            7: _without_reply(on_event),
            8: _without_reply(console.write),
            9: machine.random_bytes,
            11: blobs.read,
            13: _without_reply(blobs.forget),
            14: blobs.hold,
            **storage.operations,
        }
        #: Functions whose request carries bytes beside the text.
        self._receivers: dict[int, Callable[[str, bytes], Reply]] = {12: blobs.accept}
        self._binary = frozenset({9, 11})
        self._last_error: tuple[str, BaseException] | None = None

    def run(self, op: int, text: str, data: bytes | None) -> Reply:
        """Run a host function. ``data`` is the binary part of the request, if it has one."""
        receiver = self._receivers.get(op)
        if receiver is not None:
            return receiver(text, data or b"")
        return self._functions[op](text)

    def is_binary(self, op: int) -> bool:
        """Whether the reply of ``op`` is bytes and not text."""
        return op in self._binary

    def describe(self, error: BaseException) -> bytes:
        """What JavaScript gets for an exception: a JSON object."""
        if isinstance(error, HostError):
            return error.to_json()
        text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        self._last_error = (text, error)
        return json.dumps({"status": 500, "name": "host_error", "message": text}).encode()

    def take_error(self, properties: Mapping[str, Any]) -> BaseException | None:
        """The exception behind an error that JavaScript reports, so that it can be its cause."""
        if self._last_error is None or properties.get("name") != "host_error":
            return None
        (text, error), self._last_error = self._last_error, None
        return error if properties.get("message") == text else None

    def abort(self) -> None:
        """JavaScript was terminated: roll back the transactions it left open."""
        self._storage.abort()


def _without_reply(function: Callable[[str], None]) -> HostFunction:
    def run(text: str) -> None:
        function(text)

    return run
