"""PouchDB's digests of attachments, and which of them were compared with the content."""

from __future__ import annotations

import base64

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

_REMEMBERED_AT_MOST: Final = 10_000


def digest_of(data: bytes) -> str:
    """MD5, in base64."""
    import hashlib  # OpenSSL takes a while to load, and most programs have no attachments

    md5 = hashlib.md5(data, usedforsecurity=False).digest()
    return "md5-" + base64.b64encode(md5).decode("ascii")


class CheckedDigests:
    """Compares content with its digest when it is first read, and remembers what was right."""

    def __init__(self) -> None:
        self._right: set[str] = set()

    def is_intact(self, digest: str, data: bytes) -> bool:
        """Whether the content is what its digest says. On any thread."""
        if digest not in self._right:
            if digest_of(data) != digest:
                return False
            if len(self._right) >= _REMEMBERED_AT_MOST:
                self._right.clear()
            self._right.add(digest)
        return True
