"""The memory that Python and JavaScript share. ``jsbundle/src/bridge/channel.js`` says the same.

Words are 32-bit integers, and each has one writer. Behind them lie three areas for text and bytes:
one for host calls (request, then reply), one for the request of a call, one for its response.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final


HEADER_BYTES: Final = 4096
HOST_BYTES: Final = 1 << 20
SLOT_BYTES: Final = 1 << 16

# Words that Python writes.
REQUEST: Final = 0
REQUEST_LENGTH: Final = 1
REQUEST_WIDE: Final = 2
SPINNER: Final = 3
SERVING: Final = 4
CONSUMED: Final = 5
BUDGET: Final = 6
HOST_REPLY: Final = 7
HOST_REPLY_LENGTH: Final = 8
HOST_REPLY_FLAGS: Final = 9
# Words that JavaScript writes.
TAKEN: Final = 16
RESPONSE: Final = 17
RESPONSE_LENGTH: Final = 18
RESPONSE_FLAGS: Final = 19
HOST_REQUEST: Final = 20
HOST_LENGTH: Final = 21
HOST_OP: Final = 22
HOST_WIDE: Final = 23
POLLING: Final = 24

# Flags of a host reply. WIDE text is in 16-bit units, other text is ASCII.
WIDE: Final = 1
MORE: Final = 2
FAILED_REPLY: Final = 4

# Host calls of the channel itself.
OP_CHUNK: Final = 1
OP_MORE: Final = 2
OP_BYTES_CHUNK: Final = 3
OP_RESPONSE_IN_SLOT: Final = 4
OP_RESPONSE: Final = 5
OP_LARGE_RESPONSE: Final = 6


class SharedMemory:
    """The words and the areas, as views of one buffer."""

    def __init__(self, memory: memoryview) -> None:
        host_end = HEADER_BYTES + HOST_BYTES
        # 64 words are in use; the rest of the header keeps the areas on pages of their own.
        self.words = memory[:256].cast("i")
        self.host = memory[HEADER_BYTES:host_end]
        self.request = memory[host_end : host_end + SLOT_BYTES]
        self.response = memory[host_end + SLOT_BYTES : host_end + 2 * SLOT_BYTES]


def read_text(area: memoryview, length: int, wide: int) -> str:
    """Text of ``length`` units out of an area."""
    if wide:
        return str(area[: 2 * length], "utf-16-le", "surrogatepass")
    return str(area[:length], "ascii")


def widen(utf8: bytes) -> bytes:
    """The 16-bit form of UTF-8 text (surrogates may stand alone in both)."""
    return utf8.decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass")
