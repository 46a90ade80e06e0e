"""Reading documents: what JavaScript gets is put together by SQL, documents stay the text they are.

Replies are JSON. A tree is embedded as a string if it is a chain (its characters need no escapes),
else as the array that it is; see `schema`.
"""

from __future__ import annotations

from pouchdb._hosts.storage import wire
from pouchdb._hosts.storage.database import Database

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

MISSING: Final = b""
DELETED: Final = b"deleted"
NO_BODY: Final = b"no body"

_GET: Final = """
    SELECT d.deleted, b.json FROM docs d LEFT JOIN bodies b ON b.seq = d.wseq
    WHERE d.id = CAST(? AS TEXT)
"""

# One row of a reply: [index in the request, winning rev, deleted, seq, wseq, chain, tree, body].
_ROW: Final = """
    json_quote(d.rev) || ',' || d.deleted || ',' || d.seq || ',' || ifnull(d.wseq, 0) || ','
    || d.chain || ',' || CASE d.chain WHEN 0 THEN d.tree ELSE '"' || d.tree || '"' END || ','
"""
_TREES: Final = f"""
    SELECT '[' || j.key || ',' || {_ROW} || 'null]'
    FROM json_each(?) j CROSS JOIN docs d ON d.id = j.value
"""
TREE_OF_ONE: Final = f"SELECT {_ROW} || 'null]' FROM docs d WHERE d.id = CAST(? AS TEXT)"
_DOCUMENTS: Final = f"""
    SELECT '[' || j.key || ',' || {_ROW} || ifnull(b.json, 'null') || ']'
    FROM json_each(?) j CROSS JOIN docs d ON d.id = j.value LEFT JOIN bodies b ON b.seq = d.wseq
"""
_DOCUMENT: Final = f"""
    SELECT {_ROW} || ifnull(b.json, 'null') || ']'
    FROM docs d LEFT JOIN bodies b ON b.seq = d.wseq WHERE d.id = CAST(? AS TEXT)
"""
_BODIES: Final = """
    SELECT ifnull(b.json, 'null') FROM json_each(?) j LEFT JOIN bodies b ON b.seq = j.value
    ORDER BY j.key
"""


def get(db: Database, id_field: str) -> bytes:
    """The winning revision as JSON, or one of the three words above."""
    if db.unsettled:
        db.rollback()
    row = db.execute(_GET, (wire.load_id(id_field),)).fetchone()
    if row is None:
        return MISSING
    if row[0]:
        return DELETED
    body: bytes = row[1]
    return NO_BODY if body is None else body


def trees(db: Database, ids_field: str) -> list[bytes]:
    """A row without body for each id that is known."""
    return _rows(db, ids_field, _TREES, TREE_OF_ONE)


def documents(db: Database, ids_field: str) -> list[bytes]:
    """A row with the winning revision's body for each id that is known."""
    if db.unsettled:
        db.rollback()
    return _rows(db, ids_field, _DOCUMENTS, _DOCUMENT)


def bodies(db: Database, seqs_field: str) -> list[bytes]:
    """The body of each sequence number in a JSON array; ``null`` for one that is not there."""
    if db.unsettled:
        db.rollback()
    return [row[0] for row in db.execute(_BODIES, (seqs_field,)).fetchall()]


def _rows(db: Database, ids_field: str, of_many: str, of_one: str) -> list[bytes]:
    execute = db.execute
    if not wire.has_unsafe_escapes(ids_field):
        return [row[0] for row in execute(of_many, (ids_field,)).fetchall()]
    found = []
    for index, id_ in enumerate(wire.load_ids(ids_field)):
        row = execute(of_one, (id_,)).fetchone()
        if row is not None:
            found.append(b"[%d,%b" % (index, row[0]))
    return found
