"""``allDocs``: rows in the order of their ids, or for given keys, as the text of the result."""

from __future__ import annotations

from pouchdb._hosts.storage import wire
from pouchdb._hosts.storage.database import Database

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

_ROW: Final = """
    '{"id":' || json_quote(d.id) || ',"key":' || json_quote(d.id)
    || ',"value":{"rev":' || json_quote(d.rev)
"""
_ALONE: Final = _ROW + """ || '}}'"""
_WITH_DOC: Final = _ROW + """ || '},"doc":' || ifnull(b.json, 'null') || '}'"""
_DELETED: Final = _ROW + """ || ',"deleted":true},"doc":null}'"""
_NOT_FOUND: Final = """'{"key":' || json_quote(j.value) || ',"error":"not_found"}'"""
#: What conflicts are computed from, for documents that may have some.
_TREE: Final = "CASE d.chain WHEN 0 THEN d.tree ELSE 'null' END"

_BODIES: Final = " LEFT JOIN bodies b ON b.seq = d.wseq"
_JOIN: Final = {"row": "", "doc": _BODIES, "tree": _BODIES}

# Each by what a row holds: nothing more, the document, a pair of tree and row with document.
_EXISTING: Final = {
    "row": _ALONE,
    "doc": _WITH_DOC,
    "tree": f"'[' || {_TREE} || ',' || {_WITH_DOC} || ']'",
}
_RANGE: Final = {
    (content, descending): f"""
        SELECT {row} FROM docs d{_JOIN[content]}
        WHERE d.id >= CAST(? AS TEXT) AND d.id <= CAST(? AS TEXT) AND d.id <> CAST(? AS TEXT)
        AND d.deleted = 0 ORDER BY d.id {order} LIMIT ? OFFSET ?
    """
    for content, row in _EXISTING.items()
    for descending, order in ((False, "ASC"), (True, "DESC"))
}

# With keys there are also rows for deleted documents and for those that are not there.
_KEYED: Final = {
    content: f"""
        CASE d.deleted WHEN 0 THEN {row} WHEN 1 THEN {deleted} ELSE {not_found} END
    """
    for content, row, deleted, not_found in (
        ("row", _EXISTING["row"], _DELETED, _NOT_FOUND),
        ("doc", _EXISTING["doc"], _DELETED, _NOT_FOUND),
        (
            "tree",
            _EXISTING["tree"],
            f"'[null,' || {_DELETED} || ']'",
            f"'[null,' || {_NOT_FOUND} || ']'",
        ),
    )
}
_OF_KEYS: Final = {
    content: f"""
        SELECT {row} FROM json_each(?) j LEFT JOIN docs d ON d.id = j.value{_JOIN[content]}
        ORDER BY j.key
    """
    for content, row in _KEYED.items()
}
_OF_KEY: Final = {
    content: f"""
        SELECT {row} FROM (SELECT CAST(? AS TEXT) AS value) j
        LEFT JOIN docs d ON d.id = j.value{_JOIN[content]}
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
        rows = execute(statement, (*bounds, int(limit), int(skip))).fetchall()
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
            rows = [execute(_OF_KEY[content], (key,)).fetchone() for key in wire.load_ids(keys)]
        else:
            rows = execute(_OF_KEYS[content], (keys,)).fetchall()
    return b'{"offset":%b%b,"total_rows":%d,"rows":[%b]}' % (
        offset.encode() or b"null",
        b',"update_seq":%d' % seq if update_seq == "1" else b"",
        count,
        b",".join([row[0] for row in rows]),
    )
