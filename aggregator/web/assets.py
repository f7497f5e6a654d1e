"""What we serve that is ours alone: the icon, the scripts; and how any text becomes an address's content.

To add a file: its bytes in templates/, a constant here, a route in app.py.
"""

import gzip
import hashlib
from datetime import UTC, datetime
from importlib.resources import files

from aggregator.core.formats import layout
from aggregator.model import Rendered

TEMPLATES = files("aggregator.web") / "templates"


def rendered_page(html: str, moment: datetime) -> Rendered:
    """A page as an address's content, so that pages are answered as outputs are."""
    return rendered("text/html; charset=utf-8", html.encode(), moment)


def rendered(content_type: str, body: bytes, moment: datetime, *, links: str = "") -> Rendered:
    """These bytes as the content of an address that says so since that moment."""
    etag = hashlib.sha256(body).hexdigest()[:32]
    return Rendered(
        content_type=content_type,
        body=body,
        gzipped=gzip.compress(body, compresslevel=5, mtime=0),
        etag=f'"{etag}"',
        gzip_etag=f'"{etag}-gzip"',
        last_modified=moment,
        links=links,
    )


def _script(name: str) -> Rendered:
    return rendered("text/javascript; charset=utf-8", (TEMPLATES / name).read_bytes(), _SINCE)


_SINCE = datetime(2026, 1, 1, tzinfo=UTC)

ICON = rendered("image/svg+xml", layout.ICON.encode(), _SINCE)
"""what a browser shows beside our name"""

SEARCH_SCRIPT = _script("search.js")
"""shows what a filter takes while it is typed"""

LIVE_SCRIPT = _script("live.js")
"""says when there are new stories on the page"""
