"""Pages that hear of their news: which version of them is published, and what makes them listen. Pure.

A version is made of ETags, so that it is the same after a restart and says nothing of what has changed. The
files in `public/` do not listen, for they are any web server's; what we serve is made of them here.
"""

import hashlib

from aggregator.core.formats.markup import escaped
from aggregator.model import Rendered, Snapshot
from aggregator.web.assets import rendered

FRONT = ""  # the page that shows something of every output
SUFFIX = ".html"


def version_of(snapshot: Snapshot, page: str) -> str | None:
    """Which version of the page at this path is published; None where nothing is for everybody."""
    found = snapshot.get(page)
    return found.etag.strip('"') if found else None


def front_version(snapshot: Snapshot) -> str:
    """The same of the front page: it changes with every page of an output."""
    pages = "".join(one.etag for path, one in snapshot.items() if path.endswith(SUFFIX))
    return hashlib.blake2b(pages.encode(), digest_size=16).hexdigest()


def live_tag(page: str, version: str, root: str = "./") -> str:
    """What makes a page listen, for its head; `root` leads to the front page."""
    told = f'data-page="{escaped(page)}" data-version="{escaped(version)}"'
    return f'<script src="{root}live.js" {told} defer></script>'


def made_live(path: str, published: Rendered) -> Rendered:
    """What we serve at this path for the page that is published. Slow: it is compressed anew."""
    root = "../" * path.count("/") or "./"
    tag = live_tag(path, published.etag.strip('"'), root)
    body = published.body.replace(b"</head>", f"{tag}\n</head>".encode(), 1)
    return rendered(published.content_type, body, published.last_modified, links=published.links)
