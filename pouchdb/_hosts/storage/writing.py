"""Writing documents: `begin` answers what JavaScript needs to decide, `write` stores and commits.

The request of `write` is one text. After the head come as many records as the counts say, each
field on a line of its own:

=======  ==========================================================================================
head     handle · counts of the records below, with commas · last seq · number of documents ·
         ids of the bodies · ids of new, grown and other documents, empty if they are the same ·
         seqs of bodies to remove · attachment references · ids of documents to remove
body     seq · number of documents after it · JSON
new      seq · hash                        a document whose only revision is 1-hash
grown    seq · winning revision · hash     a chain that got longer by this one
other    seq · wseq · deleted · chain · winning revision as JSON · tree
local    id · revision · JSON              both empty to remove it
=======  ==========================================================================================

Lists are JSON arrays, empty text if there is nothing in them; ids are a JSON string if there is
one. SQLite turns the numbers, which are text here, into integers, because the columns are such.
"""

from __future__ import annotations

from pouchdb._hosts.storage import attachments, reading, wire
from pouchdb._hosts.storage.database import Database

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final

_READ_LOCAL_REV: Final = "SELECT json_quote(rev) FROM local WHERE id = CAST(? AS TEXT)"

# Each with what its parameters are: 0 for the id, n for the record's nth field. (Numbered
# parameters would say the same, but some releases of Python take ``?1`` for a name.)
_INSERT_BODY: Final = (
    "INSERT INTO bodies VALUES (?, ?, CAST(? AS TEXT), ?)",
    (1, 2, 0, 3),
)
_INSERT_NEW: Final = (
    """
    INSERT INTO docs
    VALUES (CAST(? AS TEXT), ?, ?, 0, 1, '1-' || ?, '1,' || ? || ':' || ?)
    """,
    (0, 1, 1, 2, 2, 1),
)
_GROW: Final = (
    """
    UPDATE docs SET seq = ?, wseq = ?, rev = ?, chain = chain + 1,
    tree = tree || ',' || ? || ':' || ? WHERE id = CAST(? AS TEXT)
    """,
    (1, 1, 2, 3, 1, 0),
)
_REPLACE: Final = """
    INSERT OR REPLACE INTO docs VALUES (CAST(? AS TEXT), ?, ?, ?, ?, CAST(? AS TEXT), ?)
"""
_REMOVE: Final = "DELETE FROM docs WHERE id = CAST(? AS TEXT)"
_REPLACE_LOCAL: Final = "INSERT OR REPLACE INTO local VALUES (CAST(? AS TEXT), ?, ?)"
_REMOVE_LOCAL: Final = "DELETE FROM local WHERE id = CAST(? AS TEXT)"

# The row of a document's last change stays even without its body: the changes feed walks them.
_IS_LAST_CHANGE: Final = """
    EXISTS (SELECT 1 FROM docs WHERE docs.id = bodies.id AND docs.seq = bodies.seq)
"""
_EMPTY_BODIES: Final = f"""
    UPDATE bodies SET json = NULL
    WHERE seq IN (SELECT value FROM json_each(?)) AND {_IS_LAST_CHANGE}
"""
_REMOVE_BODIES: Final = f"""
    DELETE FROM bodies WHERE seq IN (SELECT value FROM json_each(?)) AND NOT {_IS_LAST_CHANGE}
"""
_KEEP_STATE: Final = "INSERT OR REPLACE INTO bodies VALUES (?, ?, NULL, NULL)"
_CORRECT_COUNT: Final = "UPDATE bodies SET cnt = ? WHERE seq = ?"

# The fields of the head.
_COUNTS, _LAST_SEQ, _DOC_COUNT, _BODY_IDS, _DOC_IDS, _GONE_BODIES, _REFS, _GONE_DOCS = range(1, 9)
_HEAD: Final = 9


def begin(db: Database, ids_field: str, local_ids_field: str, digests_field: str) -> bytes:
    """Start a write and answer what it depends on.

    ``[last seq, count, [tree rows], [local revisions], [digests that are not stored]]``
    """
    db.begin()
    try:
        found = _trees(db, ids_field)
        local = _local_revs(db, local_ids_field) if local_ids_field else b""
        unknown = _quoted(attachments.unknown(db, digests_field)) if digests_field else b""
        return b"[%d,%d,[%b],[%b],[%b]]" % (*db.state(), found, local, unknown)
    except BaseException:
        db.rollback()
        raise


def _trees(db: Database, ids_field: str) -> bytes:
    if not ids_field:
        return b""
    if ids_field[0] == "[":
        return b",".join(reading.trees(db, ids_field))
    row = db.execute(reading.TREE_OF_ONE, (wire.load_id(ids_field),)).fetchone()
    return b"" if row is None else b"[0,%b" % row


def _local_revs(db: Database, ids_field: str) -> bytes:
    revs: list[bytes] = []
    for id_ in wire.load_ids(ids_field):
        row = db.execute(_READ_LOCAL_REV, (id_,)).fetchone()
        revs.append(b"null" if row is None else row[0])
    return b",".join(revs)


def _quoted(digests: list[bytes]) -> bytes:
    return b",".join(b'"%b"' % digest for digest in digests)


def write(db: Database, fields: list[str]) -> None:
    """Store what JavaScript decided, all of it or nothing."""
    if not db.connection.in_transaction:
        raise RuntimeError("the transaction was given up")
    try:
        _write_documents(db, fields)
        if fields[_REFS]:
            attachments.refer(db, fields[_REFS])
        if fields[_GONE_BODIES] or fields[_GONE_DOCS]:
            _remove(db, fields)
        db.commit()
    except BaseException:
        db.rollback()
        raise


def _write_documents(db: Database, fields: list[str]) -> None:
    bodies, new, grown, other, local = map(int, fields[_COUNTS].split(","))
    body_ids = _ids(fields[_BODY_IDS])
    doc_ids = _ids(fields[_DOC_IDS]) if fields[_DOC_IDS] else body_ids
    at = _HEAD
    if bodies:
        at = _run(db, _INSERT_BODY, body_ids, fields, at, bodies, 3)
    if new:
        at = _run(db, _INSERT_NEW, doc_ids[:new], fields, at, new, 2)
    if grown:
        at = _run(db, _GROW, doc_ids[new : new + grown], fields, at, grown, 3)
    if other:
        at = _replace(db, doc_ids[new + grown :], fields, at, other)
    for _ in range(local):
        _write_local(db, *fields[at : at + 3])
        at += 3


def _ids(field: str) -> list[Any]:
    if not field:
        return []
    return wire.load_ids(field) if field[0] == "[" else [wire.load_id(field)]


def _run(
    db: Database,
    statement: tuple[str, tuple[int, ...]],
    ids: list[Any],
    fields: list[str],
    at: int,
    count: int,
    width: int,
) -> int:
    """Run a statement for each record of a section; returns where the next section starts."""
    sql, parameters = statement
    end = at + count * width
    if count == 1:
        record = (ids[0], *fields[at:end])
        db.execute(sql, [record[number] for number in parameters])
    else:
        columns = [ids, *(fields[at + column : end : width] for column in range(width))]
        rows = zip(*(columns[number] for number in parameters), strict=True)
        db.connection.executemany(sql, rows)
    return end


def _replace(db: Database, ids: list[Any], fields: list[str], at: int, count: int) -> int:
    end = at + 6 * count
    for id_ in ids:
        *numbers, rev, tree = fields[at : at + 6]
        db.execute(_REPLACE, (id_, *numbers, wire.load_id(rev), tree))
        at += 6
    return end


def _write_local(db: Database, id_field: str, rev: str, body: str) -> None:
    if body:
        db.execute(_REPLACE_LOCAL, (wire.load_id(id_field), rev, body))
    else:
        db.execute(_REMOVE_LOCAL, (wire.load_id(id_field),))


def _remove(db: Database, fields: list[str]) -> None:
    for id_ in _ids(fields[_GONE_DOCS]):
        db.execute(_REMOVE, (id_,))
    gone = fields[_GONE_BODIES]
    if gone:
        attachments.unrefer(db, gone)
        db.execute(_EMPTY_BODIES, (gone,))
        db.execute(_REMOVE_BODIES, (gone,))
    expected = (int(fields[_LAST_SEQ]), int(fields[_DOC_COUNT]))
    found = db.state()
    if found[0] != expected[0]:
        db.execute(_KEEP_STATE, expected)
    elif found != expected:
        db.execute(_CORRECT_COUNT, expected[::-1])
