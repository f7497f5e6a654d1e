"""What happens to three feeds in a season, in rounds: everything that makes readers show old news as new.

A round says what the feeds' documents are now, what else is done, and which stories are new by that. To add
one: a row in ROUNDS.
"""

import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from aggregator.app.parts import utc_now
from tests.app.alive import Running, free_port, running, until
from tests.http import WebServer, reply

LIMIT = 8
QUIET = "1h"  # the daemon's own rhythm: longer than a season, whose rounds say when feeds are polled
SITE = "https://news.example.org/{}"
MOVED = "https://press.example.net/{}"
TRACKED = MOVED + "?utm_source=rss&utm_medium=feed&utm_campaign=7"
NEW_GUID = "https://press.example.net/?p={}"


def words(seed: str, count: int) -> str:
    """As many words as a text of its own has; the same for the same seed."""
    dice = random.Random(seed)
    return " ".join(
        "".join(dice.choices("bdfgklmnprstv", k=1) + dice.choices("aeiou", k=1))
        + dice.choice(("lek", "ran", "sto", "mir", "tun", "vel", "gas", "dor"))
        for _ in range(count)
    )


def an_article(
    number: int,
    *,
    guid: str = "item-{}",
    link: str = SITE,
    edition: str = "",
    text_edition: str = "",
    dated: str = "",
    category: str = "news",
) -> str:
    """One RSS item; an edition changes some words of the headline or of the text."""
    headline, text = words(f"headline {number}", 7), words(f"text {number}", 60)
    date = f"<pubDate>{dated}</pubDate>" if dated else ""
    return (
        f"<item><guid isPermaLink='false'>{guid.format(number)}</guid>"
        f"<title>{headline.capitalize()}{edition}</title>"
        f"<link>{link.format(number).replace('&', '&amp;')}</link>{date}<category>{category}</category>"
        f"<description>{text.capitalize()}.{text_edition}</description></item>"
    )


def a_paper(*articles: str, title: str = "The Harbour Times") -> bytes:
    """An RSS document."""
    return f'<rss version="2.0"><channel><title>{title}</title>{"".join(articles)}</channel></rss>'.encode()


def moved(*numbers: int, link: str = TRACKED) -> str:
    """These articles as they are after the feed's move."""
    return "".join(
        an_article(number, guid=NEW_GUID, link=link, text_edition=" Revised.") for number in numbers
    )


@dataclass
class Season:
    """The daemon, its three feeds, and which story is which number."""

    web: WebServer
    folder: Path
    stack: AsyncExitStack
    port: int = field(default_factory=free_port)
    alive: Running = field(init=False)
    numbers: dict[str, int] = field(default_factory=dict)
    """by id"""

    names: str = "a"
    """of the feeds that the config lists"""
    rules: str = ""
    """of the output"""

    async def start(self) -> None:
        """Start the daemon."""
        wanted = running(self.folder, *self.feeds, more=self.output, every=QUIET, port=self.port)
        self.alive = await self.stack.enter_async_context(wanted)

    def write(self) -> None:
        """Let the config be as it is now meant to be."""
        self.alive.write(*self.feeds, more=self.output, every=QUIET)

    @property
    def feeds(self) -> list[str]:
        """The addresses that the config lists."""
        return [f"{self.web.url}/{name}" for name in self.names]

    @property
    def output(self) -> str:
        """The config's outputs."""
        return f"outputs:\n  - {{name: all, title: All, limit: {LIMIT}{self.rules}}}\n"

    def address(self, suffix: str) -> str:
        """Where a reader subscribes."""
        return f"http://127.0.0.1:{self.port}/all.{suffix}"

    async def play(self, round_: "Round") -> None:
        """Let it happen, poll all feeds and publish."""
        for name, paper in round_.papers.items():
            self.web.on(f"/{name}", reply(200, paper))
        if round_.also:
            await round_.also(self)
        await self.poll()

    async def poll(self) -> None:
        parts = self.alive.parts
        for feed in parts.reader.feeds():
            await parts.poll(feed)
        await parts.publish()
        for item in (await self.alive.get("all.json")).json()["items"]:
            self.numbers[item["id"]] = int(item["url"].partition("?")[0].rpartition("/")[2])

    async def shows(self, number: int) -> bool:
        found = await self.alive.get("all.json")
        return any(self.numbers.get(item["id"]) == number for item in found.json()["items"])


# -- what is done besides ---------------------------------------------------------------------------------


async def restart(season: Season) -> None:
    """Stop the daemon and start it again."""
    await season.stack.aclose()
    await season.start()


async def subscribe_to_more(season: Season) -> None:
    """The config names two more feeds."""
    season.names = "abc"
    season.write()

    async def known() -> bool:
        return len(season.alive.parts.reader.feeds()) == 3

    await until(known)


async def leave_out_sport(season: Season) -> None:
    """Another filter takes the newest items out, so that older ones come back."""
    season.rules = ", exclude: 'category:sport'"
    season.write()

    async def gone() -> bool:
        return not await season.shows(15)

    await until(gone)


async def sweep(season: Season) -> None:
    """All that the feeds' documents do not hold any more is removed, as after `storage.keep`."""
    now = utc_now()
    await season.poll()
    assert await season.alive.parts.store.sweep(held_before=now, forget_before=now - timedelta(days=400))


# -- the rounds -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Round:
    """What happens, and the numbers of the stories that are new by it."""

    what: str
    papers: Mapping[str, bytes] = field(default_factory=dict)
    news: tuple[int, ...] = ()
    also: Callable[[Season], Awaitable[None]] | None = None


def _told(*numbers: int, **changes: str) -> str:
    return "".join(an_article(number, **changes) for number in numbers)


SPORT = "".join(an_article(number, guid=NEW_GUID, link=TRACKED, category="sport") for number in (14, 15))
OLD, TODAY = "Tue, 05 Mar 2019 08:00:00 GMT", "Tue, 24 Nov 2026 08:00:00 GMT"

ROUNDS = (
    Round("a backlog", {"a": a_paper(_told(1, 2, 3))}, (1, 2, 3)),
    Round("new items", {"a": a_paper(_told(5, 4, 3, 2, 1))}, (4, 5)),
    Round("edited headlines", {"a": a_paper(_told(5, 4, 3, edition=", officials say"), _told(2, 1))}),
    Round("edited texts", {"a": a_paper(_told(5, 4, 3, 2, 1, text_edition=" Revised."))}),
    Round("every guid and link is another", {"a": a_paper(moved(6, 5, 4, 3, 2, 1, link=MOVED))}, (6,)),
    Round("links with tracking", {"a": a_paper(moved(6, 5, 4, 3, 2, 1))}),
    Round(
        "posted again with today's date, and news with an old one",
        {
            "a": a_paper(
                an_article(2, guid=NEW_GUID, link=TRACKED, dated=TODAY),
                an_article(7, guid=NEW_GUID, link=TRACKED, dated=OLD),
                moved(6, 5, 4, 3, 1),
            )
        },
        (7,),
    ),
    Round("a restart", {"a": a_paper(moved(8, 7, 6, 5, 4, 3, 2, 1))}, (8,), restart),
    Round(
        "a second and a third feed tell what the first told",
        {
            "b": a_paper(_told(9, guid="b-{}"), moved(8, 7), title="Two"),
            "c": a_paper(_told(8, guid="c-{}", link=MOVED), moved(5), title="Three"),
        },
        (9,),
        subscribe_to_more,
    ),
    Round(
        "so much that the oldest leave",
        {"a": a_paper(SPORT, moved(13, 12, 11, 10, 8, 7, 6))},
        (10, 11, 12, 13, 14, 15),
    ),
    Round("the oldest come back", also=leave_out_sport),
    Round("a restart with nothing new", also=restart),
    Round("old news is forgotten", {"a": a_paper(moved(13, 12)), "c": a_paper(moved(8))}, also=sweep),
    Round("and posted again", {"a": a_paper(moved(16, 1, 2, 3, 10, 13))}, (16,)),
)


@asynccontextmanager
async def a_season(folder: Path, web: WebServer) -> AsyncIterator[Season]:
    """A daemon on a feed that has nothing yet."""
    async with AsyncExitStack() as stack:
        season = Season(web, folder, stack)
        web.on("/a", reply(200, a_paper()))
        await season.start()
        yield season
