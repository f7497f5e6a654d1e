"""A value that is asked for again only when it is old: for questions that take the store long."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Lasting(Generic[T]):
    """What `find` found last; safe in any thread, and only one of them finds at a time."""

    def __init__(self, find: Callable[[datetime], T], lasts: timedelta) -> None:
        self._find = find
        self._lasts = lasts
        self._lock = Lock()
        self._found: tuple[datetime, T] | None = None

    def at(self, now: datetime) -> T:
        """The value, at most `lasts` old; also found anew after the clock was set back."""
        with self._lock:
            if self._found is None or abs(now - self._found[0]) >= self._lasts:
                self._found = now, self._find(now)
            return self._found[1]
