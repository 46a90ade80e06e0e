"""Storage: one SQLite file per database, and a fixed set of operations on them.

============================  =====================================================================
`storage`                     the databases that are open
`operations`                  the host calls by number
`database`                    one of them: transactions, staleness, destruction
`connection`                  the only module that knows ``sqlite3``
`schema`                      the tables, migrations
`file_names`, `folder`        any database name as a safe file name, and back
`folder_turn`                 opening and removing files take turns
`writing`, `reading`          documents
`reader`                      documents and attachments, on any thread
`reader`                      documents and attachments, read on the caller's thread
`all_docs`, `changes`         lists of documents
`attachments`, `digests`      content by digest
`local_documents`             ``_local`` documents
`wire`                        how requests are read
============================  =====================================================================
"""

from __future__ import annotations

from pouchdb._hosts.storage.connection import Durability
from pouchdb._hosts.storage.storage import Storage

__all__ = ["Durability", "Storage"]
