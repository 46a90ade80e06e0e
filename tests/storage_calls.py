"""The storage host's calls as the adapter makes them, without JavaScript."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pouchdb._hosts.storage import Storage

_SURROGATE = re.compile("[\ud800-\udfff]")

HASH = "0123456789abcdef0123456789abcdef"


class Calls:
    """One open database of a `Storage`."""

    def __init__(self, storage: Storage, name: str = "db", kind: str = "sqlite") -> None:
        self.storage = storage
        self.handle, self.uuid = self._call(20, kind, js_json(name)).decode().split(",")

    def call(self, op: int, *fields: Any) -> bytes:
        return self._call(op, self.handle, *fields)

    def _call(self, op: int, *fields: Any) -> bytes:
        return self.storage.operations[op]("\n".join(map(str, fields))) or b""

    def close(self) -> None:
        self.call(21)

    def destroy(self) -> None:
        self.call(22)

    def info(self) -> tuple[int, int]:
        count, seq = json.loads(self.call(23))
        return count, seq

    def get(self, id_: str) -> Any:
        found = self.call(24, js_json(id_))
        return json.loads(found) if found[:1] == b"{" else found.decode()

    def documents(self, *ids: str) -> list[Any]:
        rows: list[Any] = parse(self.call(27, js_json(ids)))
        return rows

    def bodies(self, *seqs: int) -> list[Any]:
        found: list[Any] = parse(self.call(28, js_json(seqs)))
        return found

    def begin(
        self, ids: Sequence[str] = (), local: Sequence[str] = (), digests: Sequence[str] = ()
    ) -> list[Any]:
        state: list[Any] = parse(self.call(29, _list(ids), _list(local), _list(digests)))
        return state

    def write(
        self,
        seq: int,
        count: int,
        *,
        bodies: Sequence[tuple[int, int, str, Any]] = (),
        new: Sequence[tuple[str, int]] = (),
        grown: Sequence[tuple[str, int, str]] = (),
        other: Sequence[tuple[str, int, int, int, int, str, str]] = (),
        gone: Sequence[int] = (),
        refs: Sequence[tuple[int, str]] = (),
        gone_ids: Sequence[str] = (),
        local: Sequence[tuple[str, str, str]] = (),
    ) -> None:
        """Finish a write; `bodies` are (seq, count, id, document)."""
        counts = f"{len(bodies)},{len(new)},{len(grown)},{len(other)},{len(local)}"
        ids = [row[0] for row in (*new, *grown, *other)]
        fields: list[Any] = [
            *(counts, seq, count, _list([row[2] for row in bodies]), _list(ids)),
            *(_list(gone), _list(refs), _list(gone_ids)),
        ]
        for body_seq, body_count, _id, body in bodies:
            fields += [body_seq, body_count, js_json(body)]
        for _id, new_seq in new:
            fields += [new_seq, HASH]
        for _id, new_seq, rev in grown:
            fields += [new_seq, rev, rev.split("-")[1]]
        for _id, *numbers, rev, tree in other:
            fields += [*numbers, js_json(rev), tree]
        for id_, rev, text in local:
            fields += [js_json(id_), rev, text]
        self.call(30, *fields)

    def end(self) -> None:
        self.call(31)

    def put(self, *ids: str, body: Any = None) -> int:
        """Make new documents; returns the last sequence number."""
        seq, count = map(int, self.begin(ids)[:2])
        rows = [(seq + n, count + n, id_) for n, id_ in enumerate(ids, 1)]
        self.write(
            seq + len(ids),
            count + len(ids),
            bodies=[(*row, body or document(row[2])) for row in rows],
            new=[(row[2], row[0]) for row in rows],
        )
        return seq + len(ids)

    def update(self, id_: str, generation: int, **changes: Any) -> int:
        """Put a revision on top of a chain; returns its sequence number."""
        seq, count = map(int, self.begin([id_])[:2])
        rev = f"{generation}-{HASH}"
        self.write(
            seq + 1,
            count,
            bodies=[(seq + 1, count, id_, {**document(id_), "_rev": rev})],
            grown=[(id_, seq + 1, rev)],
            **changes,
        )
        return seq + 1

    def all_docs(self, content: str = "row", **options: Any) -> Any:
        return parse(self.call(32, *_range(content, **options)))

    def all_docs_raw(self, content: str = "row", **options: Any) -> bytes:
        token = self.call(33, *_range(content, **options)).decode()
        return self.storage.take_raw(token)

    def by_keys(self, *keys: str, content: str = "row") -> Any:
        return parse(self.call(34, content, 0, 0, js_json(keys)))

    def changes(
        self,
        content: str = "row",
        *,
        descending: bool = False,
        start: int = 0,
        limit: int = -1,
        ids: Sequence[str] = (),
    ) -> Any:
        return parse(self.call(36, content, int(descending), start, limit, _list(ids)))

    def stage(self, base64: str) -> tuple[str, int]:
        digest, size = json.loads(self.call(41, js_json(base64)))
        return digest, size

    def reference(self, digest: str) -> str:
        return f"a{self.handle}:{digest}"


def document(id_: str) -> dict[str, Any]:
    return {"n": 1, "_id": id_, "_rev": f"1-{HASH}"}


def parse(reply: bytes) -> Any:
    """Parse a reply, which may hold lone surrogates."""
    return json.loads(reply.decode("utf-8", "surrogatepass"))


def open_storage(folder: Path, **options: Any) -> Storage:
    return Storage(str(folder), **options)


def js_json(value: Any) -> str:
    """JSON as JSON.stringify writes it: only lone surrogates and control characters escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):x}", text)


def _list(values: Sequence[Any]) -> str:
    return js_json(list(values)) if values else ""


def _range(
    content: str,
    *,
    descending: bool = False,
    limit: int = -1,
    skip: int = 0,
    first: str | None = None,
    last: str | None = None,
    excluded: str | None = None,
) -> list[Any]:
    bounds = ["" if id_ is None else js_json(id_) for id_ in (first, last, excluded)]
    return [content, int(descending), limit, skip, skip, 1, *bounds]
