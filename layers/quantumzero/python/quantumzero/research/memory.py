"""How the C library keeps memory: a run's arrays are freed and taken again, run after run.

glibc gives a freed block above its threshold back to the system, and the next run pays for every
page again (0.4 ms for 98,280 doubles on a virtual machine). The threshold follows the largest block
ever freed, up to 32 MB (mallopt(3), M_MMAP_THRESHOLD): one block of that size, never touched and
freed at once, costs nothing and lets later runs use the same pages again. Elsewhere it does nothing.
"""

from __future__ import annotations

from functools import cache

import numpy as np

_JUST_BELOW_THE_MOST = 31 * 2**20


@cache  # once a process
def keep_freed_memory() -> None:
    """Raise the threshold from which freed memory leaves the process."""
    np.empty(_JUST_BELOW_THE_MOST, np.uint8)
