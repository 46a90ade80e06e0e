"""What is in a storage folder: databases of ours, and files that are left alone."""

from __future__ import annotations

from pathlib import Path

from pouchdb._hosts.storage import file_names
from pouchdb._hosts.storage.connection import is_database_file
from pouchdb._hosts.storage.database import stored_name


def database_names(folder: Path) -> list[str]:
    """The names of the databases in a folder, sorted."""
    if not folder.is_dir():
        return []
    found = (_name_of(path) for path in folder.iterdir())
    return sorted(name for name in found if name is not None)


def _name_of(path: Path) -> str | None:
    name = file_names.database_name(path.name)
    if name is None and not file_names.is_hashed(path.name):
        return None
    if not is_database_file(path):
        return None
    if name is not None:
        return name
    name = stored_name(path)
    return name if name is not None and file_names.file_name(name) == path.name else None
