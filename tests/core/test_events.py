"""Which event a headline tells of."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from aggregator.core.events import FEW, NoMeanings, Telling, event_of
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


def a_small_index(*titles: str) -> Neighbours:
    index = Neighbours()
    for number, title in enumerate(titles, 1):
        index.add(number, number, NOON, Gist(terms(title)).packed())
    return index


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
    assert event(told("Thousands flee northern valley villages", an_index(dam))) == 1
    assert (
        told("Thousands flee northern valley villages", an_index(dam, at=NOON - timedelta(days=3, hours=20)))
        is None
    )
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


def grown(index: Neighbours, number: int, event: int, *titles: str) -> None:
    """More tellings of the event, numbered from this on."""
    for one, title in enumerate(titles, number):
        index.add(one, event, NOON, Gist(terms(title)).packed())


def test_one_look_alike_is_not_enough_for_a_large_event() -> None:
    dam = "Dam bursts in northern valley"
    index = an_index(dam)
    assert event(told("Thousands flee northern valley", index)) == 1

    grown(index, 200, 1, "Governor resigns over floods", "Minister promises aid", "Army sends helicopters")

    assert told("Thousands flee northern valley", index) is None


def test_a_headline_ties_the_small_events_that_it_has_something_of() -> None:
    index = an_index("Dam bursts in northern valley", "Northern valley flooded, thousands flee")

    telling = told("Thousands flee flooded northern valley as dam bursts", index)

    assert telling is not None
    assert {telling.event, *telling.same} == {1, 2}
    assert told("Thousands flee flooded northern valley as dam bursts", index, cautious=True) != telling


def test_of_two_tied_events_the_larger_stays() -> None:
    index = an_index("Dam bursts in northern valley", "Northern valley flooded, thousands flee")
    grown(index, 200, 1, "Northern valley dam bursts", "Dam in northern valley bursts at night")

    telling = told("Thousands flee flooded northern valley as dam bursts", index)

    assert telling is not None
    assert (telling.event, telling.same) == (1, (2,))


def test_a_large_event_is_never_part_of_another() -> None:
    index = an_index("Dam bursts in northern valley", "Northern valley flooded, thousands flee")
    for first, of, title in (
        (200, 1, "Dam bursts in northern valley"),
        (300, 2, "Northern valley flooded, thousands flee"),
    ):
        grown(index, first, of, *(title for _ in range(FEW)))

    telling = told("Thousands flee flooded northern valley as dam bursts", index)

    assert telling is not None
    assert telling.same == ()


def test_events_that_have_nothing_in_common_are_not_tied() -> None:
    index = an_index("Dam bursts in northern valley", "Central bank raises interest rates")

    telling = told("Dam bursts in northern valley as central bank raises interest rates", index)

    assert telling is not None
    assert telling.same == ()


TEN_STORIES = (
    "Budget de l'État : le vote en retard",
    "La grève des trains continue à Lyon",
    "Un musée rouvre à Lille",
    "Streik legt Flughafen lahm",
    "Bundestag streitet über den Haushalt",
    "Unwetter im Allgäu",
    "Dam bursts in northern valley",
    "Central bank raises interest rates",
    "Cup final goes to penalties",
    "What to cook this weekend",
)


@pytest.mark.parametrize(
    ("title", "joined"),
    [
        ("Le train de nuit arrive avec un retard de six heures", None),
        ("Grève : les trains à l'arrêt", 2),
        ("Haushalt für Familien wird teurer", None),
        ("Streit über Haushalt: Bundestag vertagt sich", 5),
        ("Valley of the artists opens again", None),
        ("Thousands flee as dam bursts in valley", 7),
    ],
    ids=["French, one word", "French", "German, one word", "German", "English, one word", "English"],
)
def test_where_few_stories_are_stored_one_word_in_common_is_not_enough(
    title: str, joined: int | None
) -> None:
    assert event(told(title, a_small_index(*TEN_STORIES))) == joined


def test_where_many_are_stored_one_rare_word_may_be_enough() -> None:
    few, many = an_index("Vulkan Merapi ausgebrochen"), an_index("Vulkan Merapi ausgebrochen")
    for number in range(1000, 1200):
        many.add(number, number, NOON, Gist(terms(f"thing{number} of today")).packed())

    assert event(told("Tausende fliehen vor Merapi", few)) is None
    assert event(told("Tausende fliehen vor Merapi", many)) == 1


@pytest.mark.parametrize(
    ("title", "is_another"),
    [
        ("What happened in Syria on Friday", True),
        ("What happened in Chad", False),
        ("Riots: what happened in Chad on Tuesday", False),
        ("Storm over France: 12 dead on Tuesday", False),
        ("Storm over Spain: 12 dead on Tuesday", True),
        ("Storm over France: 11 dead on Tuesday", False),
        ("Storm in France", False),
    ],
)
def test_what_a_feed_says_in_one_mould_is_a_series(title: str, is_another: bool) -> None:
    mould = (
        "What happened in Chad on Tuesday" if "happened" in title else "Storm over France: 11 dead on Tuesday"
    )
    index = an_index(mould)
    gist, now = Gist(terms(title)), NOON + timedelta(hours=1)

    def ask(is_own: bool) -> Telling | None:
        return event_of(gist, b"", index, NoMeanings(), now=now, is_own=lambda _: is_own)

    assert ask(is_own=False) is not None
    assert (ask(is_own=True) is None) is is_another
