"""Attachments: content by digest, stored once, gone with the last revision that refers to it."""

from __future__ import annotations

import base64
import binascii
import json

from pouchdb._hosts import HostError
from pouchdb._hosts.storage import wire
from pouchdb._hosts.storage.database import Database

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

_UNKNOWN: Final = """
    SELECT j.value FROM json_each(?) j
    WHERE NOT EXISTS (SELECT 1 FROM attachments a WHERE a.digest = j.value)
"""
_SIZE: Final = "SELECT length(data) FROM attachments WHERE digest = ?"
_DATA: Final = "SELECT data FROM attachments WHERE digest = ?"
_STORE: Final = "INSERT OR IGNORE INTO attachments VALUES (?, ?)"
_REFER: Final = """
    INSERT OR IGNORE INTO attachment_refs
    SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?)
"""
_REFERRED: Final = """
    SELECT DISTINCT digest FROM attachment_refs
    WHERE seq IN (SELECT value FROM json_each(?))
"""
_UNREFER: Final = "DELETE FROM attachment_refs WHERE seq IN (SELECT value FROM json_each(?))"
_DROP_ORPHAN: Final = """
    DELETE FROM attachments WHERE digest = ?
    AND NOT EXISTS (SELECT 1 FROM attachment_refs WHERE digest = ?)
"""


def decode_base64(text: str) -> bytes:
    """Base64 as PouchDB on Node accepts it: only what encoding would give back."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise _not_base64() from None
    last = data[-(len(data) % 3 or 3) :]
    if len(text) % 4 or not text.endswith(base64.b64encode(last).decode("ascii")):
        raise _not_base64()
    return data


def _not_base64() -> HostError:
    return HostError(
        status=500,
        name="badarg",
        message="Some query argument is invalid",
        reason="Attachment is not a valid base64 string",
    )


def stage(db: Database, data: bytes, digest: str) -> bytes:
    """Keep data for the write under way; the reply is its digest and size."""
    db.staged[digest] = data
    return b'["%b",%d]' % (digest.encode(), len(data))


def unknown(db: Database, digests_field: str) -> list[bytes]:
    """Which digests of a JSON array are not stored, in the order of the array."""
    return [row[0] for row in db.execute(_UNKNOWN, (digests_field,)).fetchall()]


def size(db: Database, digest: str) -> bytes:
    """The size of an attachment; empty if there is none of that digest."""
    if db.unsettled:
        db.rollback()
    row = db.execute(_SIZE, (wire.bindable(digest),)).fetchone()
    return b"" if row is None else b"%d" % row[0]


def data(db: Database, digest: str) -> bytes:
    """The content of an attachment, compared with its digest when it is first read."""
    if db.unsettled:
        db.rollback()
    row = db.execute(_DATA, (wire.bindable(digest),)).fetchone()
    if row is None:
        raise HostError(
            status=404,
            name="not_found",
            message="missing",
            reason="the attachment was removed from the database",
        )
    content: bytes = row[0]
    if not db.checked.is_intact(digest, content):
        raise HostError(
            status=500,
            name="environment_error",
            message=f"{db.path} is corrupt: the attachment {digest} has other content",
            path=str(db.path),
        )
    return content


def base64_of(db: Database, digest: str) -> bytes:
    """The content of an attachment in base64."""
    return base64.b64encode(data(db, digest))


def refer(db: Database, refs_field: str) -> None:
    """Store what new revisions refer to: a JSON array of pairs of sequence number and digest."""
    for _seq, digest in json.loads(refs_field):
        content = db.staged.get(digest)
        if content is not None:
            db.execute(_STORE, (digest, content))
    db.execute(_REFER, (refs_field,))


def unrefer(db: Database, seqs_field: str) -> None:
    """Revisions are going: drop what only they referred to."""
    digests = [row[0] for row in db.execute(_REFERRED, (seqs_field,)).fetchall()]
    if not digests:
        return
    db.execute(_UNREFER, (seqs_field,))
    for digest in digests:
        db.execute(_DROP_ORPHAN, (digest.decode(), digest.decode()))
