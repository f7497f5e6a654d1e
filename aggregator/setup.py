"""Getting feeds in and out of a config: the first config file, and OPML for other readers.

Never reads the store's news and never polls.

To add a format for taking feeds elsewhere: a function from feeds to text, and its command in cli/.
"""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import quoteattr

from aggregator.core.settings import FeedSettings
from aggregator.errors import DataFolderError
from aggregator.model import Feed


def write_default(path: Path, text: str) -> None:
    """Write the commented default config where none was; DataFolderError if the place cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        reason = f"cannot write a first config here ({error.strerror}); name one with --config"
        raise DataFolderError(path, reason) from error


def to_opml(feeds: Iterable[tuple[FeedSettings, Feed | None]]) -> str:
    """The feeds as OPML 2.0, a folder for each feed's first tag; those without one stand at the top."""
    folders: defaultdict[str, list[str]] = defaultdict(list)
    for wanted, stored in feeds:
        folders[wanted.tags[0] if wanted.tags else ""].append(_outline(wanted, stored))
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">']
    lines += ["  <head><title>aggregator feeds</title></head>", "  <body>"]
    lines += [f"    {line}" for line in folders.pop("", [])]
    for folder, outlines in sorted(folders.items()):
        lines.append(f"    <outline text={quoteattr(folder)}>")
        lines += [f"      {line}" for line in outlines]
        lines.append("    </outline>")
    return "\n".join([*lines, "  </body>", "</opml>"]) + "\n"


def _outline(wanted: FeedSettings, stored: Feed | None) -> str:
    title = wanted.title or (stored.title if stored else "") or wanted.url
    site = f" htmlUrl={quoteattr(stored.site_url)}" if stored and stored.site_url else ""
    categories = f" category={quoteattr(','.join(wanted.tags))}" if wanted.tags else ""
    return f'<outline type="rss" text={quoteattr(title)} xmlUrl={quoteattr(wanted.url)}{site}{categories}/>'
