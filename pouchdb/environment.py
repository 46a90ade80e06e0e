"""`SyncEnvironment`: an environment whose calls wait for their results, and a mapping too."""

# ruff: noqa: D102  # documented in the abstract class; tests/test_boundaries.py sees to it

from __future__ import annotations

import weakref
from collections.abc import Mapping
from functools import partial

from pouchdb._abstract_environment import AbstractEnvironment
from pouchdb._arguments import with_argument_name
from pouchdb.context import Context
from pouchdb.database import SyncPouchDB, destroyed_error
from pouchdb.errors import BadInputError, BaseError, ClosedError, UnsupportedError
from pouchdb.javascript import references_of
from pouchdb.results import AttrAccess

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, NoReturn

    from typing_extensions import Unpack

    from pouchdb._engine.engine import Engine
    from pouchdb.options import DatabaseOptions

__all__ = ["PouchDBClass", "SyncEnvironment"]


class SyncEnvironment(AbstractEnvironment, Mapping[str, SyncPouchDB]):
    """An environment whose calls wait for their results. As a mapping, its keys are names.

    >>> import pouchdb
    >>> with pouchdb.setup() as env:
    ...     db = env["kittens"]
    ...     print(list(env), "kittens" in env, "puppies" in env)
    ...     del env["kittens"]
    ['kittens'] True False

    Other than in most mappings, ``env[name]`` makes what is not there, and ``del env[name]`` is
    content if it is not. Two environments are equal only if they are the same one.
    """

    def __init__(self, engine: Engine, timeout: float | None) -> None:
        super().__init__()
        self._engine = engine
        self._timeout = timeout
        self._references = references_of(engine)
        self._callbacks = self._references.callbacks
        #: The objects that are there, by their handles.
        self._open: dict[int, weakref.ref[SyncPouchDB]] = {}
        self._by_name: dict[str, weakref.ref[SyncPouchDB]] = {}
        self._closed = False
        self._version = ""
        # The engine outlives this object if others share it, so it gets weak references only.
        on_error = _weakly(self._on_error)
        self._callbacks.error_listeners.append(on_error)
        endings: list[Callable[[], object]] = [
            engine.listen(_weakly(self._on_event)),
            partial(self._callbacks.error_listeners.remove, on_error),
        ]
        self._leave = weakref.finalize(self, _leave, engine, endings, wait=False)
        # At exit the engine closes itself.
        self._leave.atexit = False

    def __repr__(self) -> str:
        where = "closed" if self.closed else self._engine.folder
        return f"<pouchdb.SyncEnvironment object at {id(self):#x}: {where}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("an environment cannot be copied or pickled; call setup() for another one")

    def __enter__(self) -> SyncEnvironment:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    # ------------------------------------------------------------ databases

    @property
    def PouchDB(self) -> PouchDBClass:
        return PouchDBClass(self, {})

    def destroy(self, name_: str | None = None, **options: Unpack[DatabaseOptions]) -> AttrAccess:
        given: dict[str, Any] = {**options}
        name = given.pop("name", None) if name_ is None else name_
        check_is_local(name, given)
        if "adapter" not in given and isinstance(name, str) and not self._is_stored(name, given):
            in_memory = [db for db in self._usable() if db.name == name]
            if not in_memory:
                return AttrAccess(ok=True)
            given["adapter"] = in_memory[0].adapter
        answer: AttrAccess = self._run("destroy", name, given)
        self._wait_for_listeners()
        return answer

    def allDbs(self) -> list[str]:
        self._check_usable()
        return sorted(self._engine.list_databases())

    def all_dbs(self) -> list[str]:
        return self.allDbs()

    def resetAllDbs(self) -> AttrAccess:
        self._check_usable()
        return AttrAccess(ok=True)

    def reset_all_dbs(self) -> AttrAccess:
        return self.resetAllDbs()

    # ------------------------------------------------------------ as a mapping

    def __getitem__(self, dbName: str) -> SyncPouchDB:
        known = self._by_name.get(dbName) if isinstance(dbName, str) else None
        db = None if known is None else known()
        if db is None or not db._is_usable:
            db = self.PouchDB(dbName)
            self._by_name[dbName] = weakref.ref(db)
        return db

    def __delitem__(self, dbName: str) -> None:
        """The same as ``env.destroy(dbName)``."""
        self.destroy(dbName)

    def __contains__(self, dbName: object) -> bool:
        return dbName in self.allDbs()

    def __iter__(self) -> Iterator[str]:
        return iter(self.allDbs())

    def __len__(self) -> int:
        return len(self.allDbs())

    def get(self, dbName: str, default: Any = None) -> Any:
        """The database of that name if there is one, otherwise the default."""
        return self[dbName] if dbName in self else default  # noqa: SIM401  # this is get()

    # It has no value to be compared by; to read all databases for it would be a trap.
    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return object.__hash__(self)

    # ------------------------------------------------------------ the rest

    @property
    def POUCHDB_VERSION(self) -> str:
        if not self._version:
            self._version = self._call_program("eval", "return PouchDB.version", "version.js")
        return self._version

    @property
    def context(self) -> Context:
        return Context(self)

    def activeTasks(self) -> list[AttrAccess]:
        return self._run("activeTasks")  # type: ignore[no-any-return]

    def active_tasks(self) -> list[AttrAccess]:
        return self.activeTasks()

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        for db in self._usable():
            db._refuse(_environment_is_closed)
            self._drop(db._handle, db._adapter)
        leaving = self._leave.detach()
        if leaving:
            _, leave, args, _ = leaving
            leave(*args, wait=True)

    @property
    def closed(self) -> bool:
        return self._closed or self._engine.closed

    # ------------------------------------------------------------ inside

    def _run(self, op: str, *args: Any) -> Any:
        self._check_usable()
        try:
            return self._engine.call(op, *args, timeout=self._timeout)
        except BadInputError as error:
            raise with_argument_name(error, op) from None

    def _call_program(self, op: str, *args: Any) -> Any:
        """Run an operation that runs JavaScript of the user's, and may give references to it."""
        self._check_usable()
        return self._references.call(self, op, *args, timeout=self._timeout)

    def _open_database(self, name: str, options: dict[str, Any]) -> SyncPouchDB:
        check_is_local(name, options)
        self._check_usable()
        self._references.release_databases(self._timeout)
        opened = self._run("open", name, options)
        db = SyncPouchDB(
            self, opened["handle"], opened["name"], opened["adapter"], opened.get("storage")
        )
        self._open[opened["handle"]] = weakref.ref(db)
        self._wait_for_listeners()
        return db

    def _is_stored(self, name: str, options: dict[str, Any]) -> bool:
        return self._engine.has_file(f"{options.get('prefix') or ''}{name}")

    def _usable(self) -> list[SyncPouchDB]:
        """The objects of databases that are neither closed nor destroyed."""
        living = [ref() for ref in list(self._open.values())]
        return [db for db in living if db is not None and db._is_usable]

    def _drop(self, handle: int, adapter: str) -> None:
        """A database object is gone. May be called from anywhere, as finalizers are."""
        self._open.pop(handle, None)
        # What is in memory lives in the objects of JavaScript; it stays for the next one to find.
        self._references.drop_database(handle, close=adapter != "memory")

    def _check_usable(self) -> None:
        if self._closed:
            raise ClosedError()
        self._engine.check_usable()

    def _inspect(self) -> dict[str, Any]:
        import json

        heap = json.loads(self._engine.heap_statistics())
        return {
            "pouchdb": self.POUCHDB_VERSION,
            "folder": self._engine.folder,
            "databases": self.allDbs(),
            "open": sorted(db.name for db in self._usable()),
            "heap": heap,
        }

    # ------------------------------------------------------------ events

    def _on_event(self, event: list[Any]) -> None:
        """Runs inside a host call, on any thread: must neither wait nor call the engine."""
        kind, name = event
        if kind == "destroyed":
            for db in self._usable():
                if db.name == name:
                    db._refuse(destroyed_error)
                    self._open.pop(db._handle, None)
                    self._references.drop_database(db._handle, close=False)
        for event_name in ("destroyed", "destroy") if kind == "destroyed" else (kind,):
            if self._listeners.get(event_name):
                self._callbacks.post(partial(self._call_listeners, event_name, name))

    def _call_listeners(self, event: str, *args: Any) -> None:
        for listener in self._take(event):
            try:
                listener(*args)
            except BaseException as error:  # noqa: BLE001  # reported: nobody else catches it
                self._callbacks.report(error)

    def _on_error(self, error: BaseException) -> None:
        self.emit("error", error)

    def _wait_for_listeners(self) -> None:
        self._callbacks.wait()


class PouchDBClass:
    """``env.PouchDB``: makes databases, and answers `isinstance`, as the class in PouchDB does."""

    #: PouchDB puts it before names; always empty here.
    prefix = ""

    def __init__(self, environment: SyncEnvironment, defaults: dict[str, Any]) -> None:
        self._environment = environment
        self._defaults = defaults

    @property
    def version(self) -> str:
        """PouchDB's version."""
        return self._environment.POUCHDB_VERSION

    def __call__(self, name: str, **options: Unpack[DatabaseOptions]) -> SyncPouchDB:
        """Open a database, or create one; see `AbstractEnvironment.PouchDB`."""
        return self._environment._open_database(name, {**self._defaults, **options})

    def defaults(self, **options: Unpack[DatabaseOptions]) -> PouchDBClass:
        """The same, with other defaults for the options.

        PouchDB API: "Default settings", https://pouchdb.com/api.html#defaults
        """
        return PouchDBClass(self._environment, {**self._defaults, **options})

    def __instancecheck__(self, instance: object) -> bool:
        return isinstance(instance, SyncPouchDB) and instance._environment is self._environment

    def __repr__(self) -> str:
        return f"<the class PouchDB of {self._environment!r}>"


def check_is_local(name: object, options: dict[str, Any]) -> None:
    """Refuse what would be on a server."""
    is_url = isinstance(name, str) and name.startswith(("http://", "https://"))
    if is_url or options.get("adapter") in ("http", "https"):
        raise UnsupportedError(
            f"{name!r} is on a server, and databases on servers are not part of this version"
        )


def _environment_is_closed(_db: SyncPouchDB) -> BaseError:
    return ClosedError()


def _weakly(method: Callable[[Any], None]) -> Callable[[Any], None]:
    """Calls a method as long as its object is there."""
    weak = weakref.WeakMethod(method)

    def call(argument: Any) -> None:
        living = weak()
        if living is not None:
            living(argument)

    return call


def _leave(engine: Engine, endings: list[Callable[[], object]], *, wait: bool) -> None:
    """What an environment does at its end. Without waiting, it may be called from anywhere."""
    for end in endings:
        end()
    engine.release(wait=wait)
