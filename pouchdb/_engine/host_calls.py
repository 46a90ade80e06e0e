"""Answers host calls: JavaScript waits in ``exchange`` (channel.js) until the reply is written.

Any thread may serve, one at a time: the one that spins for a response, or V8's own when nobody
spins. Whatever happens in a host function, JavaScript gets an answer. An interrupt
(KeyboardInterrupt) reaches JavaScript as an error and then goes on to the caller; should it strike
before the answer is written, the next server finds the call claimed and answers it with an error,
instead of running the function again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from pouchdb._engine import layout
from pouchdb._engine.layout import SharedMemory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pouchdb._engine.table import HostTable, Reply


class HostCalls:
    """Serves the host calls of one isolate."""

    def __init__(
        self,
        memory: SharedMemory,
        host: HostTable,
        respond: Callable[[int, str], None],
        fence: Callable[[], None],
    ) -> None:
        self._words = memory.words
        self._area = memory.host
        self._host = host
        self._respond = respond
        self._fence = fence
        self._lock = threading.Lock()
        self._claimed = 0
        self._chunks: list[str] = []
        self._bytes_chunks: list[bytes] = []
        self._rest: Reply = None
        self._rest_flags = 0
        self._stopped = False
        #: The number of the last host call that was answered.
        self.answered = 0
        #: The thread that serves now, or 0.
        self.thread = 0

    @property
    def is_busy(self) -> bool:
        return self._lock.locked()

    def serve(self) -> None:
        """Answer the host call that waits, if no other thread did."""
        thread = threading.get_ident()
        with self._lock:
            # No call stands between taking the lock and this, nor between the end of this and
            # giving it back: a signal handler, which comes in with a call, finds either both or
            # neither, and `thread` tells it that a call of its own would wait for this one.
            self.thread = thread
            try:
                interrupt = self._serve_next()
            finally:
                self.thread = 0
        if interrupt is not None:
            raise interrupt

    def _serve_next(self) -> BaseException | None:
        """Answer the host call that waits; returns what is to be raised after that."""
        sequence = self._words[layout.HOST_REQUEST]
        if sequence == self.answered or self._stopped:
            return None
        self._fence()
        interrupt: BaseException | None = None
        try:
            if sequence == self._claimed:
                raise InterruptedError("the host function was interrupted")
            self._claimed = sequence
            reply, flags = self._answer()
        except Exception as error:
            reply, flags = self._failure(error)
        except BaseException as error:
            reply, flags = self._failure(error)
            interrupt = error
        self._write(reply, flags)
        self._fence()
        self.answered = sequence
        self._words[layout.HOST_REPLY] = sequence
        return interrupt

    def stop(self) -> None:
        """Wait for the host call under way; answer none after it."""
        with self._lock:
            self._stopped = True

    def abort(self) -> None:
        """JavaScript was terminated: drop what it had begun to send, and undo half-done work."""
        with self._lock:
            self._chunks = []
            self._bytes_chunks = []
            self._rest = None
            if not self._stopped:
                self._host.abort()

    def _answer(self) -> tuple[Reply, int]:
        """Run what JavaScript asks for. Returns the reply and its flags."""
        words = self._words
        op = words[layout.HOST_OP]
        length = words[layout.HOST_LENGTH]
        if op == layout.OP_BYTES_CHUNK:
            self._bytes_chunks.append(bytes(self._area[:length]))
            return None, 0
        if op == layout.OP_MORE:
            return self._rest, self._rest_flags
        text = layout.read_text(self._area, length, words[layout.HOST_WIDE])
        if op == layout.OP_CHUNK:
            self._chunks.append(text)
            return None, 0
        if self._chunks:
            text = _join(self._chunks, text)
            self._chunks = []
        if op <= layout.OP_LARGE_RESPONSE:
            self._respond(op, text)
            return None, 0
        data = None
        if self._bytes_chunks:
            data, self._bytes_chunks = b"".join(self._bytes_chunks), []
        reply = self._host.run(op, text, data)
        if reply is None or self._host.is_binary(op):
            return reply, 0
        return _as_text(reply)

    def _failure(self, error: BaseException) -> tuple[Reply, int]:
        reply, flags = _as_text(self._host.describe(error))
        return reply, flags | layout.FAILED_REPLY

    def _write(self, reply: Reply, flags: int) -> None:
        """Write as much of the reply as fits; the rest waits to be asked for."""
        size = 0 if reply is None else len(reply)
        if reply is not None and size > layout.HOST_BYTES:
            whole = memoryview(reply)
            self._rest, self._rest_flags = whole[layout.HOST_BYTES :], flags & ~layout.MORE
            reply, size, flags = whole[: layout.HOST_BYTES], layout.HOST_BYTES, flags | layout.MORE
        if reply is not None and size:
            self._area[:size] = reply
        self._words[layout.HOST_REPLY_LENGTH] = size >> 1 if flags & layout.WIDE else size
        self._words[layout.HOST_REPLY_FLAGS] = flags


def _as_text(reply: bytes | memoryview) -> tuple[Reply, int]:
    text = reply if isinstance(reply, bytes) else bytes(reply)
    return (text, 0) if text.isascii() else (layout.widen(text), layout.WIDE)


def _join(chunks: list[str], last: str) -> str:
    """Put the pieces of a text together; a surrogate pair may lie on a seam."""
    text = "".join(chunks) + last
    if any("\ud800" <= chunk[-1:] <= "\udbff" for chunk in chunks):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return text
