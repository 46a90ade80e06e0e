"""The engine: one isolate with PouchDB, one set of hosts, for one storage folder.

Environments of the same folder share an engine, so that a live feed in one sees what is written
through another. `acquire` gives the engine of a folder, `Engine.release` gives it back; the last
one closes it. What is still open when the interpreter exits is closed by then: V8's thread must
not outlive the interpreter.

Threads: everything here may be called from any thread. After a fork the parent's engines are dead
in the child (V8's thread does not exist there) and say so; `acquire` makes new ones.
"""

from __future__ import annotations

import _thread
import atexit
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

from pouchdb import errors
from pouchdb._engine import codec, v8
from pouchdb._engine.bridge import Bridge
from pouchdb._engine.call import FAILED, MARKED, RAW, Call
from pouchdb._engine.table import HostTable
from pouchdb._hosts.blobs import Blobs
from pouchdb._hosts.storage import Durability, Storage
from pouchdb.results import Blob

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final

#: Bytes of JavaScript heap that an engine may use, unless `setup` is told otherwise.
DEFAULT_MEMORY_LIMIT: Final = 1 << 30
#: Seconds that a call may take, unless `setup` is told otherwise.
DEFAULT_TIMEOUT: Final = 300.0

#: Seconds that V8's thread gets to come back after a call has timed out or was interrupted.
_GRACE_AFTER_TIMEOUT: Final = 2.0
_GRACE_AFTER_INTERRUPT: Final = 5.0

#: Operations that run code of the user's: they go as tasks, whose synchronous part V8 can end.
_PROGRAMS: Final = frozenset({"eval", "invoke", "await"})

_HAS_MARKERS: Final = 1


class Engine:
    """PouchDB in an isolate, ready for calls."""

    def __init__(
        self,
        folder: str | None,
        *,
        durability: Durability = "normal",
        memory_limit: int = DEFAULT_MEMORY_LIMIT,
        spin: bool = True,
    ) -> None:
        self.options = {"durability": durability, "memory_limit": memory_limit, "spin": spin}
        self.key = folder
        self.is_temporary = folder is None
        self.folder = _temporary_folder() if folder is None else folder
        self._users = 0
        self._process = os.getpid()
        self._token = os.urandom(16).hex()
        self._listeners: list[Callable[[list[Any]], None]] = []
        #: What the API keeps with the engine, for all environments that share it.
        self.attached: dict[str, Any] = {}
        #: Makes the Python side of a JavaScript function or promise: (kind, handle, name).
        self.make_reference: Callable[[str, int, str], Any] = _no_reference
        try:
            self.storage = Storage(self.folder, durability=durability)
            self._blobs = Blobs(self.storage.resolve_blob)
            self.storage.read_blobs_with(self._blobs.resolve)
            self._table = HostTable(self.storage, self._blobs, self._on_event)
            start = f"__engine.start('{self._token}')"
            self._bridge = Bridge(
                [_bundle(), start.encode(), b"delete globalThis.__engine"],
                self._table,
                memory_limit,
                spin=spin,
                on_closed=self._on_bridge_closed,
            )
        except BaseException:
            self._remove_temporary_folder()
            raise

    # ------------------------------------------------------------------ calls

    def call(self, op: str, *args: Any, timeout: float | None = DEFAULT_TIMEOUT) -> Any:
        """Run an operation of ``dispatch.js`` and wait for its result.

        Raises what the operation failed with, TimeoutError after ``timeout`` seconds,
        ReentrantCallError inside a host call, and ClosedError or ForkedError.
        """
        bridge = self._bridge
        call = bridge.new_call()
        kept: list[str] = []
        payload = self._encode(call, op, args, kept)
        deadline = None if timeout is None else monotonic() + timeout
        try:
            if op in _PROGRAMS:
                bridge.send(call, payload)
                bridge.wait(call, deadline)
            else:
                bridge.request(call, payload, deadline)
        except errors.TimeoutError:
            raise self._stop_after_timeout(call, timeout) from None
        except errors.BaseError:
            raise
        except BaseException:  # whatever a signal handler raised
            self._stop_after_interrupt(call)
            raise
        finally:
            if kept and op not in _PROGRAMS:
                for reference in kept:
                    self._blobs.release(reference)
        return self._result(call, op)

    def read_document(self, storage_handle: str, docid: str) -> Any:
        """What ``get`` without options gives, straight from the storage.

        None if only JavaScript can answer, because the document is missing, say. Raises what
        `call` raises when a call cannot be made.
        """
        self._bridge.check_usable()
        text = self.storage.read_document(storage_handle, docid)
        return None if text is None else codec.decode(text, None, self._from_marker)

    def read_attachment(
        self, storage_handle: str, docid: str, name: str
    ) -> tuple[bytes, str] | None:
        """Content and media type of an attachment, like `read_document`."""
        self._bridge.check_usable()
        return self.storage.read_attachment(storage_handle, docid, name)

    def _encode(self, call: Call, op: str, args: tuple[Any, ...], kept: list[str]) -> bytes:
        def keep(data: bytes) -> dict[str, Any]:
            reference = self._blobs.keep(data)
            kept.append(reference)
            return {self._token: ["blob", reference, len(data), getattr(data, "type", "")]}

        try:
            arguments = codec.encode(args, keep, bytes_anywhere=op in _PROGRAMS)
        except BaseException:
            self._bridge.forget(call)
            for reference in kept:
                self._blobs.release(reference)
            raise
        flags = _HAS_MARKERS if kept else 0
        return b'[%d,%d,"%b",%b]' % (call.id, flags, op.encode(), arguments)

    def _result(self, call: Call, op: str) -> Any:
        if call.failure is not None:
            raise call.failure
        flags = call.flags
        if flags == 0:
            return codec.decode(call.text, None, self._from_marker)
        if flags & RAW:
            return codec.decode(self._take_raw(call), None, self._from_marker)
        value = codec.decode(call.text, self._token if flags & MARKED else None, self._from_marker)
        if flags & FAILED:
            error = errors.from_js(value, program=op in _PROGRAMS)
            raise error from self._table.take_error(value)
        return value

    def _take_raw(self, call: Call) -> bytes:
        token = call.text if isinstance(call.text, str) else call.text.decode()
        return self.storage.take_raw(token)

    def _from_marker(self, marker: list[Any]) -> Any:
        kind = marker[0]
        if kind == "blob":
            return Blob(self._blobs.take(marker[1]), marker[3])
        if kind == "num":
            return float(marker[1])
        return self.make_reference(kind, marker[1], marker[2] if len(marker) > 2 else "")

    def _stop_after_timeout(self, call: Call, timeout: float | None) -> errors.BaseError:
        lives = self._bridge.stop(call, _GRACE_AFTER_TIMEOUT)
        self._abandon(call)
        end = "" if lives else "; JavaScript did not return, so the engine was closed"
        return errors.TimeoutError(f"the call did not end in {timeout:g} seconds{end}")

    def _stop_after_interrupt(self, call: Call) -> None:
        """Let the interrupt through now; see in the background that JavaScript comes back."""
        self._bridge.cancel(call)
        self._abandon(call)
        _in_background(lambda: self._bridge.stop(call, _GRACE_AFTER_INTERRUPT))

    def _abandon(self, call: Call) -> None:
        """Nobody waits for this call any more: drop what its response leaves with the hosts."""
        # In this order, as the response may come in between.
        call.on_done = self._drop_response
        if call.done:
            self._drop_response(call)

    def _drop_response(self, call: Call) -> None:
        if call.flags < 0:
            return
        with suppress(KeyError):  # dropped before
            if call.flags & RAW:
                self._take_raw(call)
            elif call.flags & MARKED:
                codec.decode(call.text, self._token, self._from_marker)

    def list_databases(self) -> list[str]:
        """The names of the databases in the storage folder."""
        return self.storage.list_databases()

    def has_file(self, name: str) -> bool:
        """Whether something lies in the storage folder where this database would be."""
        return self.storage.has_file(name)

    # ------------------------------------------------------------------ events

    def listen(self, listener: Callable[[list[Any]], None]) -> Callable[[], None]:
        """Hear of the engine's events, such as ``["created", name]``; returns what ends it.

        The listener runs inside a host call: it may only pass the event on.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _on_event(self, text: str) -> None:
        event = codec.decode(text, None, self._from_marker)
        for listener in list(self._listeners):
            listener(event)

    # ------------------------------------------------------------------ life

    @property
    def closed(self) -> bool:
        """Whether calls are refused from now on."""
        return self._bridge.closed is not None

    @property
    def forked(self) -> bool:
        """Whether this process is a child of the engine's."""
        return os.getpid() != self._process

    def check_usable(self) -> None:
        """Raise ClosedError, ForkedError or ReentrantCallError if a call cannot be made now."""
        self._bridge.check_usable()

    def heap_statistics(self) -> str:
        """V8's heap statistics as JSON text."""
        return self._bridge.heap_statistics()

    def release(self, *, wait: bool = True) -> None:
        """Give the engine back; the last one who does closes it.

        With ``wait=False`` all of that is done in the background. It is for finalizers, which run
        anywhere: in a host call, or while this thread holds a lock that would be needed here.
        """
        if self.forked:
            return
        if not wait:
            _in_background(self.release)
            return
        with _registry_lock:
            self._users -= 1
            if self._users > 0:
                return
            _unshare(self)
        self.close()

    def close(self, *, exiting: bool = False) -> None:
        """Stop JavaScript, end all calls with ClosedError, close the files. Idempotent."""
        if not self.forked:
            self._bridge.close(errors.ClosedError("the environment is closed"), exiting=exiting)

    def _on_bridge_closed(self) -> None:
        """The isolate is gone: by `close`, or because its JavaScript had to be stopped."""
        with _registry_lock:
            _unshare(self)
            if self in _open:
                _open.remove(self)
        self.storage.close()
        self._remove_temporary_folder()

    def _remove_temporary_folder(self) -> None:
        if self.is_temporary:
            import shutil

            shutil.rmtree(self.folder, ignore_errors=True)

    def mark_forked(self) -> None:
        """In a child process: refuse everything, touch nothing of the parent's."""
        self._bridge.refuse(
            errors.ForkedError(
                "this environment was made in the parent of this process and does not work in "
                "the child; call setup() again here"
            )
        )


# ---------------------------------------------------------------------- all engines

_registry_lock = threading.RLock()
_shared: dict[str, Engine] = {}
_open: list[Engine] = []
#: Engines of the parent process. Never freed: closing a connection in the child would touch
#: files that the parent works with.
_orphans: list[Engine] = []


def acquire(folder: str | None, **options: Any) -> Engine:
    """The engine of a folder, or a new one in a temporary folder. Pair it with `Engine.release`.

    ``options`` are those of `Engine`. An engine that is open already has to have the same.
    """
    key = None if folder is None else os.path.realpath(folder)
    with _registry_lock:
        engine = None if key is None else _shared.get(key)
        if engine is None or engine.closed:
            engine = Engine(key, **options)
            _open.append(engine)
            if key is not None:
                _shared[key] = engine
        else:
            _check_same_options(engine, options)
        engine._users += 1
    return engine


def _check_same_options(engine: Engine, options: dict[str, Any]) -> None:
    for name, value in options.items():
        if engine.options[name] != value:
            raise errors.EnvironmentError(
                f"{engine.folder} is open in this process with {name}="
                f"{engine.options[name]!r}; close that environment first, or give the same value",
                filename=engine.folder,
            )


def _unshare(engine: Engine) -> None:
    """Whoever sets up the same folder from now on gets another engine."""
    if engine.key is not None and _shared.get(engine.key) is engine:
        del _shared[engine.key]


def _close_all() -> None:
    """At exit, before the interpreter goes: V8's threads must have ended by then."""
    for engine in list(_open):
        engine.close(exiting=True)


def _after_fork_in_child() -> None:
    global _registry_lock
    _registry_lock = threading.RLock()
    v8.forget_parents_threads()
    _orphans.extend(_open)
    for engine in _open:
        engine.mark_forked()
    _open.clear()
    _shared.clear()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)


def _in_background(function: Callable[[], Any]) -> None:
    """Run a function on a thread of its own.

    Not by `threading.Thread`: starting one takes locks that the interrupted code may hold.
    """
    try:
        _thread.start_new_thread(function, ())
    except RuntimeError:
        pass  # the interpreter exits; _close_all() does it


def _temporary_folder() -> str:
    import tempfile

    return tempfile.mkdtemp(prefix="pouchdb-")


def _no_reference(kind: str, _handle: int, _name: str) -> Any:
    raise errors.JSError(f"a {kind} cannot come back from here")


def _bundle() -> bytes:
    path = os.path.join(os.path.dirname(os.path.dirname(__file__)), "_bundle.js")
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise errors.EnvironmentError(
            f"{path} cannot be read ({error.strerror}); reinstall pouchdb, or in a checkout run: "
            "node jsbundle/build.mjs",
            filename=path,
        ) from error
