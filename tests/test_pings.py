"""The hub hears what has changed: of public feeds alone, once for all, and again where it did not hear."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from aggregator.core.settings import FeedSettings, OutputSettings, ServerSettings
from aggregator.fetch import Fetcher
from aggregator.publish import Pings
from tests.builders import NOON, a_rendered
from tests.fetch.asking import SETTINGS, within
from tests.http import WebServer, reply, serving
from tests.press import FEED, HOUR, Press, a_press, output, story

HOME = "https://news.example.org/"
TAKEN = reply(204)


class Clock:
    """A time that the test sets."""

    now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
async def hub() -> AsyncIterator[WebServer]:
    async with serving() as server:
        yield server


def pings(hub: WebServer, clock: Clock | None = None) -> Pings:
    return Pings(ServerSettings(public_url=HOME, hub=f"{hub.url}/hub"), clock or Clock())


async def sent(told: Pings) -> None:
    async with Fetcher(SETTINGS) as client:
        await told.send(client)


def heard(hub: WebServer) -> list[list[tuple[str, str]]]:
    return [parse_qsl(asked.body.decode()) for asked in hub.asked]


def rest(told: Pings, clock: Clock) -> timedelta:
    """How long it waits until it is due again; at most an hour."""
    begin = clock.now
    while not told.due and clock.now < begin + HOUR:
        clock.now += timedelta(seconds=30)
    return clock.now - begin


async def test_the_hub_hears_of_all_that_changed_in_one_form(hub: WebServer) -> None:
    hub.on("/hub", TAKEN)
    told = pings(hub)
    told.note(["a.atom", "a.html", "a.json", "tag/öl.rss", "private/b.atom"])

    await sent(told)

    assert (hub.asked[0].method, hub.asked[0].headers["content-type"]) == (
        "POST",
        b"application/x-www-form-urlencoded",
    )
    assert heard(hub) == [
        [
            ("hub.mode", "publish"),
            ("hub.url", f"{HOME}a.atom"),
            ("hub.url", f"{HOME}a.json"),
            ("hub.url", f"{HOME}tag/%C3%B6l.rss"),
        ]
    ]
    assert not told.due


async def test_what_a_hub_did_not_take_is_told_again_after_a_growing_pause(hub: WebServer) -> None:
    hub.on("/hub", reply(503), reply(503), TAKEN)
    clock = Clock()
    told = pings(hub, clock)
    told.note(["a.atom"])

    pauses = []
    for _ in range(2):
        await sent(told)
        pauses.append(rest(told, clock))
    await sent(told)

    assert pauses == [timedelta(minutes=1), timedelta(minutes=2)]
    assert not told.due
    assert heard(hub) == [[("hub.mode", "publish"), ("hub.url", f"{HOME}a.atom")]] * 3


async def test_what_changes_while_a_hub_does_not_hear_is_told_with_the_rest(hub: WebServer) -> None:
    hub.on("/hub", reply(500), TAKEN)
    told = pings(hub)
    told.note(["a.atom"])
    await sent(told)
    told.note(["b.atom"])

    await sent(told)

    assert [topic for _, topic in heard(hub)[1][1:]] == [f"{HOME}a.atom", f"{HOME}b.atom"]


async def test_after_a_start_the_hub_hears_again_of_what_changed_lately(hub: WebServer) -> None:
    hub.on("/hub", TAKEN)
    told = pings(hub)
    told.recall(
        {
            "new.atom": a_rendered(last_modified=NOON - timedelta(minutes=59)),
            "new.html": a_rendered(last_modified=NOON),
            "old.atom": a_rendered(last_modified=NOON - timedelta(minutes=61)),
        }
    )

    await sent(told)

    assert heard(hub) == [[("hub.mode", "publish"), ("hub.url", f"{HOME}new.atom")]]


async def test_without_a_hub_nothing_is_noted() -> None:
    told = Pings(ServerSettings(public_url=HOME), Clock())

    told.note(["a.atom"])

    assert not told.due


@pytest.mark.parametrize(("status", "heard_there"), [(307, True), (308, True), (301, False), (302, False)])
async def test_a_form_follows_only_where_it_stays_a_post(
    hub: WebServer, status: int, heard_there: bool
) -> None:
    hub.on("/there", TAKEN)
    hub.on("/hub", reply(status, location="/there"))
    told = pings(hub)
    told.note(["a.atom"])

    await sent(told)

    assert told._topics == (set() if heard_there else {f"{HOME}a.atom"})
    assert ("/there" in [asked.path for asked in hub.asked]) is heard_there
    assert hub.asked[-1].body == hub.asked[0].body


async def test_a_private_hub_is_refused_like_any_private_address(hub: WebServer) -> None:
    told = pings(hub)
    told.note(["a.atom"])

    async with Fetcher(within(allow_private=())) as client:
        await told.send(client)

    assert not hub.asked
    assert told._topics


# -- what outputs say of their hub ------------------------------------------------------------------------

SERVER = ServerSettings(public_url=HOME, hub="https://hub.example.org/")
NAMED = b"https://hub.example.org/"


@pytest.fixture
async def press(tmp_path: Path) -> AsyncIterator[Press]:
    async with a_press(tmp_path) as ready:
        yield ready


def with_token() -> OutputSettings:
    return output("secret", token="0123456789abcdef")


async def test_public_outputs_name_the_hub_in_the_document_and_in_a_header(press: Press) -> None:
    await press.tell(story(1, "europe"))

    await press.refresh(
        output("all"), with_token(), server=SERVER, feeds=(FeedSettings(url=FEED, tags=("europe",)),)
    )

    snapshot = press.publisher.snapshot
    feeds = [path for path in snapshot if not path.endswith(".html")]
    assert {path.partition(".")[0] for path in feeds} == {"all", "tag/europe"}
    assert all(NAMED in snapshot[path].body for path in feeds)
    assert all('<https://hub.example.org/>; rel="hub"' in snapshot[path].links for path in feeds)
    assert "hub" not in snapshot["all.html"].links


async def test_private_outputs_and_searches_name_no_hub(press: Press) -> None:
    await press.tell(story(1, "rare"))
    await press.refresh(with_token(), server=SERVER)

    alone = press.publisher.tag_output("rare", "atom")

    assert alone is not None
    for said in (*press.publisher.private.values(), alone):
        assert NAMED not in said.body
        assert "hub" not in said.links
