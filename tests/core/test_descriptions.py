"""What an output says of itself."""

from datetime import timedelta
from typing import Any

import pytest

from aggregator.core.descriptions import LENGTH, description_of
from aggregator.core.filters import any_of, parse_filter
from aggregator.core.settings import OutputSettings
from aggregator.model import Edition, Group, Order


def said(**wishes: Any) -> str:
    return description_of(OutputSettings(name="x", title="X", **wishes))


NATO = parse_filter("tag:nato")
ROCKETS = parse_filter("missile* OR (rocket launch)")
LATE = parse_filter('"live blog"')


@pytest.mark.parametrize(
    ("wishes", "sentence"),
    [
        ({}, "Every story once"),
        ({"group": Group.NONE}, "Every entry"),
        ({"group": Group.EVENT, "min_feeds": 3}, "Every event once, told by at least 3 feeds"),
        ({"digest": Edition.DAILY}, "A digest of each day: every story once"),
        ({"order": Order.COVERAGE}, "Every story once, what most feeds tell first"),
        ({"include": NATO}, "Every story once, with tag:nato"),
        (
            {"include": any_of([NATO, ROCKETS]), "exclude": LATE},
            'Every story once, with tag:nato, missile* or rocket launch, without "live blog"',
        ),
        ({"max_age": timedelta(days=7)}, "Every story once, of the last 7 days"),
        ({"max_age": timedelta(hours=36)}, "Every story once, of the last 36 hours"),
        ({"max_age": timedelta(seconds=90)}, "Every story once, of the last 90 seconds"),
        ({"description": "Mine", "include": NATO}, "Mine"),
    ],
    ids=str,
)
def test_an_output_says_what_its_config_means(wishes: dict[str, Any], sentence: str) -> None:
    assert said(**wishes) == sentence


@pytest.mark.parametrize(
    ("number", "end"),
    [(6, "with a0, a1, a2, a3, a4 or a5"), (7, "with a0, a1, a2, a3, a4 or 2 more")],
)
def test_a_long_list_is_counted(number: int, end: str) -> None:
    words = [parse_filter(f"a{n}") for n in range(number)]

    assert said(include=any_of(words)).endswith(end)


def test_a_sentence_of_ours_stays_short() -> None:
    sentence = said(include=parse_filter(" ".join(["word"] * 100)))

    assert len(sentence) <= LENGTH + 2
    assert sentence.endswith("word …")
