"""The page of an output: what a browser shows, links and leaves alone."""

from dataclasses import replace

import pytest

from aggregator.core.formats.html import OPENING, file_in_words, opening
from aggregator.core.formats.layout import SCRIPT
from aggregator.model import Enclosure
from tests.core.formats.pieces import BARE, FULL, rendered


def test_the_page_shows_headlines_and_who_else_tells_them() -> None:
    page = rendered("html", FULL, BARE).decode()

    assert "Dam &lt;bursts&gt; &amp; floods</a></h2>" in page
    assert '<p class="also" lang="en" dir="ltr">Also in: <a href="https://two.example.org/x?y&amp;z"' in page
    assert '<a href="./tag/europe/elections.html">europe/elections</a>' in page
    assert '<link rel="alternate" type="application/atom+xml"' in page
    assert page.count("<script") == page.count(f"<script>{SCRIPT}</script>") == 1


def test_the_page_links_pictures_and_files_and_loads_nothing() -> None:
    page = rendered("html", FULL).decode()

    rel = 'rel="noopener noreferrer"'
    assert (
        f'<p class="files"><a href="https://one.example.org/i.jpg" {rel}>picture</a>, '
        f'<a href="https://one.example.org/a.mp3" {rel}>audio, 1 kB</a>, '
        f'<a href="https://one.example.org/b" {rel}>file</a></p>' in page
    )
    assert "src=" not in page


def test_the_page_links_no_picture_that_is_not_on_the_web() -> None:
    page = rendered("html", replace(FULL, image="javascript:alert(1)", enclosures=())).decode()

    assert "javascript" not in page
    assert 'class="files"' not in page


def test_the_page_leads_to_how_each_item_was_judged() -> None:
    page = rendered("html", replace(FULL, page="stories/1"), name="tag/europe/elections").decode()

    name = "How it was judged: Dam &lt;bursts&gt; &amp; floods"
    assert f'href="../../stories/1" aria-label="{name}">How it was judged</a>' in page
    assert "How it was judged" not in rendered("html", FULL).decode()


def test_the_page_says_that_its_times_are_in_utc() -> None:
    page = rendered("html", FULL, BARE).decode()

    assert '<time datetime="2026-11-24T12:00:00Z">24 Nov 2026, 12:00 UTC</time>' in page


def test_the_page_shows_the_beginning_of_a_title_without_an_end() -> None:
    page = rendered("html", replace(FULL, title="word " * 2000)).decode()

    assert f"{'word ' * 55}word …</a></h2>" in page


def test_the_page_keeps_every_direction_to_its_own_words() -> None:
    page = rendered("html", replace(FULL, title="שלום", feed_title="جريدة")).decode()

    assert '<h2 dir="auto"><a href' in page
    assert "<bdi>جريدة</bdi>" in page


@pytest.mark.parametrize(
    ("kind", "length", "words"),
    [
        ("audio/mpeg", 12_345_678, "audio, 12 MB"),
        ("video/mp4", 3_600_000_000, "video, 4 GB"),
        ("image/png", 999, "picture"),
        (None, None, "file"),
    ],
)
def test_a_file_is_told_by_kind_and_size(kind: str | None, length: int | None, words: str) -> None:
    assert file_in_words(Enclosure("https://x.org/a", kind, length)) == words


def test_the_page_of_a_tag_finds_its_way_home() -> None:
    page = rendered("html", FULL, name="tag/europe/elections").decode()

    assert '<a class="brand" href="../../">' in page


@pytest.mark.parametrize(
    ("text", "shown"),
    [("short.", "short."), ("字" * 300, "字" * OPENING + "…"), ("word " * 60, "word " * 55 + "word …")],
)
def test_a_long_text_is_cut_between_words(text: str, shown: str) -> None:
    assert opening(text) == shown
