"""What docs/filters.md promises, row by row."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aggregator.core.filters import judge, parse_filter, story_subject
from aggregator.errors import FilterError
from aggregator.model import Origin, Story, Tag
from aggregator.patterns import timed_search
from tests.builders import NOON, a_story, an_entry

PAGE = (Path(__file__).parents[3] / "docs" / "filters.md").read_text("utf-8")


def _rows(heading: str) -> list[tuple[str, ...]]:
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [tuple(_said(cell) for cell in re.split(r"(?<!\\)\|", line.strip("|"))) for line in lines[2:]]


def _said(cell: str) -> str:
    return cell.strip().strip("`").replace(r"\|", "|")


CASES = _rows("Cases")


def _told(described: str) -> Story:
    title, *rest = described.split("; ")
    said = dict(part.split(": ", 1) for part in rest)
    published = said.get("published")
    entries = [
        an_entry(
            uid=str(number),
            feed_id=number,
            title=title,
            summary=said.get("text", ""),
            author=said.get("author", ""),
            url=said.get("url"),
            lang=said.get("lang"),
            feed_title=said.get("feed", ""),
            feed_url=said.get("feed_url", ""),
            categories=tuple(filter(None, [said.get("category")])),
            published_at=datetime.fromisoformat(published) if published else None,
        )
        for number in range(1, int(said.get("feeds", "1")) + 1)
    ]
    tags = tuple(Tag(name, Origin.RULE) for name in filter(None, [said.get("tag")]))
    return a_story(*entries, tags=tags, news_at=NOON - timedelta(hours=int(said.get("age", "0h")[:-1])))


@pytest.mark.parametrize(
    ("source", "described", "matches"), [(filter_, story, matches) for filter_, story, matches, _ in CASES]
)
def test_a_case_of_the_page_is_true(source: str, described: str, matches: str) -> None:
    verdict = judge(parse_filter(source), story_subject(_told(described)), now=NOON, search=timed_search)

    assert verdict is {"yes": True, "no": False}[matches]


@pytest.mark.parametrize(("source", "told"), _rows("Limits and mistakes"))
def test_a_mistake_of_the_page_is_told_so(source: str, told: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse_filter(source)

    assert str(caught.value) == told


def test_the_page_shows_enough_of_both() -> None:
    assert len(CASES) >= 60
    assert len(_rows("Limits and mistakes")) >= 10
