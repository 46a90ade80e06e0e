"""What a sequence of calls has produced so far, to resolve the symbols of later steps."""

from __future__ import annotations

from typing import Any

UNKNOWN_REV = "1-unknown"


class World:
    """The revisions of each document in the order in which they came to be, with their history."""

    def __init__(self) -> None:
        self._revs: dict[str, list[str]] = {}
        self._history: dict[tuple[str, str], list[str]] = {}
        self._seq = 0

    def resolve(self, value: Any) -> Any:
        """Replace the symbols that `steps` describes."""
        if isinstance(value, list):
            return [self.resolve(item) for item in value]
        if not isinstance(value, dict):
            return value
        if "$rev" in value:
            return self._rev(*value["$rev"])
        if "$seq" in value:
            return value["$seq"] % (self._seq + 2)
        if "$extend" in value:
            return self._extend(*value["$extend"])
        if "$revOf" in value:
            revisions = self.resolve(value["$revOf"])
            return f"{revisions['start']}-{revisions['ids'][0]}"
        return {key: self.resolve(item) for key, item in value.items()}

    def _rev(self, id_: str, index: int) -> str:
        revs = self._revs.get(id_)
        return revs[index % len(revs)] if revs else UNKNOWN_REV

    def _extend(self, id_: str, index: int, hashes: list[str]) -> dict[str, Any]:
        rev = self._rev(id_, index)
        position = int(rev.split("-")[0])
        new = [f"{hash_}{position + above}" for above, hash_ in enumerate(hashes, 1)]
        known = self._history.get((id_, rev), [_hash_of(rev)])
        return {"start": position + len(new), "ids": [*reversed(new), *known]}

    def learn(self, method: str, args: list[Any], result: Any) -> None:
        """Note what a resolved call and its answer say about revisions and sequence numbers."""
        if method in ("put", "post", "remove"):
            self._written(result, args[0])
        elif method == "putAttachment" or method == "removeAttachment":
            self._written(result, {"_id": args[0], "_rev": args[2]})
        elif method == "bulkDocs":
            self._bulk_written(args, result)
        elif method == "changes":
            self._seq = max(self._seq, int(result["last_seq"]))

    def _bulk_written(self, args: list[Any], result: Any) -> None:
        documents = args[0]["docs"] if isinstance(args[0], dict) else args[0]
        by_id = {doc.get("_id"): doc for doc in documents if isinstance(doc.get("_id"), str)}
        for row in result:
            self._written(row, by_id.get(row.get("id"), {}))
        if not result:  # new_edits=false reports failures only
            for document in documents:
                self._replicated(document)

    def _written(self, row: Any, document: Any) -> None:
        if not (isinstance(row, dict) and row.get("ok") and isinstance(row.get("rev"), str)):
            return
        id_, rev, parent = row["id"], row["rev"], document.get("_rev")
        known = self._history.get((id_, parent), []) if isinstance(parent, str) else []
        self._add(id_, rev, [_hash_of(rev), *known])

    def _replicated(self, document: dict[str, Any]) -> None:
        revisions = document.get("_revisions")
        if revisions:
            rev = f"{revisions['start']}-{revisions['ids'][0]}"
            self._add(document["_id"], rev, revisions["ids"])
        elif isinstance(document.get("_rev"), str):
            self._add(document["_id"], document["_rev"], [_hash_of(document["_rev"])])

    def _add(self, id_: str, rev: str, history: list[str]) -> None:
        if id_.startswith("_local/"):
            return
        self._seq += 1
        revs = self._revs.setdefault(id_, [])
        if rev not in revs:
            revs.append(rev)
        self._history.setdefault((id_, rev), history)


def _hash_of(rev: str) -> str:
    return rev.split("-", 1)[1]
