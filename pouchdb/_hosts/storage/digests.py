"""PouchDB's digests of attachments."""

from __future__ import annotations

import base64

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

#: How many digests are remembered as right; content is compared with its digest when first read.
VERIFIED_AT_MOST: Final = 10_000


def digest_of(data: bytes) -> str:
    """MD5, in base64."""
    import hashlib  # OpenSSL takes a while to load, and most programs have no attachments

    md5 = hashlib.md5(data, usedforsecurity=False).digest()
    return "md5-" + base64.b64encode(md5).decode("ascii")
