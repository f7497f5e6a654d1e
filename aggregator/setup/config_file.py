"""The config file on the disk: made where there is none, replaced whole or not at all. Knows nothing of YAML.

A replaced file keeps its mode and owner, and a symbolic link goes on pointing to it. There is no other copy
of what a user has written, so it is never opened for writing in its place.
"""

import os
import stat
from pathlib import Path

from aggregator.errors import DataFolderError, EditError
from aggregator.files import refusal, replace_whole, sync_folder

ENCODING = "utf-8-sig"  # a mark at the begin is no text, and stays


def write_default(path: Path, text: str) -> None:
    """Write the commented default config where none was; DataFolderError if the place cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        place = path.absolute()
        why = refusal(error, place.parent, otherwise="put a config there, or name one with --config")
        raise DataFolderError(place, f"is missing, and its folder {why}") from error


def rewrite(path: Path, before: str, after: str, *, by_hand: str) -> None:
    """Put `after` in the place of `before`; EditError, with `by_hand` for the user, where that cannot be.

    `before` is what the edit began with: a file that somebody else has changed since is left as it is.
    """
    target = path.resolve()
    try:
        found = target.read_bytes()
        if found.decode(ENCODING) != before:
            raise EditError(f"{path} was changed meanwhile by somebody else", "run this again")
        if not _writable(target):
            raise EditError(f"{path} is read-only", by_hand)
        mark = found[: len(found) - len(before.encode())]
        status = target.stat()
        replace_whole(
            target,
            mark + after.encode(),
            mode=stat.S_IMODE(status.st_mode),
            owner=(status.st_uid, status.st_gid),
        )
        sync_folder(target.parent)
    except OSError as error:
        raise EditError(f"{path} cannot be written ({error.strerror})", by_hand) from error


def _writable(target: Path) -> bool:
    """A mode without any right to write is the user's word, also where we are root and could."""
    return bool(target.stat().st_mode & 0o222) and os.access(target, os.W_OK)
