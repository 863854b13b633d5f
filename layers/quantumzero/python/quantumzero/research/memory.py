"""How the C library keeps memory: a run's arrays are freed and taken again, run after run.

glibc gives a freed block above a threshold back to the system, and the end of its heap when more than
another one is free there; the next run pays for every page again (0.4 ms for 98,280 doubles on a
virtual machine, 35 of 127 ms for ten years of 500 instruments). mallopt(3) raises both. Elsewhere
there is no such function and nothing happens.
"""

from __future__ import annotations

import ctypes
from functools import cache

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # malloc.h
_LARGEST_BLOCK = 32 * 2**20  # the most that M_MMAP_THRESHOLD takes
_KEPT = 256 * 2**20


@cache  # once a process
def keep_freed_memory() -> bool:
    """Let blocks up to 32 MB come from the heap, and up to 256 MB of it stay when they are freed.

    Return whether the C library has taken it.
    """
    try:
        set_option = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False
    blocks = bool(set_option(_MMAP_THRESHOLD, _LARGEST_BLOCK))
    return bool(set_option(_TRIM_THRESHOLD, _KEPT)) and blocks
