"""Files that are replaced whole or not at all: written beside, brought to the disk, then renamed.

rename(2) is atomic, so that whoever opens the file finds the old bytes or the new. Knows nothing of what is
in them, nor whether the place is ours to write to; where the system refuses it, `refusal` has the cure.
"""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

DRAFT = ".writing-"
"""how the name of a file begins that is still being written"""

Owner = tuple[int, int]
"""a user's id and a group's"""


def replace_whole(target: Path, body: bytes, *, mode: int = 0o600, owner: Owner | None = None) -> None:
    """Put these bytes in the place of the file, in a folder that is there. OSError leaves all as it was.

    An `owner` is kept as far as we may: only root may give files away.
    """
    with draft_of(target) as (descriptor, _):
        os.fchmod(descriptor, mode)
        if owner:
            with suppress(PermissionError):
                os.fchown(descriptor, *owner)
        with os.fdopen(descriptor, "wb", closefd=False) as file:
            file.write(body)


@contextmanager
def draft_of(target: Path, prefix: str = DRAFT) -> Iterator[tuple[int, Path]]:
    """An empty file beside the target, open and by its name, for who fills it; nobody else may read it.

    At the end of the `with` it takes the target's place, with all that was written; whatever breaks that off
    leaves the target as it was, and no draft.
    """
    descriptor, name = tempfile.mkstemp(prefix=prefix, dir=target.parent)
    draft = Path(name)
    try:
        yield descriptor, draft
        os.fsync(descriptor)
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Bring the names in the folder to the disk, too: for a file of which there is no other copy."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def clear_drafts(folder: Path) -> None:
    """Remove what a process left that was killed while it wrote; for who alone writes here."""
    for left in folder.rglob(f"{DRAFT}*"):
        left.unlink()


def refusal(error: OSError, folder: Path, *, otherwise: str) -> str:
    """Why this user cannot write in the folder, and the cure; `otherwise` is what can be done instead."""
    reason = (error.strerror or str(error)).lower()
    cure = _cure(error, folder)
    return f"cannot be written to by user {os.getuid()} ({reason}); {cure and f'{cure}, or '}{otherwise}"


def _cure(error: OSError, folder: Path) -> str:
    user, group = os.getuid(), os.getgid()
    match error.errno:
        case errno.EACCES | errno.EPERM if not os.path.lexists(folder):
            return f"make it for that user (install -d -o {user} -g {group} {folder})"
        case errno.EACCES | errno.EPERM:
            return f"give it to that user (chown -R {user}:{group} {folder}; for a container, on its host)"
        case errno.EROFS:
            return "mount it writable"
        case errno.ENOSPC | errno.EDQUOT:
            return "free some space"
    return ""
