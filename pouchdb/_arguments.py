"""What users may give in place of documents, and the names of arguments in errors about them."""

from __future__ import annotations

from pouchdb._engine.codec import parse_document, path_text
from pouchdb.errors import BadInputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: The arguments of each operation of the engine, and of each method, as users know them.
_NAMES: dict[str, tuple[str, ...]] = {
    "destroy": ("name_", "options"),
    "invoke": ("function", "args"),
    "open": ("name", "options"),
    "allDocs": ("options",),
    "bulkDocs": ("docs", "options"),
    "bulkGet": ("options",),
    "changes": ("options",),
    "get": ("docid", "options"),
    "getAttachment": ("docId", "attachmentId", "options"),
    "post": ("doc", "options"),
    "purge": ("docId", "rev"),
    "put": ("doc", "options"),
    "putAttachment": ("docId", "attachmentId", "rev", "doc", "type"),
    "remove": ("doc", "options"),
    "removeAttachment": ("docId", "attachmentId", "rev"),
    "revsDiff": ("diff",),
}


def as_document(doc: Any, id: str | None = None, rev: str | None = None) -> Any:
    """The document as a dict if it was given as JSON text; with this id and revision, if any.

    What is neither dict nor text is left for PouchDB to refuse. The caller's dict stays as it is.
    """
    if isinstance(doc, str | bytes):
        doc = parse_document(doc, "doc")
    if isinstance(doc, dict) and (id is not None or rev is not None):
        doc = dict(doc)
        if id is not None:
            doc["_id"] = id
        if rev is not None:
            doc["_rev"] = rev
    return doc


def as_documents(docs: Any) -> Any:
    """What `bulkDocs` and `bulkGet` take, with all JSON text in it parsed."""
    if isinstance(docs, str | bytes):
        return parse_document(docs, "docs")
    if isinstance(docs, list | tuple):
        if any(isinstance(doc, str | bytes) for doc in docs):
            return [
                parse_document(doc, f"docs[{index}]") if isinstance(doc, str | bytes) else doc
                for index, doc in enumerate(docs)
            ]
        return docs
    if isinstance(docs, dict) and "docs" in docs:
        return {**docs, "docs": as_documents(docs["docs"])}
    return docs


def with_argument_name(error: BadInputError, method: str, before: int = 0) -> BadInputError:
    """The error with a path that begins with the argument's name.

    `before` is how many arguments the engine was given before those that are named.
    """
    names = _NAMES.get(method, ())
    if error.keys and 0 <= error.keys[0] - before < len(names):
        index, *rest = error.keys
        error.path = path_text(rest, names[index - before])
    return error
