"""A disk in trouble."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def a_full_disk() -> Iterator[None]:
    """No file may grow beyond three bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
