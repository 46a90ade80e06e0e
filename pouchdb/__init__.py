"""PouchDB for Python: the real PouchDB, in this process, storing documents on disk.

>>> import pouchdb
>>> env = pouchdb.setup()
>>> db = env["kittens"]
>>> db.put({"_id": "mittens", "name": "Mittens"})
{'ok': True, 'id': 'mittens', 'rev': '1-...'}
>>> db.get("mittens").name
'Mittens'
>>> env.close()

`setup` gives an environment (`SyncEnvironment`), which holds databases (`SyncPouchDB`). Both are
documented in the abstract classes that they implement. Everything that goes wrong is raised as a
`BaseError`; the module `pouchdb.errors` shows the tree.
"""

from __future__ import annotations

from pouchdb._setup import setup
from pouchdb.errors import (
    BadInputError,
    BadRequestError,
    BaseError,
    ClosedError,
    ConflictError,
    DatabaseClosedError,
    DatabaseDestroyedError,
    DocValidationError,
    EnvironmentError,
    ForbiddenError,
    ForkedError,
    JSError,
    MemoryLimitError,
    MissingIdError,
    MissingStubError,
    NotFoundError,
    PouchDBError,
    PreconditionFailedError,
    ReentrantCallError,
    TimeoutError,
    UnauthorizedError,
    UnsupportedError,
)
from pouchdb.results import AttrAccess, Blob

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pouchdb._abstract_database import AbstractPouchDB
    from pouchdb._abstract_environment import AbstractEnvironment
    from pouchdb.database import SyncPouchDB
    from pouchdb.environment import SyncEnvironment
    from pouchdb.events import EventEmitter
    from pouchdb.javascript import JSFunction
    from pouchdb.promise import Promise

__version__ = "0.1.0"

__all__ = [
    "AbstractEnvironment",
    "AbstractPouchDB",
    "AttrAccess",
    "BadInputError",
    "BadRequestError",
    "BaseError",
    "Blob",
    "ClosedError",
    "ConflictError",
    "DatabaseClosedError",
    "DatabaseDestroyedError",
    "DocValidationError",
    "EnvironmentError",
    "EventEmitter",
    "ForbiddenError",
    "ForkedError",
    "JSError",
    "JSFunction",
    "MemoryLimitError",
    "MissingIdError",
    "MissingStubError",
    "NotFoundError",
    "PouchDBError",
    "PreconditionFailedError",
    "Promise",
    "ReentrantCallError",
    "SyncEnvironment",
    "SyncPouchDB",
    "TimeoutError",
    "UnauthorizedError",
    "UnsupportedError",
    "setup",
]

#: Classes that nobody needs before `setup` was called, by the module they come from.
_LATER = {
    "AbstractEnvironment": "pouchdb._abstract_environment",
    "AbstractPouchDB": "pouchdb._abstract_database",
    "EventEmitter": "pouchdb.events",
    "JSFunction": "pouchdb.javascript",
    "Promise": "pouchdb.promise",
    "SyncEnvironment": "pouchdb.environment",
    "SyncPouchDB": "pouchdb.database",
}


def __getattr__(name: str) -> Any:
    """Import a class of `_LATER` when it is first asked for."""
    if name not in _LATER:
        raise AttributeError(f"module 'pouchdb' has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(_LATER[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER})
