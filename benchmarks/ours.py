"""The rows, measured through the synchronous API.

`python -m benchmarks.ours all WORKLOAD FOLDER` prints the rates as JSON;
`python -m benchmarks.ours cold WORKLOAD FOLDER` only puts one document, for the cold start.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pouchdb


def rate(count: int, work: Callable[[], object]) -> float:
    """Operations a second."""
    start = time.perf_counter()
    work()
    return count / (time.perf_counter() - start)


class Contestant:
    """The two databases that the rows work on, and what each row does with them."""

    def __init__(self, folder: Path, workload: Path) -> None:
        from benchmarks.workload import read

        self.sizes, documents = read(workload)
        self.singles = documents[: self.sizes.singles]
        self.bulk = documents[: self.sizes.bulk]
        self.env = pouchdb.setup(folder)
        self.db, self.other = self.env["singles"], self.env["bulk"]

    def put(self) -> None:
        """New documents, one by one."""
        for document in self.singles:
            self.db.put(document)

    def get(self) -> None:
        """The same documents, one by one."""
        for document in self.singles:
            self.db.get(document["_id"])

    def update(self) -> None:
        """Get and put, one by one."""
        for document in self.singles:
            stored = self.db.get(document["_id"])
            stored["age"] += 1
            self.db.put(stored)

    def attachment_contents(self) -> list[bytes]:
        """Different contents of the right size: the same ones would be stored once."""
        size = self.sizes.attachment_bytes
        pattern = bytes(range(256)) * (size // 256 + 1)
        count = self.sizes.attachment_puts
        return [number.to_bytes(4, "big") + pattern[4:size] for number in range(count)]

    def put_attachments(self, contents: list[bytes]) -> None:
        """Each with a document of its own."""
        for number, content in enumerate(contents):
            self.db.putAttachment(f"attachment-{number}", "a", content, "application/octet-stream")

    def get_attachments(self) -> None:
        """All of them, by turns."""
        for number in range(self.sizes.attachment_gets):
            self.db.getAttachment(f"attachment-{number % self.sizes.attachment_puts}", "a")

    def rates(self) -> dict[str, float]:
        """All rows but the cold start, in the order of the table."""
        sizes, other = self.sizes, self.other
        contents = self.attachment_contents()
        return {
            "put": rate(sizes.singles, self.put),
            "get": rate(sizes.singles, self.get),
            "update (get + put)": rate(sizes.singles, self.update),
            "bulkDocs, documents": rate(sizes.bulk, lambda: other.bulkDocs(self.bulk)),
            "allDocs include_docs, documents": rate(
                sizes.bulk, lambda: other.allDocs(include_docs=True)
            ),
            "changes include_docs, documents": rate(
                sizes.bulk, lambda: other.changes(include_docs=True)
            ),
            "attachment of 1 MB, put": rate(
                sizes.attachment_puts, lambda: self.put_attachments(contents)
            ),
            "attachment of 1 MB, get": rate(sizes.attachment_gets, self.get_attachments),
        }


def cold(folder: Path) -> None:
    """The least that a program does: open a database and put a document."""
    pouchdb.setup(folder)["cold"].put({"_id": "first"})
    print("put", flush=True)


def main(arguments: list[str]) -> None:
    """Dispatch on the first argument."""
    kind, workload, folder = arguments
    if kind == "cold":
        cold(Path(folder))
    else:
        contestant = Contestant(Path(folder), Path(workload))
        print(json.dumps(contestant.rates()))
        contestant.env.close()


if __name__ == "__main__":
    main(sys.argv[1:])
