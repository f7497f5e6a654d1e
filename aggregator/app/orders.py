"""Orders to a daemon that owns the data folder: a command leaves a file, the daemon answers with another.

Files and no port: who may write in the data folder may give orders, and nobody else. Each is whole or absent
(rename(2) is atomic), carried out once, and withdrawn by whoever gave it if nobody takes it up in time.

To add an order: a case in `Parts.overrule`.
"""

import json
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from aggregator.errors import DataFolderError, OrderError
from aggregator.files import replace_whole
from aggregator.logs import line

log = logging.getLogger(__name__)

FOLDER = "orders"
ORDER, TAKEN, ANSWER = ".order", ".taken", ".answer"
MAX_BYTES = 10_000
PATIENCE = 10.0  # seconds until the daemon, which looks every second, must have taken it up
LONGEST = 60.0  # and until it must have answered: a large store is searched meanwhile
LOOK_EVERY = 0.1
NOBODY = (
    "another aggregator is working on this data folder and takes no orders; "
    "nothing was changed: try again when it has ended, or stop it first"
)


@dataclass(frozen=True, slots=True)
class Order:
    """What a person wants done: a verb, and the ids that it is about."""

    verb: str
    ids: tuple[str, ...]


@contextmanager
def _refusals_named(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = (
            f"cannot be used by user {os.getuid()} ({error.strerror}); "
            "command and daemon have to be one user, and the disk needs room"
        )
        raise DataFolderError(folder, reason) from error


# -- giving -----------------------------------------------------------------------------------------------


def give(data: Path, order: Order, *, patience: float = PATIENCE) -> str:
    """What the daemon that owns `data` says when it is done; OrderError where it refuses or stays silent."""
    folder = data / FOLDER
    place = folder / f"{time.time_ns():020}-{os.getpid()}{ORDER}"
    if not folder.exists():
        raise OrderError(NOBODY)
    with _refusals_named(folder):
        _put(place, {"do": order.verb, "ids": order.ids})
        return _answered(place, patience)


def _answered(place: Path, patience: float) -> str:
    answer = place.with_suffix(ANSWER)
    if not _comes(answer, patience) and _withdrawn(place):
        raise OrderError(NOBODY)
    if not _comes(answer, LONGEST):
        raise OrderError("the daemon took the order and has not answered yet; its log says more")
    said = json.loads(answer.read_bytes())
    answer.unlink()
    if not said["ok"]:
        raise OrderError(said["said"])
    return str(said["said"])


def _comes(answer: Path, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not answer.exists():
        if time.monotonic() > end:
            return False
        time.sleep(LOOK_EVERY)
    return True


def _withdrawn(place: Path) -> bool:
    """False where the daemon has taken it up: one of the two gets it, never both."""
    try:
        place.unlink()
    except FileNotFoundError:
        return False
    return True


def _put(place: Path, value: object) -> None:
    """Whole or not at all, and for the other side to read whatever the umask."""
    replace_whole(place, json.dumps(value).encode(), mode=0o644)


# -- taking -----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Orders:
    """The daemon's side of the folder."""

    data: Path
    _begun: bool = False
    _ignored: set[Path] = field(default_factory=set)

    def taken(self) -> Iterator["Taken"]:
        """What has been asked for since the last look, in the order of time, each to be carried out now.

        What lies there from long before the daemon began is thrown away: who gave it has gone.
        """
        folder = self.data / FOLDER
        with _refusals_named(folder):
            if not self._begun:
                _sweep(folder)
                self._begun = True
            for place in filter(self._is_file, sorted(folder.glob(f"*{ORDER}"))):
                with suppress(FileNotFoundError):  # withdrawn just now
                    yield Taken(place.rename(place.with_suffix(TAKEN)))

    def _is_file(self, place: Path) -> bool:
        """What else lies in the folder stays there, and one line says so."""
        if place.is_file():
            return True
        if place not in self._ignored:
            self._ignored.add(place)
            log.warning(line("ignored", path=place, reason="no file, so no order; remove it"))
        return False


def _sweep(folder: Path) -> None:
    """Whoever gave an order waits for it still, while a daemon that owns the folder already gets ready."""
    folder.mkdir(exist_ok=True)
    for left in folder.iterdir():
        waiting = left.suffix == ORDER and time.time() - left.stat().st_mtime < PATIENCE
        if not waiting and not left.is_dir():
            left.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Taken:
    """An order that the daemon has taken up, and that nobody can withdraw any more."""

    place: Path

    def order(self) -> Order:
        """What is asked for; OrderError where it makes no sense."""
        try:
            with self.place.open("rb") as file:
                said = json.loads(file.read(MAX_BYTES))
            return Order(str(said["do"]), tuple(map(str, said["ids"])))
        except OSError as error:
            raise OrderError(f"{self.place.name} cannot be read: {error.strerror}") from error
        except (ValueError, TypeError, KeyError) as error:
            raise OrderError(f"{self.place.name} is no order: {error!r}") from error

    def answer(self, *, ok: bool, said: str) -> None:
        """Tell who waits what came of it."""
        with _refusals_named(self.place.parent):
            _put(self.place.with_suffix(ANSWER), {"ok": ok, "said": said})
            self.place.unlink()
