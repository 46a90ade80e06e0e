"""What stands in Python for functions and promises of JavaScript.

JavaScript keeps them under a handle for as long as these objects live. Finalizers run anywhere,
even inside a host call, so they only note the handle; the next call releases what was noted.
"""

from __future__ import annotations

import threading
from contextlib import suppress

from pouchdb._arguments import with_argument_name
from pouchdb._callbacks import Callbacks
from pouchdb.errors import BadInputError, BaseError, JSError, PouchDBError
from pouchdb.promise import Promise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

    from pouchdb._engine.engine import Engine
    from pouchdb.environment import SyncEnvironment

__all__ = ["JSFunction"]


class References:
    """The functions and promises of one engine, and its callback thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._dropped: list[int] = []
        self._dropped_databases: list[tuple[int, bool]] = []
        #: For which environment a thread is in `call`.
        self._calling = threading.local()
        self.callbacks = Callbacks()

    def make(self, kind: str, handle: int, name: str) -> Any:
        """The Python side of a marker, for `Engine.make_reference`."""
        owner = self._calling.owner
        if kind == "fn":
            return JSFunction(self, owner, handle, name)
        if kind == "promise":
            return _JSPromise(self, owner, handle)
        raise JSError(f"a {kind} of JavaScript cannot come to Python")

    def call(self, owner: SyncEnvironment, op: str, *args: Any, timeout: float | None) -> Any:
        """Run an operation of the engine that may give references, for an environment."""
        if self._dropped:
            dropped, self._dropped = self._dropped, []
            self._engine.call("release", dropped, timeout=timeout)
        before = getattr(self._calling, "owner", None)
        self._calling.owner = owner
        try:
            return self._engine.call(op, *args, timeout=timeout)
        finally:
            self._calling.owner = before

    def drop_database(self, handle: int, *, close: bool) -> None:
        """Note that a database object is gone, and whether it has to be closed yet."""
        self._dropped_databases.append((handle, close))

    def release_databases(self, timeout: float | None) -> None:
        """Close and forget the databases that were dropped."""
        dropped, self._dropped_databases = self._dropped_databases, []
        for handle, close in dropped:
            if close:
                # Nobody has it any more: that its file is gone by now, say, concerns nobody.
                with suppress(PouchDBError):
                    self._engine.call("call", handle, "close", timeout=timeout)
            self._engine.call("forget", handle, timeout=timeout)

    def drop(self, handle: int) -> None:
        """Note that nothing in Python stands for the handle any more."""
        self._dropped.append(handle)


def references_of(engine: Engine) -> References:
    """The references of an engine; all environments that share the engine share them."""
    # Without a lock, which another thread could hold at the moment of a fork.
    references: References = engine.attached.setdefault("references", References(engine))
    engine.make_reference = references.make
    return references


class JSFunction:
    """A function of JavaScript, to be called like one of Python.

    Arguments are JSON values or bytes; the result is converted like that of ``evalJs``. What it
    throws is raised as a `JSError`.

    >>> from pouchdb import setup
    >>> add = setup().context.evalJs("return function add(a, b) { return a + b; }")
    >>> add(1, 2)
    3
    >>> add
    <pouchdb.JSFunction add>
    """

    def __init__(
        self, references: References, owner: SyncEnvironment, handle: int, name: str
    ) -> None:
        self._references = references
        # Keeps the environment, and so the engine, for as long as the function is there.
        self._owner = owner
        self._handle = handle
        self.__name__ = name

    def __call__(self, *args: Any) -> Any:
        """Call the function and wait for its result."""
        try:
            return self._owner._call_program("invoke", self._handle, args)
        except BadInputError as error:
            raise with_argument_name(error, "invoke") from None

    def __reduce__(self) -> NoReturn:
        raise TypeError("a function of JavaScript cannot be copied or pickled")

    def __repr__(self) -> str:
        return f"<pouchdb.JSFunction {self.__name__ or '(anonymous)'}>"

    def __del__(self) -> None:
        self._references.drop(self._handle)


class _JSPromise(Promise):
    """A promise of JavaScript; its outcome is fetched when it is first asked for."""

    _needs_callbacks = False

    def __init__(self, references: References, owner: SyncEnvironment, handle: int) -> None:
        super().__init__(references.callbacks)
        self._references = references
        self._owner = owner
        self._handle = handle
        self._fetching = False

    def wait(self, timeout: float | None = None) -> Any:
        self._fetch()
        return super().wait(timeout)

    def _when_settled(self, reaction: Any) -> None:
        self._fetch()
        super()._when_settled(reaction)

    def _fetch(self) -> None:
        with self._lock:
            if self._fetching:
                return
            self._fetching = True
        threading.Thread(target=self._await, name="pouchdb-promise", daemon=True).start()

    def _await(self) -> None:
        try:
            value = self._references.call(self._owner, "await", self._handle, timeout=None)
        except BaseError as error:
            self._reject(error)
        else:
            self._resolve(value)

    def __del__(self) -> None:
        self._references.drop(self._handle)
        super().__del__()
