"""From items to the bytes of an address: the document, its links, its rendered forms. Keeps nothing.

To change how an item reads: core/items.py, core/formats/.
"""

import gzip
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from urllib.parse import quote

from aggregator.core.descriptions import description_of
from aggregator.core.digests import KEPT
from aggregator.core.filters import Filter
from aggregator.core.formats import FORMATS
from aggregator.core.formats.bound import fitted
from aggregator.core.items import items_of
from aggregator.core.listing import Listing, listing_of
from aggregator.core.settings import OutputSettings
from aggregator.core.times import NEVER
from aggregator.model import Document, Item, Rendered, Snapshot, Story

SEARCH_LIMIT = 100
TITLE = 100  # characters of a search in the title of its feed
LONGEST_HEADER = 4_000  # characters; many servers and clients take 8 kB of headers in all
AS_WRITTEN = "%:/?#[]@!$&'()*+,;="  # what has a meaning in an address (RFC 3986 §2.2)


def document_of(output: OutputSettings, items: Iterable[Item], base_url: str) -> Document:
    """The output with these items, as far as its limit goes; dated as its newest item, never by the clock."""
    held = tuple(islice(items, KEPT if output.digest else output.limit))
    return Document(
        name=output.address,
        origin=output.origin,
        title=output.title,
        description=description_of(output),
        base_url=base_url,
        updated_at=max((item.updated_at for item in held), default=NEVER),
        items=held,
    )


def forms_of(
    document: Document,
    links: Mapping[str, str],
    *,
    suffixes: Iterable[str] = FORMATS,
    least: int | None = None,
) -> tuple[Document, Mapping[str, bytes]]:
    """The document as far as it fits, with `least` items or all, and its bytes by suffix."""

    def render(form: Document) -> Iterator[tuple[str, bytes]]:
        return ((suffix, FORMATS[suffix].render(form, links)) for suffix in suffixes)

    return fitted(document, render, least=len(document.items) if least is None else least)


def archive_page(document: Document, suffix: str, address: str, now: datetime) -> Rendered:
    """A page of an output's archive at this address, below the front page and without a suffix."""
    base_url = document.base_url
    links = {**links_of(address, base_url), "html": f"{base_url}{document.current}.html"}
    _, bodies = forms_of(document, links, suffixes=[suffix])
    return rendered_as(suffix, bodies[suffix], now, links)


def search_output(
    wanted: Filter, stories: Iterable[Story], suffix: str, base_url: str, now: datetime
) -> Rendered:
    """A search as a feed: the stories that it found, with the ids that they have in every output."""
    asked = quote(wanted.source, safe="", errors="replace")
    output = OutputSettings(
        name=f"search?q={asked}", title=f"Search: {wanted.source[:TITLE]}", include=wanted, limit=SEARCH_LIMIT
    )
    links = {suffix: f"{base_url}search.{suffix}?q={asked}" for suffix in FORMATS}
    links |= {"html": f"{base_url}search?q={asked}"}
    in_order = sorted(stories, key=lambda story: (story.news_at, story.seq), reverse=True)
    return on_demand(output, in_order, suffix, base_url, links, now)


def on_demand(
    output: OutputSettings,
    stories: Iterable[Story],
    suffix: str,
    base_url: str,
    links: Mapping[str, str],
    now: datetime,
) -> Rendered:
    """One form of an output that is no file, made of these stories.

    Nobody remembers since when it says this, so it is dated now: by the date of its newest item, whoever asks
    by the date alone would miss what comes with an older one, or goes.
    """
    items = (item for story in stories for item in items_of(story, output.group))
    document = document_of(output, items, base_url)
    _, bodies = forms_of(document, links, suffixes=[suffix])
    return rendered_as(suffix, bodies[suffix], now, links)


def listings(snapshot: Snapshot, names: Iterable[str]) -> dict[str, Listing]:
    """What readers see now of the outputs with these names."""
    return {name: listing_of(snapshot[path].body) for name in names if (path := f"{name}.json") in snapshot}


def links_of(path: str, base_url: str) -> Mapping[str, str]:
    """The absolute address of the output in each format."""
    return {suffix: f"{base_url}{path}.{suffix}" for suffix in FORMATS}


def rendered_as(
    suffix: str, body: bytes, since: datetime, links: Mapping[str, str], hub: str = ""
) -> Rendered:
    """These bytes as the content of an address that says so `since` then, and whose changes a hub tells."""
    etag = etag_of(body)
    return Rendered(
        content_type=FORMATS[suffix].content_type,
        body=body,
        gzipped=gzip.compress(body, compresslevel=6, mtime=0),
        etag=f'"{etag}"',
        gzip_etag=f'"{etag}-gzip"',
        last_modified=since,
        links=_header(links, suffix, hub),
    )


def _header(links: Mapping[str, str], asked: str, hub: str) -> str:
    """The addresses as a Link header (RFC 8288); none where a long search makes it too long."""
    said = [_link(suffix, address, asked) for suffix, address in links.items()]
    said += [f'<{quote(hub, safe=AS_WRITTEN)}>; rel="hub"'] * bool(hub)
    header = ", ".join(said)
    return header if len(header) <= LONGEST_HEADER else ""


def _link(suffix: str, address: str, asked: str) -> str:
    """The address of what is asked for, or of another form of it."""
    kind = FORMATS[suffix].content_type.partition(";")[0]
    relation = "self" if suffix == asked else "alternate"
    return f'<{quote(address, safe=AS_WRITTEN)}>; rel="{relation}"; type="{kind}"'


def etag_of(body: bytes) -> str:
    """What stands for these bytes; without quotes."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()
