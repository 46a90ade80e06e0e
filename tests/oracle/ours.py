"""The steps' calls, made through the public Python API, with answers in the oracle's form."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import pouchdb


class OurDatabase:
    """One database of ours that takes PouchDB's own arguments, as `OracleDatabase` does."""

    def __init__(self, env: pouchdb.SyncEnvironment, name: str, options: dict[str, Any]) -> None:
        self._env = env
        self._name = name
        self._options = options
        self.db = env.PouchDB(name, **options)

    def call(self, method: str, *args: Any) -> Any:
        """Run a method with PouchDB's own arguments; raises pouchdb.BaseError."""
        own = getattr(self, f"_{method}", None)
        values = [_from_wire(arg) for arg in args]
        return _to_wire(own(*values) if own is not None else getattr(self.db, method)(*values))

    def reopen(self) -> None:
        """Close the database and open it again."""
        self.db.close()
        self.db = self._env.PouchDB(self._name, **self._options)

    # Where the Python API's arguments differ from PouchDB's own:

    def _get(self, id_: Any, options: dict[str, Any] | None = None) -> Any:
        return self.db.get(id_, **(options or {}))

    def _put(self, doc: Any, options: dict[str, Any] | None = None) -> Any:
        return self.db.put(doc, **(options or {}))

    def _bulkDocs(self, docs: Any, options: dict[str, Any] | None = None) -> Any:
        return self.db.bulkDocs(docs, **(options or {}))

    def _allDocs(self, options: dict[str, Any]) -> Any:
        return self.db.allDocs(**options)

    def _changes(self, options: dict[str, Any]) -> Any:
        return self.db.changes(**options)

    def _bulkGet(self, options: dict[str, Any]) -> Any:
        return self.db.bulkGet(**options)

    def _putAttachment(self, id_: str, name: str, rev: Any, data: Any, type_: str) -> Any:
        return self.db.putAttachment(id_, name, data, type_, rev)

    def _getAttachment(self, id_: str, name: str, options: dict[str, Any]) -> Any:
        return self.db.getAttachment(id_, name, **options)["data"]

    def _compactDocument(self, id_: str, max_height: int) -> Any:
        # used by compact(); not part of the Python API
        return self.db._call("compactDocument", id_, max_height)


def error_of(error: pouchdb.BaseError) -> dict[str, Any]:
    """The properties that PouchDB gave an error."""
    assert isinstance(error, pouchdb.PouchDBError), error
    return dict(error)


def _from_wire(value: Any) -> Any:
    if isinstance(value, list):
        return [_from_wire(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "$bytes" in value:
        return base64.b64decode(value["$bytes"])
    return {key: _from_wire(item) for key, item in value.items()}


def _to_wire(value: Any) -> Any:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {"$bytes": base64.b64encode(value).decode()}
    if isinstance(value, Mapping):
        return {key: _to_wire(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_to_wire(item) for item in value]
    return value
