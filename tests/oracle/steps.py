"""Random sequences of PouchDB calls, made to meet conflicts, branches and bad input often.

A step is {"method": …, "args": […]} with PouchDB's own arguments, plain JSON throughout, so that
a failing sequence can be printed and run again. What depends on earlier answers is written down
symbolically and resolved by `world.World` when the step runs, so that any part of a sequence is
a sequence too:

* {"$rev": [id, n]}             the n-th revision that the document got so far (modulo their number)
* {"$extend": [id, n, hashes]}  `_revisions` that grow from that revision by new hashes, the
                                position added to each
* {"$revOf": revisions}         the `_rev` that belongs to `_revisions`
* {"$seq": n}                   n, modulo the update sequence number
* {"$bytes": base64}            bytes
"""

from __future__ import annotations

import base64
import hashlib
import random
from collections.abc import Callable
from typing import Any

Step = dict[str, Any]

# No id begins with a character above U+00FF: LevelDB's allDocs leaves those out.
IDS = ["a", "b", "c", "d", "A", "9", "10", "é", "a日本", "a😀", "a/b?c#d", "x\ny", "_design/one"]
LOCAL_IDS = ["_local/a", "_local/é"]
BAD_IDS: list[Any] = ["_x", 7, {}]
MISSING_IDS: list[Any] = ["", None, 0]  # post and bulkDocs make up a random id instead
BAD_REVS: list[Any] = ["", "1", "x-y", "1-a-b", "-a", 3, None]
HASHES = ["aa", "ab", "ba", "bb", "c", "0", "f" * 32]
CONTENTS = [b"", b"a", b"hello \x00\xff\n", bytes(range(256))]
TYPES = ["text/plain", "application/octet-stream", "image/png"]
ATTACHMENT_NAMES = ["one", "é/ü", "10"]
VALUES: list[Any] = [
    *(0, 1, -1, 2**53, -(2**53), 0.1, 1e300, 5e-324, 1e21, True, False, None),
    *("", "text", "\u0000", '"\\', "\u2028", "😀", "\ud800", "\udc00x"),
    *([], {}, [1, [2, [3]]], {"b": 1, "a": {"10": 1, "9": 2, "x": []}}, {"": {"": ""}}),
]
FIELDS = ["x", "y", "10", "9", "é", "", "a.b", "constructor"]


def digest(data: bytes) -> str:
    """PouchDB's digest of an attachment."""
    return "md5-" + base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()


class Steps:
    """An endless source of steps; the same seed gives the same ones.

    With a revs_limit, no call has two revisions of one document: of all that it stems, Node's
    adapter drops the bodies of the last one only, and later calls take the others for known.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        # few documents meet each other often, many make long lists
        self._ids = self._random.sample(IDS, self._random.choice([2, 4, len(IDS)]))
        #: Options for the database that the sequence runs in. Never both: Node's adapter then
        #: deletes what its changes feed needs to show a document.
        self.options: dict[str, Any] = self._random.choice(
            [
                *({}, {}, {"auto_compaction": True}),
                {"revs_limit": self._random.choice([1, 2, 3, 7])},
            ]
        )

    def take(self, count: int) -> list[Step]:
        """The next steps."""
        makers, weights = zip(*self._makers(), strict=True)
        chosen: list[Callable[[], Step]] = self._random.choices(makers, weights, k=count)
        return [make() for make in chosen]

    def _makers(self) -> list[tuple[Callable[[], Step], int]]:
        return [
            (self._put, 22),
            (self._post, 2),
            (self._bulk_docs, 14),
            (self._replicated, 14),
            (self._remove, 5),
            (self._get, 14),
            (self._all_docs, 8),
            (self._changes, 8),
            (self._bulk_get, 3),
            (self._revs_diff, 3),
            (self._attachment_call, 7),
            (self._local, 4),
            (self._maintenance, 4),
        ]

    # --- writing ---

    def _put(self) -> Step:
        document = self._document()
        if self._chance(0.02):
            document["_id"] = self._random.choice(MISSING_IDS)
        return _step("put", document)

    def _post(self) -> Step:
        return _step("post", self._document())

    def _bulk_docs(self) -> Step:
        documents = [self._document(attachments=False) for _ in range(self._random.randint(0, 6))]
        if "revs_limit" in self.options or self._chance(0.8):
            # The order in which LevelDB's adapter numbers the documents of one call depends on
            # how long their attachments took to digest: only the last one may have some, and only
            # if no id is repeated.
            documents = _last_of_each_id([*documents, self._document()])
        if self._chance(0.1):
            documents.insert(0, self._local_document())
        return _step("bulkDocs", documents)

    def _replicated(self) -> Step:
        """Revisions as replication brings them: branches, gaps, overlaps, repetitions."""
        documents = [self._foreign_document() for _ in range(self._random.randint(1, 4))]
        if "revs_limit" in self.options:
            documents = _last_of_each_id(documents)
        if self._chance(0.5):
            return _step("bulkDocs", {"docs": documents, "new_edits": False})
        return _step("bulkDocs", documents, {"new_edits": False})

    def _foreign_document(self) -> dict[str, Any]:
        id_ = self._id()
        document: dict[str, Any] = {"_id": id_, **self._fields()}
        if self._chance(0.4):
            hashes = self._random.choices(HASHES, k=self._random.choice([1, 1, 2, 5]))
            document["_revisions"] = {"$extend": [id_, self._random.randrange(99), hashes]}
        elif self._chance(0.7):
            length = self._random.choice([1, 1, 2, 3, 12])
            start = length + self._random.choice([0, 0, 1, 5])
            ids = [self._hash(start - depth) for depth in range(length)]
            document["_revisions"] = {"start": start, "ids": ids}
        else:
            position = self._random.randint(1, 4)
            document["_rev"] = f"{position}-{self._hash(position)}"
        if "_revisions" in document and self._chance(0.5):
            document["_rev"] = {"$revOf": document["_revisions"]}
        if self._chance(0.2):
            document["_deleted"] = True
        return document

    def _remove(self) -> Step:
        id_ = self._id()
        return _step("remove", {"_id": id_, "_rev": self._rev(id_)})

    def _document(self, attachments: bool = True) -> dict[str, Any]:
        document: dict[str, Any] = {}
        id_ = self._id()
        document["_id"] = id_ if not self._chance(0.02) else self._random.choice(BAD_IDS)
        if self._chance(0.7):
            document["_rev"] = self._rev(id_)
        document.update(self._fields())
        if self._chance(0.15):
            document["_deleted"] = self._random.choice([True, True, True, False])
        if attachments and self._chance(0.25):
            document["_attachments"] = self._attachments()
        if self._chance(0.01):
            document[self._random.choice(["_foo", "_access", "_replication_id", "_conflicts"])] = 1
        if self._chance(0.3):  # the order of the keys decides the revision's hash
            items = list(document.items())
            self._random.shuffle(items)
            document = dict(items)
        return document

    def _attachments(self) -> dict[str, Any]:
        names = self._random.sample(ATTACHMENT_NAMES, self._random.choice([0, 1, 1, 2, 3]))
        if self._chance(0.02):
            names.append("_bad")
        return {name: self._attachment() for name in names}

    def _attachment(self) -> dict[str, Any]:
        data = self._random.choice(CONTENTS)
        attachment: dict[str, Any] = {"content_type": self._random.choice(TYPES)}
        if self._chance(0.35):
            stub = {"stub": True, "digest": digest(data), "length": len(data), "revpos": 1}
            return {**attachment, **stub}
        return {**attachment, "data": self._data(data)}

    def _data(self, data: bytes) -> Any:
        encoded = base64.b64encode(data).decode()
        return {"$bytes": encoded} if self._chance(0.4) else encoded

    def _attachment_call(self) -> Step:
        id_, name = self._id(), self._random.choice(ATTACHMENT_NAMES)
        kind = self._random.choice(["putAttachment", "getAttachment", "removeAttachment"])
        if kind == "getAttachment":
            options = {"rev": self._rev(id_)} if self._chance(0.4) else {}
            return _step(kind, id_, name, options)
        if kind == "removeAttachment":
            return _step(kind, id_, name, self._rev(id_))
        data = self._data(self._random.choice(CONTENTS))
        return _step(kind, id_, name, self._rev(id_), data, self._random.choice(TYPES))

    def _local(self) -> Step:
        document = self._local_document()
        kind = self._random.choice(["put", "get", "get", "remove"])
        return _step(kind, document["_id"] if kind == "get" else document)

    def _local_document(self) -> dict[str, Any]:
        document = {"_id": self._random.choice(LOCAL_IDS), **self._fields()}
        if self._chance(0.6):
            document["_rev"] = f"0-{self._random.randint(1, 4)}"
        return document

    def _maintenance(self) -> Step:
        kind = self._random.choice(["compact", "compactDocument", "info", "reopen", "compaction"])
        if kind == "compactDocument":
            return _step(kind, self._id(), self._random.randint(0, 2))
        if kind == "compaction":
            return _step("get", "_local/compaction")
        return _step(kind)

    # --- reading ---

    def _get(self) -> Step:
        id_ = self._id()
        options = self._flags("revs", "revs_info", "conflicts", "attachments")
        if self._chance(0.35):
            options["rev"] = self._rev(id_)
            if self._chance(0.1):  # an unknown revision with it ends Node's PouchDB
                options.update(self._flags("latest"))
        elif self._chance(0.4):
            revs = [self._rev(id_) for _ in range(self._random.randint(0, 3))]
            options["open_revs"] = self._random.choice(["all", "all", revs])
            if options["open_revs"] == "all" or self._chance(0.1):
                options.update(self._flags("latest"))
        if options.get("attachments"):
            options.update(self._flags("binary"))
        return _step("get", id_, options)

    def _all_docs(self) -> Step:
        options = self._flags("include_docs", "conflicts", "attachments", "descending")
        options.update(self._flags("update_seq"))
        if options.get("attachments"):
            options.update(self._flags("binary"))
        options.update(self._some(skip=[0, 1, 3], limit=[0, 1, 2, 100]))
        kind = self._random.choice(["keys", "key", "range", "range", "all"])
        if kind == "keys":
            options["keys"] = [self._id() for _ in range(self._random.randint(0, 4))]
        elif kind == "key":
            options["key"] = self._id()
        elif kind == "range":
            keys = [*self._ids, "", "b\ufff0", "zzz"]
            options.update(self._some(startkey=keys, endkey=keys, inclusive_end=[True, False]))
        return _step("allDocs", options)

    def _changes(self) -> Step:
        options = self._flags("include_docs", "conflicts", "attachments", "descending")
        if options.get("attachments"):
            options.update(self._flags("binary"))
        options.update(self._some(limit=[0, 1, 2, 100], style=["all_docs", "main_only"]))
        options.update(self._some(return_docs=[True], seq_interval=[1, 5]))
        if self._chance(0.4):
            options["since"] = {"$seq": self._random.randrange(1000)}
        elif self._chance(0.1):
            options["since"] = "now"
        if self._chance(0.2):
            options["doc_ids"] = [self._id() for _ in range(self._random.randint(0, 3))]
        elif self._chance(0.2):
            options["selector"] = {"x": {"$exists": self._chance(0.5)}}
        return _step("changes", options)

    def _bulk_get(self) -> Step:
        options = self._flags("revs", "attachments")
        if self._chance(0.1):
            options.update(self._flags("latest"))
        requests = []
        for _ in range(self._random.randint(1, 5)):
            id_ = self._id()
            rev = {"rev": self._rev(id_)} if self._chance(0.7) else {}
            requests.append({"id": id_, **rev})
        return _step("bulkGet", {"docs": requests, **options})

    def _revs_diff(self) -> Step:
        chosen = self._random.sample(self._ids, self._random.randint(0, min(3, len(self._ids))))
        return _step("revsDiff", {id_: [self._rev(id_) for _ in range(3)] for id_ in chosen})

    # --- parts ---

    def _id(self) -> str:
        return self._random.choice(self._ids)

    def _hash(self, position: int) -> str:
        """Few, so that branches meet, but none at two positions: PouchDB takes them for one."""
        return f"{self._random.choice(HASHES)}{position}"

    def _rev(self, id_: str) -> Any:
        if self._chance(0.05):
            position = self._random.randint(1, 3)
            return f"{position}-{self._hash(position)}"
        if self._chance(0.02):
            return self._random.choice(BAD_REVS)
        # mostly the newest one: -1
        newest = self._chance(0.6)
        return {"$rev": [id_, -1 if newest else self._random.randrange(99)]}

    def _fields(self) -> dict[str, Any]:
        names = self._random.sample(FIELDS, self._random.choice([0, 1, 1, 2, 4]))
        return {name: self._random.choice(VALUES) for name in names}

    def _chance(self, probability: float) -> bool:
        return self._random.random() < probability

    def _flags(self, *names: str) -> dict[str, Any]:
        return {name: self._chance(0.8) for name in names if self._chance(0.35)}

    def _some(self, **choices: list[Any]) -> dict[str, Any]:
        return {
            name: self._random.choice(values)
            for name, values in choices.items()
            if self._chance(0.3)
        }


def _last_of_each_id(documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    by_id = {repr(document["_id"]): document for document in reversed(documents)}
    return list(reversed(by_id.values()))


def _step(method: str, *args: Any) -> Step:
    return {"method": method, "args": list(args)}
