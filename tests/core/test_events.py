"""Which event a headline tells of."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from aggregator.core.events import NoMeanings, Telling, event_of
from aggregator.core.gist import Gist, terms
from aggregator.core.neighbours import Neighbours
from tests.builders import NOON


class Sense:
    """Vectors of one byte: equal ones are close."""

    def of(self, title: str, lang: str | None) -> bytes:
        return (title + str(lang))[:1].encode()

    def closeness(self, one: bytes, many: Sequence[bytes]) -> Sequence[float]:
        return [float(one == other) for other in many]


def an_index(*titles: str, at: datetime = NOON, meanings: Sequence[bytes] = ()) -> Neighbours:
    """Every title its own event, among twenty others."""
    index = Neighbours()
    for number, title in enumerate(titles, 1):
        meaning = meanings[number - 1] if meanings else b""
        index.add(number, number, at, Gist(terms(title)).packed(), meaning)
    for number in range(100, 120):
        index.add(number, number, at, Gist(terms(f"filler{number} of the day")).packed())
    return index


def told(
    title: str, index: Neighbours, *, meaning: bytes = b"", cautious: bool = False, opening: str = ""
) -> Telling | None:
    gist = Gist(terms(title), terms(opening))
    meanings = Sense() if meaning else NoMeanings()
    return event_of(gist, meaning, index, meanings, now=NOON + timedelta(hours=1), cautious=cautious)


def event(telling: Telling | None) -> int | None:
    return telling.event if telling else None


def test_a_headline_in_other_words_joins_the_event() -> None:
    index = an_index("Dam bursts in northern valley", "Central bank raises rates")

    assert event(told("Thousands flee as dam bursts in valley", index)) == 1


def test_a_headline_of_something_else_begins_an_event() -> None:
    assert told("Cup final goes to penalties", an_index("Dam bursts in northern valley")) is None
    assert told("Cup final goes to penalties in the north", an_index("Dam bursts in the valley")) is None


def test_the_cautious_setting_asks_for_more() -> None:
    index = an_index("Dam bursts in northern valley")

    assert told("Thousands flee as dam bursts", index) is not None
    assert told("Thousands flee as dam bursts", index, cautious=True) is None


def test_an_event_is_as_close_as_its_three_closest_tellings() -> None:
    index = an_index("Dam bursts in northern valley")
    for number, title in enumerate(("Governor visits valley villages", "Valley vote delayed"), 200):
        index.add(number, 1, NOON, Gist(terms(title)).packed())

    telling = told("Dam bursts in northern valley", index)

    assert telling is not None
    assert (telling.event, telling.entry) == (1, 1)
    assert telling.score < 0.9


def test_an_event_that_was_quiet_for_days_is_over() -> None:
    dam = "Dam bursts in northern valley"

    assert event(told(dam, an_index(dam, at=NOON - timedelta(days=3)))) == 1
    assert event(told("Thousands flee the valley", an_index(dam))) == 1
    assert told("Thousands flee the valley", an_index(dam, at=NOON - timedelta(days=3, hours=20))) is None
    assert told(dam, an_index(dam, at=NOON - timedelta(days=5))) is None


def test_a_title_too_short_to_name_an_event_is_helped_by_the_text() -> None:
    index = Neighbours()
    index.add(1, 1, NOON, Gist(terms("Live"), terms("Dam bursts in northern valley")).packed())
    index.add(2, 2, NOON, Gist(terms("Live"), terms("Cup final goes to penalties")).packed())

    assert event(told("Live", index, opening="Dam bursts in the valley")) == 1


def test_meaning_counts_beside_the_words() -> None:
    titles = ("Dam bursts in northern valley", "Quarterly report of the bank is delayed")
    index = an_index(*titles, meanings=(b"d", b""))

    near = told("Reservoir wall breaks above northern villages", index, meaning=b"d")
    far = told("Reservoir wall breaks above northern villages", index, meaning=b"x")

    assert event(near) == 1
    assert far is None
    assert event(told("Quarterly report of the bank", index, meaning=b"d")) == 2


def test_a_text_without_words_tells_of_nothing() -> None:
    assert told("🎉", an_index("🎉", "Dam bursts")) is None


def test_without_a_model_no_title_has_a_meaning() -> None:
    assert NoMeanings().of("Dam bursts", "en") == b""
    assert NoMeanings().closeness(b"", [b"", b""]) == [0.0, 0.0]
