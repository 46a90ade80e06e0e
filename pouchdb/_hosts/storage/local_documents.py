"""``_local`` documents: never replicated, one revision, compared and stored in one host call."""

from __future__ import annotations

import json

from pouchdb._hosts.storage import wire
from pouchdb._hosts.storage.database import Database

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

_GET: Final = "SELECT json FROM local WHERE id = CAST(? AS TEXT)"
_GET_REV: Final = "SELECT rev FROM local WHERE id = CAST(? AS TEXT)"
_REPLACE: Final = "INSERT OR REPLACE INTO local VALUES (CAST(? AS TEXT), ?, ?)"
_REMOVE: Final = "DELETE FROM local WHERE id = CAST(? AS TEXT)"

STORED: Final = b""
MISSING: Final = b"missing"
CONFLICT: Final = b"conflict"


def get_local(db: Database, id_field: str) -> bytes:
    """The document as JSON, empty if there is none."""
    if db.unsettled:
        db.rollback()
    row: tuple[bytes] | None = db.execute(_GET, (wire.load_id(id_field),)).fetchone()
    return row[0] if row else b""


def put_local(db: Database, fields: list[str]) -> bytes:
    """Store a document if its revision still is the expected one, empty: if there is none.

    Fields: id · expected revision as JSON · new revision · document.
    """
    _, id_field, expected, rev, body = fields
    id_ = wire.load_id(id_field)
    with db.writing() as execute:
        if not _is_expected(execute(_GET_REV, (id_,)).fetchone(), expected):
            return CONFLICT
        execute(_REPLACE, (id_, rev, body))
    return STORED


def remove_local(db: Database, fields: list[str]) -> bytes:
    """Remove a document if its revision is the expected one. Fields: id · revision as JSON."""
    _, id_field, expected = fields
    id_ = wire.load_id(id_field)
    with db.writing() as execute:
        row = execute(_GET_REV, (id_,)).fetchone()
        if row is None:
            return MISSING
        if not _is_expected(row, expected):
            return CONFLICT
        execute(_REMOVE, (id_,))
    return STORED


def _is_expected(row: tuple[bytes] | None, expected: str) -> bool:
    """``expected`` is JSON, empty if the document must not exist yet."""
    if row is None:
        return not expected
    return bool(expected) and json.loads(expected) == row[0].decode("utf-8")
