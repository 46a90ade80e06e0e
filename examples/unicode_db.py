"""Every named Unicode character as a document: what a program with pouchdb looks like.

    python examples/unicode_db.py [FOLDER]

builds a database of more than 30,000 documents from Python's own `unicodedata` in FOLDER (default
`unicode-db`), then asks and changes it in most of the ways there are. Run it again: the documents
are still there.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pouchdb

BATCH = 1_000

SNAKE = "U+01F40D"
SNAKE_PICTURE = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">
<path d="M2 10 q5 -12 10 0 t10 0 t10 0 l4 -3" fill="none" stroke="green" stroke-width="3"/>
</svg>"""


def document_id(code: int) -> str:
    """Ids of equal length sort as the characters do: ranges of ids are ranges of characters."""
    return f"U+{code:06X}"


def named_characters() -> list[str]:
    """The characters that have a name of their own.

    Left out are the ideographs and syllables whose names only spell out their number or sound.
    """
    named = []
    for code in range(sys.maxunicode + 1):
        name = unicodedata.name(chr(code), "")
        if name and not name.endswith(f"-{code:04X}") and not name.startswith("HANGUL SYLLABLE"):
            named.append(chr(code))
    return named


def character_document(character: str) -> dict[str, Any]:
    """What there is to say about a character."""
    return {
        "_id": document_id(ord(character)),
        "character": character,
        "name": unicodedata.name(character),
        "category": unicodedata.category(character),
        "direction": unicodedata.bidirectional(character),
        "numeric": unicodedata.numeric(character, None),
        "decomposition": unicodedata.decomposition(character).split(),
        "upper": character.upper(),
        "lower": character.lower(),
        "utf8": character.encode().hex(" "),
    }


def show_progress(done: int, total: int, what: str) -> None:
    """A bar that redraws itself on a terminal; elsewhere (a log, a pipe) a line now and then."""
    if sys.stdout.isatty():
        bar = ("#" * (40 * done // total)).ljust(40, ".")
        print(f"\r  [{bar}] {done:,} {what}", end="" if done < total else "\n", flush=True)
    elif done == total or done % 10_000 == 0:
        print(f"  {done / total:4.0%}: {done:,} {what}", flush=True)


def build(db: pouchdb.SyncPouchDB) -> None:
    """Store all the characters. Interrupt it, and the next run completes what is missing."""
    characters = named_characters()
    for start in range(0, len(characters), BATCH):
        batch = characters[start : start + BATCH]
        # One call is one transaction. A document that is there already is a conflict: a row of
        # the answer that says so, not an exception.
        db.bulkDocs([character_document(character) for character in batch])
        show_progress(start + len(batch), len(characters), "documents")
    # A _local document belongs to this copy of the database alone: it is never replicated.
    db.put({"_id": "_local/built", "unicode": unicodedata.unidata_version})


def open_or_build(db: pouchdb.SyncPouchDB) -> None:
    """Build the database on the first run."""
    if "_local/built" in db:
        print(f"The database is there already, with {len(db):,} documents.")
        return
    print(f"Building the database of Unicode {unicodedata.unidata_version}:")
    with stopwatch("built"):
        build(db)


def ask(db: pouchdb.SyncPouchDB) -> None:
    """Reading: by id, by a range of ids, by several ids."""
    snake = db[SNAKE]
    print(f"{SNAKE} is {snake.character}, {snake.name}, in UTF-8 {snake.utf8}")

    greek = db.allDocs(startkey="U+0003B1", endkey="U+0003C9", include_docs=True)
    print("Greek, alpha to omega:", " ".join(row.doc.character for row in greek.rows))

    newest = db.allDocs(descending=True, limit=3, include_docs=True)
    print("The last ones:", ", ".join(row.doc.name.lower() for row in newest.rows))

    some = db.allDocs(keys=["U+000041", "U+00D800", "U+0020AC"], include_docs=True)
    found = [row.doc.character if "doc" in row else row.error for row in some.rows]
    print("A, a surrogate, the euro sign:", ", ".join(found))

    try:
        db.get("U+00D800")
    except pouchdb.NotFoundError as error:
        print(f"Asking for what is not there: {error}")

    with stopwatch("2,000 single documents read"):
        for row in db.allDocs(limit=2_000).rows:
            db.get(row.id)


def update(db: pouchdb.SyncPouchDB) -> None:
    """Writing: an update needs the revision that it was made from."""
    before = db.info().update_seq
    snake = db.get(SNAKE)
    stale = dict(snake)
    snake["likes"] = snake.get("likes", 0) + 1
    answer = db.put(snake)
    print(f"{snake.character} is now at revision {answer.rev[:9]}…, with {snake.likes} likes")
    try:
        db.put({**stale, "likes": -1})
    except pouchdb.ConflictError as error:
        print(f"A change made from the old revision is refused: {error.message}")
    changed = db.changes(since=before, include_docs=True)
    print("Changed just now:", ", ".join(row.doc.name for row in changed.results))


def disagree(db: pouchdb.SyncPouchDB) -> None:
    """A conflict as replication makes it: two devices changed the same revision."""
    id_ = "U+002665"
    base = db.get(id_, revs=True)
    history = base.pop("_revisions")
    del base["_rev"]
    versions = []
    for device, meaning in (("phone", "love"), ("laptop", "a suit of cards")):
        new = hashlib.md5(f"{device} {history.ids[0]}".encode(), usedforsecurity=False).hexdigest()
        revisions = {"start": history.start + 1, "ids": [new, *history.ids]}
        versions.append({**base, "meaning": meaning, "by": device, "_revisions": revisions})
    # new_edits=False stores the revisions as they are, side by side
    db.bulkDocs(versions, new_edits=False)

    winner = db.get(id_, conflicts=True)
    losers = [db.get(id_, rev=rev) for rev in winner.pop("_conflicts")]
    print(
        f"{winner.character} means {winner.meaning!r} to the {winner.by}, which wins; in conflict:"
    )
    for loser in losers:
        print(f"    {loser.meaning!r} to the {loser.by}")
        db.remove(loser)
    winner["meaning"] = " or ".join([winner.meaning, *(loser.meaning for loser in losers)])
    winner["by"] = "both"
    db.put(winner)
    resolved = db.get(id_, conflicts=True)
    assert "_conflicts" not in resolved
    print(f"Resolved: {resolved.character} means {resolved.meaning!r} to {resolved.by}")


def attach(db: pouchdb.SyncPouchDB) -> None:
    """An attachment: bytes that belong to a document and are read only when asked for."""
    rev = db.get(SNAKE)["_rev"]
    db.putAttachment(SNAKE, "snake.svg", SNAKE_PICTURE, "image/svg+xml", rev)
    stub = db.get(SNAKE)["_attachments"]["snake.svg"]
    picture = db.getAttachment(SNAKE, "snake.svg")
    assert picture["data"] == SNAKE_PICTURE
    print(f"Attached {stub.length} bytes of {picture['type']}, digest {stub.digest}")


@contextmanager
def stopwatch(what: str) -> Iterator[None]:
    """Print how long something took."""
    start = time.perf_counter()
    yield
    print(f"  ({what} in {time.perf_counter() - start:.2f} s)")


def main() -> None:
    """Build or open the database, then show what can be done with it."""
    parser = argparse.ArgumentParser(description="A database of all named Unicode characters.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("unicode-db"))
    folder: Path = parser.parse_args().folder

    with stopwatch("all of this"), pouchdb.setup(folder) as env:
        db = env.PouchDB("unicode")
        open_or_build(db)
        ask(db)
        update(db)
        disagree(db)
        attach(db)
        info = db.info()
        print(f"{info.doc_count:,} documents, update sequence {info.update_seq:,}, in {folder}")


if __name__ == "__main__":
    main()
