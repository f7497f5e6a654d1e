"""Stories and events as the pages meet them, and a site that has them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from aggregator.core.filters import Explanation
from aggregator.core.formats import FORMATS
from aggregator.core.verdicts import OutputVerdict
from aggregator.model import Document, Entry, Event, Item, MatchedBy, Story
from tests.builders import NOON, a_rendered, a_story, an_entry
from tests.web.sites import FakeSite, a_json_feed

EVENT_ID = "0d84f1b2-55c0-8a3e-9b61-2f0a5c7d1e90"
FLOOD_ID = "2f0e4c1e-8a57-5d7c-9d3c-6f3a3b0c1a02"
HOUR = timedelta(hours=1)


def a_telling(number: int, **changes: Any) -> Entry:
    """The entry of this feed, an hour later for each number."""
    told = {
        "id": number,
        "uid": f"uid-{number}",
        "feed_id": number,
        "feed_title": f"Feed {number}",
        "url": f"https://feed{number}.example.org/dam",
        "first_seen_at": NOON - timedelta(hours=10) + number * HOUR,
    }
    return an_entry(**{**told, **changes})


def a_dam() -> Story:
    """A story that three feeds tell."""
    copy = a_telling(3, matched_by=MatchedBy.TEXT, match_score=0.874, title="Dam gone")
    return a_story(
        an_entry(first_seen_at=NOON - timedelta(hours=10)),
        a_telling(2, matched_by=MatchedBy.URL),
        copy,
        event_id=EVENT_ID,
        first_seen_at=NOON - timedelta(hours=10),
    )


def a_flood() -> Story:
    """Another story of the same event, from the day before."""
    seen = NOON - timedelta(hours=20)
    entry = a_telling(4, story_id=FLOOD_ID, title="Thousands flee", lang="de", first_seen_at=seen)
    return a_story(entry, id=FLOOD_ID, seq=2, title="Thousands flee", event_id=EVENT_ID, first_seen_at=seen)


def an_event(*stories: Story, **changes: Any) -> Event:
    """What happened: these stories, or the dam and the flood."""
    told = stories or (a_dam(), a_flood())
    said = {
        "id": EVENT_ID,
        "title": told[0].title,
        "first_seen_at": min(story.first_seen_at for story in told),
        "last_seen_at": max(story.first_seen_at for story in told),
        "stories": told,
    }
    return Event(**{**said, **changes})


def a_verdict(name: str, taken: bool, clause: str, *, asked: bool | None = None) -> OutputVerdict:
    """What an output says that asks for one thing: whether it fits is as it is taken, or as `asked` says."""
    leaf = Explanation(clause, taken if asked is None else asked, clause)
    return OutputVerdict(name, taken, clause, Explanation(f"output {name}", taken, clause, (leaf,)))


def an_eventful_site(**changes: Any) -> FakeSite:
    """A site with the dam and the flood, and the event that both are of."""
    return FakeSite(
        **{
            "told": {story.id: story for story in (a_dam(), a_flood())},
            "happened": (an_event(),),
            "judged": (
                a_verdict("security", True, "include: tag:energy"),
                a_verdict("quiet", False, "exclude: dam*", asked=True),
            ),
            **changes,
        }
    )


def an_output_page(**changes: Any) -> Document:
    """An output with one story, of which a test may say otherwise."""
    item = Item(
        id="urn:uuid:2f0e4c1e-8a57-5d7c-9d3c-6f3a3b0c1a01",
        url="https://news.example.org/dam",
        title="Dam bursts",
        author="",
        summary="<p>Thousands left.</p>",
        content="",
        lang="en",
        published_at=NOON,
        updated_at=NOON,
        news_at=NOON,
        tags=("energy",),
        feed_title="Example News",
    )
    return Document(
        name="security",
        title="Security",
        description="What to mend today",
        base_url="https://news.example.net/",
        updated_at=NOON,
        items=(replace(item, **changes),),
    )


def a_published_site(page: Document | None = None, **changes: Any) -> FakeSite:
    """An eventful site with one output page, as the publisher renders it."""
    site_links = {suffix: f"https://news.example.net/security.{suffix}" for suffix in FORMATS}
    body = FORMATS["html"].render(page or an_output_page(), site_links).decode()
    made = a_rendered(body, content_type=FORMATS["html"].content_type)
    published = {"security.html": made, "security.json": a_json_feed("Dam bursts")}
    return an_eventful_site(**{"published": published, **changes})
