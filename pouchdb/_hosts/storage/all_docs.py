"""``allDocs``: rows in the order of their ids, or for given keys, as the text of the result."""

from __future__ import annotations

from typing import Final

from pouchdb._hosts.storage import wire
from pouchdb._hosts.storage.database import Database

# ---------------------------------------------------------------- allDocs

_ROW: Final = """
    '{"id":' || json_quote(d.id) || ',"key":' || json_quote(d.id)
    || ',"value":{"rev":' || json_quote(d.rev)
"""
_ROW_ALONE: Final = f"{_ROW} || '}}}}'"
_ROW_WITH_DOC: Final = f"{_ROW} || '}},\"doc\":' || ifnull(b.json, 'null') || '}}'"
#: With what conflicts are computed from, for documents that may have some.
_ROW_WITH_TREE: Final = (
    f"'[' || CASE d.chain WHEN 0 THEN d.tree ELSE 'null' END || ',' || {_ROW_WITH_DOC} || ']'"
)
_FROM_DOCS: Final = " FROM docs d"
_FROM_BOTH: Final = " FROM docs d LEFT JOIN bodies b ON b.seq = d.wseq"
_IN_RANGE: Final = """
    WHERE d.id >= CAST(?1 AS TEXT) AND d.id <= CAST(?2 AS TEXT) AND d.id <> CAST(?3 AS TEXT)
    AND d.deleted = 0 ORDER BY d.id
"""
_PAGE: Final = " LIMIT ?4 OFFSET ?5"
_DESCENDING: Final = " DESC"

#: By what a row holds: nothing more, the document, the document and the tree.
_SELECT: Final = {
    "row": f"SELECT {_ROW_ALONE}{_FROM_DOCS}",
    "doc": f"SELECT {_ROW_WITH_DOC}{_FROM_BOTH}",
    "tree": f"SELECT {_ROW_WITH_TREE}{_FROM_BOTH}",
}
_RANGE: Final = {
    (content, descending): f"{select}{_IN_RANGE}{_DESCENDING if descending else ''}{_PAGE}"
    for content, select in _SELECT.items()
    for descending in (False, True)
}

# A deleted document is a row of its own kind for ``keys``, an unknown one too.
_ROW_DELETED: Final = f"{_ROW} || ',\"deleted\":true}},\"doc\":null}}'"
_KEYED: Final = {
    "row": f"CASE d.deleted WHEN 0 THEN {_ROW_ALONE} ELSE {_ROW_DELETED} END",
    "doc": f"CASE d.deleted WHEN 0 THEN {_ROW_WITH_DOC} ELSE {_ROW_DELETED} END",
    "tree": (
        f"CASE d.deleted WHEN 0 THEN {_ROW_WITH_TREE} ELSE '[null,' || {_ROW_DELETED} || ']' END"
    ),
}
_NOT_FOUND: Final = """'{"key":' || json_quote(j.value) || ',"error":"not_found"}'"""
_NO_ROW: Final = {"row": _NOT_FOUND, "doc": _NOT_FOUND, "tree": f"'[null,' || {_NOT_FOUND} || ']'"}
_JOIN_KEYS: Final = {
    "row": " LEFT JOIN docs d ON d.id = j.value",
    "doc": " LEFT JOIN docs d ON d.id = j.value LEFT JOIN bodies b ON b.seq = d.wseq",
    "tree": " LEFT JOIN docs d ON d.id = j.value LEFT JOIN bodies b ON b.seq = d.wseq",
}
_KEYS: Final = {
    content: f"""
        SELECT CASE WHEN d.id IS NULL THEN {_NO_ROW[content]} ELSE {row} END
        FROM json_each(?) j{_JOIN_KEYS[content]} ORDER BY j.key
    """
    for content, row in _KEYED.items()
}
_KEY: Final = {
    content: f"""
        SELECT CASE WHEN d.id IS NULL THEN {_NO_ROW[content]} ELSE {row} END
        FROM (SELECT CAST(? AS TEXT) AS value) j{_JOIN_KEYS[content]}
    """
    for content, row in _KEYED.items()
}


def all_docs(db: Database, fields: list[str]) -> bytes:
    """Rows in the order of their ids.

    Fields: content (row, doc, tree) · descending · limit (-1: none) · skip · the ``offset`` to
    answer with · update_seq wanted · first id · last id · an id to leave out (empty: none).
    """
    _, content, descending, limit, skip, offset, update_seq, first, last, excluded = fields
    bounds = (
        wire.load_id(first) if first else "",
        wire.load_id(last) if last else wire.BEYOND_ALL_IDS,
        wire.load_id(excluded) if excluded else wire.BEYOND_ALL_IDS,
    )
    statement = _RANGE[content, descending == "1"]
    with db.snapshot() as execute:
        seq, count = db.state()
        rows = execute(statement, (*bounds, int(limit), int(skip))).fetchall() if limit != "0" else []
    return b'{"total_rows":%d%b,"rows":[%b]%b}' % (
        count,
        b',"offset":%b' % offset.encode() if offset else b"",
        b",".join([row[0] for row in rows]),
        b',"update_seq":%d' % seq if update_seq == "1" else b"",
    )


def all_docs_by_keys(db: Database, fields: list[str]) -> bytes:
    """A row for each key. Fields: content · offset · update_seq wanted · keys."""
    _, content, offset, update_seq, keys = fields
    with db.snapshot() as execute:
        seq, count = db.state()
        if wire.has_unsafe_escapes(keys):
            rows = [execute(_KEY[content], (key,)).fetchone() for key in wire.load_ids(keys)]
        else:
            rows = execute(_KEYS[content], (keys,)).fetchall()
    return b'{"offset":%b%b,"total_rows":%d,"rows":[%b]}' % (
        offset.encode() or b"null",
        b',"update_seq":%d' % seq if update_seq == "1" else b"",
        count,
        b",".join([row[0] for row in rows]),
    )
