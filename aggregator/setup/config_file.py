"""The config file on the disk: made where there is none, replaced whole or not at all. Knows nothing of YAML.

A replaced file keeps its mode and owner, and a symbolic link goes on pointing to it. There is no other copy
of what a user has written, so it is never opened for writing in its place.
"""

import itertools
import os
import stat
from pathlib import Path
from typing import IO

from aggregator.errors import DataFolderError, EditError
from aggregator.files import refusal, replace_whole, sync_folder

ENCODING = "utf-8-sig"  # a mark at the begin is no text, and stays


def write_first(path: Path, text: str) -> None:
    """Write a config where none was, and never over another; DataFolderError where that cannot be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="") as file:
            _fill(path, file, text)
    except OSError as error:
        raise DataFolderError(path.absolute(), _why(path, error)) from error


def _fill(path: Path, file: IO[str], text: str) -> None:
    """Half a config would be taken for the user's word."""
    try:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    except OSError:
        path.unlink()
        raise


def _why(path: Path, error: OSError) -> str:
    if path.is_symlink() and not path.exists():
        return "is a link to a file that is not there; make that file, or name another with --config"
    if path.exists():
        return "is there already; name another with --config"
    otherwise = "put a config there, or name one with --config"
    return f"is missing, and its folder {refusal(error, path.absolute().parent, otherwise=otherwise)}"


def keep_copy(path: Path, *, by_hand: str) -> Path:
    """The name of a copy beside the config; EditError, with `by_hand`, where it may not be changed at all.

    It is spelled as the config's is. An earlier copy stays: it may be the one that is missed.
    """
    target = path.resolve() if path.is_symlink() else path
    if not _writable(target):
        raise EditError(f"{path} is read-only", by_hand)
    names = (target.with_name(f"{target.name}.bak{number or ''}") for number in itertools.count())
    copy = next(name for name in names if not name.exists())
    try:
        replace_whole(copy, target.read_bytes(), mode=stat.S_IMODE(target.stat().st_mode))
    except OSError as error:
        raise EditError(f"{copy} cannot be written ({error.strerror})", by_hand) from error
    return copy


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
