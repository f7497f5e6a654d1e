"""By what a story is recognised across feeds."""

from typing import Any

import pytest

from aggregator.core.dedup import fingerprints
from aggregator.model import MatchedBy
from tests.builders import a_parsed_entry

LEAD = "Thousands were told to leave their homes on Tuesday after a dam gave way."


def keys(**changes: Any) -> dict[MatchedBy, int]:
    return {one.signal: one.key for one in fingerprints(a_parsed_entry(**changes))}


def test_an_article_is_known_by_its_link_and_by_title_and_opening() -> None:
    assert list(keys()) == [MatchedBy.URL, MatchedBy.TITLE]


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "DAM bursts in Northern Valley!"},
        {"title": "Dam bursts in nörthern valley"},
        {"summary": f"<div>{LEAD}</div>"},
        {"summary": "", "content": f"<p>{LEAD}</p>"},
    ],
)
def test_case_accents_and_markup_do_not_count(changes: dict[str, Any]) -> None:
    assert keys(**changes)[MatchedBy.TITLE] == keys()[MatchedBy.TITLE]


def test_what_follows_the_opening_does_not_count() -> None:
    long = f"<p>{LEAD} {LEAD} {LEAD}"

    assert keys(summary=f"{long} More.</p>")[MatchedBy.TITLE] == keys(summary=f"{long}</p>")[MatchedBy.TITLE]


@pytest.mark.parametrize(
    "changes",
    [{"title": "Dam bursts in southern valley"}, {"summary": LEAD.replace("Tuesday", "Friday")}],
)
def test_other_words_count(changes: dict[str, Any]) -> None:
    assert keys(**changes)[MatchedBy.TITLE] != keys()[MatchedBy.TITLE]


@pytest.mark.parametrize(
    "changes", [{"title": "Morning briefing"}, {"summary": "Read more."}, {"summary": "", "content": ""}]
)
def test_a_title_that_could_be_a_series_says_nothing(changes: dict[str, Any]) -> None:
    assert list(keys(**changes)) == [MatchedBy.URL]


def test_an_article_is_known_by_what_its_page_calls_itself_too() -> None:
    elsewhere = a_parsed_entry(canonical_url="https://wire.example/2026/dam")

    assert [one.signal for one in fingerprints(elsewhere)] == [MatchedBy.URL, MatchedBy.URL, MatchedBy.TITLE]
    assert fingerprints(elsewhere)[1].key == keys(url="https://wire.example/2026/dam")[MatchedBy.URL]


@pytest.mark.parametrize("url", [None, "https://news.example.org/", "mailto:desk@example.org"])
def test_a_link_that_leads_to_no_article_says_nothing(url: str | None) -> None:
    assert list(keys(url=url)) == [MatchedBy.TITLE]


def test_text_without_spaces_is_counted_by_characters() -> None:
    entry = {"title": "港の祭り", "summary": "港に灯がともり、三千人が集まった。"}

    assert MatchedBy.TITLE in keys(**entry)
