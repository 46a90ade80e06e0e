"""The options of each method, for type checkers and for reading.

They are PouchDB's own, by PouchDB's own names, and are documented at
https://pouchdb.com/api.html. An option that is not listed here is passed on all the same.
"""

from __future__ import annotations

from typing import Any, TypedDict, Union

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Literal

__all__ = [
    "AllDocsOptions",
    "BulkDocsOptions",
    "BulkGetOptions",
    "ChangesOptions",
    "DatabaseOptions",
    "GetAttachmentOptions",
    "GetOptions",
    "OpenRevsOptions",
    "PutOptions",
    "SetupOptions",
]

#: A document as it is given: a dict, or its JSON text.
DocumentLike = Union["Mapping[str, Any]", str]


#: What `pouchdb.setup` takes besides its arguments: ``async`` is a keyword of Python.
SetupOptions = TypedDict("SetupOptions", {"async": bool}, total=False)


class DatabaseOptions(TypedDict, total=False):
    """Options of ``env.PouchDB(name, **options)`` and ``env.destroy(name_, **options)``."""

    #: ``"sqlite"`` (on disk) unless given; ``"memory"`` keeps the database in memory.
    adapter: Literal["sqlite", "memory"]
    #: Drop the bodies of old revisions with every write.
    auto_compaction: bool
    #: How many revisions of a document are remembered; 1000 unless given.
    revs_limit: int
    #: Make revision hashes from the content, as CouchDB does; True unless given.
    deterministic_revs: bool
    #: Put before the name.
    prefix: str
    #: How many purges are remembered; 1000 unless given.
    purged_infos_limit: int


class PutOptions(TypedDict, total=False):
    """Options of `put` and `post`."""

    #: Write a conflicting revision instead of failing with a conflict.
    force: bool
    #: False: store the revision that the document says it is, as replication does.
    new_edits: bool


class BulkDocsOptions(TypedDict, total=False):
    """Options of `bulkDocs`."""

    #: False: store the revisions that the documents say they are, as replication does.
    new_edits: bool


class _ReadOptions(TypedDict, total=False):
    #: List the revisions before this one, in ``_revisions``.
    revs: bool
    #: List the revisions before this one and their status, in ``_revs_info``.
    revs_info: bool
    #: List conflicting leaf revisions, in ``_conflicts``.
    conflicts: bool
    #: Give the latest leaf revision that descends from the one asked for.
    latest: bool
    #: Include the data of attachments, as base64.
    attachments: bool
    #: Include the data of attachments as bytes (with ``attachments``).
    binary: bool
    #: Include the sequence number, in ``_local_seq``.
    local_seq: bool


class GetOptions(_ReadOptions, total=False):
    """Options of `get` for one revision."""

    #: Which revision; the winning one unless given.
    rev: str


class OpenRevsOptions(_ReadOptions, total=False):
    """Options of `get` with ``open_revs``, which gives several revisions."""


class GetAttachmentOptions(TypedDict, total=False):
    """Options of `getAttachment`."""

    #: The revision whose attachment it is; the winning one unless given.
    rev: str


class AllDocsOptions(TypedDict, total=False):
    """Options of `allDocs`."""

    #: Include the documents, in each row's ``doc``.
    include_docs: bool
    #: List conflicting leaf revisions, in each document's ``_conflicts``.
    conflicts: bool
    #: Include the data of attachments, as base64.
    attachments: bool
    #: Include the data of attachments as bytes (with ``attachments``).
    binary: bool
    #: The first id of the range.
    startkey: str
    start_key: str
    #: The last id of the range.
    endkey: str
    end_key: str
    #: Whether the range includes ``endkey``; True unless given.
    inclusive_end: bool
    #: How many rows at most.
    limit: int
    #: How many rows to leave out first.
    skip: int
    #: Reverse the order; ``startkey`` is then the higher one.
    descending: bool
    #: Only the document of this id.
    key: str
    #: The documents of these ids, in this order; also deleted and missing ones.
    keys: Sequence[str]
    #: Include the sequence number of the database.
    update_seq: bool


class ChangesOptions(TypedDict, total=False):
    """Options of `changes`."""

    #: Changes after this sequence number; ``"now"``: none of those that are there already.
    since: int | Literal["now"]
    #: How many changes at most.
    limit: int
    #: Newest first.
    descending: bool
    #: Include the documents, in each change's ``doc``.
    include_docs: bool
    #: List conflicting leaf revisions, in each document's ``_conflicts``.
    conflicts: bool
    #: Include the data of attachments, as base64.
    attachments: bool
    #: Include the data of attachments as bytes (with ``attachments``).
    binary: bool
    #: ``"all_docs"`` lists all leaf revisions of a document, not only the winning one.
    style: Literal["main_only", "all_docs"]
    #: Only changes of the documents of these ids.
    doc_ids: Sequence[str]
    #: Only changes of documents that this Mango selector matches.
    selector: Mapping[str, Any]
    #: False: do not collect the changes in the result.
    return_docs: bool
    #: How many changes are read at a time.
    batch_size: int
    #: Give a sequence number with every so many changes only; on servers, local ones are cheap.
    seq_interval: int
    #: Called with each change.
    onChange: Callable[[Any], object]
    on_change: Callable[[Any], object]
    #: Called with an error, or None, and the result, at the end.
    complete: Callable[[Any, Any], object]


class BulkGetOptions(TypedDict, total=False):
    """Options of `bulkGet`."""

    #: List the revisions before each one, in ``_revisions``.
    revs: bool
    #: Give the latest leaf revisions that descend from those asked for.
    latest: bool
    #: Include the data of attachments, as base64.
    attachments: bool
    #: Include the data of attachments as bytes (with ``attachments``).
    binary: bool
