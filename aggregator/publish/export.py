"""The outputs as a folder for any web server or static host, where nothing of ours runs.

Pages lead to each other and to the feeds relatively, so the folder may lie anywhere, below any path. Feeds
name the address that it has, as feeds must; what only our own server can answer is not linked. Private
outputs are left out. Other people's files in the folder stay as they are.

To add a page: `_cover` and its line in `_pieces`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from aggregator.core.archives import FORMATS as ARCHIVED
from aggregator.core.archives import MARK
from aggregator.core.descriptions import description_of
from aggregator.core.filters import Search
from aggregator.core.formats import FORMATS
from aggregator.core.formats.layout import ICON, page
from aggregator.core.formats.markup import element, escaped, wrapped
from aggregator.core.settings import Settings
from aggregator.core.times import NEVER
from aggregator.model import Rendered
from aggregator.publish.folder import Files
from aggregator.publish.publisher import Publisher, Reads
from aggregator.publish.rendering import etag_of

TITLE = "Every story once"
FRONT, EMBLEM = "index.html", "icon.svg"
WAYS = {"html": "Page", "atom": "Atom", "rss": "RSS", "json": "JSON"}


@dataclass(frozen=True, slots=True)
class Exported:
    """The files written, and those in their places that others made and that stay."""

    written: tuple[str, ...]
    left_alone: tuple[str, ...]


async def export(
    reader: Reads,
    settings: Settings,
    folder: Path,
    address: str,
    *,
    now: Callable[[], datetime],
    search: Search,
) -> Exported:
    """Bring the folder, which will be served at this address, up to date; DataFolderError where it cannot be.

    Only reads what is stored. What is older than an output shows stands in files, too.
    """
    outputs = tuple(one for one in settings.outputs if not one.token)
    server = replace(settings.server, public_url=address)
    settings = replace(settings, outputs=outputs, server=server)
    publisher = Publisher(reader, None, now=now, search=search)
    await publisher.refresh(settings)
    archived = tuple(publisher.archives())
    files = Files(folder, shared=True)
    older = (f"{path}{MARK}{name}.{suffix}" for path, name in archived for suffix in ARCHIVED)
    former = (old for old, _ in _former(settings))
    others = files.claim([*older, *publisher.snapshot, *former, FRONT, EMBLEM])
    pieces = _pieces(publisher, archived, settings)
    files.write_each((path, said) for path, said in pieces if path not in others)
    return Exported(files.taken(), tuple(sorted(others)))


def _pieces(
    publisher: Publisher, archived: Iterable[tuple[str, str]], settings: Settings
) -> Iterator[tuple[str, Rendered]]:
    """Every file, those first that others lead to."""
    for path, name in archived:
        for suffix in ARCHIVED:
            if said := publisher.archive(path, name, suffix):
                yield f"{path}{MARK}{name}.{suffix}", said
    yield EMBLEM, _rendered("image/svg+xml", ICON)
    yield from publisher.snapshot.items()
    for old, new in _former(settings):
        yield old, _leading(new, settings) if new.endswith(".html") else publisher.snapshot[new]
    yield FRONT, _rendered(FORMATS["html"].content_type, _cover(settings))


def _former(settings: Settings) -> Iterator[tuple[str, str]]:
    """The files of names that outputs had before, and those that say the same today."""
    for output in settings.outputs:
        for name in output.was:
            yield from ((f"{name}.{suffix}", f"{output.name}.{suffix}") for suffix in FORMATS)


def _leading(new: str, settings: Settings) -> Rendered:
    """A page that leads on to where an output's page is today; no file can answer 301."""
    canonical = element("link", rel="canonical", href=settings.server.public_url + new)
    head = f'<meta http-equiv="refresh" content="0; url={escaped(new)}">\n{canonical}'
    body = (
        f'<header class="out"><h1>Moved</h1><p>This page is {element("a", new, href=new)} now.</p></header>'
    )
    return _rendered(FORMATS["html"].content_type, page("Moved", body, head=head, served=False))


def _cover(settings: Settings) -> str:
    """What there is to read and to subscribe to; it changes with the config alone."""
    outputs = "\n".join(
        f"<li><h2>{element('a', one.title, href=f'{one.name}.html')}</h2>"
        f"{element('p', description_of(one))}{_ways(one.name)}</li>"
        for one in settings.outputs
    )
    tags = "".join(f"<li>{element('a', tag, href=f'tag/{tag}.html')}</li>" for tag in settings.named_tags)
    topics = f'<h2>Topics</h2>\n<ul aria-label="Topics">{tags}</ul>' if tags else ""
    head = f'<header class="out">{element("h1", TITLE)}{topics}</header>'
    return page(TITLE, f'{head}\n<ol class="items">\n{outputs}\n</ol>', served=False)


def _ways(name: str) -> str:
    links = " · ".join(element("a", words, href=f"{name}.{suffix}") for suffix, words in WAYS.items())
    return wrapped("p", links, class_="files")


def _rendered(content_type: str, text: str) -> Rendered:
    body = text.encode()
    return Rendered(
        content_type=content_type,
        body=body,
        gzipped=b"",
        etag=f'"{etag_of(body)}"',
        gzip_etag="",
        last_modified=NEVER,
    )
