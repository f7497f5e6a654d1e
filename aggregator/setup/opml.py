"""The feeds as OPML, for other readers. Pure: text comes out.

To add a format for taking feeds elsewhere: a module with a function from feeds to text, and its command.
"""

from collections import defaultdict
from collections.abc import Iterable
from xml.sax.saxutils import quoteattr

from aggregator.core.settings import FeedSettings
from aggregator.core.text import clean_text
from aggregator.model import Feed


def to_opml(feeds: Iterable[tuple[FeedSettings, Feed | None]]) -> str:
    """The feeds as OPML 2.0, a folder for each feed's first tag; those without one stand at the top.

    Folders do not nest, for most readers' do not; all tags of a feed are in its `category`.
    """
    folders: defaultdict[str, list[str]] = defaultdict(list)
    for wanted, stored in feeds:
        folders[wanted.tags[0] if wanted.tags else ""].append(_outline(wanted, stored))
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">']
    lines += ["  <head><title>aggregator feeds</title></head>", "  <body>"]
    lines += [f"    {line}" for line in folders.pop("", [])]
    for folder, outlines in sorted(folders.items()):
        lines.append(f"    <outline text={quoteattr(folder)} title={quoteattr(folder)}>")
        lines += [f"      {line}" for line in outlines]
        lines.append("    </outline>")
    return "\n".join([*lines, "  </body>", "</opml>"]) + "\n"


def _outline(wanted: FeedSettings, stored: Feed | None) -> str:
    name = quoteattr(clean_text(wanted.title or (stored.title if stored else "") or wanted.url))
    site = f" htmlUrl={quoteattr(stored.site_url)}" if stored and stored.site_url else ""
    categories = f" category={quoteattr(','.join(wanted.tags))}" if wanted.tags else ""
    return f'<outline type="rss" text={name} title={name} xmlUrl={quoteattr(wanted.url)}{site}{categories}/>'
