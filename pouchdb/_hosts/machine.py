"""What JavaScript needs of the machine: randomness and a clock."""

from __future__ import annotations

import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

_LARGEST: Final = 65536


def random_bytes(text: str) -> bytes:
    """A number of bytes → so many from the operating system's source of randomness."""
    return os.urandom(min(int(text), _LARGEST))


def clock(_text: str) -> bytes:
    """→ a monotonic reading in milliseconds, with a fraction."""
    return b"%.6f" % (time.perf_counter_ns() / 1e6)
