"""Whether what came in goes out as documents that strict parsers accept: XML 1.0, JSON that can be UTF-8."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from lxml import etree

from aggregator.core.formats import FORMATS
from aggregator.core.identities import heard
from aggregator.core.ingest import Intake, decide
from aggregator.core.items import items_of
from aggregator.model import DedupLevel, Document, Feed, Group, Known, ParsedFeed, Story

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
BASE = "https://news.example.net/"
LINKS = {suffix: f"{BASE}all.{suffix}" for suffix in FORMATS}
STRICT = etree.XMLParser(recover=False, resolve_entities=False, no_network=True, huge_tree=True)


def broken_outputs(parsed: ParsedFeed) -> Iterator[str]:
    """What is wrong with any output of this document's entries, a line each."""
    stories = _stories(parsed)
    for group in (Group.STORY, Group.NONE):
        document = Document(
            name="all",
            title=parsed.title or "All",
            description="",
            base_url=BASE,
            updated_at=NOON,
            items=tuple(item for story in stories for item in items_of(story, group)),
        )
        yield from _broken(document)


def _broken(document: Document) -> Iterator[str]:
    for suffix, form in FORMATS.items():
        try:
            body = form.render(document, LINKS)
            _read(suffix, body)
        except (ValueError, SyntaxError, UnicodeError) as error:  # lxml's XMLSyntaxError is a SyntaxError
            yield f"{suffix}: {type(error).__name__}: {error}"


def _read(suffix: str, body: bytes) -> None:
    if suffix in {"atom", "rss"}:
        etree.fromstring(body, STRICT)
    elif suffix == "json":
        json.dumps(json.loads(body), ensure_ascii=False).encode()  # a lone surrogate cannot be encoded
    else:
        body.decode()


def _stories(parsed: ParsedFeed) -> tuple[Story, ...]:
    feed = Feed(id=1, url="https://news.example.org/rss", title=parsed.title, site_url=parsed.site_url)
    intake = Intake(
        window=timedelta(days=14),
        first_poll=True,
        accepts=lambda _: True,
        tags_of=lambda _: (),
        priority_of=lambda _: 0,
        level_of=lambda _: DedupLevel.STORY,
    )
    return decide(heard(parsed), Known(feed=feed), intake, now=NOON).stories
