"""Published files: replaced whole where their bytes differ, taken away where they are no longer ours.

A folder remembers in a list of its own which files are ours and since when they say what they say, so that a
restart changes neither bytes nor dates. Other people's files are left alone.
"""

import contextlib
import errno
import json
import os
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from aggregator.core.listing import Listing, listing_of
from aggregator.core.times import NEVER, from_text, to_text
from aggregator.errors import DataFolderError
from aggregator.files import clear_drafts, refusal, replace_whole
from aggregator.model import Rendered, Snapshot
from aggregator.publish.rendering import etag_of

MANIFEST = ".published.json"  # which files are ours, and since when they say what they say
SECOND = timedelta(seconds=1)  # what a Last-Modified can tell apart
IN_THE_WAY = {errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENOTEMPTY}
PRIVATE = "private"  # the folder beside the public one, which no web server may serve


class Files:
    """The files we published, by path: their ETag and since when. Other people's files are left alone.

    Any web server may read them, unless they are `private`: then nobody but us. Where others write to the
    folder, too, it is `shared`.
    """

    def __init__(self, folder: Path, *, private: bool = False, shared: bool = False) -> None:
        self._folder = folder
        self._modes = (0o700, 0o600) if private else (0o755, 0o644)
        self._known = _noted(folder)
        with contextlib.suppress(OSError, DataFolderError):
            if self._known or not shared:  # else nothing here is ours
                clear_drafts(self._place(""))
        self._missing = {path for path in self._known if not (folder / path).is_file()}
        self._written: list[str] = []
        self._listed = True
        """whether MANIFEST has all that we know: a full disk may have kept it back"""

    def since(self, path: str, body: bytes, now: datetime) -> datetime:
        """Since when the path says this: as it was noted if the bytes are the same, else from now on.

        No two versions have the same date, for readers that ask by the date alone, or that take what comes
        with a date that they know for what they have (newsboat): a second's later one counts for the next.
        """
        etag, since = self._known.get(path, ("", NEVER))
        return since if etag == etag_of(body) else max(now.replace(microsecond=0), since + SECOND)

    def write(self, snapshot: Snapshot) -> None:
        """Replace the files whose bytes differ. What is no longer published is removed."""
        self.write_each(snapshot.items())

    def write_each(self, pieces: Iterable[tuple[str, Rendered]]) -> None:
        """The same of more than memory holds: each is written before the next is asked for."""
        with self._told():
            kept = set()
            for path, said in pieces:
                kept.add(path)
                if self._etag_of(path) != said.etag.strip('"'):
                    self._replace(path, said.body)
                    self._known[path] = (said.etag.strip('"'), said.last_modified)
                    self._missing.discard(path)
                    self._written.append(path)
                    self._listed = False
            for path in self._known.keys() - kept:
                self._place(path).unlink(missing_ok=True)
                del self._known[path]
                self._listed = False
            if not self._listed:
                self._note()

    def taken(self) -> tuple[str, ...]:
        """The paths written since they were last taken, also by a `write` that then failed."""
        written, self._written = tuple(dict.fromkeys(self._written)), []
        return written

    def claim(self, paths: Collection[str]) -> frozenset[str]:
        """Note these as ours before any is written, in a folder that is shared.

        What comes back are the files of others, which stay as they are.
        """
        with self._told():
            new = [path for path in paths if path not in self._known]
            others = frozenset(path for path in new if os.path.lexists(self._place(path)))
            ours = {path: ("", NEVER) for path in new if path not in others}
            self._known |= ours
            self._missing |= ours.keys()
            if ours:
                self._note()
        return others

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Says of what the system refuses in the body of the `with` which folder it is about."""
        try:
            yield
        except OSError as error:
            raise DataFolderError(self._folder, _reason(error, self._folder)) from error

    def _place(self, path: str) -> Path:
        """Where this file belongs; DataFolderError where a link that a stranger made would lead us away.

        Links are welcome: many keep such folders on another disk. Whose they are decides.
        """
        target = self._folder / path
        for folder in (self._folder, *(one for one in target.parents if self._folder in one.parents)):
            if not folder.is_symlink():
                continue
            owner = folder.lstat().st_uid
            if is_planted(link_owner=owner, folder_owner=folder.parent.stat().st_uid, us=os.geteuid()):
                reason = f"it is a link that user {owner} made; take it away, or make it yourself"
                raise DataFolderError(folder, reason)
        return target

    def _etag_of(self, path: str) -> str | None:
        known = self._known.get(path)
        return known[0] if known and path not in self._missing else None

    def _note(self) -> None:
        listed = {path: (etag, to_text(since)) for path, (etag, since) in sorted(self._known.items())}
        self._replace(MANIFEST, json.dumps(listed, ensure_ascii=False, indent=0).encode())
        self._listed = True

    def _replace(self, path: str, body: bytes) -> None:
        target = self._place(path)
        for_folder, for_file = self._modes
        target.parent.mkdir(mode=for_folder, parents=True, exist_ok=True)
        replace_whole(target, body, mode=for_file)


def published(folder: Path) -> dict[str, Listing]:
    """What readers see of every output, by its files here and among the private: also without a daemon."""
    return _read(folder) | _read(folder.with_name(PRIVATE))


def _read(folder: Path) -> dict[str, Listing]:
    found = {}
    for path in _noted(folder):
        # A file that is gone or damaged shows nothing.
        with contextlib.suppress(OSError, ValueError, KeyError):
            name, dot, suffix = path.rpartition(".")
            if dot + suffix == ".json":
                found[name] = listing_of((folder / path).read_bytes())
    return found


def _noted(folder: Path) -> dict[str, tuple[str, datetime]]:
    """Which files are ours, with their ETags and since when they say what they say."""
    with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
        listed = json.loads((folder / MANIFEST).read_text("utf-8"))
        return {path: (etag, from_text(since)) for path, (etag, since) in listed.items()}
    return {}


def _reason(error: OSError, folder: Path) -> str:
    named = error.filename2 or error.filename
    in_the_way = error.errno in IN_THE_WAY and named
    otherwise = f"take away what is in the way: {Path(named).name}" if in_the_way else "name another folder"
    return refusal(error, folder, otherwise=otherwise)


def is_planted(*, link_owner: int, folder_owner: int, us: int) -> bool:
    """Whether a link is neither ours nor root's, nor of the owner of the folder in which it lies (user ids).

    So does Linux judge links in folders that all may write to (sysctl fs.protected_symlinks).
    """
    return link_owner not in (us, 0, folder_owner)
