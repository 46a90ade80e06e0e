"""What the bridge has to know of the machine: cores, and the order of memory accesses."""

from __future__ import annotations

import os
import platform
import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

_STRONGLY_ORDERED: Final = {"x86_64", "amd64", "i386", "i686", "x86"}


def cores() -> int:
    """How many cores this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def keeps_order() -> bool:
    """Whether stores become visible in their order, and loads happen in theirs, as on x86."""
    return platform.machine().lower() in _STRONGLY_ORDERED


def full_fence() -> None:
    """Nothing moves across this, neither up nor down, on any processor.

    A lock's acquire and release each stop one direction only, and two accesses could trade places
    inside one pair; a release that is followed by an acquire stops both. The lock is a new one:
    nobody else waits for it, nor has it at the moment of a fork.
    """
    lock = threading.Lock()
    with lock:
        pass
    with lock:
        pass


def no_fence() -> None:
    """Where the processor keeps the order by itself."""
