"""The measurements of matching and searching measure what they say."""

from contextlib import closing
from pathlib import Path

import pytest

from aggregator.store import Reader
from aggregator.store.connection import DATABASE_NAME, open_reader
from benchmarks import filters, keyword
from benchmarks.zipf import Press


def test_all_ways_to_match_rules_find_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    press = Press(100)

    filters.compare(tuple(press.print()), filters.rules(press, 40), times=1)

    told = capsys.readouterr().out
    assert "40 rules, 100 stories" in told
    assert "finds something else" not in told


def test_the_same_seed_gives_the_same_stories() -> None:
    one, other = Press(3), Press(3)

    assert tuple(one.print()) == tuple(other.print())


def test_a_store_of_made_up_stories_is_asked_for_words_of_every_class(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    press = Press(100)
    keyword.build(tmp_path, press)

    with closing(Reader(tmp_path)) as reader, closing(open_reader(tmp_path / DATABASE_NAME)) as conn:
        keyword.report(reader, conn, press)
        newest = reader.stories(limit=1)

    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("100 stories")
    assert len(told) == 2 + len(keyword.classes(press))
    assert newest[0].url == "https://news.example.org/99"
