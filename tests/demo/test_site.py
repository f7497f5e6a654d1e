"""The demo site over real HTTP: validators, gzip, articles behind the links, a matching config."""

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import yaml

from aggregator.demo import DemoSite, config_text
from aggregator.demo.papers import papers

FEED = "harbour-times/rss.xml"


class Clock:
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(clock: Clock) -> Iterator[httpx.Client]:
    site = DemoSite(now=clock)
    with httpx.Client(base_url=site.start(), trust_env=False) as client:
        yield client
    site.stop()


def test_an_unchanged_feed_is_answered_304_to_its_etag(client: httpx.Client) -> None:
    first = client.get(FEED)

    second = client.get(FEED, headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})

    assert first.status_code == 200
    assert (second.status_code, second.content) == (304, b"")
    assert second.headers["etag"] == first.headers["etag"]


def test_an_unchanged_feed_is_answered_304_to_its_date(client: httpx.Client) -> None:
    first = client.get(FEED)

    second = client.get(FEED, headers={"If-Modified-Since": first.headers["last-modified"]})

    assert second.status_code == 304


def test_a_foreign_etag_outweighs_the_right_date(client: httpx.Client) -> None:
    first = client.get(FEED)
    headers = {"If-None-Match": '"other"', "If-Modified-Since": first.headers["last-modified"]}

    second = client.get(FEED, headers=headers)

    assert second.status_code == 200


def test_a_new_item_changes_both_validators(client: httpx.Client, clock: Clock) -> None:
    first = client.get(FEED)
    clock.moment += timedelta(seconds=35)

    second = client.get(
        FEED,
        headers={
            "If-None-Match": first.headers["etag"],
            "If-Modified-Since": first.headers["last-modified"],
        },
    )

    assert second.status_code == 200
    assert "ferry-strike-called" in second.text
    assert second.headers["last-modified"] == "Tue, 24 Nov 2026 08:00:30 GMT"


def test_gzip_is_sent_to_those_who_ask_and_to_no_others(client: httpx.Client) -> None:
    with client.stream("GET", FEED, headers={"Accept-Encoding": "gzip"}) as answer:
        zipped = b"".join(answer.iter_raw())
    plain = client.get(FEED, headers={"Accept-Encoding": "identity"})

    assert gzip.decompress(zipped) == plain.content
    assert "content-encoding" not in plain.headers


def test_head_gives_the_headers_alone(client: httpx.Client) -> None:
    head, got = client.head(FEED), client.get(FEED)

    assert head.content == b""
    assert head.headers["content-length"] == got.headers["content-length"]


def test_every_link_of_every_feed_leads_to_a_page_with_its_headline(
    client: httpx.Client, clock: Clock
) -> None:
    clock.moment += timedelta(minutes=6)
    addresses = {piece.path: piece for paper in papers().values() for piece in paper.pieces}

    answers = {path: client.get(f"{path}?utm_source=x") for path in addresses}

    assert {answer.status_code for answer in answers.values()} == {200}
    assert "The old tide mill turns again" in answers["harbour-times/tidal-mill"].text


def test_an_article_is_not_there_before_it_is_published(client: httpx.Client, clock: Clock) -> None:
    before = client.get("lattice/squid-lantern")
    clock.moment += timedelta(seconds=61)
    after = client.get("lattice/squid-lantern")

    assert (before.status_code, after.status_code) == (404, 200)


def test_a_podcast_can_be_heard(client: httpx.Client) -> None:
    answer = client.get("evening-tide/episode-211.wav")

    assert answer.headers["content-type"] == "audio/x-wav"
    assert answer.content.startswith(b"RIFF")
    assert "<audio" in client.get("evening-tide/episode-211").text


@pytest.mark.parametrize(
    ("path", "text"), [("", "The news-stand"), ("pebbles/", "Links worth the walk"), ("shiokaze/", "釣り船")]
)
def test_front_pages_show_what_there_is(client: httpx.Client, path: str, text: str) -> None:
    assert text in client.get(path).text


@pytest.mark.parametrize("path", ["lattice/", "lattice"])
def test_a_front_page_names_its_feed(client: httpx.Client, path: str) -> None:
    link = '<link rel="alternate" type="application/feed+json" title="Lattice" href="/lattice/feed.json">'

    assert link in client.get(path).text


@pytest.mark.parametrize("path", ["nowhere/", "harbour-times/nothing", "harbour-times/../../etc/passwd"])
def test_other_addresses_are_not_found(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_config_polls_every_paper_of_the_site() -> None:
    config = yaml.safe_load(config_text("http://127.0.0.1:4321/"))

    urls = {feed if isinstance(feed, str) else feed["url"] for feed in config["feeds"]}
    assert urls == {f"http://127.0.0.1:4321/{paper.name}/{paper.feed}" for paper in papers().values()}
    assert len(config["outputs"]) == 4
