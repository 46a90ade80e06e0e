"""What an environment has; the documentation of both kinds, written once."""

from __future__ import annotations

from abc import ABC, abstractmethod

from pouchdb.events import EventEmitter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from typing_extensions import Unpack

    from pouchdb.options import DatabaseOptions


class AbstractEnvironment(EventEmitter, ABC):
    """Databases, and what has to do with all of them.

    It is an event emitter: ``"created"`` (with the name) whenever a database was opened,
    ``"destroyed"`` (with the name; also by its old name ``"destroy"``) when one was destroyed,
    and ``"error"`` with an exception that a listener or callback has raised. Listeners are called
    on the environment's callback thread; a call that opens or destroys a database returns after
    they were.

    Never make one yourself: `setup` does.
    """

    @property
    @abstractmethod
    def PouchDB(self) -> Any:
        """The class of the environment's databases: calling it opens or creates one.

        PouchDB API: "Create a database", https://pouchdb.com/api.html#create_database

        Raises:
            EnvironmentError: The database's file cannot be used, and why.
            UnsupportedError: The name is a URL; databases on servers are not part of this version.

        >>> from pouchdb import setup
        >>> env = setup()
        >>> env.PouchDB("example", auto_compaction=True)
        <pouchdb.SyncPouchDB object at 0x...: 'example'>
        >>> InMemory = env.PouchDB.defaults(adapter="memory")
        >>> InMemory("scratch").adapter
        'memory'
        """

    @abstractmethod
    def __getitem__(self, dbName: str) -> Any:
        """The database of that name, which is created if there is none.

        The same as ``env.PouchDB(dbName)``, but while the object it gave last is in use, it gives
        that one.
        """

    @property
    @abstractmethod
    def POUCHDB_VERSION(self) -> str:
        """The version of PouchDB that runs here.

        >>> from pouchdb import setup
        >>> setup().POUCHDB_VERSION
        '9...'
        """

    @property
    @abstractmethod
    def context(self) -> Any:
        """The JavaScript side, for debugging and for testing JavaScript code (`Context`)."""

    @abstractmethod
    def allDbs(self) -> Any:
        """The names of all databases of the storage folder, sorted.

        PouchDB: the plug-in pouchdb-all-dbs, https://github.com/nolanlawson/pouchdb-all-dbs

        >>> from pouchdb import setup
        >>> env = setup()
        >>> kittens, puppies = env["kittens"], env["puppies"]
        >>> env.allDbs()
        ['kittens', 'puppies']
        """

    @abstractmethod
    def all_dbs(self) -> Any:
        """Alias of `allDbs`."""

    @abstractmethod
    def resetAllDbs(self) -> Any:
        """Does nothing: there is no list of databases apart from the storage folder itself."""

    @abstractmethod
    def reset_all_dbs(self) -> Any:
        """Alias of `resetAllDbs`."""

    @abstractmethod
    def activeTasks(self) -> Any:
        """What goes on in the background at this moment, such as compactions.

        PouchDB API: "Active tasks", https://pouchdb.com/api.html#active_tasks
        """

    @abstractmethod
    def active_tasks(self) -> Any:
        """Alias of `activeTasks`."""

    @abstractmethod
    def destroy(self, name_: str | None = None, **options: Unpack[DatabaseOptions]) -> Any:
        """Destroy a database, with all that is in it, whether or not it is open.

        The objects of the database that there are raise `DatabaseDestroyedError` from then on.
        That there is no such database is no error.

        >>> from pouchdb import setup
        >>> env = setup()
        >>> db = env["kittens"]
        >>> env.destroy("kittens")
        {'ok': True}
        >>> db.get("mittens")
        Traceback (most recent call last):
          ...
        pouchdb.errors.DatabaseDestroyedError: ...
        """

    @abstractmethod
    def close(self) -> None:
        """Close all databases. A temporary folder is removed. More than one call is harmless.

        Calls that are under way in other threads end with `ClosedError`.
        """

    @property
    @abstractmethod
    def closed(self) -> bool:
        """Whether the environment was closed."""
