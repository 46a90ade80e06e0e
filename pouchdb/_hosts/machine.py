"""What JavaScript needs of the machine: randomness."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

_LARGEST: Final = 65536


def random_bytes(text: str) -> bytes:
    """A number of bytes → so many from the operating system's source of randomness."""
    return os.urandom(min(int(text), _LARGEST))
