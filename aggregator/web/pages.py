"""The pages for people: what there is to subscribe to, and how each source stands.

Server-rendered, readable without scripts, no outside requests. Everything a stranger wrote is escaped by the
templates (autoescape is on) or is a link that has passed `link`. Makes text; sends nothing.

To add a page: a method here, a template in templates/, a route in app.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined

from aggregator.core.descriptions import description_of
from aggregator.core.filters import in_words
from aggregator.core.formats.html import opening
from aggregator.core.formats.layout import page
from aggregator.core.formats.markup import clock, language
from aggregator.core.items import title_of
from aggregator.core.text import clean_text, counted, plain_text
from aggregator.errors import AggregatorError, FilterError, StoreError
from aggregator.model import Event, FeedShare, FeedState, Story, TagFigures
from aggregator.web.assets import TEMPLATES
from aggregator.web.contents import Contents, Glance
from aggregator.web.lasting import Lasting
from aggregator.web.plots import BEAT_GROUND, BEAT_HEIGHT, BEAT_WIDTH, BEATS, DayPlot, day_plot
from aggregator.web.scripted import FRONT, front_version, live_tag
from aggregator.web.searching import FEEDS, LAST_PAGE, PAGE, config_lines, hits, mistake
from aggregator.web.site import Site
from aggregator.web.sources import sources, tally
from aggregator.web.subscribing import readers
from aggregator.web.telling import (
    MOST,
    ORIGINS,
    Happening,
    feeds_of,
    happening,
    tellings,
    timeline,
    weighings,
)
from aggregator.web.wording import ago, amount, in_code, link, listed

OWN_STYLE = (TEMPLATES / "pages.css").read_text("utf-8")
"""what these pages need beyond the shared look"""

TOP_SPAN = timedelta(days=1)
TOP = 10  # events on the front page
ROOMY = 12  # outputs; more are listed without their headlines, or nobody gets to the last
TOP_LASTS = timedelta(seconds=10)  # half a second to find among 20,000 stories a day
FIGURES_LAST = timedelta(seconds=10)  # as long for 1,000 feeds
PROBLEMS = '<link rel="alternate" type="application/atom+xml" title="Problems" href="problems.atom">'
STATS_DAYS = 30
STATS_RECENT = timedelta(days=7)  # tags and feeds: what they are now
STATS_MOST = 15  # tags, feeds
STATS_LAST = timedelta(seconds=60)  # three seconds to count among a million entries


@dataclass(frozen=True, slots=True)
class Card:
    """One output on the front page; `address` is absolute and has no suffix."""

    name: str
    title: str
    description: str
    address: str
    readers: tuple[tuple[str, str], ...]
    glance: Glance


@dataclass(frozen=True, slots=True)
class Stats:
    """What the page of the figures shows; `entries` are those of all feeds together."""

    plot: DayPlot
    tags: tuple[TagFigures, ...]
    shares: tuple[FeedShare, ...]
    feeds: int
    entries: int


class Pages:
    """Makes each page from what the site says; every method may be slow and is safe in any thread."""

    def __init__(self, site: Site, now: Callable[[], datetime]) -> None:
        self.site = site
        self.now = now
        self._contents = Contents()
        self._top = Lasting(self._happenings, TOP_LASTS)
        self._figures = Lasting(lambda _: self.site.feed_figures(), FIGURES_LAST)
        self._stats = Lasting(self._counted, STATS_LAST)
        self._templates = Environment(
            loader=PackageLoader("aggregator.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters |= {
            "link": link,
            "counted": counted,
            "ago": self._ago,
            "due": self._due,
            "iso": datetime.isoformat,
            "clock": clock,
            "lang": lambda tag: language(tag) or "und",
            "listed": listed,
            "amount": amount,
            "opening": opening,
            "in_code": in_code,
            "said": {True: "true", False: "false", None: "unknown"}.get,
            "in_words": in_words,
        }

    def index(self) -> str:
        """The front page: outputs and how to subscribe, tags, and how the sources are."""
        version = front_version(self.site.snapshot())  # first: better told of news too often than too seldom
        cards = self._cards()
        feeds = self.site.feeds()
        head = live_tag(FRONT, version) + "".join(
            self._alternate(card.title, f"{card.name}.atom") for card in cards
        )
        return self._page(
            "index.html",
            "News, every story once",
            head=head + PROBLEMS,
            happenings=self._top.at(self.now()),
            cards=cards,
            roomy=ROOMY,
            tags=self.site.named_tags(),
            problems=self._problems(),
            under_way=self.site.under_way(),
            tally=tally(feeds),
            last_ok_at=self.site.health().last_ok_at,
        )

    def feeds(self) -> str:
        """Every source: how it is, what it brings, when it was asked and will be asked again, and why."""
        feeds = self.site.feeds()
        return self._page(
            "feeds.html",
            "Sources",
            head=PROBLEMS,
            here="feeds",
            sources=sources(feeds, self._figures.at(self.now())),
            tally=tally(feeds),
            addresses={feed.url for feed in feeds if feed.state is not FeedState.PAUSED},
            spark=(BEATS * BEAT_WIDTH, BEAT_HEIGHT, BEAT_GROUND),
        )

    def stats(self) -> str:
        """What came day by day, about what, and from whom."""
        stats = self._stats.at(self.now())
        return self._page("stats.html", "Stats", here="stats", stats=stats, recent=STATS_RECENT.days)

    def story(self, story: Story) -> str:
        """One story: who tells it and why that is one story, its tags, which outputs take it, its event."""
        event = self.site.event(story.event_id) if story.event_id else None
        lead = story.lead
        return self._page(
            "story.html",
            opening(title_of(lead)),
            root="../",
            story=story,
            lead=lead,
            headline=title_of(lead),
            opening=opening(plain_text(story.summary or story.content)),
            tellings=tellings(story),
            left=max(0, len(story.entries) - MOST),
            feeds=feeds_of(story.entries),
            origins=ORIGINS,
            verdicts=self.site.verdicts(story),
            rules=self.site.rules(story),
            event=event,
            timeline=timeline(event) if event else None,
            weighed=weighings(lead, self.site.events_considered(story)),
        )

    def event(self, event: Event) -> str:
        """What happened: the stories of an event as they came."""
        told = happening(event)
        return self._page(
            "event.html", opening(told.title), root="../", event=event, told=told, timeline=timeline(event)
        )

    def search(self, query: str, number: int) -> str:
        """The stories that a filter takes; page `number` of them. Errors as those of `Site.search`."""
        asked = bool(query.strip())
        found = self.site.search(query, limit=PAGE * number + 1) if asked else ()
        shown = found[PAGE * (number - 1) : PAGE * number]
        return self._search_page(
            query,
            asked=asked,
            hits=hits(shown, self.site.marker(query)) if shown else (),
            config=config_lines(query),
            number=number,
            first=PAGE * (number - 1) + 1,
            last=LAST_PAGE,
            more=len(found) > PAGE * number,
        )

    def search_mistake(self, error: FilterError) -> str:
        """The same page for a filter that cannot be read."""
        return self._search_page(error.source, asked=True, mistake=mistake(error))

    def search_trouble(self, query: str, error: AggregatorError) -> str:
        """The same page for a filter that cannot be asked for, or not in its time."""
        return self._search_page(query, asked=True, trouble=str(error))

    def _search_page(self, query: str, **values: object) -> str:
        told: dict[str, Any] = {"mistake": None, "trouble": "", "hits": (), "asked": False} | values
        asked = urlencode({"q": query}, quote_via=quote, errors="replace")
        said = clean_text(query)
        title = f"{opening(said)} – Search" if told["asked"] else "Search"
        feeds = {name: f"search.{suffix}?{asked}" for suffix, name in FEEDS.items()}
        head = self._alternate(f"Search: {said}", feeds["Atom"]) if told["hits"] else ""
        return self._page(
            "search.html",
            title,
            head=head,
            here="search",
            query=said,
            ask=asked,
            feeds=feeds,
            readers=readers(self.site.public_url() + feeds["Atom"]),
            **told,
        )

    def not_found(self, path: str, *, root: str) -> str:
        """Nothing is at this address; says what is, the likeliest first."""
        known = self._addresses()
        stem = path.strip("/").rpartition(".")[0] or path.strip("/")
        near = get_close_matches(stem, known, n=3, cutoff=0.5)
        suggestions = [(one, known[one]) for one in near]
        return self._page("not_found.html", "Nothing here", root=root, path=path, near=suggestions)

    def unavailable(self, reason: str, *, root: str) -> str:
        """The page cannot be made just now, and why."""
        return self._page("unavailable.html", "Not just now", root=root, reason=reason)

    def _page(
        self, template: str, title: str, *, head: str = "", root: str = "./", here: str = "", **values: object
    ) -> str:
        body = self._templates.get_template(template).render(values, root=root)
        return page(
            f"{title} – aggregator", body, head=f"<style>{OWN_STYLE}</style>{head}", root=root, here=here
        )

    def _happenings(self, now: datetime) -> tuple[Happening, ...] | None:
        """What most feeds told within a day; None where that is too much to find in time."""
        try:
            found = self.site.top_events(now - TOP_SPAN, limit=TOP)
        except StoreError:  # the rest of the page is worth showing; if nothing can be read, that says so, too
            return None
        # Each is there for its feeds within the day, and shown with all of them: most first again.
        return tuple(sorted(map(happening, found), key=lambda one: len(one.feeds), reverse=True))

    def _counted(self, now: datetime) -> Stats:
        today, recent = now.astimezone(UTC).date(), now - STATS_RECENT
        first = today - timedelta(days=STATS_DAYS - 1)
        midnight = datetime(first.year, first.month, first.day, tzinfo=UTC)
        shares = tuple(self.site.shares(recent))
        return Stats(
            plot=day_plot(self.site.days(midnight), last=today),
            tags=tuple(self.site.tag_figures(recent, limit=STATS_MOST)),
            shares=shares[:STATS_MOST],
            feeds=len(shares),
            entries=sum(one.entries for one in shares),
        )

    def _cards(self) -> list[Card]:
        snapshot, base = self.site.snapshot(), self.site.public_url()
        return [
            Card(
                one.name,
                one.title,
                description_of(one),
                base + one.name,
                readers(f"{base}{one.name}.atom"),
                self._contents.glance(one.name, snapshot),
            )
            for one in self.site.outputs()
        ]

    def _alternate(self, title: str, address: str) -> str:
        source = '<link rel="alternate" type="application/atom+xml" title="{{ title }}" href="{{ address }}">'
        return self._templates.from_string(source).render(title=title, address=address)

    def _problems(self) -> list[str]:
        """Each once: health speaks of a failed write, too."""
        told = list(self.site.problems())
        ill = self.site.health().problems
        return told + [problem for problem in ill if not any(one in problem for one in told)]

    def _addresses(self) -> Mapping[str, str]:
        """What can be suggested: the name without its suffix, and the address on this site."""
        outputs = {one.name: f"{one.name}.html" for one in self.site.outputs()}
        return (
            outputs
            | {f"tag/{tag}": f"tag/{tag}.html" for tag in self.site.named_tags()}
            | {name: name for name in ("feeds", "stats", "search")}
        )

    def _ago(self, moment: datetime) -> str:
        return ago(moment, self.now())

    def _due(self, moment: datetime) -> str:
        """When a plan is carried out; past its time it waits its turn, and `5 minutes ago` would say done."""
        return "due now" if moment <= self.now() else self._ago(moment)
