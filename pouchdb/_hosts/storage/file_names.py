"""Database names as file names.

The encoding is injective and gives names that are safe everywhere: lower case only (file systems
that ignore case), no reserved characters, no reserved device names of Windows, no leading or
trailing dots, at most `_LONGEST` characters before the suffix. A longer name is cut and completed
by a hash; such a file is found again, but its name is known only from its content.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

SUFFIX: Final = ".pouchdb"

_LONGEST: Final = 110
_KEPT_OF_LONG: Final = 40
_PLAIN: Final = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789-_.")
_EMPTY_NAME: Final = "%"
_HASH_MARK: Final = "%-"
_DEVICE: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_ESCAPE: Final = re.compile(r"%([0-9a-f]{2})")


def file_name(name: str) -> str:
    """The name of the file that holds the database ``name``."""
    return _stem(name) + SUFFIX


def database_name(file: str) -> str | None:
    """The name of the database in ``file``; None if it is not ours or known only from inside."""
    if not file.endswith(SUFFIX):
        return None
    stem = file[: -len(SUFFIX)]
    if not stem.isascii():
        return None
    spelled = "" if stem == _EMPTY_NAME else _ESCAPE.sub(_unescape, stem)
    try:
        name = spelled.encode("latin-1").decode("utf-8", "surrogatepass")
    except UnicodeError:
        return None
    return name if _stem(name) == stem else None


def is_hashed(file: str) -> bool:
    """Whether ``file`` is one of ours whose database has a name too long for a file name."""
    return file.endswith(SUFFIX) and _HASH_MARK in file


def _stem(name: str) -> str:
    if not name:
        return _EMPTY_NAME
    encoded = name.encode("utf-8", "surrogatepass")
    stem = "".join(chr(byte) if byte in _PLAIN else f"%{byte:02x}" for byte in encoded)
    if stem[0] == "." or _DEVICE.match(stem):
        stem = f"%{ord(stem[0]):02x}{stem[1:]}"
    if stem[-1] == ".":
        stem = f"{stem[:-1]}%2e"
    if len(stem) <= _LONGEST:
        return stem
    import hashlib

    digest = hashlib.sha256(encoded).hexdigest()
    return f"{_cut(stem)}{_HASH_MARK}{digest}"


def _cut(stem: str) -> str:
    """The beginning of a stem, without half an escape at its end."""
    kept = stem[:_KEPT_OF_LONG]
    half = kept.rfind("%", len(kept) - 2)
    return kept if half < 0 else kept[:half]


def _unescape(match: re.Match[str]) -> str:
    return chr(int(match[1], 16))
