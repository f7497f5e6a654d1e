"""A file that another reader exported → feeds: OPML, or a list of addresses like newsboat's `urls`.

What is neither is told as what it seems to be, with what to do. A line that names no feed is a fault and the
others are taken.

To read another kind of list: a case in `read_export`, which hands back feeds and faults.
"""

import re
import shlex
from collections.abc import Iterator
from typing import IO

from aggregator.config.build import without_login
from aggregator.config.loading import MAX_FILE_BYTES, too_large
from aggregator.config.opml import bounded, read_opml, tag_of
from aggregator.config.values import quoted, read_url, same_url
from aggregator.core.settings import FeedSettings
from aggregator.errors import ConfigError, Fault

Export = tuple[tuple[FeedSettings, ...], tuple[Fault, ...]]

NO_LIST = "this is no list of feeds, neither OPML nor lines that begin with an address"
PAGE = (
    "this is a web page, not a list of feeds; log in, and export the feeds as OPML in the reader's settings"
)
JSON = "this is JSON, which is read by nobody but its writer; export the feeds as OPML"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_IS_PAGE = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_NOT_A_FEED = re.compile(r"#|(?:query|filter|exec):|\"(?:query|filter|exec):")  # newsboat's own


def read_export(file: IO[bytes]) -> Export:
    """The feeds in this file, and its lines that name none; ConfigError where there are no feeds in it."""
    body, name = file.read(MAX_FILE_BYTES + 1), str(file.name)
    if len(body) > MAX_FILE_BYTES:
        raise too_large(name)
    begin = body.removeprefix(b"\xef\xbb\xbf").lstrip()[:4096]
    if _IS_PAGE.match(begin):
        raise _refused(name, PAGE)
    if begin.startswith(b"<") or body.startswith(_UTF_16):
        return read_opml(body, name)
    if begin.startswith((b"{", b"[")):
        raise _refused(name, JSON)
    return _read_lines(body.decode("utf-8-sig", "replace"), name)


def _read_lines(text: str, name: str) -> Export:
    """Each line an address; behind it may stand tags, and a title that begins with `~`."""
    feeds: dict[str, FeedSettings] = {}
    faults: list[Fault] = []
    for number, line in enumerate(text.splitlines(), start=1):
        said = line.strip()
        if not said or _NOT_A_FEED.match(said):
            continue
        try:
            feed = _feed(said)
        except ValueError as error:
            faults.append(Fault(name, number, 1, "", f"{quoted(said)} {error}"))
        else:
            feeds.setdefault(same_url(feed.url), feed)
    if not feeds:
        raise _refused(name, NO_LIST)
    return tuple(feeds.values()), bounded(faults)


def _feed(line: str) -> FeedSettings:
    url, *words = _words(line)
    title = next((word[1:] for word in words if word.startswith("~")), None)
    tags = dict.fromkeys(tag for word in words if not word.startswith(("~", "!")) and (tag := tag_of(word)))
    return without_login(FeedSettings(url=read_url(url), title=title or None, tags=tuple(tags)))


def _words(line: str) -> Iterator[str]:
    """The words of a line, as a shell reads them; all between blanks where its quotes do not close."""
    try:
        return iter(shlex.split(line))
    except ValueError:
        return iter(line.split())


def _refused(name: str, message: str) -> ConfigError:
    return ConfigError((Fault(name, 1, 1, "", message),))
