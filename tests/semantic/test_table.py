"""Vectors of titles, where the extra is installed; words alone where it is not."""

import pytest

from aggregator.core.events import Meanings, NoMeanings
from aggregator.semantic import PACKAGE, meanings

DAM, FLOOD, CUP = "Dam bursts in valley", "Reservoir wall collapses, villages flooded", "Cup final tonight"


@pytest.fixture(scope="module")
def table() -> Meanings:
    return meanings()


def test_without_the_package_words_have_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aggregator.semantic.PACKAGE", f"no_such_{PACKAGE}")

    assert isinstance(meanings(), NoMeanings)


def test_titles_of_one_event_are_closer_than_others(table: Meanings) -> None:
    dam, flood, cup = (table.of(title, "en") for title in (DAM, FLOOD, CUP))

    near, far = table.closeness(dam, [flood, cup])

    assert near > far + 0.1


def test_a_title_is_as_close_as_can_be_to_itself_and_no_vector_is_close_to_nothing(table: Meanings) -> None:
    dam = table.of(DAM, "en")

    assert table.closeness(dam, [dam, b""]) == [pytest.approx(1), 0]


def test_closeness_is_the_same_both_ways(table: Meanings) -> None:
    dam, flood = table.of(DAM, None), table.of(FLOOD, None)

    assert table.closeness(dam, [flood]) == table.closeness(flood, [dam])


def test_a_vector_takes_64_bytes_however_long_the_title(table: Meanings) -> None:
    assert [len(table.of(title, "en")) for title in ("Dam", DAM * 100, "❄ 🎉")] == [64, 64, 64]


@pytest.mark.parametrize(("title", "lang"), [("", "en"), ("   ", None), ("Damm gebrochen", "de-AT")])
def test_no_words_and_other_languages_have_no_vector(table: Meanings, title: str, lang: str | None) -> None:
    assert table.of(title, lang) == b""
