"""Notices that the config changed: by looking, because inotify sees nothing on many mounts of containers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from aggregator.config import Loaded

Stamp = tuple[tuple[str, int, int, int], ...]


@dataclass(slots=True)
class ConfigWatch:
    """The files that a config was read from, and how to read it again."""

    read: Callable[[], Loaded]
    watched: tuple[Path, ...]
    _seen: Stamp = field(init=False)
    _forced: bool = False

    def __post_init__(self) -> None:
        self._seen = _stamp(self.watched)

    def force(self) -> None:
        """Count as changed at the next look (SIGHUP)."""
        self._forced = True

    def changed(self) -> bool:
        """Whether a file changed since the last look that said so."""
        stamp = _stamp(self.watched)
        changed, self._forced = self._forced or stamp != self._seen, False
        self._seen = stamp
        return changed

    def load(self) -> Loaded:
        """The config as it is now; ConfigError with all its faults.

        The files are looked at before they are read: what is written meanwhile is a change.
        """
        before = {stamp[0]: stamp for stamp in _stamp(self.watched)}
        loaded = self.read()
        self.watched = loaded.watched
        self._seen = tuple(before.get(stamp[0], stamp) for stamp in _stamp(self.watched))
        return loaded


def _stamp(paths: tuple[Path, ...]) -> Stamp:
    """What changes when a file does: editors and mounts differ in which of these they touch."""
    stamps = []
    for path in paths:
        try:
            status = path.stat()
        except OSError:
            stamps.append((str(path), 0, 0, 0))
        else:
            stamps.append((str(path), status.st_mtime_ns, status.st_size, status.st_ino))
    return tuple(stamps)
