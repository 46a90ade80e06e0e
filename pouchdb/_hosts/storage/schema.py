"""The tables of a database file, and how older files become newer ones.

============  =====================================================================================
``settings``  ``name`` (of the database, WTF-8) and ``uuid`` (what ``db.id()`` gives)
``docs``      one row per document. ``seq`` is that of its last change, ``wseq`` that of its
              winning revision, ``rev`` the winning revision, ``tree`` the revision tree
``bodies``    one row per stored revision, with the JSON text that ``get`` answers with. ``cnt`` is
              the number of documents after this write. The newest row is never removed, only
              emptied: it keeps the sequence number and the count
``local``     ``_local`` documents, not replicated and without history
``attachments``, ``attachment_refs``
              content by digest, and which stored revision (``seq``) refers to which digest
============  =====================================================================================

A tree is text in one of two forms. A chain, which most documents are (one branch, nothing deleted,
plain hashes), is ``start,hash:seq,hash:seq,…`` where ``seq`` is empty if the revision has no body;
``chain`` is its length. All others are JSON, ``[rev_tree, rev_map]`` with ``chain`` 0.

TEXT that comes from JavaScript may hold lone surrogates and U+0000: it is WTF-8, bound as bytes
and cast. The order of ids is that of their bytes, which is the order of code points.
"""

from __future__ import annotations

import uuid
from pathlib import Path

from pouchdb._hosts.storage.connection import Connection, environment_error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

VERSION: Final = 1
_APPLICATION_ID: Final = 0x506F7563  # "Pouc"

#: What brings a file from version n to n + 1: index n.
MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    (
        "CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID",
        """
        CREATE TABLE docs (
            id TEXT PRIMARY KEY, seq INTEGER NOT NULL, wseq INTEGER, deleted INTEGER NOT NULL,
            chain INTEGER NOT NULL, rev TEXT NOT NULL, tree TEXT NOT NULL
        ) WITHOUT ROWID
        """,
        "CREATE TABLE bodies (seq INTEGER PRIMARY KEY, cnt INTEGER NOT NULL, id TEXT, json TEXT)",
        "CREATE TABLE local (id TEXT PRIMARY KEY, rev TEXT, json TEXT NOT NULL) WITHOUT ROWID",
        "CREATE TABLE attachments (digest TEXT PRIMARY KEY, data BLOB NOT NULL)",
        """
        CREATE TABLE attachment_refs (
            seq INTEGER NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (seq, digest)
        ) WITHOUT ROWID
        """,
        "CREATE INDEX attachment_refs_by_digest ON attachment_refs (digest)",
    ),
)

#: Run before the file goes, so that whoever has it open gets an error instead of writing to a
#: file that nobody will find.
MARK_DESTROYED: Final = (
    "ALTER TABLE docs RENAME TO destroyed_docs",
    "ALTER TABLE bodies RENAME TO destroyed_bodies",
    "ALTER TABLE local RENAME TO destroyed_local",
)

_READ_APPLICATION_ID: Final = "PRAGMA application_id"
_READ_VERSION: Final = "PRAGMA user_version"
_SET_APPLICATION_ID: Final = f"PRAGMA application_id={_APPLICATION_ID}"
_SET_VERSION: Final = tuple(f"PRAGMA user_version={number + 1}" for number in range(VERSION))
_LIST_TABLES: Final = "SELECT name FROM sqlite_master WHERE type = 'table'"
_READ_SETTING: Final = "SELECT value FROM settings WHERE key = ?"
_WRITE_SETTING: Final = "INSERT INTO settings VALUES (?, CAST(? AS TEXT))"


def prepare(connection: Connection, path: Path | None, name: str) -> str:
    """Make the tables, or bring them up to date; returns the database's uuid."""
    execute = connection.execute
    if check(connection, path) < VERSION:
        # Another process may be doing the same: look again when it is our turn.
        execute("BEGIN IMMEDIATE")
        try:
            version = check(connection, path)
            for number in range(version, VERSION):
                for statement in MIGRATIONS[number]:
                    execute(statement)
                execute(_SET_VERSION[number])
            if version == 0:
                execute(_SET_APPLICATION_ID)
                encoded = name.encode("utf-8", "surrogatepass")
                execute(_WRITE_SETTING, ("name", encoded))
                execute(_WRITE_SETTING, ("uuid", str(uuid.uuid4())))
            execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                execute("ROLLBACK")
            raise
    return read_setting(connection, "uuid")


def read_setting(connection: Connection, key: str) -> str:
    """A row of ``settings``; empty if there is none."""
    row: tuple[bytes] | None = connection.execute(_READ_SETTING, (key,)).fetchone()
    return row[0].decode("utf-8", "surrogatepass") if row else ""


def is_destroyed(connection: Connection) -> bool:
    """Whether the file was marked as destroyed, but could not be removed then."""
    tables = {row[0] for row in connection.execute(_LIST_TABLES)}
    return b"destroyed_docs" in tables


def check(connection: Connection, path: Path | None) -> int:
    """The schema version, 0 for a new file; raises if the file is not for us."""
    version: int = connection.execute(_READ_VERSION).fetchone()[0]
    if path is None:
        return version
    application: int = connection.execute(_READ_APPLICATION_ID).fetchone()[0]
    if application != _APPLICATION_ID and (
        application or version or connection.execute(_LIST_TABLES).fetchone()
    ):
        raise environment_error(
            path, "is a SQLite database of another program: move it away or choose another folder"
        )
    if version > VERSION:
        raise environment_error(
            path,
            f"has schema version {version}, this release knows {VERSION}: install a newer pouchdb",
        )
    return version
