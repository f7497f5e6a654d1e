"""How the C library keeps freed memory, for a process that lives for months.

glibc gives a freed block back to the system only above a size that it raises with each large block, up to
32 MB, and keeps a heap for every few threads. Documents and texts of megabytes leave holes behind, in each
heap others: where every feed is hostile, 70 of 240 MB were held for nothing. The environment can say the same
(MALLOC_ARENA_MAX, MALLOC_MMAP_THRESHOLD_), but only before the process starts.
"""

import ctypes

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # mallopt(3)
THRESHOLD_BYTES = 128 * 1024  # glibc's own beginning; to say it keeps it there
HEAPS = 2


def give_freed_memory_back() -> None:
    """From now on freed memory does not stay with the process; nothing where the C library is not glibc."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, THRESHOLD_BYTES)
        mallopt(M_ARENA_MAX, HEAPS)
