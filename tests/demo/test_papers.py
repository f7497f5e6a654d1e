"""The sample papers as a person would find them: enough of them, varied, telling one another's news."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import feedparser
import pytest

from aggregator.demo.documents import AUDIO_BYTES, changed, content_type, feed_document
from aggregator.demo.pages import foghorn
from aggregator.demo.papers import Paper, Timeline, offset_of, papers, printed

START = datetime(2026, 11, 24, 8, 0, 0, 250_000, tzinfo=UTC)
TIMELINE = Timeline(START)
BASE = "http://127.0.0.1:8999/"
LATER = START + timedelta(minutes=6)

every_paper = pytest.mark.parametrize("paper", papers().values(), ids=papers().keys())


def document(paper: Paper, now: datetime = START) -> bytes:
    return feed_document(paper, now=now, timeline=TIMELINE, base_url=BASE)


def read_items(paper: Paper, now: datetime = START) -> list[tuple[str, str, str]]:
    """Guid, title and link of every item, as somebody else's parser sees them."""
    body = document(paper, now)
    if paper.format == "json":
        return [(item["id"], item["title"], item["url"]) for item in json.loads(body)["items"]]
    parsed = feedparser.parse(body, response_headers={"content-type": content_type(paper)})
    assert not parsed.bozo
    return [(entry.id, entry.title, entry.link) for entry in parsed.entries]


def articles(paper: Paper, now: datetime = START) -> set[str]:
    return {link.partition("?")[0] for _, _, link in read_items(paper, now)}


@every_paper
def test_every_feed_is_read_whole_by_an_independent_parser(paper: Paper) -> None:
    items = read_items(paper)

    assert [title for _, title, _ in items] == [
        one.title for one in printed(paper, now=START, timeline=TIMELINE)
    ]
    assert 8 <= len(items) <= 20
    assert len({guid for guid, _, _ in items}) == len(items)


def test_there_are_a_dozen_papers_in_five_languages_and_four_formats() -> None:
    assert len(papers()) == 12
    assert {paper.language for paper in papers().values()} == {"en", "de", "fr", "es", "ja"}
    assert {paper.format for paper in papers().values()} == {"rss", "rdf", "atom", "json"}
    assert {paper.encoding for paper in papers().values()} == {"utf-8", "iso-8859-1"}


def test_the_same_articles_stand_in_several_feeds_with_different_tracking_parameters() -> None:
    told = Counter(address for paper in papers().values() for address in articles(paper))

    assert sum(times >= 2 for times in told.values()) >= 15
    links = {link for paper in papers().values() for _, _, link in read_items(paper) if "tidal-mill" in link}
    assert len(links) == 3


def test_wire_copy_has_equal_words_at_another_address() -> None:
    wire = {one.piece.slug: one for one in printed(papers()["meridian-wire"], now=START, timeline=TIMELINE)}
    copies = [
        one
        for one in printed(papers()["northfield-gazette"], now=START, timeline=TIMELINE)
        if one.piece.slug in wire
    ]

    assert len(copies) >= 5
    assert all(
        one.title == wire[one.piece.slug].title and one.piece.lead == wire[one.piece.slug].piece.lead
        for one in copies
    )
    assert all(one.piece.path != wire[one.piece.slug].piece.path for one in copies)


def test_new_items_appear_as_the_clock_moves() -> None:
    counts = [
        sum(len(read_items(paper, START + timedelta(seconds=seconds))) for paper in papers().values())
        for seconds in range(0, 300, 30)
    ]

    assert counts == sorted(counts)
    assert all(later > earlier for earlier, later in pairwise(counts[:9]))
    assert counts[-1] - counts[0] >= 30


def test_a_live_story_is_told_by_one_paper_after_another() -> None:
    pieces = [
        (piece.at, paper.name)
        for paper in papers().values()
        for piece in paper.pieces
        if piece.slug == "ferry-strike-called"
    ]

    assert len(pieces) >= 3
    assert len({at for at, _ in pieces}) == len(pieces)


def test_a_headline_is_edited_and_the_item_keeps_its_guid() -> None:
    paper = papers()["meridian-wire"]
    before = {guid: title for guid, title, _ in read_items(paper, START + timedelta(seconds=109))}
    after = {guid: title for guid, title, _ in read_items(paper, START + timedelta(seconds=111))}

    assert before.keys() == after.keys()
    assert [guid for guid in before if before[guid] != after[guid]] == [
        "tag:meridian-wire.example,2026:bell-of-saint-aurele-found"
    ]


@every_paper
def test_equal_moments_give_equal_bytes_and_nothing_lies_in_the_future(paper: Paper) -> None:
    assert document(paper, LATER) == document(paper, LATER)
    assert all(one.published_at <= START for one in printed(paper, now=START, timeline=TIMELINE))
    assert changed(paper, now=LATER, timeline=TIMELINE) <= LATER


def test_a_paper_that_has_printed_nothing_yet_changed_when_the_demo_began() -> None:
    long_ago = START - timedelta(days=30)

    moment = changed(papers()["lattice"], now=long_ago, timeline=TIMELINE)

    assert moment == START.replace(microsecond=0)


def test_a_faster_pace_brings_the_script_forward_but_not_the_past() -> None:
    fast = Timeline(START, pace=10)

    assert fast.moment(timedelta(seconds=50)) == START + timedelta(seconds=5)
    assert fast.moment(timedelta(hours=-5)) == START - timedelta(hours=5)


def test_the_podcast_announces_its_sound_file_as_long_as_it_is() -> None:
    parsed = feedparser.parse(document(papers()["evening-tide"]))

    (enclosure,) = parsed.entries[0].enclosures
    assert enclosure.type == "audio/x-wav"
    assert int(enclosure.length) == AUDIO_BYTES == len(foghorn())


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("+45s", timedelta(seconds=45)),
        ("-1d 3h", -timedelta(days=1, hours=3)),
        ("-50m", -timedelta(minutes=50)),
    ],
)
def test_offsets_are_read(text: str, duration: timedelta) -> None:
    assert offset_of(text) == duration


@pytest.mark.parametrize("text", ["", "5h", "+5", "+5h3m", "-1w"])
def test_what_is_no_offset_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="^" + text.replace("+", r"\+")):
        offset_of(text)
