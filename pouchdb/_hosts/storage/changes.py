"""The changes feed: each document once, at the sequence number of its last change.

The feed walks the rows of ``bodies`` and keeps those that are the last change of their document.
"""

from __future__ import annotations

from pouchdb._hosts.storage import wire
from pouchdb._hosts.storage.database import Database

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

_CHANGE: Final = """
    '{"id":' || json_quote(d.id) || ',"changes":[{"rev":' || json_quote(d.rev) || '}]'
"""
_DOC: Final = """ || ',"doc":' || ifnull(w.json, 'null')"""
_END: Final = """
    || CASE d.deleted WHEN 1 THEN ',"deleted":true,"seq":' ELSE ',"seq":' END || d.seq || '}'
"""
#: What leaves and conflicts are computed from, for documents that may have several.
_TREE: Final = "'[' || CASE d.chain WHEN 0 THEN d.tree ELSE 'null' END || ',' ||"

#: By what a row holds besides the change.
_ROW: Final = {
    "row": f"{_CHANGE}{_END}",
    "doc": f"{_CHANGE}{_DOC}{_END}",
    "tree": f"{_TREE}{_CHANGE}{_END} || ']'",
    "both": f"{_TREE}{_CHANGE}{_DOC}{_END} || ']'",
}
_WINNER: Final = " LEFT JOIN bodies w ON w.seq = d.wseq"
_JOIN_WINNER: Final = {"row": "", "doc": _WINNER, "tree": "", "both": _WINNER}
_LAST_CHANGES: Final = " FROM bodies b CROSS JOIN docs d ON d.id = b.id AND d.seq = b.seq"

_AFTER: Final = {
    content: f"""
        SELECT d.seq, {row}{_LAST_CHANGES}{_JOIN_WINNER[content]}
        WHERE b.seq > ? ORDER BY b.seq LIMIT ?
    """
    for content, row in _ROW.items()
}
_BEFORE: Final = {
    content: f"""
        SELECT d.seq, {row}{_LAST_CHANGES}{_JOIN_WINNER[content]}
        WHERE b.seq < ? ORDER BY b.seq DESC LIMIT ?
    """
    for content, row in _ROW.items()
}
_OF_IDS: Final = {
    content: f"""
        SELECT d.seq, {row} FROM (SELECT DISTINCT value FROM json_each(?)) j
        CROSS JOIN docs d ON d.id = j.value{_JOIN_WINNER[content]}
    """
    for content, row in _ROW.items()
}
_OF_ID: Final = {
    content: f"SELECT d.seq, {row} FROM docs d{_JOIN_WINNER[content]} WHERE d.id = CAST(? AS TEXT)"
    for content, row in _ROW.items()
}

Rows = list[tuple[int, bytes]]


def changes(db: Database, fields: list[str]) -> Rows:
    """The next changes from a sequence number on, that one excluded.

    Fields: content (row, doc, tree, both) · descending · from · limit (-1: none) · ids (empty:
    all documents).
    """
    if db.unsettled:
        db.rollback()
    _, content, descending, start, limit, ids = fields
    if ids:
        return _of_ids(db, content, descending == "1", int(start), int(limit), ids)
    statements = _BEFORE if descending == "1" else _AFTER
    rows: Rows = db.execute(statements[content], (int(start), int(limit))).fetchall()
    return rows


def array(rows: Rows) -> bytes:
    """Rows as a JSON array."""
    return b"[%b]" % b",".join([row[1] for row in rows])


def result(rows: Rows, since: str) -> bytes:
    """Rows as the result of ``db.changes``. ``since`` is the JSON of what was asked for."""
    last = b"%d" % rows[-1][0] if rows else since.encode()
    return b'{"results":%b,"last_seq":%b}' % (array(rows), last)


def _of_ids(db: Database, content: str, descending: bool, start: int, limit: int, ids: str) -> Rows:
    if wire.has_unsafe_escapes(ids):
        one = _OF_ID[content]
        chosen = dict.fromkeys(wire.load_ids(ids))
        rows: Rows = [row for id_ in chosen for row in db.execute(one, (id_,)).fetchall()]
    else:
        rows = db.execute(_OF_IDS[content], (ids,)).fetchall()
    rows = sorted(
        (row for row in rows if (row[0] < start if descending else row[0] > start)),
        reverse=descending,
    )
    return rows if limit < 0 else rows[:limit]
